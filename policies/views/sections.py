from django.http import HttpResponse
def edit(request, **kw): return HttpResponse('')

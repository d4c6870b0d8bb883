from django.http import HttpResponse
def policy(request, **kw): return HttpResponse('')
def check(request, **kw): return HttpResponse('')

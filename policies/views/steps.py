from django.http import HttpResponse
def policy_step(request, **kw): return HttpResponse('')
def consultation_step(request, **kw): return HttpResponse('')

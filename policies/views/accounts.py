from django.http import HttpResponse
def account_list(request, **kw): return HttpResponse('')
def register(request, **kw): return HttpResponse('')
def account(request, **kw): return HttpResponse('')
def begin_draft(request, **kw): return HttpResponse('')

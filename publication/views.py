"""Public pages."""

from django.http import HttpRequest, HttpResponse


def account_list(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def account(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse("")


def guideline(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")

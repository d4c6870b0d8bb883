"""Answers that belong to no application."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 where a form was not ours or its session ended; says how to go on."""
    return render(request, "403_csrf.html", status=403)


@require_safe
def own_address(request: HttpRequest) -> HttpResponse:
    """The address one logs in with, to read: an administrator changes it."""
    return render(request, "account/email.html")

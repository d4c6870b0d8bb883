"""Answers that belong to no application."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 where a form was not ours or its session ended; says how to go on."""
    return render(request, "403_csrf.html", status=403)

"""Turns a refused step into a page that says why, with the way back."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shinshiro_sns.workflow import StepRefused


class RefusalMiddleware:
    """Answers `StepRefused`, wherever it was raised, with status 409 and its reasons."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for a step that was not taken; nothing was changed."""
        if not isinstance(exception, StepRefused):
            return None
        absolute = getattr(exception.obj, "get_absolute_url", None)
        context = {"reasons": exception.reasons, "back": absolute() if absolute else ""}
        return render(request, "409.html", context, status=409)

"""Log-in wherever a view is not public; a refused step as a page that says why."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from shinshiro_sns.steps import StepRefused


class LoginUnlessPublicMiddleware(LoginRequiredMiddleware):
    """Django's own, but where a view is public nobody asks who is there.

    Django asks first, which opens the session: such a page varies by cookie, no proxy keeps it.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: Any,
        view_kwargs: Any,
    ) -> Any:
        """None to go on, or the way to the log-in."""
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Keeps what does not say that it is public from shared caches and search engines."""
        if "public" not in response.headers.get("Cache-Control", ""):
            patch_cache_control(response, private=True, no_cache=True)
            response.headers["X-Robots-Tag"] = "noindex"
        return response


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

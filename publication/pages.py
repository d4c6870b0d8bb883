"""What every public page owes: no log-in, no cookie, the same bytes for everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from accounts.models import Notice
from publication.addresses import absolute

CALLED = {"ja": "日本語", "en": "English"}
View = Callable[..., HttpResponseBase]
TO_LIST = {"label": "公式アカウント一覧", "url": "/"}


def public_page(view: View) -> View:
    """Open `view` to everybody: GET and HEAD alone, with an ETag, kept a minute by proxies.

    A suspension must show at once to who asks again, while in a disaster a proxy takes the crowd.
    """
    return _open(cache_control(public=True, max_age=0, s_maxage=60)(view))


def private_answer(view: View) -> View:
    """Open `view` to everybody as `public_data` does, but let nobody keep what it answers.

    A cache would keep the address too, and in it what was asked.
    """
    return _for_all_sites(_unkept(view))


def _unkept(view: View) -> View:
    return _open(cache_control(no_store=True)(view))


def asked_page(view: View) -> View:
    """A `public_page` as long as its address has no question `q` in it, else one that nobody keeps."""
    plain, asked = public_page(view), _unkept(view)

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return (asked if "q" in request.GET else plain)(request, *args, **kwargs)

    return page


def public_form(view: View) -> View:
    """Open `view`, a form, to everybody: it alone takes a POST too. Nobody keeps what it answers.

    It has no cookie, so that there is no session which another site could ride on.
    """

    @csrf_exempt
    @login_not_required
    @require_http_methods(["GET", "HEAD", "POST"])
    @cache_control(no_store=True)
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        return response

    return page


def _open(view: View) -> View:
    safe = require_safe(conditional_page(view))

    # Exempt, because it never takes a POST: whoever sends one is told 405, not to log in again.
    @csrf_exempt
    @login_not_required
    @wraps(safe)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = safe(request, *args, **kwargs)
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        return response

    return page


def public_data(view: View) -> View:
    """`public_page` for what programs read: scripts of every other site may read it as well."""
    return _for_all_sites(public_page(view))


def _for_all_sites(opened: View) -> View:
    @wraps(opened)
    def data(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = opened(request, *args, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag"
        return response

    return data


@dataclass(frozen=True)
class Page:
    """What a page says of itself in its head. `path` is its one address, with the query if any.

    `translations` are the paths of the same page by language, its own among them; none where there
    is no other.
    """

    title: str
    description: str
    path: str
    structured_data: SafeString | str = ""
    is_for_search_engines: bool = True
    language: str = "ja"
    translations: tuple[tuple[str, str], ...] = ()

    @property
    def canonical(self) -> str:
        """The page's one address."""
        return absolute(self.path)

    @property
    def alternates(self) -> list[tuple[str, str]]:
        """For search engines: the page's address in each language."""
        return [(code, absolute(path)) for code, path in self.translations]

    @property
    def other_languages(self) -> list[tuple[str, str, str]]:
        """For readers: code, what the language calls itself, path."""
        return [
            (code, CALLED[code], path) for code, path in self.translations if code != self.language
        ]


def _urgent() -> list[Notice]:
    """What tops every page; nothing where the database is gone: a page that asks nothing else of it
    still answers."""
    try:
        return list(Notice.objects.urgent())
    except DatabaseError:
        return []


def show(request: HttpRequest, template: str, page: Page, **context: Any) -> HttpResponse:
    """The page, as everybody sees it: who is logged in does not alter a byte of it."""
    # Asking for the user would open the session, and a proxy might keep a page with a name on it.
    always = {
        "user": None, "page": page, "language": page.language, "urgent": _urgent(),
    }  # fmt: skip
    return render(request, f"public/{template}", {**always, **context})

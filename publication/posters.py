"""Posters as pages that print on one A4; the paper itself (PDF) is made on the desk (decision 0031)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts import posters
from accounts.models import Account
from publication.pages import TO_LIST, Page, public_page, show
from staff.models import Department


def _official() -> Any:
    # A poster says 'official': of what is suspended or closed there is none.
    return Account.objects.vouched().select_related("department")


@public_page
def of_account(request: HttpRequest, pk: int) -> HttpResponse:
    """`/accounts/ID/poster/`."""
    account = get_object_or_404(_official(), pk=pk)
    back = {"label": account.title, "url": account.get_absolute_url()}
    path = reverse("publication:account_poster", args=[pk])
    return _shown(request, path, account.title, back, posters.of_account(account))


@public_page
def of_department(request: HttpRequest, pk: int) -> HttpResponse:
    """`/departments/ID/poster/`; 404 while it runs no official account."""
    department = get_object_or_404(Department, pk=pk)
    accounts = list(_official().filter(department=department))
    if not accounts:
        raise Http404
    its_page = reverse("publication:department", args=[pk])
    back = {"label": department.name, "url": its_page}
    path = reverse("publication:department_poster", args=[pk])
    poster = posters.of_department(department, accounts)
    return _shown(request, path, department.name, back, poster)


def _shown(
    request: HttpRequest, path: str, of: str, back: dict[str, str], poster: dict[str, Any]
) -> HttpResponse:
    page = Page(
        f"掲示用のポスター {of}",
        f"{settings.CITY_NAME}の公式アカウントを知らせる、A4のポスターです。",
        path,
        is_for_search_engines=False,
    )
    return show(request, "poster.html", page, trail=[TO_LIST, back], **poster)

"""Posters as papers: one A4 with the code of the city's page, as PDF."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from accounts import posters
from accounts.models import Account
from accounts.views.permitted import account_for, person
from shinshiro_sns import pdf
from staff.models import Department


def _paper(poster: dict[str, Any], name: str) -> HttpResponse:
    return pdf.response(pdf.made("print/poster.html", poster, "poster"), f"ポスター_{name}")


@require_safe
def of_account(request: HttpRequest, pk: int) -> HttpResponse:
    """The poster of an account; 404 for one that is not official."""
    account = account_for(request, pk, "accounts.view_account")
    if account.shown_status != Account.Status.OFFICIAL:
        raise Http404
    return _paper(posters.of_account(account), account.title)


@require_safe
def of_department(request: HttpRequest, pk: int) -> HttpResponse:
    """The poster of a department whose accounts the person may see; 404 where none is official."""
    department = get_object_or_404(Department, pk=pk)
    theirs = Account.objects.visible_to(person(request)).filter(department=department)
    accounts = list(theirs.vouched())
    if not accounts:
        raise Http404
    return _paper(posters.of_department(department, accounts), department.name)


urls: list[URLPattern] = [
    path("accounts/<int:pk>/poster.pdf", of_account, name="account_poster"),
    path("departments/<int:pk>/poster.pdf", of_department, name="department_poster"),
]

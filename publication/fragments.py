"""The list for another page to take in: a piece of HTML that the city's CMS includes as it is, 3(6)."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.models import Account
from accounts.services import SERVICES
from publication import cards
from publication.addresses import absolute
from publication.pages import public_data


@public_data
def accounts(request: HttpRequest) -> HttpResponse:
    """`/accounts.fragment.html`: the official accounts by service, with whole addresses."""
    rows = Account.objects.vouched().select_related("department")
    order = {key: number for number, key in enumerate(SERVICES)}
    sorted_rows = sorted(rows, key=lambda account: order[account.service])
    groups = [
        {"service": SERVICES[key].name, "rows": [_row(account) for account in of_service]}
        for key, of_service in groupby(sorted_rows, key=lambda account: account.service)
    ]
    response = render(
        request, "public/fragment.html",
        {"groups": groups, "list_url": absolute(reverse("publication:accounts"))},
    )  # fmt: skip
    # A piece of a page is nothing to be found by itself.
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _row(account: Account) -> dict[str, Any]:
    return {
        "title": account.title,
        "handle": cards.handle(account),
        "page": absolute(account.get_absolute_url()),
        "out": account.url if account.is_vouched_for else "",
        "department": account.department.name,
        "overdue": cards.OVERDUE if cards.is_overdue(account) else "",
    }

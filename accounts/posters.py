"""Posters of official accounts, A4: what stands on one, for the page and for the paper, 3(6).

Its code leads to the city's page, which vouches for the account as long as it is the city's; a code
that led to the account itself would go on doing so when the address is somebody else's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse

from accounts.links import public_url
from accounts.models import Account
from staff.models import Department

# Rows that can be read from three metres; of more the rest is counted, the code leads to all.
MOST_ROWS = 4
# Up to how many characters a text stands in each size; what is longer than all stands in the smallest.
NAME_SIZES = ((8, "l"), (20, "m"), (40, "s"))
HANDLE_SIZES = ((17, "l"), (34, "m"), (70, "s"))


def of_account(account: Account) -> dict[str, Any]:
    """What the poster of an official account shows."""
    return {
        "title": f"{account.department.name}の公式アカウント",
        "service": account.service_info.name,
        "name": account.title,
        "name_size": _size(account.title, NAME_SIZES),
        "handle": account.display_handle,
        "handle_size": _size(account.display_handle, HANDLE_SIZES),
        **_whose(account.department, public_url(account)),
    }


def of_department(department: Department, accounts: Sequence[Account]) -> dict[str, Any]:
    """What the poster of a department shows; `accounts` are its official ones."""
    address = reverse("publication:department", args=[department.pk])
    rows = [
        {
            "service": each.service_info.name,
            "name": each.display_handle or each.title,
            "size": _size(each.display_handle or each.title, ((24, "l"), (48, "m"))),
        }
        for each in accounts[:MOST_ROWS]
    ]
    return {
        "title": f"{department.name}の公式アカウント",
        "department_size": _size(department.name, ((8, "l"), (11, "m"), (15, "s"))),
        "rows": rows,
        "more": len(accounts) - len(rows),
        **_whose(department, f"{settings.PORTAL_URL}{address}"),
    }


def _whose(department: Department, url: str) -> dict[str, str]:
    return {
        "department": department.name,
        "telephone": department.telephone or settings.CITY_TELEPHONE,
        "url": url,
        "code": segno.make(url, error="m", micro=False).svg_data_uri(
            scale=8, border=4, light="white", svgclass=None, lineclass=None
        ),
    }


def _size(text: str, sizes: Sequence[tuple[int, str]]) -> str:
    return next((size for most, size in sizes if len(text) <= most), "xs")

"""The city's index: every public account and known fake, as the browser and the portal take it.

It holds nothing but what the public pages show, and beside it the unchanging number by which a
service knows an account, without which a renamed one could not be told from another's.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from accounts import city_names
from accounts.known_fakes import known_fakes
from accounts.models import Account
from publication import open_data
from publication.cards import is_overdue
from publication.checking.register import FORMAT

_FIELDS = ("id", "service", "handle", "name", "url", "identity", "status")


def build() -> dict[str, Any]:
    """The index as of now; asks the database twice at most, whatever it holds."""
    now = timezone.localtime().replace(microsecond=0)
    return {
        "format": FORMAT,
        "generated_at": now.isoformat(),
        "expires_at": (now + datetime.timedelta(hours=settings.CHECK_INDEX_HOURS)).isoformat(),
        "city": _city(),
        "accounts": [_account(each) for each in _accounts()],
        "fakes": [
            _said(
                {
                    "service": each.service, "handle": each.handle, "url": each.url,
                    "identity": each.identity, "page": each.page,
                    "since": each.announced_on.isoformat(),
                    "permanent_id": each.permanent_id, "name": each.name,
                }
            )
            for each in known_fakes()
        ],
    }  # fmt: skip


def _accounts() -> Iterator[Account]:
    rows = open_data.with_their_days(Account.objects.public()).select_related("successor")
    return rows.order_by("pk").iterator(chunk_size=2000)


def _city() -> dict[str, Any]:
    city = city_names.of_settings()
    return {
        "name": settings.CITY_NAME,
        "name_english": settings.CITY_NAME_ENGLISH,
        "kanji": list(city.kanji),
        "kana": list(city.kana),
        "latin": list(city.latin),
        "prefecture": city.prefecture,
        "sites": sorted({
            *settings.CITY_WEB_DOMAINS,
            *filter(None, map(_host, (settings.CITY_URL, settings.PORTAL_URL))),
        }),
    }  # fmt: skip


def _host(address: str) -> str:
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    # A number of a machine is no name that anything could look like.
    return host if any(sign.isalpha() for sign in host) else ""


def _account(account: Account) -> dict[str, Any]:
    row = {
        **{name: getattr(account, name) for name in _FIELDS},
        "status": account.shown_status.value,
        "permanent_id": account.service_account_id,
        "overdue": is_overdue(account),
    }
    if account.shown_status != Account.Status.OFFICIAL:
        row["doubted"] = account.is_in_doubt
        row["since"] = open_data.status_since(account)
        row["successor"] = open_data.successor(account) or 0
    return _said(row)


def _said(row: dict[str, Any]) -> dict[str, Any]:
    """The row without what it does not say: most accounts have no more than their first fields."""
    return {key: value for key, value in row.items() if value or key in _FIELDS}

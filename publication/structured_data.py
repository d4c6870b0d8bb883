"""What machines read: the city, its departments and the accounts that are theirs (schema.org).

Only official accounts are vouched for by `sameAs`, as by `rel="me"` on their pages.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from accounts.models import Account
from publication.addresses import absolute
from publication.open_data import LICENCE

# Inside a script element nothing but these could end it or begin a comment.
_HARMLESS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}


def as_script(data: dict[str, Any]) -> SafeString:
    """`data` as a JSON-LD element, safe whatever its texts contain."""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_HARMLESS)
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(written),  # noqa: S308  (escaped above, as JSON)
    )


def _organisation(kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {"@type": kind, "name": name, **{key: value for key, value in more.items() if value}}


def _city(**more: Any) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        **_organisation(
            "GovernmentOrganization", settings.CITY_NAME, url=settings.CITY_URL, **more
        ),
    }


def of_list(accounts: Iterable[Account], path: str) -> SafeString:
    """The city with the official ones among `accounts`, which stand on the page at `path`."""
    return as_script(
        _city(
            sameAs=[account.url for account in accounts if account.is_vouched_for],
            subjectOf={"@type": "WebPage", "url": absolute(path)},
        )
    )


def of_account(account: Account) -> SafeString:
    """The city with the department that runs `account`, whose it is as long as it is official."""
    urls = [account.url] if account.is_vouched_for else []
    department = _organisation(
        "GovernmentOrganization",
        account.department.name,
        telephone=account.department.telephone,
        sameAs=urls,
    )
    return as_script(
        _city(
            sameAs=urls,
            department=department,
            subjectOf={"@type": "WebPage", "url": absolute(account.get_absolute_url())},
        )
    )


def of_open_data(path: str) -> SafeString:
    """The register as a data set with its licence and its files, described on the page at `path`."""
    return as_script(
        {
            "@context": "https://schema.org",
            "@type": "Dataset",
            "name": f"{settings.CITY_NAME} SNS公式アカウント一覧",
            "description": f"{settings.CITY_NAME}が運用する、または運用していたソーシャルメディアの"
            "アカウントの一覧です。状態と、管理する所属が分かります。",
            "url": absolute(path),
            "license": LICENCE,
            "isAccessibleForFree": True,
            "creator": _organisation(
                "GovernmentOrganization", settings.CITY_NAME, url=settings.CITY_URL
            ),
            "distribution": [
                {
                    "@type": "DataDownload",
                    "encodingFormat": kind,
                    "contentUrl": absolute(reverse(f"publication:accounts_{ending}")),
                }
                for ending, kind in (("csv", "text/csv"), ("json", "application/json"))
            ],
        }
    )

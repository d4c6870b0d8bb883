"""What of the settings the public would read wrongly: asked by `manage.py check`."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.utils import timezone

from publication.well_known import SOON, security_expires

LONGEST = datetime.timedelta(days=366)


def settings_are_publishable(app_configs: Any, **options: Any) -> list[checks.CheckMessage]:
    """Errors in what the public pages say of the city by settings."""
    found: list[checks.CheckMessage] = []
    if not _is_city_code(settings.CITY_CODE):
        found.append(
            checks.Error(
                "CITY_CODE is no 全国地方公共団体コード: six digits, the last a check digit.",
                id="publication.E001",
            )
        )
    for name, addresses in (
        ("SECURITY_CONTACT", settings.SECURITY_CONTACT),
        ("TRUST_BELONG_TO", settings.TRUST_BELONG_TO),
    ):
        found += [
            checks.Error(f"{name} names '{address}', which is no address.", id="publication.E002")
            for address in addresses
            if not urlsplit(address).scheme or len(address.split()) != 1
        ]
    found += [
        checks.Error(f"{name} must be a day: 2027-03-31.", id="publication.E003")
        for name in ("SECURITY_EXPIRES", "ACCESSIBILITY_TEST_BY")
        if not _is_day(getattr(settings, name))
    ]
    return found


def _is_day(text: str) -> bool:
    """Whether it is a day of the calendar, or nothing."""
    try:
        return not text or bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False


def _is_city_code(code: str) -> bool:
    """Whether the sixth digit is the check digit of the five before it."""
    if not re.fullmatch(r"[0-9]{6}", code):
        return False
    weighed = sum(int(digit) * weight for digit, weight in zip(code, range(6, 1, -1), strict=False))
    return int(code[5]) == (11 - weighed % 11) % 10


def security_txt_holds(app_configs: Any, **options: Any) -> list[checks.CheckMessage]:
    """Warns of a security.txt that is missing, ends soon or was set for too long (RFC 9116)."""
    warned = security_txt_warning()
    return [checks.Warning(warned, id="publication.W001")] if warned else []


def root_lasts(app_configs: Any, **options: Any) -> list[checks.CheckMessage]:
    """Warns of a root that ends soon: then nobody believes the public pages any more."""
    # What signs is large, and this module is loaded by every command.
    from tuf.api.exceptions import RepositoryError  # noqa: PLC0415

    from publication.keys import Keys  # noqa: PLC0415

    try:
        day = Keys(Path(settings.PUBLICATION_KEYS)).ends_soon()
    except (OSError, RepositoryError):
        # Who runs the check need not be who may read the keys; /health/ready says it.
        return []
    if day is None:
        return []
    return [
        checks.Warning(
            f"The root of the publication's keys ends on {day}: manage.py publication_keys replace.",
            id="publication.W002",
        )
    ]


def security_txt_warning() -> str:
    """What is wrong with the day on which security.txt ends; empty where nothing is."""
    try:
        last_day = security_expires()
    except ValueError:
        return "SECURITY_EXPIRES is no day."
    today = timezone.localdate()
    if last_day is None:
        return "SECURITY_EXPIRES is not set: there is no security.txt."
    if last_day < today:
        return f"security.txt expired on {last_day}: confirm SECURITY_CONTACT, set a new day."
    if last_day - today < SOON:
        return f"security.txt expires on {last_day}: confirm SECURITY_CONTACT, set a new day."
    if last_day - today > LONGEST:
        return f"SECURITY_EXPIRES ({last_day}) should be less than a year ahead (RFC 9116)."
    return ""

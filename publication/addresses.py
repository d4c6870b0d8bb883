"""How public addresses are read and written."""

import datetime

from django.conf import settings


def absolute(path: str) -> str:
    """The address by which the public reaches `path` of the portal."""
    return f"{settings.PORTAL_URL}{path}"


def telephone_uri(number: str) -> str:
    """A Japanese `number` as an address that works from abroad too: tel:+81-536-23-7623."""
    return f"tel:+81-{number[1:]}" if number.startswith("0") else f"tel:{number}"


class IsoDateConverter:
    """A day in an address, as 2026-11-23; what is no day of the calendar is no such page."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> datetime.date:
        """The day."""
        return datetime.date.fromisoformat(value)

    def to_url(self, value: datetime.date) -> str:
        """The day as it stands in the address."""
        return value.isoformat()

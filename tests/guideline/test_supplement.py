"""附則: in force from a day on, and what was in force on any given day."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from policies.guideline import GuidelineVersion

FIRST, SECOND = date(2013, 4, 17), date(2026, 4, 1)


@pytest.fixture
def versions(db: None) -> None:
    """Two versions, loaded in the order nobody expects."""
    for day, text in ((SECOND, "1.改めた目的\n"), (FIRST, "1.はじめの目的\n附則\n施行する。\n")):
        GuidelineVersion.objects.create(title=f"{day}の決まり", text=text, effective_from=day)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2013, 4, 16), None),
        (date(2013, 4, 17), FIRST),
        (date(2026, 3, 31), FIRST),
        (date(2026, 4, 1), SECOND),
        (date(2099, 12, 31), SECOND),
    ],
)
def test_what_was_in_force_on_a_day(versions: None, day: date, expected: date | None) -> None:
    found = GuidelineVersion.objects.in_force(day)

    assert (found.effective_from if found else None) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [("2026-03-31T23:59:59", "はじめの目的"), ("2026-04-01T00:00:00", "改めた目的")],
)
def test_the_day_begins_at_midnight_in_tokyo(
    client: Client, versions: None, now: str, expected: str
) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo("Asia/Tokyo"))
    with time_machine.travel(moment, tick=False):
        html = client.get("/guideline/").content.decode()

    assert expected in html


def test_what_is_no_longer_in_force_stays_readable_at_its_address(
    client: Client, versions: None
) -> None:
    html = client.get("/guideline/2013-04-17/").content.decode()

    assert "はじめの目的" in html
    assert 'id="supplement"' in html

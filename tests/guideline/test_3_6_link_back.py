"""Clause 3(6): the account's own page names the URL of the city's page about it."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.duties.links import DUTIES
from accounts.models import Account, LinkCheck
from shinshiro_sns.duties import rows_for
from staff.models import User
from tests import factories
from tests.conftest import Cast


@pytest.fixture
def account(cast: Cast) -> Account:
    """An official account."""
    return factories.account(
        cast.tourism, status="official", official_since=datetime.date(2026, 1, 31)
    )


def asked(person: User) -> dict[str, datetime.date | None]:
    """What `person` is to do about links, with the day by which."""
    return {duty.name: duty.task(row).due for duty in DUTIES for row in rows_for(person, duty.name)}


def test_the_department_reads_the_very_text_to_put_into_the_profile(
    cast: Cast, client: Client, account: Account, settings: pytest.FixtureRequest
) -> None:
    settings.PORTAL_URL = "https://sns.city.example"  # type: ignore[attr-defined]
    client.force_login(cast.officer)

    html = client.get(f"/desk/accounts/{account.pk}/links/").content.decode()

    assert f">https://sns.city.example/accounts/{account.pk}/</p>" in html
    assert f"新城市公式 運用ポリシー https://sns.city.example/accounts/{account.pk}/</p>" in html
    assert f'src="/desk/accounts/{account.pk}/links/qr.svg"' in html


def test_it_is_asked_for_within_a_month_and_again_after_half_a_year(
    cast: Cast, account: Account
) -> None:
    today = timezone.localdate()
    assert asked(cast.officer) == {"link_put": datetime.date(2026, 2, 28)}
    assert asked(cast.partner_officer) == asked(cast.auditor) == {}

    factories.link_check(account, checked_on=today)
    assert asked(cast.officer) == {}

    LinkCheck.objects.update(checked_on=datetime.date(2026, 1, 31))
    assert asked(cast.officer) == {"link_again": datetime.date(2026, 7, 31)}


def test_a_link_that_vanished_is_grave_until_it_is_back(
    cast: Cast, client: Client, account: Account
) -> None:
    today = timezone.localdate()
    factories.link_check(account, "linked", checked_on=today - datetime.timedelta(days=9))
    factories.link_check(account, "missing", checked_on=today)
    evidence = factories.evidence(account, cast.officer)

    assert asked(cast.officer) == {"link_lost": today + datetime.timedelta(days=7)}
    assert [duty.name for duty in DUTIES if duty.grave] == ["link_lost"]

    client.force_login(cast.officer)
    client.post(
        f"/desk/accounts/{account.pk}/links/",
        {"checked_on": today.isoformat(), "outcome": "linked", "evidence": evidence.pk},
    )
    assert asked(cast.officer) == {}


def test_the_pr_division_may_record_it_for_any_department(
    cast: Cast, client: Client, account: Account
) -> None:
    client.force_login(cast.pr_officer)
    today = timezone.localdate().isoformat()

    typed = {"checked_on": today, "outcome": "missing"}
    answered = client.post(f"/desk/accounts/{account.pk}/links/", typed)

    assert answered.status_code == 302
    assert LinkCheck.objects.get().checked_by == cast.pr_officer

"""Clause 3(4): an account is certified by the operator where that is possible."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.duties.certification import DUTIES
from accounts.models import Account, Certification
from shinshiro_sns.duties import rows_for
from staff.models import User
from tests import factories
from tests.conftest import Cast

TODAY = timezone.localdate


@pytest.fixture
def account(cast: Cast) -> Account:
    """An official account on a service that certifies public bodies."""
    return factories.account(
        cast.tourism, service="x", status="official", official_since=TODAY(),
    )  # fmt: skip


def take(client: Client, account: Account, step: str, **typed: object) -> int:
    """What the desk answers to a step taken there."""
    revision = Certification.objects.filter(account=account).values_list("revision", flat=True)
    return client.post(
        f"/desk/accounts/{account.pk}/certification/{step}/",
        {"revision": revision.first() or 0, "dated_on": TODAY().isoformat(), **typed},
    ).status_code


def asked(person: User) -> dict[str, datetime.date | None]:
    """What `person` is to do about certification, with the day by which."""
    return {duty.name: duty.task(row).due for duty in DUTIES for row in rows_for(person, duty.name)}


def test_where_it_is_possible_the_officer_is_asked_for_it_within_a_month(
    cast: Cast, account: Account
) -> None:
    Account.objects.filter(pk=account.pk).update(official_since=datetime.date(2026, 1, 31))
    factories.account(
        cast.tourism, "shinshiro-city", "tumblr", status="official", official_since=TODAY()
    )
    factories.account(cast.tourism, service="x")

    assert asked(cast.officer) == {"certify": datetime.date(2026, 2, 28)}
    assert asked(cast.head) == asked(cast.partner_officer) == asked(cast.auditor) == {}


def test_it_is_recorded_with_its_kind_its_day_and_its_evidence(
    cast: Cast, client: Client, account: Account
) -> None:
    client.force_login(cast.officer)
    evidence = factories.evidence(account, cast.officer)

    assert take(client, account, "apply", note="受付12") == 302
    assert asked(cast.officer) == {}
    assert take(client, account, "certify", kind="public_body") == 422
    assert take(client, account, "certify", kind="public_body", evidence=evidence.pk) == 302

    row = Certification.objects.get(account=account)
    assert (row.state, row.kind, row.dated_on, row.evidence) == (
        "certified", "public_body", TODAY(), evidence,
    )  # fmt: skip


def test_the_public_reads_it_only_while_it_holds(
    cast: Cast, client: Client, account: Account
) -> None:
    page = account.get_absolute_url()
    client.force_login(cast.officer)
    evidence = factories.evidence(account, cast.officer)
    seen = []
    for step, typed in (
        ("apply", {}),
        ("certify", {"kind": "public_body", "evidence": evidence.pk}),
        ("lapse", {"note": "期限が切れた"}),
    ):
        take(client, account, step, **typed)
        seen.append("運営者の認証" in client.get(page).content.decode())

    assert seen == [False, True, False]


def test_a_bought_badge_is_recorded_and_certifies_nothing(
    cast: Cast, client: Client, account: Account
) -> None:
    client.force_login(cast.officer)

    assert take(client, account, "note_badge") == 302

    row = Certification.objects.get(account=account)
    assert (row.has_paid_badge, row.state) == (True, "possible")
    assert list(asked(cast.officer)) == ["certify"]
    assert "運営者の認証" not in client.get(account.get_absolute_url()).content.decode()
    page = client.get(f"/desk/accounts/{account.pk}/certification/").content.decode()
    assert "あり(認証ではありません)" in page


def test_a_lapse_is_grave_until_it_is_applied_for_again(
    cast: Cast, client: Client, account: Account
) -> None:
    factories.certification(account, "lapsed", dated_on=TODAY())
    client.force_login(cast.officer)

    assert [duty.grave for duty in DUTIES if duty.name in asked(cast.officer)] == [True]
    assert list(asked(cast.officer)) == ["certification_lapsed"]
    take(client, account, "apply")
    assert asked(cast.officer) == {}


@pytest.mark.parametrize(("status", "says_so"), [("official", True), ("closed", False)])
def test_the_public_reads_of_it_only_while_the_account_is_run(
    cast: Cast, client: Client, account: Account, status: str, says_so: bool
) -> None:
    factories.certification(account, "certified", dated_on=TODAY())
    Account.objects.filter(pk=account.pk).update(status=status)

    page = client.get(account.get_absolute_url()).content.decode()

    assert ("運営者の認証" in page) is says_so

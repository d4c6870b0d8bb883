"""乗っ取り: what a hijack does to posting and to the ledger of passwords, 5, 3(7), 4(1)."""

from __future__ import annotations

import datetime

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import Account, CredentialChange, Notice
from incidents.models import Incident
from postings.permission import may_post
from tests import factories
from tests.conftest import Cast
from tests.incidents import things

ALWAYS = [{"days": list(range(7)), "from": "00:00", "to": "24:00"}]


@pytest.fixture
def account(cast: Cast) -> Account:
    """Open at whatever time the test runs."""
    policy = factories.policy(
        factories.account(cast.tourism, "example_kanko"), cast.officer, "in_force",
        head=cast.head, receiver=cast.pr_officer, hours=ALWAYS, closed_on_holidays=False,
        closed_at_year_end=False,
    )  # fmt: skip
    return Account.objects.get(pk=policy.account_id)


@pytest.fixture
def incident(cast: Cast, account: Account) -> Incident:
    return things.incident(cast.officer, "hijack", account=account)


def test_from_the_moment_it_is_opened_nothing_goes_out_whatever_the_ground(
    cast: Cast, account: Account
) -> None:
    assert may_post(account).allowed
    things.incident(cast.officer, "hijack", account=account)

    answer = may_post(account)
    assert (answer.allowed, answer.by_clock, answer.clause) == (False, False, "5")
    assert "所属の長が再開を決めるまでは発信できません。" in answer.reason


def test_other_accounts_and_other_kinds_of_incident_post_on(cast: Cast, account: Account) -> None:
    other = factories.official(cast.tourism)
    things.incident(cast.officer, "hijack", account=other)
    things.incident(cast.officer, "error", account=account)

    assert may_post(account).allowed


@pytest.mark.parametrize("how", ["resumed", "waived", "cancelled"])
def test_it_goes_on_once_the_head_decides(
    cast: Cast, account: Account, incident: Incident, how: str
) -> None:
    if how == "cancelled":
        things.moved(incident, "cancel", cast.head)
    else:
        things.does(incident, "resume", cast.head, "do" if how == "resumed" else "waive")

    assert may_post(account).allowed


def test_an_officer_does_not_decide_it(cast: Cast, account: Account, incident: Incident) -> None:
    step = things.step(incident, "resume")
    assert not cast.officer.has_perm("incidents.do_head_incidentstep", step)
    for key in ("sessions", "password", "two_factor", "apps"):
        things.does(incident, key, cast.officer)

    assert not may_post(account).allowed


def test_the_change_of_password_stands_in_the_ledger(
    cast: Cast, account: Account, incident: Incident
) -> None:
    things.does(incident, "password", cast.officer)

    [change] = CredentialChange.objects.all()
    account.refresh_from_db()
    today = timezone.localdate()
    assert (change.reason, change.changed_by, account.password_changed_on) == (
        "suspicion", cast.officer, today,
    )  # fmt: skip
    # Changed again on the same day, it is the same line; done again, nothing is refused.
    things.does(incident, "password", cast.officer, "undo")
    things.does(incident, "password", cast.officer)
    assert CredentialChange.objects.count() == 1


def test_what_3_7_asks_of_a_change_is_asked_here_too(
    client: Client, cast: Cast, account: Account, incident: Incident
) -> None:
    step = things.step(incident, "password")
    client.force_login(cast.officer)
    said = {
        "happened_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}", "words": "変えた。",
        "revision": step.revision,
    }  # fmt: skip

    answer = client.post(f"{step.get_absolute_url()}do/", said)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"is_hard_to_guess", "is_kept_secret"}
    assert not CredentialChange.objects.exists()


def test_what_the_ledger_does_not_take_stops_nobody_and_is_said(
    cast: Cast, account: Account, incident: Incident
) -> None:
    # Changed once more since, and that is on record already.
    later = timezone.localdate() + datetime.timedelta(days=3)
    Account.objects.filter(pk=account.pk).update(password_changed_on=later)

    things.does(incident, "password", cast.officer)

    assert things.step(incident, "password").state == "done"
    assert not CredentialChange.objects.exists()
    assert incident.entries.filter(text__contains="前回の変更日").count() == 1


def test_where_the_pr_division_does_it_for_the_department_the_ledger_waits(
    cast: Cast, account: Account, incident: Incident
) -> None:
    things.does(incident, "password", cast.pr_officer)

    assert not CredentialChange.objects.exists()
    assert incident.entries.filter(text__contains="所属の職員が行ってください").exists()


def test_the_ledger_has_the_day_of_the_change_and_not_of_its_record(
    cast: Cast, account: Account
) -> None:
    now = timezone.now()
    made = things.incident(
        cast.officer, "hijack", account=account, discovered_at=now - datetime.timedelta(days=3)
    )

    things.does(made, "password", cast.officer, happened_at=now - datetime.timedelta(days=2))

    [change] = CredentialChange.objects.all()
    assert change.changed_on == timezone.localdate(now - datetime.timedelta(days=2))


def test_of_an_account_that_is_not_registered_the_password_is_changed_all_the_same(
    cast: Cast,
) -> None:
    made = things.incident(cast.officer, "hijack", department=cast.tourism)

    things.does(made, "password", cast.officer)

    assert things.step(made, "password").state == "done"
    assert not CredentialChange.objects.exists()


def test_why_the_ledger_took_nothing_is_said_beside_its_step(
    cast: Cast, account: Account, incident: Incident
) -> None:
    later = timezone.localdate() + datetime.timedelta(days=3)
    Account.objects.filter(pk=account.pk).update(password_changed_on=later)

    step = things.does(incident, "password", cast.officer)

    assert incident.entries.get(text__contains="前回の変更日").step_id == step.pk


def test_the_log_has_the_notice_as_a_post_with_its_address_and_moment(
    cast: Cast, account: Account, incident: Incident
) -> None:
    three_days = datetime.timedelta(days=3)

    things.does(incident, "warn", cast.pr_officer, urgent_for=three_days)

    notice = Notice.objects.get()
    assert (notice.title, notice.body) == (
        things.MORE["warn"]["title"],
        things.MORE["warn"]["body"],
    )
    assert notice.urgent_until == notice.published_at + three_days
    said = incident.entries.get(text__contains=notice.title)
    assert (said.kind, said.happened_at, said.url) == (
        "post", notice.published_at, f"{settings.PORTAL_URL}{notice.get_absolute_url()}",
    )  # fmt: skip
    assert notice.body in said.text

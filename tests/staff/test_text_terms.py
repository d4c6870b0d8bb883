"""What people wrote in free words is gone after its term, in every table, and who did what stays, 4(3)."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.utils import timezone

from accounts import announcing
from accounts.models import Account, Credentials, Notice, StandingChange
from incidents.models import Incident
from policies.models import OperatingPolicy
from postings.models import (
    Emergency,
    Inquiry,
    Supervision,
    SupervisionPrompt,
    SupervisionRemark,
)
from shinshiro_sns.retention import ERASED, TERMS
from staff import erasing
from tests import factories
from tests.conftest import Cast
from tests.incidents import things
from tests.postings.months import went_out
from tests.staff.test_erasure import everywhere, log  # noqa: F401  (each erasure is written down)

WHO = "山田 太郎"
MAIL = "taro.yamada@example.com"
# What the public reads is no such text, and stays.
STAYS = {"accounts_notice"}
# Mails end by terms of their own.
MAILS = {"shinshiro_sns_outgoingmail"}


def erased_in(cast: Cast, years: int, time_machine: Any) -> None:
    """Two people erase what is past its term so many years from now."""
    time_machine.move_to(timezone.now() + datetime.timedelta(days=366 * years), tick=False)
    proposed = erasing.propose(cast.administrator)
    erasing.approve(proposed, cast.pr_officer, proposed.total)


def found_by(name: str) -> int:
    term = next(term for term in TERMS if term.name == name)
    return term.select(term.before(timezone.localdate())).count()


def test_what_was_written_about_a_closed_account(cast: Cast, time_machine: Any) -> None:
    account = factories.official(
        cast.tourism, note=WHO, registration_email=MAIL, registration_email_reason=WHO
    )
    policy = factories.policy(account, cast.officer, registration_email=MAIL)
    factories.stood(account, "close", cast.head, note=WHO, handle_reason=WHO, handle_fate="deleted")
    announcing.announce(
        Notice.objects.get(), cast.officer, announced_on=timezone.localdate(), why_not=WHO
    )
    StandingChange.objects.update(handle_done_on=timezone.localdate(), handle_done_by=cast.officer)
    assert everywhere(WHO) != []

    erased_in(cast, 3, time_machine)
    # The address has the shorter term.
    assert set(everywhere(MAIL)) - MAILS == set()
    assert "accounts_standingchange" in everywhere(WHO)
    assert OperatingPolicy.objects.get(pk=policy.pk).registration_email == ""
    erased_in(cast, 12, time_machine)

    assert set(everywhere(WHO)) - STAYS - MAILS == set()
    [change] = StandingChange.objects.all()
    assert (change.reason, change.decided_by) == (ERASED, cast.head)


def test_an_account_in_use_keeps_what_is_so_and_loses_what_was(
    cast: Cast, time_machine: Any
) -> None:
    account = factories.official(cast.tourism, note=WHO, registration_email=MAIL)
    row = Credentials.objects.create(
        account=account, recovery_address="earlier@example.com", recovery_person=cast.colleague
    )
    row.recovery_address, row.recovery_person = "now@example.com", cast.officer
    row.save()

    erased_in(cast, 5, time_machine)

    assert everywhere("earlier@example.com") == []
    assert everywhere("now@example.com") != []
    account.refresh_from_db()
    assert (account.note, account.registration_email) == (WHO, MAIL)
    assert found_by("earlier_recovery_addresses") == 0


def test_what_was_written_about_an_incident_that_is_over(cast: Cast, time_machine: Any) -> None:
    account = factories.official(cast.tourism)
    over = things.ready(cast.officer, cast.head, "other", account=account, known=WHO)
    things.does(over, "confirm", cast.officer, "undo", note=WHO)
    things.does(over, "confirm", cast.officer, words=WHO)
    flaming = things.incident(cast.officer, "flaming", account=account, known=WHO)
    things.reply(flaming, cast.officer, text=WHO)
    things.moved(over, "end", cast.head, learnt=WHO, changes_that_follow=WHO)
    running = things.incident(cast.officer, account=account, known="続いている事案の山本 花子")
    things.moved(flaming, "cancel", cast.head, note=WHO)

    erased_in(cast, 12, time_machine)

    assert set(everywhere(WHO)) - MAILS == set()
    over.refresh_from_db()
    assert (over.known, over.title != "", over.ended_by) == (ERASED, True, cast.head)
    assert Incident.objects.get(pk=running.pk).known == "続いている事案の山本 花子"


def test_what_was_written_in_supervision_and_emergencies(cast: Cast, time_machine: Any) -> None:
    account = factories.official(cast.tourism)
    month = Supervision.objects.create(
        department=cast.tourism, begins_on=datetime.date(2026, 4, 1),
        next_on=datetime.date(2026, 5, 1), note=WHO, confirmed_by=cast.head,
    )  # fmt: skip
    SupervisionRemark.objects.create(supervision=month, text=WHO, written_by=cast.head)
    SupervisionPrompt.objects.create(
        department=cast.tourism, begins_on=month.begins_on, text=WHO, asked_by=cast.pr_officer
    )
    made = went_out(account, cast.officer, "2026-04-06")
    Inquiry.objects.create(
        post=made, question=WHO, asked_by=cast.head, addressee=cast.officer, answer=WHO,
        answered_by=cast.officer, answered_at=timezone.now(), key=uuid.uuid4(),
    )  # fmt: skip
    now = timezone.now()
    Emergency.objects.create(
        department=cast.tourism, reason=WHO, begins_at=now,
        ends_at=now + datetime.timedelta(days=1), declared_by=cast.head,
        declared_at=now,
    )  # fmt: skip

    erased_in(cast, 12, time_machine)

    assert everywhere(WHO) == []
    month.refresh_from_db()
    assert (month.note, month.confirmed_by) == (ERASED, cast.head)


@pytest.mark.parametrize(
    "name",
    [
        "account_texts", "registration_emails", "filed_emails", "filed_texts", "incident_texts", "supervisions",
        "supervision_prompts", "inquiries", "emergencies", "earlier_recovery_addresses",
    ],
)  # fmt: skip
def test_nothing_is_found_where_nothing_was_written(db: None, name: str) -> None:
    assert found_by(name) == 0


def test_what_was_left_empty_stays_empty(cast: Cast, time_machine: Any) -> None:
    account = factories.official(cast.tourism)
    factories.stood(account, "close", cast.head, handle_fate="deleted")
    StandingChange.objects.update(handle_done_on=timezone.localdate(), handle_done_by=cast.officer)

    erased_in(cast, 12, time_machine)

    assert Account.objects.get(pk=account.pk).note == ""

"""削除依頼, 5(2): from which day the law's clock runs, and what the log and the history keep of a request."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Account
from incidents import takedowns
from incidents.models import Incident, IncidentStep, TakedownRequest
from tests import factories
from tests.conftest import Cast
from tests.incidents import things
from tests.incidents.test_takedowns import DAY, again

LONG = "長" * 5000


@pytest.fixture
def account(cast: Cast) -> Account:
    return factories.official(cast.tourism)


def asked(
    cast: Cast, account: Account, discovered: datetime.datetime, at: datetime.datetime
) -> Incident:
    """The operator asked at that moment, recorded now."""
    made = things.incident(cast.officer, "impersonation", account=account, discovered_at=discovered)
    things.identified(made, cast.officer, "https://x.com/shinshiro_fake1")
    things.does(made, "takedown", cast.officer, happened_at=at)
    return made


def test_the_seven_days_run_from_the_request_and_not_from_its_record(
    cast: Cast, account: Account
) -> None:
    now = timezone.now()
    made = asked(cast, account, now - 6 * DAY, now - 5 * DAY)

    first = made.takedowns.get()
    second = again(made, cast.officer, asked_at=now - 3 * DAY)

    def days(request: TakedownRequest) -> int:
        assert request.due_at is not None
        left = timezone.localdate(request.due_at) - timezone.localdate(now)
        return left.days

    assert (days(first), days(second)) == (2, 4)


@pytest.mark.parametrize(("day", "has_clock"), [(29, False), (30, True)])
def test_the_law_is_asked_as_it_stood_when_the_operator_was_asked(
    cast: Cast, account: Account, day: int, has_clock: bool
) -> None:
    """Designated on 2025-04-30: what was asked before that day has no clock, though recorded after."""
    at = timezone.make_aware(datetime.datetime(2025, 4, day, 12, 0))

    made = asked(cast, account, at - DAY, at)

    assert (made.takedowns.get().due_at is not None) == has_clock


def test_a_step_that_is_done_keeps_the_deadline_it_was_done_by(
    cast: Cast, account: Account
) -> None:
    now = timezone.now()
    made = asked(cast, account, now - 6 * DAY, now - 5 * DAY)
    before = things.does(made, "removed", cast.officer).due_at

    assert again(made, cast.officer).due_at != before
    assert things.step(made, "removed").due_at == before


def test_the_deadline_that_moved_was_moved_by_whoever_asked_again(
    cast: Cast, account: Account
) -> None:
    now = timezone.now()
    made = asked(cast, account, now - 6 * DAY, now - 5 * DAY)

    with time_machine.travel(now + DAY):
        again(made, cast.head)

    moved = IncidentStep.history.filter(id=things.step(made, "removed").pk).first()
    assert moved.history_user == cast.head
    request = TakedownRequest.history.filter(id=made.takedowns.last().pk)
    assert [row.history_user for row in request] == [cast.head]


def test_request_and_answer_stand_in_the_log_as_contacts_at_their_own_time(
    cast: Cast, account: Account
) -> None:
    now = timezone.now()
    made = asked(cast, account, now - 6 * DAY, now - 5 * DAY)
    takedowns.answered(
        made.takedowns.get(), cast.officer, answer="refused", answered_at=now - 2 * DAY,
        answer_words="否",
    )  # fmt: skip

    said = made.entries.filter(text__contains="回目の削除")
    assert [(row.kind, row.happened_at) for row in said.order_by("happened_at")] == [
        ("contact", now - 5 * DAY), ("contact", now - 2 * DAY),
    ]  # fmt: skip


def test_the_longest_words_are_kept_whole_with_the_request_and_cut_in_the_log(
    cast: Cast, account: Account
) -> None:
    now = timezone.now()
    made = asked(cast, account, now - 6 * DAY, now - 5 * DAY)

    request = again(made, cast.officer, demanded=LONG)
    takedowns.answered(
        request, cast.officer, answer="refused", answered_at=timezone.now(), answer_words=LONG
    )

    request.refresh_from_db()
    assert (request.demanded, request.answer_words) == (LONG, LONG)
    assert [len(row.text) for row in made.entries.filter(text__contains="長")] == [5000, 5000]

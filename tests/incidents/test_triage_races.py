"""市民からの通報, 5(2): what citizens report in the very moment in which somebody settles it, and two who settle
the same. On real connections."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Account
from incidents import reporting
from incidents.models import Fake, FakeReport, ReportedAccount
from incidents.triage import reported_workflow
from shinshiro_sns.models import OutgoingMail
from shinshiro_sns.taking_each import take_each
from staff.models import User
from tests import factories
from tests.conftest import Cast
from tests.incidents import things
from tests.incidents.test_fakes_races import (
    TWICE,
    again,
    at_once,
    case,
    from_place,
    old_form,
    refused,
)

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def account(cast: Cast) -> Account:
    return factories.official(cast.tourism)


@pytest.mark.parametrize("way", ["cancel", "site"])
def test_reported_in_the_moment_a_case_ends_or_is_published_nobody_waits_for_ever(
    cast: Cast, account: Account, way: str
) -> None:
    """His report is not committed yet when the others are answered: they wait for it."""
    of = case(cast, account)
    things.to_be_public(of, cast.officer, cast.head, cast.pr_officer, cast.pr_second)
    row = things.reported(Fake.objects.get().url)
    reported_workflow.take(row, "join", by=cast.pr_second, incident=of)
    form, is_kept, settled = old_form(), threading.Event(), threading.Event()

    def report_slowly() -> None:
        with transaction.atomic():
            reporting.take_in(
                from_place(1), row.profile, form=form, why="当選した", mail="citizen@example.jp"
            )
            is_kept.set()
            # So long the others would have to wait; who does not wait is done by then.
            settled.wait(1)

    def settle() -> None:
        assert is_kept.wait(30)
        if way == "cancel":
            things.moved(of, "cancel", again(cast.head))
        else:
            things.does(of, "site", again(cast.pr_officer))
        settled.set()

    assert refused(at_once(report_slowly, settle)) == 0

    row.refresh_from_db()
    told = OutgoingMail.objects.filter(address="citizen@example.jp").count()
    assert (row.state, told) == ("incident", 1)
    assert not FakeReport.objects.exclude(mail="").exists()


# --- A flood, settled together --------------------------------------------------------------------------


def together(name: str, who: User, rows: list[ReportedAccount]) -> Any:
    seen = {row.pk: row.revision for row in rows}
    return take_each(reported_workflow, seen, name, by=again(who), note="いたずら", tell=True)


@TWICE
def test_two_who_settle_the_same_flood_settle_it_once_and_the_second_is_told(
    cast: Cast, attempt: int
) -> None:
    rows = [things.reported(f"https://x.com/flood_{n}") for n in range(40)]
    FakeReport.objects.update(mail="citizen@example.jp")

    given = at_once(
        lambda: together("close", cast.pr_officer, rows),
        lambda: together("close", cast.pr_second, rows[::-1]),
        lambda: reported_workflow.take(rows[20], "close", by=again(cast.pr_head), note="一件"),
    )

    # Either one person settled all, or the one row first, and then nobody of the others any.
    settled = ReportedAccount.objects.filter(state="closed")
    by = set(settled.values_list("settled_by", flat=True))
    assert (refused(given), len(by)) == (2, 1)
    assert settled.count() in (1, 40)
    assert OutgoingMail.objects.filter(address="citizen@example.jp").count() == 1


@TWICE
def test_citizens_who_report_while_a_flood_is_settled_are_kept_and_hear(
    cast: Cast, attempt: int
) -> None:
    rows = [things.reported(f"https://x.com/flood_{n}") for n in range(40)]
    forms = [old_form() for _ in range(3)]

    given = at_once(
        lambda: together("close", cast.pr_officer, rows),
        *(
            lambda n=n: reporting.take_in(
                from_place(n),
                rows[n].profile,
                form=forms[n],
                why="当選した",
                mail=f"c{n}@example.jp",
            )
            for n in range(3)
        ),
    )

    assert refused(given) == 0
    assert FakeReport.objects.count() == 43
    # Before it was closed he is answered with it; after it he has reported what was looked at just now.
    told = OutgoingMail.objects.filter(recipient=None).count()
    assert told == FakeReport.objects.exclude(answered_at=None).count()
    assert set(ReportedAccount.objects.values_list("state", flat=True)) == {"closed"}

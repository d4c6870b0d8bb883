"""Clause 4(4): the head supervises what his department sends out, month by month, and it shows where he
did not."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Account
from accounts.overview import by_clause
from postings import figures, supervising
from postings.models import Post, Supervision
from postings.periods import Period, next_period, open_on, posts_in, recorded_after
from postings.questions import recorded_afterwards, unsupervised
from shinshiro_sns.steps import StepNotMet, StepOvertaken
from tests import factories
from tests.conftest import Cast
from tests.postings.months import KEPT_ERROR, at, confirmed, outside, period, went_out

DAY = datetime.date


@pytest.fixture
def clock() -> Any:
    """The tenth of December: October and November are over, October is late."""
    with time_machine.travel(at("2026-12-10"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def account(clock: Any, cast: Cast) -> Account:
    return factories.official(cast.tourism, official_since=DAY(2026, 9, 18))


def test_the_first_month_is_that_in_which_the_department_began(cast, account) -> None:
    assert next_period(cast.tourism) == period(cast.tourism, "2026-09")
    assert next_period(cast.safety) is None
    factories.official(cast.tourism, official_since=DAY(2026, 8, 31))
    assert next_period(cast.tourism) == period(cast.tourism, "2026-08")


def test_month_follows_on_month_and_none_is_left_out(cast, account) -> None:
    with pytest.raises(StepNotMet, match="先に2026年9月分を確認してください。"):
        confirmed(period(cast.tourism, "2026-10"), cast.head)
    for month in ("2026-09", "2026-10", "2026-11"):
        confirmed(period(cast.tourism, month), cast.head)
    with pytest.raises(StepNotMet, match="2026年12月分は、月が終わってから確認します。"):
        confirmed(period(cast.tourism, "2026-12"), cast.head)
    with pytest.raises(StepNotMet, match="2026年8月分には、確認するものがありません。"):
        confirmed(period(cast.tourism, "2026-08"), cast.head)
    rows = list(Supervision.objects.order_by("begins_on").values_list("begins_on", "next_on"))
    assert [begins for begins, _ in rows[1:]] == [following for _, following in rows[:-1]]
    assert list(open_on(timezone.localdate())) == []


def test_the_head_sees_what_went_out_and_the_figures_are_kept_as_they_stood(cast, account) -> None:
    said = [
        went_out(account, cast.officer, "2026-09-20"),
        went_out(account, cast.officer, "2026-09-21", **outside()),
        went_out(account, cast.officer, "2026-09-22", **outside("correction"), findings=[KEPT_ERROR],
                 kept_errors=1),
        went_out(account, cast.officer, "2026-09-23", needs_approval=True, asked_by=cast.officer,
                 asked_at=at("2026-09-23"), approved_by=cast.colleague,
                 approved_at=at("2026-09-23")),
        went_out(account, cast.officer, "2026-09-24", needs_approval=True, asked_by=cast.officer,
                 asked_at=at("2026-09-24"), approved_by=cast.colleague,
                 approved_at=at("2026-09-24 12:01")),
        went_out(account, cast.head, "2026-09-30 23:59"),
    ]  # fmt: skip
    went_out(account, cast.officer, "2026-10-01 00:00")
    Post.objects.create(
        account=account, text="下書き", created_by=cast.officer, edited_by=cast.officer
    )
    row = confirmed(period(cast.tourism, "2026-09"), cast.head, note="確認しました。")
    assert {name: n for name, n in row.numbers.items() if n} == {
        "posts": 6, "outside": 2, "ground_disaster": 1, "ground_correction": 1, "kept_errors": 1,
        "approved": 1, "approved_later": 1, "own": 1,
    }  # fmt: skip
    assert (row.confirmed_by, row.note, row.absence) == (cast.head, "確認しました。", None)
    assert set(row.posts.all()) == set(said)


def test_only_the_head_confirms_and_a_deputy_in_his_recorded_absence_alone(cast, account) -> None:
    september = period(cast.tourism, "2026-09")
    for person in (cast.officer, cast.partner_head, cast.pr_head, cast.auditor, cast.administrator):
        with pytest.raises(PermissionDenied):
            confirmed(september, person)
    with pytest.raises(StepNotMet, match="今日は所属の長の不在が記録されていないため"):
        confirmed(september, cast.deputy)
    absence = factories.absence(cast.tourism, cast.head)
    row = confirmed(september, cast.deputy)
    assert row.absence == absence
    with pytest.raises(PermissionDenied):
        supervising.review(row, cast.deputy)
    supervising.review(row, cast.head)
    row.refresh_from_db()
    assert (row.reviewed_by, row.reviewed_at) == (cast.head, timezone.now())
    with pytest.raises(StepOvertaken, match="今は後閲を行う必要がありません。"):
        supervising.review(row, cast.head)


def test_the_heads_own_posts_are_marked_and_counted_whoever_looks(cast, account) -> None:
    own = went_out(account, cast.head, "2026-09-20")
    recorded = went_out(account, cast.officer, "2026-09-21", posted_by=cast.head)
    went_out(account, cast.officer, "2026-09-22")
    september = period(cast.tourism, "2026-09")
    for viewer in (cast.head, cast.auditor, cast.officer):
        scene = supervising.scene_of(september, None, viewer)
        posts = figures.marked(posts_in(september, None, september), scene)
        assert {p.pk for p in posts if "own" in {m.name for m in figures.marks_of(p)}} == {
            own.pk, recorded.pk,
        }  # fmt: skip


# --- After it was confirmed -----------------------------------------------------------------------


def test_what_is_recorded_afterwards_is_said_and_joins_the_next_month(cast, account) -> None:
    with time_machine.travel(at("2026-10-05"), tick=False):
        september = confirmed(period(cast.tourism, "2026-09"), cast.head)
    late = went_out(account, cast.officer, "2026-09-30", recorded="2026-10-06")
    assert list(recorded_after(september)) == [late]
    assert list(recorded_afterwards(timezone.localdate())) == [account]
    assert september.posts.count() == 0
    october = confirmed(period(cast.tourism, "2026-10"), cast.head)
    assert october.numbers["earlier"] == october.numbers["posts"] == 1
    assert list(october.posts.all()) == [late]
    assert list(recorded_after(september)) == [late]
    assert list(recorded_afterwards(timezone.localdate())) == []


def test_what_comes_while_the_head_looks_is_not_confirmed_unseen(cast, account) -> None:
    september = period(cast.tourism, "2026-09")
    seen = supervising.seal([])
    went_out(account, cast.officer, "2026-09-20")
    with pytest.raises(StepOvertaken, match="画面を開いた後に内容が変わりました。"):
        supervising.confirm(september, cast.head, note="", seen=seen)
    assert not Supervision.objects.exists()
    confirmed(september, cast.head)
    with pytest.raises(StepOvertaken, match="2026年9月分は、すでに観光 課長さんが確認しています。"):
        supervising.confirm(september, cast.head, note="", seen=seen)


def test_an_account_that_moves_takes_what_nobody_has_seen_to_its_new_department(
    cast, account
) -> None:
    confirmed(period(cast.tourism, "2026-09"), cast.head)
    seen = went_out(account, cast.officer, "2026-09-20", recorded="2026-09-20")
    seen.supervision = Supervision.objects.get()
    seen.save()
    unseen = went_out(account, cast.officer, "2026-10-20")
    Account.objects.filter(pk=account.pk).update(department=cast.safety)
    move(account, cast.tourism, cast.safety, DAY(2026, 12, 1))
    assert next_period(cast.tourism) is None
    assert next_period(cast.safety) == period(cast.safety, "2026-10")
    october = confirmed(period(cast.safety, "2026-10"), cast.partner_head)
    assert list(october.posts.all()) == [unseen]
    # In November it ran nothing, and nothing is left to look at: it goes on with the account.
    assert next_period(cast.safety) == period(cast.safety, "2026-12")


def move(account: Account, source: Any, target: Any, day: datetime.date) -> None:
    factories.transfer().account_moves.create(
        account=account, source=source, target=target, effective_on=day, moved_at=timezone.now()
    )


# --- What was not supervised ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "is_open", "is_late"),
    [
        ("2026-09-30", False, False),
        ("2026-10-01", True, False),
        ("2026-10-31", True, False),
        ("2026-11-01", True, True),
    ],
)
def test_a_month_is_open_once_it_is_over_and_late_after_the_following_one(
    cast, account, clock, today, is_open, is_late
) -> None:
    clock.move_to(at(today))
    day = timezone.localdate()
    assert list(open_on(day)) == ([cast.tourism] if is_open else [])
    assert list(unsupervised(day)) == ([account] if is_late else [])
    if is_open:
        assert Period(cast.tourism, DAY(2026, 9, 1)).due_on == DAY(2026, 10, 31)


def test_it_shows_beside_each_account_of_the_department_clause_by_clause(cast, account) -> None:
    other = factories.official(cast.safety, official_since=DAY(2026, 12, 1))
    closed = factories.official(cast.tourism, status="closed", official_since=DAY(2026, 9, 1))
    words = {
        row.pk: next(cell.word for cell in cells if cell.clause == "4(4)")
        for row, cells in by_clause([account, other, closed], timezone.localdate())
    }
    assert words == {account.pk: "要対応", other.pk: "✓ 適合", closed.pk: "対象外"}


@pytest.mark.parametrize("status", ["preparing", "closed"])
def test_where_no_account_is_run_and_nothing_went_out_there_is_nothing_to_supervise(
    cast, clock, status
) -> None:
    official_since = None if status == "preparing" else DAY(2026, 9, 1)
    account = factories.official(cast.tourism, status=status)
    Account.objects.filter(pk=account.pk).update(official_since=official_since)
    assert list(open_on(timezone.localdate())) == []
    if status == "closed":
        went_out(account, cast.officer, "2026-10-20")
        assert list(open_on(timezone.localdate())) == [cast.tourism]

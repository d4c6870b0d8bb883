"""Deadlines: which row holds, how its time is counted, and that an incident keeps its own."""

from __future__ import annotations

import dataclasses
import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents import clocks, deadlines
from incidents.deadlines import DEADLINES, Deadline, Source, Unit, due_after, in_force
from incidents.kinds import KINDS
from incidents.models import Incident
from shinshiro_sns.models import Closure
from tests import factories
from tests.conftest import Cast
from tests.incidents import things

TOKYO = ZoneInfo("Asia/Tokyo")
DAY = datetime.date


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        ("2026-11-27T16:50", 30, Unit.MINUTES, "2026-11-27T17:20"),
        ("2026-11-27T23:50", 30, Unit.MINUTES, "2026-11-28T00:20"),
        # 民法140条: the first day does not count; the last one to its end.
        ("2026-11-27T09:00", 7, Unit.DAYS, "2026-12-04T23:59"),
        ("2026-11-27T23:59", 7, Unit.DAYS, "2026-12-04T23:59"),
        # A Friday: Monday is one working day on; a holiday (11/23) does not count.
        ("2026-11-27T09:00", 1, Unit.WORKING_DAYS, "2026-11-30T23:59"),
        ("2026-11-20T09:00", 1, Unit.WORKING_DAYS, "2026-11-24T23:59"),
        ("2026-12-28T09:00", 1, Unit.WORKING_DAYS, "2027-01-04T23:59"),
        # 8:30 to 17:15: from Friday 16:15 one hour is left, the rest on Monday.
        ("2026-11-27T16:15", 3, Unit.WORKING_HOURS, "2026-11-30T10:30"),
        ("2026-11-27T20:00", 1, Unit.WORKING_HOURS, "2026-11-30T09:30"),
        ("2026-11-27T05:00", 1, Unit.WORKING_HOURS, "2026-11-27T09:30"),
        # The day of knowledge is the first; a last day that is closed moves on.
        ("2026-11-02T09:00", 30, Unit.DAYS_FROM_FIRST, "2026-12-01T23:59"),
        ("2026-10-30T09:00", 30, Unit.DAYS_FROM_FIRST, "2026-11-30T23:59"),
        ("2026-12-01T09:00", 30, Unit.DAYS_FROM_FIRST, "2027-01-04T23:59"),
    ],
)
def test_time_is_counted_as_its_unit_says(
    db: None, start: str, amount: int, unit: Unit, due: str
) -> None:
    assert due_after(at(start), amount, unit) == at(due)


def test_the_citys_own_closures_are_no_working_time(db: None) -> None:
    Closure.objects.create(name="点検", starts_on=DAY(2026, 11, 30), ends_on=DAY(2026, 12, 1))

    assert due_after(at("2026-11-27T16:15"), 2, Unit.WORKING_HOURS) == at("2026-12-02T09:30")
    assert due_after(at("2026-11-27T16:15"), 1, Unit.WORKING_DAYS) == at("2026-12-02T23:59")


@given(
    start=st.datetimes(
        datetime.datetime(2025, 1, 1), datetime.datetime(2030, 1, 1), timezones=st.just(TOKYO)
    ),
    amount=st.integers(1, 90),
    unit=st.sampled_from(Unit.values),
)
@pytest.mark.django_db
def test_no_deadline_lies_before_what_it_counts_from_and_more_is_never_sooner(
    start: datetime.datetime, amount: int, unit: str
) -> None:
    due = due_after(start, amount, unit)

    assert due > start - datetime.timedelta(minutes=1)
    assert due_after(start, amount + 1, unit) >= due


def test_every_step_that_names_a_deadline_finds_one_and_every_row_is_used() -> None:
    named = {step.deadline for kind in KINDS.values() for step in kind.steps if step.deadline}
    by_answer = {"leak.prompt", "leak.final", "leak.final.wrongful"}

    assert named | by_answer == {row.key for row in DEADLINES}


def test_every_trigger_is_a_step_of_the_kinds_that_use_it() -> None:
    for kind in KINDS.values():
        keys = {step.key for step in kind.steps}
        for step in kind.steps:
            for row in (row for row in DEADLINES if row.key == step.deadline):
                after = row.trigger.removeprefix(deadlines.STEP)
                assert after in keys | {deadlines.DISCOVERED, deadlines.OPENED}, step
            assert not step.not_by or step.not_by in keys


def test_of_two_rows_the_one_in_force_on_that_day_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    old = Deadline("k", Source.CITY, "旧", "discovered", 60, Unit.MINUTES,
                   in_force_until=DAY(2026, 3, 31))  # fmt: skip
    new = dataclasses.replace(
        old, name="新", in_force_from=DAY(2026, 4, 1), in_force_until=None, amount=30
    )
    monkeypatch.setattr(deadlines, "DEADLINES", (old, new))

    found = [in_force("k", day) for day in (DAY(2013, 4, 16), DAY(2026, 3, 31), DAY(2026, 4, 1))]
    assert found == [None, old, new]


def test_before_its_designation_no_operator_owed_an_answer() -> None:
    days = (DAY(2025, 4, 29), DAY(2025, 4, 30))

    assert [in_force("operator.answer", day, "x") is None for day in days] == [True, False]


@pytest.fixture
def incident(cast: Cast) -> Incident:
    return things.incident(
        cast.officer, "impersonation", account=factories.official(cast.tourism), service="note"
    )


def test_what_opened_keeps_its_steps_and_deadlines_when_the_kind_changes(
    cast: Cast, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plan(of: Incident) -> list[tuple[object, ...]]:
        return list(of.steps.values_list("key", "label", "who", "due_amount", "due_source"))

    before = plan(incident)
    kind = KINDS["impersonation"]
    shorter = dataclasses.replace(kind, steps=(dataclasses.replace(kind.steps[0], label="別"),))
    monkeypatch.setitem(KINDS, "impersonation", shorter)
    monkeypatch.setattr(
        deadlines, "DEADLINES", tuple(dataclasses.replace(d, amount=1) for d in DEADLINES)
    )
    things.does(incident, "report", cast.head)
    later = things.incident(cast.officer, "impersonation", account=incident.account, known="別件")

    assert plan(incident) == before
    assert things.step(incident, "check").due_at == things.step(
        incident, "report"
    ).happened_at + datetime.timedelta(minutes=120)
    assert [row[1] for row in plan(later)] == ["別"]


def test_the_service_found_out_later_brings_its_clock(cast: Cast, incident: Incident) -> None:
    things.does(incident, "takedown", cast.officer)
    assert things.step(incident, "removed").due_at is None

    incident.service = "x"
    clocks.service_changed(incident)

    removed = things.step(incident, "removed")
    taken = things.step(incident, "takedown").happened_at
    assert removed.due_at == due_after(taken, 7, Unit.DAYS)


def test_a_step_that_is_open_again_stops_what_counted_from_it(
    cast: Cast, incident: Incident
) -> None:
    things.does(incident, "report", cast.head)
    assert things.step(incident, "check").due_at is not None
    things.does(incident, "report", cast.head, "undo")

    assert things.step(incident, "check").due_at is None

"""A year of months that heads confirm in time, late or never, 4(4): who must have heard of which, day by day.

The model below reckons with the calendar alone and knows nothing of the portal's reckoning.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator

import pytest
import time_machine

from postings.models import Supervision
from shinshiro_sns import duties
from shinshiro_sns.days import start_of
from staff.models import Department, Reminder, User
from staff.reminding import remind
from tests import factories
from tests.postings.months import confirmed, period

pytestmark = [pytest.mark.once, pytest.mark.django_db]

BEGINS = datetime.date(2026, 5, 1)
DAYS = 365
ONE = datetime.timedelta(days=1)
# By department: how many days after a month's last day it is confirmed; None: never.
CONFIRMS = {"在庫課": 4, "後手課": 55, "放置課": None}
Heard = tuple[datetime.date, int, str, int, bool]


@pytest.fixture(autouse=True)
def supervision_only() -> Iterator[None]:
    """The two duties of a month that is over, and no other beside them."""
    everything = duties.DUTIES[:]
    duties.DUTIES[:] = [duties.called("supervise"), duties.called("prompt_supervision")]
    yield
    duties.DUTIES[:] = everything


def last_day_of(month: datetime.date) -> datetime.date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def after(month: datetime.date) -> datetime.date:
    return last_day_of(month) + ONE


class Model:
    """Which month each department has still to confirm, and who has heard of it."""

    def __init__(self, heads: dict[int, int], pr_division: set[int]) -> None:
        self.heads, self.pr_division = heads, pr_division
        self.month = dict.fromkeys(heads, BEGINS)
        self.last: dict[tuple[str, int, int, datetime.date], int] = {}
        self.heard: set[Heard] = set()

    def a_day(self, today: datetime.date) -> None:
        for department, head in self.heads.items():
            over = after(self.month[department])
            due = last_day_of(over)
            if today >= over:
                self._hears("supervise", department, due, today, {head}, over_all=self.pr_division)
            # From the day after, it is the PR division's to ask for it within a week.
            if today > due:
                ask = due + 8 * ONE
                self._hears("prompt_supervision", department, ask, today, self.pr_division)

    def _hears(
        self, duty: str, department: int, due: datetime.date, today: datetime.date,
        actors: set[int], over_all: frozenset[int] | set[int] = frozenset(),
    ) -> None:  # fmt: skip
        late = (today - due).days
        occasion = late - late % 7 if late >= 0 else max(n for n in (-30, -7, -1) if n <= late)
        for person in actors | (over_all if late >= 14 else set()):
            key = (duty, person, department, due)
            if self.last.get(key, -31) < occasion:
                self.last[key] = occasion
                self.heard.add((today, person, duty, department, person not in actors))


def test_the_head_hears_in_time_and_the_pr_division_when_nobody_looked() -> None:
    pr = factories.department("広報課", is_pr_division=True)
    asker = factories.members((pr, "officer", "広報"))[0]
    departments: dict[int, Department] = {}
    heads: dict[int, User] = {}
    for name in CONFIRMS:
        of = factories.department(name)
        departments[of.pk], heads[of.pk] = of, factories.members((of, "head", f"{name}長"))[0]
        factories.official(of, official_since=BEGINS)
    model = Model({key: head.pk for key, head in heads.items()}, {asker.pk})

    for today in (BEGINS + n * ONE for n in range(DAYS)):
        with time_machine.travel(start_of(today) + datetime.timedelta(hours=9), tick=False):
            assert remind(today).failures == []
            model.a_day(today)
            for key, of in departments.items():
                month, days = model.month[key], CONFIRMS[of.name]
                if days is not None and today == last_day_of(month) + days * ONE:
                    confirmed(period(of, f"{month:%Y-%m}"), heads[key])
                    model.month[key] = after(month)

    told = Reminder.objects.values_list("told_on", "person", "duty", "row", "is_escalation")
    assert set(told) == model.heard
    assert told.count() == len(model.heard)
    # All three kinds happened: in time, late, and left to the PR division.
    assert Supervision.objects.count() > 15
    assert {duty for _, _, duty, _, _ in model.heard} == {"supervise", "prompt_supervision"}
    assert any(is_escalation for *_, is_escalation in model.heard)

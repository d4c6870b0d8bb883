"""What the tests of reminders have in common: a city with a single rule, and passwords that fall due."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.db.models import DateField, QuerySet, Value

from accounts import passwords
from accounts.dates import MonthsAfter
from accounts.models import Account
from shinshiro_sns import duties
from staff.models import Department, Reminder
from staff.reminding import Tally, remind
from tests import factories

# Three calendar months after the last day of August.
CHANGED_ON = datetime.date(2026, 8, 31)
DUE_ON = datetime.date(2026, 11, 30)


def before(days: int) -> datetime.date:
    """So many days before the password is due."""
    return DUE_ON - datetime.timedelta(days=days)


def late(days: int) -> datetime.date:
    """So many days after the password was due."""
    return before(-days)


def names_told(day: datetime.date) -> set[str]:
    """Run the reminders of the day: who is told something."""
    remind(day)
    told = Reminder.objects.filter(told_on=day)
    return set(told.values_list("person__name", flat=True))


def run(day: datetime.date) -> tuple[int, int, int]:
    """Run the reminders of the day: sent, already sent, failed."""
    tally: Tally = remind(day)
    return tally.sent, tally.already_sent, len(tally.failures)


def due_by_interval(day: datetime.date) -> QuerySet[Any]:
    """Passwords as the interval alone makes them due, not who left: a hundredth of the query's cost."""
    rows = Account.objects.to_guard().select_related("department")
    due_on = MonthsAfter("password_changed_on", settings.PASSWORD_INTERVAL_MONTHS)
    never = Value(None, DateField())
    rows = rows.annotate(password_due_on=due_on, staff_left_on=never, doubted_on=never)
    return rows.filter(password_due_on__lte=day + passwords.SHOWN_BEFORE)


@pytest.fixture
def one_rule() -> Iterator[list[duties.Duty]]:
    """Only passwords are anybody's duty, and only by the interval."""
    everything = duties.DUTIES[:]
    duties.DUTIES[:] = [replace(duties.called("password"), rows=due_by_interval, narrows=False)]
    yield duties.DUTIES
    duties.DUTIES[:] = everything


@pytest.fixture
def official(db: None) -> Callable[..., Account]:
    """An official account of a department, whose password was changed on CHANGED_ON or another day."""

    def official(
        of: Department, changed_on: datetime.date | None = CHANGED_ON, **fields: object
    ) -> Account:
        return factories.account(
            of, status="official", official_since=factories.SINCE, password_changed_on=changed_on,
            **fields,
        )  # fmt: skip

    return official

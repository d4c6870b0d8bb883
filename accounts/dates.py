"""Dates of the calendar, reckoned by the database as Python's `relativedelta` reckons them."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import DateField, F, Func, Value

# Later than any date of a row: what is never reached, where a comparison cannot bear NULL.
NEVER = Value(datetime.date.max, output_field=DateField())


def written(day: datetime.date) -> str:
    """`day` within a sentence: 2026年4月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


class DayAfter(Func):
    """The day after a date."""

    output_field = DateField()
    arity = 1
    template = "(%(expressions)s + 1)"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """The same in SQLite's words."""
        return self.as_sql(
            compiler, connection, template="date(%(expressions)s, '+1 days')", **context
        )


class MonthsAfter(Func):
    """A date and so many calendar months: 31 January and three are 30 April."""

    output_field = DateField()
    arity = 1
    template = "(%(expressions)s + interval '%(months)d months')::date"

    def __init__(self, column: str | F, months: int = 0, **extra: Any) -> None:
        super().__init__(column, months=months, **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """SQLite runs on into the next month where a month is too short: the earlier day is meant."""
        template = (
            "min(date(%(expressions)s, '+%(months)d months'),"
            " date(%(expressions)s, 'start of month', '+%(after)d months', '-1 days'))"
        )
        months: int = self.extra["months"]
        sql, params = self.as_sql(
            compiler, connection, template=template, after=months + 1, **context
        )
        # What is reckoned from stands there twice.
        return sql, (*params, *params)

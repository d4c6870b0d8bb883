"""Dates of the calendar, reckoned by the database as Python's `relativedelta` reckons them."""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import BooleanField, Case, DateField, F, Func, Value, When
from django.utils import timezone

# Later than any date of a row: what is never reached, where a comparison cannot bear NULL.
NEVER = Value(datetime.date.max, output_field=DateField())


def written(day: datetime.date) -> str:
    """`day` within a sentence: 2026年4月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def impossible(day: datetime.date, opened_on: datetime.date | None) -> str:
    """Why nothing can be on record for `day` of an account opened on that day; empty where it can."""
    if day > timezone.localdate():
        return "今日より後の日は記録できません。"
    if opened_on and day < opened_on:
        return f"アカウントの開設日({written(opened_on)})より前の日は記録できません。"
    return ""


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


class Among(Func):
    """Whether a column is one of `keys`: one parameter, however many there are.

    Databases limit the parameters of a statement, and a transfer of staff may touch every account.
    """

    output_field = BooleanField()

    def __init__(self, column: str | F, keys: Iterable[int] = (), **extra: Any) -> None:
        super().__init__(column, keys=tuple(sorted(keys)), **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """In PostgreSQL's words."""
        template = "%(expressions)s = ANY(%%s::bigint[])"
        sql, params = self.as_sql(compiler, connection, template=template, **context)
        return sql, (*params, f"{{{','.join(map(str, self.extra['keys']))}}}")

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """The same in SQLite's words."""
        template = "%(expressions)s IN (SELECT value FROM json_each(%%s))"
        sql, params = self.as_sql(compiler, connection, template=template, **context)
        return sql, (*params, json.dumps(self.extra["keys"]))


def day_of(days: Mapping[int, datetime.date]) -> Any:
    """The day that `days` tells of a row's key, and NULL where it tells of none."""
    keys_of: dict[datetime.date, list[int]] = defaultdict(list)
    for key, day in days.items():
        keys_of[day].append(key)
    if not keys_of:
        return Value(None, output_field=DateField())
    return Case(
        *(When(Among("pk", keys), then=Value(day)) for day, keys in sorted(keys_of.items())),
        output_field=DateField(),
    )

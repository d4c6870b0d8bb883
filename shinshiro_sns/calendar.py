"""The city's working time: which days its offices are closed and why, and when they are open.

Closed are weekends, national holidays, the year-end from 12/29 to 1/3, and what the city itself has
entered (`Closure`). See decision 0017.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Collection
from dataclasses import dataclass

import holidays
from django.conf import settings
from django.utils import timezone

from shinshiro_sns.models import Closure

_NATIONAL = holidays.country_holidays("JP", language="ja")


class Kind(enum.Enum):
    """Why a day can be closed; the first that applies is the one that is said."""

    HOLIDAY = "祝日"
    YEAR_END = "年末年始"
    CITY = "市の休業日"
    WEEKEND = "土曜日・日曜日"


EVERY_KIND = frozenset(Kind)


@dataclass(frozen=True)
class Calendar:
    """The days of the city, with its own closures read beforehand: asks the database nothing."""

    closures: tuple[Closure, ...] = ()

    def why_closed(self, day: datetime.date, kinds: Collection[Kind] = EVERY_KIND) -> str:
        """Why `day` is closed, in Japanese; empty where it is not. Only `kinds` count."""
        for kind in Kind:
            if kind in kinds and (reason := self._reason(kind, day)):
                return reason
        return ""

    def office_hours(
        self, day: datetime.date
    ) -> tuple[datetime.datetime, datetime.datetime] | None:
        """From when until when the offices are open on `day`, the end excluded; None if they are not."""
        if self.why_closed(day):
            return None
        begins, ends = settings.OFFICE_HOURS
        return at_clock(day, begins), at_clock(day, ends)

    def is_office_time(self, moment: datetime.datetime) -> bool:
        """Whether the offices are open at `moment`, which must know its time zone."""
        hours = self.office_hours(local(moment).date())
        return hours is not None and hours[0] <= moment < hours[1]

    def _reason(self, kind: Kind, day: datetime.date) -> str:
        match kind:
            case Kind.HOLIDAY:
                name = _NATIONAL.get(day)
                return f"祝日「{name}」" if name else ""
            case Kind.YEAR_END:
                closed = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
                return "年末年始の休業日" if closed else ""
            case Kind.CITY:
                names = (row.name for row in self.closures if row.starts_on <= day <= row.ends_on)
                return next((f"市の休業日「{name}」" for name in names), "")
            case Kind.WEEKEND:
                return {5: "土曜日", 6: "日曜日"}.get(day.weekday(), "")


def between(first: datetime.date, last: datetime.date) -> Calendar:
    """The calendar for the days from `first` to `last`; one query."""
    return Calendar(tuple(Closure.objects.within(first, last)))


def local(moment: datetime.datetime) -> datetime.datetime:
    """`moment` by the city's clock, whatever time zone a page may be shown in. Raises ValueError for
    one that does not know its time zone."""
    return timezone.localtime(moment, timezone.get_default_timezone())


def at_clock(day: datetime.date, minutes: int) -> datetime.datetime:
    """The moment so many minutes after midnight of `day` by the city's clock; 1500 is 1:00 the next
    day."""
    midnight = datetime.datetime.combine(day, datetime.time(), timezone.get_default_timezone())
    return midnight + datetime.timedelta(minutes=minutes)

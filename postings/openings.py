"""When an account's hours are open: the spans its policy says, on the days of the calendar that count.

4(1) asks for working hours and the policy's hours; decision 0017 says how the two go together.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from django.conf import settings

from policies.hours import Span, read_spans, say_time
from policies.models import OperatingPolicy
from shinshiro_sns.calendar import EVERY_KIND, Calendar, Kind, at_clock

ONE_DAY = datetime.timedelta(days=1)
# How far ahead an opening is looked for: more than a year, so that every yearly gap is passed.
AHEAD = datetime.timedelta(days=400)
# Where no day is left out, every week is like the last.
A_WEEK_AND_MORE = datetime.timedelta(days=15)
EVERY_DAY = tuple(range(7))


@dataclass(frozen=True)
class Interval:
    """A stretch of time; `end` no longer belongs to it."""

    start: datetime.datetime
    end: datetime.datetime

    def covers(self, moment: datetime.datetime) -> bool:
        """Whether `moment` lies within."""
        return self.start <= moment < self.end


@dataclass(frozen=True)
class OpeningHours:
    """Spans of the week, and the kinds of days that are left out; moments are by the city's clock.

    A span belongs to the day on which it begins: Friday 22:00–2:00 is Friday's to its end, whatever
    Saturday is.
    """

    spans: tuple[Span, ...]
    closed_on: frozenset[Kind]
    calendar: Calendar
    office_hours_only: bool
    source: str

    @property
    def ahead(self) -> datetime.timedelta:
        """How far ahead it is looked for an opening or an end: what lies beyond never comes."""
        return AHEAD if self.closed_on or self.office_hours_only else A_WEEK_AND_MORE

    def around(self, moment: datetime.datetime) -> Interval | None:
        """The interval that covers `moment`, or else the next one; None if none begins in `ahead`."""
        days = self._days(moment.date() - ONE_DAY, moment.date() + self.ahead)
        pieces = chain.from_iterable(map(self._open_on, days))
        return next((found for found in _joined(pieces) if found.end > moment), None)

    def why_closed(self, moment: datetime.datetime) -> str:
        """Why no interval covers `moment`: the day off, the office's own hours, or the account's."""
        today, yesterday = moment.date(), moment.date() - ONE_DAY
        for day in (today, yesterday):
            if any(piece.covers(moment) for piece in self._on(day)):
                return self._off(day) or self._off(today, EVERY_KIND) or self._outside_office()
        if any(True for _ in self._on(today)) and (off := self._off(today)):
            return off
        return f"{self.source}の外です。"

    def _off(self, day: datetime.date, kinds: frozenset[Kind] | None = None) -> str:
        reason = self.calendar.why_closed(day, self.closed_on if kinds is None else kinds)
        return f"{day.month}月{day.day}日は{reason}のため、運用しない日です。" if reason else ""

    def _outside_office(self) -> str:
        return f"{said_office_hours()}の外です。"

    def _on(self, day: datetime.date) -> Iterator[Interval]:
        """The spans that begin on `day`, in order, whether or not it is left out."""
        for span in sorted(self.spans, key=lambda span: span.start):
            if day.weekday() in span.days:
                yield Interval(at_clock(day, span.start), at_clock(day, span.start + span.length))

    def _open_on(self, day: datetime.date) -> Iterator[Interval]:
        """What is open of the spans that begin on `day`."""
        if self.calendar.why_closed(day, self.closed_on):
            return
        for piece in self._on(day):
            if self.office_hours_only:
                yield from self._in_office_hours(piece, day)
            else:
                yield piece

    def _in_office_hours(self, piece: Interval, day: datetime.date) -> Iterator[Interval]:
        for each in (day, day + ONE_DAY):
            if office := self.calendar.office_hours(each):
                start, end = max(piece.start, office[0]), min(piece.end, office[1])
                if start < end:
                    yield Interval(start, end)

    @staticmethod
    def _days(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
        return (first + ONE_DAY * number for number in range((last - first).days + 1))


def _joined(pieces: Iterator[Interval]) -> Iterator[Interval]:
    """`pieces`, which come in order, those that meet as one."""
    running: Interval | None = None
    for piece in pieces:
        if running and piece.start <= running.end:
            running = Interval(running.start, max(running.end, piece.end))
        else:
            if running:
                yield running
            running = piece
    if running:
        yield running


def said_office_hours() -> str:
    """The city's office hours in words."""
    begins, ends = settings.OFFICE_HOURS
    return f"市の執務時間(閉庁日を除く{say_time(begins)}〜{say_time(ends)})"


def opening_hours(policy: OperatingPolicy, calendar: Calendar) -> OpeningHours:
    """The hours that hold by `policy`: its own, or the office's where it says none."""
    spans = tuple(read_spans(policy.hours))
    if not spans:
        begins, ends = settings.OFFICE_HOURS
        office = Span(EVERY_DAY, begins, ends)
        source = f"運用ポリシーに運用時間の定めがないため従う、{said_office_hours()}"
        return OpeningHours((office,), EVERY_KIND, calendar, False, source)
    closed_on = set()
    if policy.closed_on_holidays:
        closed_on |= {Kind.HOLIDAY, Kind.CITY}
    if policy.closed_at_year_end:
        closed_on.add(Kind.YEAR_END)
    source = f"運用ポリシーで定めた運用時間「{policy.said_hours}」"
    only = settings.POST_IN_OFFICE_HOURS_ONLY
    return OpeningHours(spans, frozenset(closed_on), calendar, only, source)

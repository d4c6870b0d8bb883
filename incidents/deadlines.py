"""By when a step is done: dated rows of data, and how their time is counted.

A row is never altered once it was in force: a new rule is a new row, with the old one's end. An
incident takes the rows in force when it opened, and a copy of them. Where none applies there is no
clock. The city's own targets put a number to the guideline's 速やか; they are a proposal to it.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import models

from shinshiro_sns import calendar


class Unit(models.TextChoices):
    """How an amount of time is counted. Days end with the day."""

    MINUTES = "minutes", "分"
    WORKING_HOURS = "working_hours", "時間(勤務時間で数える)"
    WORKING_DAYS = "working_days", "開庁日"
    # The first day does not count, as 民法140条 counts.
    DAYS = "days", "日"
    # It counts, and a last day on which offices are closed moves to the next one that is open.
    DAYS_FROM_FIRST = "days_from_first", "日(知った日を1日目とする)"


class Source(models.TextChoices):
    """Whose rule it is."""

    LAW = "law", "法令"
    GUIDELINE = "guideline", "ガイドライン"
    CITY = "city", "市の目安"


DISCOVERED, OPENED = "discovered", "opened"
STEP = "step:"


@dataclass(frozen=True)
class Deadline:
    """One row. `trigger` is the moment it counts from: the discovery, the opening, or a step's being
    done ("step:takedown"). It concerns incidents on `services` alone, where it names any."""

    key: str
    source: Source
    name: str
    trigger: str
    amount: int
    unit: Unit
    in_force_from: datetime.date = datetime.date(2013, 4, 17)
    in_force_until: datetime.date | None = None
    services: frozenset[str] = frozenset()


def _city(key: str, clause: str, trigger: str, amount: int, unit: Unit = Unit.MINUTES) -> Deadline:
    return Deadline(key, Source.CITY, f"ガイドライン{clause}の「速やか」", trigger, amount, unit)


# 情報流通プラットフォーム対処法20条1項, designated on 2025-04-30: Google, LINEヤフー, Meta, TikTok, X, for
# the services the ministry named. Of LINE these are VOOM and open chats, so that row says so.
_ANSWER = "情報流通プラットフォーム対処法25条1項(運営者は申出から7日以内に結果を通知)"
_DESIGNATED_ON = datetime.date(2025, 4, 30)
_PROMPT = "個人情報保護法68条1項、同法施行規則44条1項(速やかに。おおむね3〜5日以内)"
_FINAL = "個人情報保護法68条1項、同法施行規則44条2項"
_LEAKS_SINCE = datetime.date(2023, 4, 1)

DEADLINES = (
    _city("error.confirm", "5(1)", DISCOVERED, 30),
    _city("error.correct", "5(1)", DISCOVERED, 60),
    _city("site", "5(1)", DISCOVERED, 1, Unit.WORKING_DAYS),
    _city("impersonation.evidence", "5(2)", DISCOVERED, 30),
    _city("impersonation.report", "5(2)", DISCOVERED, 120),
    _city("impersonation.check", "5(2)", f"{STEP}report", 120),
    _city("impersonation.second", "5(2)", f"{STEP}check", 120),
    _city("impersonation.takedown", "5(2)", DISCOVERED, 1, Unit.WORKING_DAYS),
    _city("impersonation.notice", "5(2)", f"{STEP}second", 120),
    _city("impersonation.press", "5(2)", f"{STEP}second", 1, Unit.WORKING_DAYS),
    _city("impersonation.watch", "5(2)", f"{STEP}removed", 30, Unit.DAYS),
    Deadline("operator.answer", Source.LAW, _ANSWER, f"{STEP}takedown", 7, Unit.DAYS,
             _DESIGNATED_ON,
             services=frozenset({"x", "facebook", "instagram", "threads", "youtube", "tiktok"})),
    Deadline("operator.answer", Source.LAW, f"{_ANSWER}。LINEは、LINE VOOMとオープンチャットが対象",
             f"{STEP}takedown", 7, Unit.DAYS, _DESIGNATED_ON, services=frozenset({"line"})),
    _city("flaming.hold", "5(3)", DISCOVERED, 15),
    _city("flaming.record", "5(3)", DISCOVERED, 60),
    _city("flaming.holding", "5(3)", DISCOVERED, 120),
    _city("flaming.policy", "5(3)", DISCOVERED, 8, Unit.WORKING_HOURS),
    _city("flaming.post", "5(3)", f"{STEP}policy", 120),
    _city("flaming.settled", "5(3)", f"{STEP}post", 5, Unit.WORKING_DAYS),
    _city("hijack.contain", "5", DISCOVERED, 30),
    _city("hijack.secure", "5", DISCOVERED, 60),
    _city("hijack.warn", "5", DISCOVERED, 60),
    _city("leak.stop", "5", DISCOVERED, 30),
    _city("leak.facts", "5", DISCOVERED, 1, Unit.WORKING_DAYS),
    _city("leak.publish", "5", f"{STEP}facts", 1, Unit.WORKING_DAYS),
    Deadline("leak.prompt", Source.LAW, _PROMPT, DISCOVERED, 3, Unit.DAYS, _LEAKS_SINCE),
    Deadline("leak.final", Source.LAW, f"{_FINAL}(知った日から30日以内)", DISCOVERED,
             30, Unit.DAYS_FROM_FIRST, _LEAKS_SINCE),
    Deadline("leak.final.wrongful", Source.LAW,
             f"{_FINAL}(不正の目的によるおそれがあるときは、知った日から60日以内)", DISCOVERED,
             60, Unit.DAYS_FROM_FIRST, _LEAKS_SINCE),
    _city("other.confirm", "5", DISCOVERED, 60),
    _city("other.decide", "5", DISCOVERED, 1, Unit.WORKING_DAYS),
    _city("prevention", "5", DISCOVERED, 10, Unit.WORKING_DAYS),
)  # fmt: skip


def in_force(key: str, day: datetime.date, service: str = "") -> Deadline | None:
    """The row of this key that holds on `day` for an incident on `service`; None: no clock."""
    for row in DEADLINES:
        if (
            row.key == key
            and row.in_force_from <= day
            and (row.in_force_until is None or day <= row.in_force_until)
            and (not row.services or service in row.services)
        ):
            return row
    return None


def due_after(start: datetime.datetime, amount: int, unit: Unit | str) -> datetime.datetime:
    """The last moment in time, so long after `start`."""
    if unit == Unit.MINUTES:
        return start + datetime.timedelta(minutes=amount)
    first = calendar.local(start).date()
    if unit == Unit.DAYS:
        return _end_of(first + datetime.timedelta(days=amount))
    # Closures and holidays add no more than this to what is counted in working time.
    days = calendar.between(first, first + datetime.timedelta(days=60 + 3 * amount))
    if unit == Unit.DAYS_FROM_FIRST:
        last = first + datetime.timedelta(days=amount - 1)
        while days.why_closed(last):
            last += datetime.timedelta(days=1)
        return _end_of(last)
    if unit == Unit.WORKING_DAYS:
        return _end_of(_working_day(days, first, amount))
    return _working_hours(days, start, datetime.timedelta(hours=amount))


def _end_of(day: datetime.date) -> datetime.datetime:
    return calendar.at_clock(day, 24 * 60 - 1)


def _working_day(days: calendar.Calendar, day: datetime.date, amount: int) -> datetime.date:
    while amount:
        day += datetime.timedelta(days=1)
        amount -= not days.why_closed(day)
    return day


def _working_hours(
    days: calendar.Calendar, start: datetime.datetime, left: datetime.timedelta
) -> datetime.datetime:
    day = calendar.local(start).date()
    while True:
        if hours := days.office_hours(day):
            begins, ends = max(hours[0], start), hours[1]
            if ends - begins >= left:
                return begins + left
            left -= max(ends - begins, datetime.timedelta())
        day += datetime.timedelta(days=1)

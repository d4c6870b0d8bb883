"""Operating hours as data, 3(3)エ: spans of weekdays and times, read, checked and said in Japanese.

A span is stored as `{"days": [0, 1], "from": "08:30", "to": "17:15"}`; 0 is Monday. `to` may be
"24:00"; a `to` at or before `from` lies on the next day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

WEEKDAYS = "月火水木金土日"
DAY = 24 * 60
WEEK = 7 * DAY
MAX_SPANS = 12


@dataclass(frozen=True, order=True)
class Span:
    """Weekdays (0 is Monday) with a time from and to, in minutes after midnight.

    `end` at or before `start` means the next day.
    """

    days: tuple[int, ...]
    start: int
    end: int

    @property
    def length(self) -> int:
        """How many minutes it lasts, over midnight too: at least one, at most a day."""
        return (self.end - self.start - 1) % DAY + 1

    def intervals(self) -> list[tuple[int, int]]:
        """Minutes of the week it covers, as half-open intervals; the last may pass the week's end."""
        return [(day * DAY + self.start, day * DAY + self.start + self.length) for day in self.days]

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        return {"days": list(self.days), "from": clock(self.start), "to": clock(self.end)}

    def __str__(self) -> str:
        following = "翌" if self.end <= self.start else ""
        return f"{say_days(self.days)} {say_time(self.start)}〜{following}{say_time(self.end)}"


def clock(minutes: int) -> str:
    """Minutes after midnight as `HH:MM`."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def say_time(minutes: int) -> str:
    """Minutes after midnight as a reader expects them: 8:30."""
    return f"{minutes // 60}:{minutes % 60:02}"


def say_days(days: Iterable[int]) -> str:
    """Weekdays in order, three or more in a row joined: 月〜金・日."""
    parts: list[list[int]] = []
    for day in sorted(set(days)):
        if parts and parts[-1][-1] == day - 1:
            parts[-1].append(day)
        else:
            parts.append([day])
    if parts == [list(range(7))]:
        return "毎日"
    said = [
        f"{WEEKDAYS[run[0]]}〜{WEEKDAYS[run[-1]]}"
        if len(run) > 2
        else "・".join(WEEKDAYS[d] for d in run)
        for run in parts
    ]
    return "・".join(said)


def read_clock(text: str, *, closing: bool = False) -> int:
    """`HH:MM` as minutes; 24:00 only where something ends. Raises ValueError with a sentence."""
    match = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", text)
    if match:
        minutes = int(match[1]) * 60 + int(match[2])
        if int(match[2]) < 60 and (minutes < DAY or (closing and minutes == DAY)):
            return minutes
    raise ValueError("時刻は 8:30 のように、0:00から24:00までで入力してください。")


def read_spans(stored: Any) -> list[Span]:
    """The spans of the stored form. Raises ValueError with a Japanese sentence for anything else."""
    if not isinstance(stored, list) or len(stored) > MAX_SPANS:
        raise ValueError(f"運用時間は{MAX_SPANS}行までの一覧で指定してください。")
    spans = []
    for row in stored:
        try:
            days = tuple(sorted(set(row["days"])))
            if not days or not all(type(day) is int and 0 <= day <= 6 for day in days):
                raise ValueError("曜日を選んでください。")
            start, end = read_clock(row["from"]), read_clock(row["to"], closing=True)
        except (KeyError, TypeError):
            raise ValueError("運用時間は曜日と始まりと終わりの時刻で指定してください。") from None
        spans.append(Span(days, start, end))
    refuse_overlaps(spans)
    return spans


def refuse_overlaps(spans: Iterable[Span]) -> None:
    """Raises ValueError naming two rows that cover the same minute of the week."""
    placed = [(interval, span) for span in spans for interval in span.intervals()]
    for ((a, b), one), ((c, d), other) in combinations(placed, 2):
        if any(a < d + week and c + week < b for week in (-WEEK, 0, WEEK)):
            raise ValueError(f"運用時間が重なっています:「{one}」と「{other}」。")


def describe(stored: Any, *, closed_on_holidays: bool, closed_at_year_end: bool) -> str:
    """The stored hours in one Japanese phrase; empty where there are none."""
    spans = read_spans(stored)
    if not spans:
        return ""
    closed = [
        word
        for word, applies in (("祝日", closed_on_holidays), ("年末年始", closed_at_year_end))
        if applies
    ]
    except_on = f"({'・'.join(closed)}を除く)" if closed else ""
    return "、".join(str(span) for span in spans) + except_on

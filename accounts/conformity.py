"""How an account stands by a clause, in a word and its colour: the same on every page."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

MET, EXCEPTED = ("✓ 適合", "success"), ("✓ 例外(理由あり)", "success")
LACKING, NONE = ("要対応", "warning"), ("対象外", "neutral")
LATE, SOON = ("期限を過ぎています", "danger"), ("まもなく期限", "warning")
# The first reminder's day.
SOON_BEFORE = datetime.timedelta(days=30)


def of_deadlines(deadlines: Iterable[datetime.date], day: datetime.date) -> tuple[str, str]:
    """What the nearest of the deadlines calls for on `day`; two empty texts where nothing does."""
    nearest = min(deadlines, default=datetime.date.max)
    if nearest < day:
        return LATE
    return SOON if nearest <= day + SOON_BEFORE else ("", "")

"""Other days for the steps of a story: working days before today, and a clock that stands there."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator

from django.utils import timezone


def working_day(ago: int, today: datetime.date) -> datetime.date:
    """The day `ago` working days (Monday to Friday) before `today`; after it where negative.

    0 is `today` itself, whatever day of the week it is.
    """
    step = datetime.timedelta(days=1 if ago < 0 else -1)
    day = today
    for _ in range(abs(ago)):
        day += step
        while day.weekday() > 4:
            day += step
    return day


@contextlib.contextmanager
def standing_at(moment: datetime.datetime) -> Iterator[None]:
    """Lets Django's clock in this process stand at `moment`.

    The steps of a story are taken through the workflow, which asks the clock for the time of the
    step, of its history, and for what held on that day: an absence, say. To write other times into
    the rows afterwards would need to know all of these places.
    """

    class Standing(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:  # type: ignore[override]
            return moment.astimezone(tz)

    running = timezone.datetime  # type: ignore[attr-defined]
    timezone.datetime = Standing  # type: ignore[attr-defined]
    try:
        yield
    finally:
        timezone.datetime = running  # type: ignore[attr-defined]

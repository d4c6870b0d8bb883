"""The one rule of the quarterly attestation, 3(6): what one of quarter Q says holds through Q+1.

A city's quarters begin with January, April, July and October. An account never attested yet counts
from the day on which it became official.
"""

from __future__ import annotations

import datetime
import functools

from dateutil.relativedelta import relativedelta

QUARTER = relativedelta(months=3)


def quarter_of(day: datetime.date) -> datetime.date:
    """The first day of the quarter that `day` lies in."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def opens_on(attested: datetime.date) -> datetime.date:
    """The day from which the next one can be made: the first of the following quarter."""
    return quarter_of(attested) + QUARTER


# There are few days, and a list asks for the same ones thousands of times.
@functools.lru_cache(maxsize=10_000)
def due_on(attested: datetime.date) -> datetime.date:
    """The last day on which what was attested still holds: the last of the following quarter."""
    return opens_on(attested) + QUARTER - relativedelta(days=1)


def oldest_that_holds(day: datetime.date) -> datetime.date:
    """The earliest day of an attestation that still holds on `day`."""
    return quarter_of(day) - QUARTER

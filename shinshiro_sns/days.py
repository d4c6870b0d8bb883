"""Reading a day as people write it in a table, or give it to a command; and when it begins."""

from __future__ import annotations

import argparse
import datetime
import re
import unicodedata

from django.utils import timezone

# Reckoning months from a day near the calendar's ends leads out of it.
YEARS = range(1900, 2200)
# The first year of an era counts as 1, so these are the years before it.
ERAS = {"令和": 2018, "r": 2018, "平成": 1988, "h": 1988, "昭和": 1925, "s": 1925}
_ERA_DAY = re.compile(
    r"(令和|平成|昭和|[rhs])\s*(\d{1,2}|元)\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})日?"
)
_PLAIN_DAY = re.compile(
    r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})日?(?:\([月火水木金土日]\))?"
)
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_AND_TIME = re.compile(r"(.+?)[t ]\s*(\d{1,2})[:時](\d{1,2})?(?::\d{2}|分)?")
_MOMENT = re.compile(r"\d{4}-\d\d?-\d\d?[t ]\d\d?:\d\d.*")
# Excel counts days from here; five digits reach from 1927 to 2173.
_EXCEL_SERIAL = re.compile(r"[1-9]\d{4}(?:\.0+)?")
_EXCEL_BEGINS = datetime.date(1899, 12, 30)


def start_of(day: datetime.date) -> datetime.datetime:
    """The moment `day` begins in the city."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def read_day(text: str) -> datetime.date:
    """The day that `text` means, in the calendar of Tokyo.

    Read are 2024-04-01, 2024/4/1, 20240401, 2024年4月1日, 令和6年4月1日, R6.4.1, a moment with its
    time, and the serial number of a spreadsheet. 4/1/2024 is refused: it has two meanings.
    Raises ValueError with a sentence for the person.
    """
    try:
        return _read(_folded(text))
    except ValueError:
        shown = text.strip()[:30]
        raise ValueError(
            f"「{shown}」を日付として読み取れません(例:2024-04-01、令和6年4月1日)。"
        ) from None


def typed_day(text: str) -> datetime.date:
    """The day that somebody typed: as `read_day`, but no number of a spreadsheet and no moment.

    Raises ValueError.
    """
    day = _read_calendar(_folded(text))
    if day is None or day.year not in YEARS:
        raise ValueError(text)
    return day


def typed_moment(text: str) -> datetime.datetime:
    """The day and time of it that somebody typed, by the city's clock. Raises ValueError."""
    found = _DAY_AND_TIME.fullmatch(_folded(text))
    if found is None:
        raise ValueError(text)
    day, hour, minute = found.groups()
    time = datetime.time(int(hour), int(minute or 0))
    return timezone.make_aware(datetime.datetime.combine(typed_day(day), time))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _read_calendar(text: str) -> datetime.date | None:
    if found := _ERA_DAY.fullmatch(text):
        era, year, month, day = found.groups()
        return datetime.date(ERAS[era] + (1 if year == "元" else int(year)), int(month), int(day))
    if found := _PLAIN_DAY.fullmatch(text) or _DIGITS.fullmatch(text):
        return datetime.date(*map(int, found.groups()))
    return None


def _read(text: str) -> datetime.date:
    if day := _read_calendar(text):
        return day
    if _MOMENT.fullmatch(text):
        moment = datetime.datetime.fromisoformat(text.upper())
        return timezone.localtime(moment).date() if moment.tzinfo else moment.date()
    if _EXCEL_SERIAL.fullmatch(text):
        return _EXCEL_BEGINS + datetime.timedelta(days=int(float(text)))
    raise ValueError


def a_day(text: str) -> datetime.date:
    """A command's argument that is a day, written YYYY-MM-DD."""
    try:
        day = datetime.datetime.strptime(text, "%Y-%m-%d").date()
        if day.year not in YEARS:
            raise ValueError(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"「{text}」は日付ではありません。2026-04-01のように指定してください。"
        ) from None
    return day

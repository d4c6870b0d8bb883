"""Dates as people write them in posts, right or wrong, with their weekday where one is named."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from postings.checking.patterns import pattern
from shinshiro_sns.days import ERAS

WEEKDAYS = "月火水木金土日"
_ENCLOSED = "㈪㈫㈬㈭㈮㈯㈰"
_WEEKDAY = (
    r"(?: {0,2}+(?:\([祝・]{0,2}+([月火水木金土日])(?:曜日?)?[ 、・,/祝休振替日]{0,5}+\)"
    r"|([月火水木金土日])曜|([㈪-㈰])))?"
)
_DAY = pattern(
    r"(?<![0-9./])(?:(?:(令和|平成|昭和|[rhs](?=[0-9])) {0,1}+([0-9]{1,2}+|元)|([0-9]{4}))"
    r"(?: {0,1}+年 {0,1}+|[./-]))?(?<![0-9])([0-9]{1,2}+) {0,1}+"
    r"(?:月 {0,1}+([0-9]{1,2}+) {0,1}+日|[/.-]([0-9]{1,2}+)(?![0-9]|[./-][0-9]|%))" + _WEEKDAY
)
# '11月3日(火)・5日(木)', '11/3(火)~5(木)': the month is not written again.
_NEXT_DAY = pattern(
    r" {0,1}+(?:[~・、,-]|から|と|及び|および) {0,1}+([0-9]{1,2}+)(?: {0,1}+日)?"
    r"(?: {0,1}+\([祝・]{0,2}+([月火水木金土日])(?:曜日?)?[ 、・,/祝休振替日]{0,5}+\))"
)
# The last day of an era; a later date in it does not exist.
_ERA_ENDS = {1925: datetime.date(1989, 1, 7), 1988: datetime.date(2019, 4, 30)}
_MOST_DAYS = 60


@dataclass(frozen=True)
class WrittenDate:
    """A date at a place of the folded text; `day` is None where no calendar has it."""

    start: int
    end: int
    day: datetime.date | None
    weekday: int | None
    has_year: bool
    is_after_era: bool = False


def read_dates(text: str, today: datetime.date) -> list[WrittenDate]:
    """Every date in `text`. One without a year is the one nearest to `today`."""
    return [date for match in _DAY.finditer(text) for date in _read(match, text, today)]


def _read(match: re.Match[str], text: str, today: datetime.date) -> Iterator[WrittenDate]:
    era, era_year, plain_year, month, day, slashed, inside, long, sign = match.groups()
    weekday = inside or long or (sign and WEEKDAYS[_ENCLOSED.index(sign)])
    if slashed and not (weekday or plain_year or era):
        return  # 1/2 is a fraction, 3.5 a number.
    before_era = ERAS[era] if era else 0
    of_era = before_era + (1 if era_year == "元" else int(era_year or 0))
    year = of_era if era else int(plain_year) if plain_year else None
    first = _date(match.start(), match.end(), year, int(month), int(day or slashed), weekday, today)
    if before_era in _ERA_ENDS and first.day and first.day > _ERA_ENDS[before_era]:
        first = WrittenDate(*match.span(), first.day, first.weekday, True, is_after_era=True)
    yield first
    if weekday is None:
        return
    at, of_year, last = match.end(), first.day.year if first.day else year, 0
    for _ in range(_MOST_DAYS):
        follows = _NEXT_DAY.match(text, at)
        if follows is None or int(follows[1]) <= last:
            return
        last, at = int(follows[1]), follows.end()
        yield _date(follows.start(1), at, of_year, int(month), last, follows[2], today, bool(year))


def _date(
    start: int, end: int, year: int | None, month: int, day: int, weekday: str | None,
    today: datetime.date, has_year: bool | None = None,
) -> WrittenDate:  # fmt: skip
    number = WEEKDAYS.index(weekday) if weekday else None
    named = year is not None if has_year is None else has_year
    return WrittenDate(start, end, _meant(year, month, day, today), number, named)


def _meant(year: int | None, month: int, day: int, today: datetime.date) -> datetime.date | None:
    years = [year] if year is not None else [today.year - 1, today.year, today.year + 1]
    found = []
    for one in years:
        try:
            found.append(datetime.date(one, month, day))
        except ValueError:
            continue
    return min(found, key=lambda date: abs(date - today), default=None)

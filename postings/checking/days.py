"""Whether the dates of a post are right. Clause 4(2)ア."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dateutil.relativedelta import relativedelta

from postings.checking.dates import WEEKDAYS, WrittenDate
from postings.checking.findings import Match
from postings.checking.material import Material

# What lies further back is history, or the date of a law.
_RECENT_DAYS = 400
# What was a few weeks ago is meant, not the same day of another year.
_JUST_OVER_DAYS = 60
# 10月15日号, 10月15日付
_NAMES_AN_ISSUE = ("号", "付", "版")
_TO_COME = re.compile(
    r"開催(?!し(?:まし|た))|開き(?:ます)|行い(?:ます)|実施し?(?:ます)|ます(?!した)|まで|締切|締め切り|〆切|期限"
    r"|受付|募集|予定|申込|申し込み|から(?:開始|販売|配布)|スタート|オープン|ください|下さい|しよう|お待ち"
)
_IS_OVER = re.compile(
    r"ました|でした|(?:し|れ|っ|い|え|き|せ)た(?:[。、!\s(]|$|こと|ため|もの|方|皆|写真|際|とき|時|ところ)|終了|済み"
    r"|昨年|昨日|先日|先月|前回|以来|施行|制定|改正|現在|時点|(?<!受け)付け|生まれ|生年月日|撮影|より"
)


def find_wrong_weekday(material: Material) -> Iterator[Match]:
    """A weekday that the date does not have."""
    for date in _existing(material):
        if date.day and date.weekday not in {None, date.day.weekday()}:
            if _is_meant_otherwise(material, date):
                continue
            right = WEEKDAYS[date.day.weekday()]
            yield material.match(
                date.start, date.end,
                why=f"{_said(date)}は{right}曜日です。{WEEKDAYS[date.weekday or 0]}曜日と書かれています。",
            )  # fmt: skip


def _is_meant_otherwise(material: Material, date: WrittenDate) -> bool:
    """Whether a weekday that is wrong for the nearest year is meant: a correction quotes what was
    wrong (誤:), or the sentence speaks of the year before, or of the one to come."""
    if "誤" in material.text[max(date.start - 3, 0) : date.start]:
        return True
    if date.has_year or date.day is None:
        return False
    is_over = bool(_IS_OVER.search(material.sentence(date.start, date.end)))
    is_to_come = date.day >= material.today
    if (is_to_come and not is_over) or 0 < (material.today - date.day).days < _JUST_OVER_DAYS:
        return False
    other = date.day + relativedelta(years=-1 if is_over else 1)
    return other.weekday() == date.weekday


def find_impossible(material: Material) -> Iterator[Match]:
    """A date that no calendar has."""
    for date in material.dates:
        if date.day is None:
            yield material.match(date.start, date.end)
        elif date.is_after_era:
            yield material.match(
                date.start, date.end,
                why=f"その元号は、この日({_said(date)})には終わっています。",
                do="今の元号か西暦に直してください。",
            )  # fmt: skip


def find_past(material: Material) -> Iterator[Match]:
    """A day that is over, in a sentence about what is to come."""
    for date in _existing(material):
        if date.day is None or date.day >= material.today:
            continue
        if (material.today - date.day).days > _RECENT_DAYS:
            continue
        if material.text[date.end : date.end + 1] in _NAMES_AN_ISSUE:
            continue
        if date.weekday not in {None, date.day.weekday()}:
            continue  # Which of the two is wrong has to be settled first.
        sentence = material.sentence(date.start, date.end)
        if _TO_COME.search(sentence) and not _IS_OVER.search(sentence):
            yield material.match(date.start, date.end, why=f"{_said(date)}は、もう過ぎています。")


def _existing(material: Material) -> Iterator[WrittenDate]:
    return (date for date in material.dates if date.day and not date.is_after_era)


def _said(date: WrittenDate) -> str:
    return f"{date.day.year}年{date.day.month}月{date.day.day}日" if date.day else ""

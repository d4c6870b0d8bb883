"""Dates are read as people write them, and without a year as the nearest."""

from __future__ import annotations

import datetime

import pytest

from postings.checking import Draft, check
from postings.checking.dates import read_dates
from postings.checking.folding import fold
from tests.postings.corpus import KNOWN

pytestmark = pytest.mark.once

TODAY = datetime.date(2026, 11, 24)


def read(text, today=TODAY):
    return [(text[one.start : one.end], str(one.day)) for one in read_dates(fold(text).text, today)]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026年12月5日", "2026-12-05"), ("2026/12/5", "2026-12-05"), ("2026.12.5", "2026-12-05"),
        ("2026-12-05", "2026-12-05"), ("令和8年12月5日", "2026-12-05"), ("R8.12.5", "2026-12-05"),
        ("令和元年5月1日", "2019-05-01"), ("平成31年4月30日", "2019-04-30"),
        ("１２月５日", "2026-12-05"), ("12月5日（土）", "2026-12-05"), ("12/5(土)", "2026-12-05"),
        ("12月5日(土・祝)", "2026-12-05"), ("12月5日 土曜", "2026-12-05"), ("12/5㈯", "2026-12-05"),
        ("12 月 5 日", "2026-12-05"), ("1月10日", "2027-01-10"), ("5月24日", "2027-05-24"),
        ("5月27日", "2026-05-27"), ("2月30日", "None"), ("13月1日", "None"), ("0月0日", "None"),
        ("2月29日", "None"), ("令和9年2月29日", "None"), ("9999年99月99日", "None"),
    ],
)  # fmt: skip
def test_a_date_is_read_in_every_way_of_writing_it(written, day):
    assert read(written) == [(written, day)]


@pytest.mark.parametrize(
    "text", ["1/2", "3.5", "24/7", "10:00-12:00", "0536-23-7623", "5月", "毎月5日", "12/5%"]
)
def test_what_is_no_date_is_none(text):
    assert read(text) == []


def test_the_days_that_share_a_month_are_read_each():
    assert read("12月5日(土)・6日(日)、13日(日)から15日(火)") == [
        ("12月5日(土)", "2026-12-05"), ("6日(日)", "2026-12-06"), ("13日(日)", "2026-12-13"),
        ("15日(火)", "2026-12-15"),
    ]  # fmt: skip


def test_the_leap_day_of_a_year_near_by_exists():
    assert read("2月29日", datetime.date(2027, 12, 1)) == [("2月29日", "2028-02-29")]


def test_the_turn_of_the_year_is_seen_from_both_sides():
    assert read("1月4日", datetime.date(2026, 12, 28)) == [("1月4日", "2027-01-04")]
    assert read("12月28日", datetime.date(2027, 1, 4)) == [("12月28日", "2026-12-28")]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        # 2026: Saturday; 2027: Sunday; 2025: Friday.
        ("6月6日(日)に開催します。", []),
        ("6月6日(土)に開催しました。", []),
        ("6月6日(金)に開催しました。", []),
        ("6月6日(土)に開催します。", ["day.past"]),
        ("6月6日(月)に開催します。", ["day.wrong_weekday"]),
        ("2026年6月6日(日)に開催します。", ["day.wrong_weekday"]),
        ("12月5日(日)に開催します。", ["day.wrong_weekday"]),
        ("12月5日(金)に開催しました。", []),
        ("11月21日(金)に開催しました。", ["day.wrong_weekday"]),
        ("11月20日(土)に開催します。", ["day.wrong_weekday"]),
        ("11月23日は祝日です。", []),
        ("受付は11月23日までです。", ["day.past"]),
        ("受付は11月24日までです。", []),
    ],
)
def test_a_weekday_may_tell_which_year_is_meant(text, rules):
    found = check(Draft(text), ["x"], today=TODAY, known=KNOWN)
    assert [one.rule for one in found] == rules

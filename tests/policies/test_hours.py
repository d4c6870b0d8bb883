"""Operating hours: read, refused where they make no sense, and said in Japanese."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies import hours

pytestmark = pytest.mark.once

DAYS = st.lists(st.integers(0, 6), min_size=1, unique=True)
MINUTES = st.integers(0, hours.DAY - 1)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([0, 1, 2, 3, 4], "月〜金"),
        ([6, 0], "月・日"),
        ([0, 1, 2, 4, 5, 6], "月〜水・金〜日"),
        ([0, 1], "月・火"),
        (range(7), "毎日"),
    ],
)
def test_days_are_said_as_people_say_them(days, said):
    assert hours.say_days(days) == said


def test_hours_over_midnight_end_on_the_next_day():
    [span] = hours.read_spans([{"days": [6], "from": "22:00", "to": "02:00"}])
    assert str(span) == "日 22:00〜翌2:00"
    assert span.intervals() == [(6 * hours.DAY + 22 * 60, 7 * hours.DAY + 120)]


def test_sunday_night_runs_into_monday():
    rows = [
        {"days": [6], "from": "22:00", "to": "02:00"},
        {"days": [0], "from": "01:00", "to": "03:00"},
    ]
    with pytest.raises(ValueError, match="運用時間が重なっています"):
        hours.read_spans(rows)


def test_hours_that_meet_do_not_overlap():
    rows = [
        {"days": [0], "from": "08:30", "to": "12:00"},
        {"days": [0], "from": "12:00", "to": "17:15"},
        {"days": [1], "from": "00:00", "to": "24:00"},
        {"days": [2], "from": "00:00", "to": "08:00"},
    ]
    assert len(hours.read_spans(rows)) == 4


@pytest.mark.parametrize(
    "stored",
    [
        None, {}, "月〜金", [None], ["x"], [{}], [{"days": 3, "from": "1:00", "to": "2:00"}],
        [{"days": [], "from": "1:00", "to": "2:00"}],
        [{"days": [True], "from": "1:00", "to": "2:00"}],
        [{"days": [7], "from": "1:00", "to": "2:00"}],
        [{"days": [0, "a"], "from": "1:00", "to": "2:00"}],
        [{"days": [0], "from": "24:00", "to": "2:00"}],
        [{"days": [0], "from": "1:00", "to": "24:01"}],
        [{"days": [0], "from": "1:00"}], [{"days": [0], "from": 1, "to": 2}],
        [{"days": [0], "from": "8:00", "to": "9:00"}] * 13,
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_a_sentence(stored):
    with pytest.raises(ValueError, match="。"):
        hours.read_spans(stored)


@given(DAYS, MINUTES, MINUTES)
def test_what_is_stored_is_read_as_it_was(days, start, end):
    span = hours.Span(tuple(sorted(days)), start, end)
    assert hours.read_spans([span.as_json()]) == [span]


@given(DAYS, MINUTES, MINUTES)
def test_a_span_lasts_more_than_nothing_and_at_most_a_day(days, start, end):
    for begin, finish in hours.Span(tuple(days), start, end).intervals():
        assert 0 < finish - begin <= hours.DAY


@given(st.text())
def test_no_text_is_read_as_a_time_by_accident(text):
    try:
        minutes = hours.read_clock(text, closing=True)
    except ValueError:
        return
    assert hours.clock(minutes) == text.zfill(5)


def test_no_hours_say_nothing():
    assert hours.describe([], closed_on_holidays=True, closed_at_year_end=True) == ""


def test_open_on_holidays_and_at_the_year_end_needs_no_remark():
    row = [{"days": list(range(7)), "from": "00:00", "to": "24:00"}]
    said = hours.describe(row, closed_on_holidays=False, closed_at_year_end=False)
    assert said == "毎日 0:00〜24:00"

"""A day as people write it into a form."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError

from staff.fields import DayField


@pytest.mark.parametrize(
    "typed",
    ["2026-11-24", "2026/11/24", " 2026/11/24 ", "２０２６／１１／２４", "2026年11月24日",
     "令和8年11月24日", "R8.11.24", "20261124"],
)  # fmt: skip
def test_a_day_is_read_however_people_write_it(typed: str) -> None:
    assert DayField().clean(typed) == datetime.date(2026, 11, 24)


@pytest.mark.parametrize("typed", ["2026-02-30", "11/24/2026", "45000", "0026-11-24", "明日"])
def test_what_is_no_day_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        DayField().clean(typed)

    assert refused.value.messages == [
        "日付を正しく入力してください。例:2026-11-24、令和8年11月24日"
    ]


def test_nothing_typed_is_no_day_where_none_is_required() -> None:
    assert DayField(required=False).clean(" ") is None

"""The CSV whatever is in the register: one line an account, no formula, every text as it was."""

from __future__ import annotations

import csv
import io
import unicodedata
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.models import Account
from publication import open_data
from shinshiro_sns.tables import read_table
from staff.models import Department

pytestmark = pytest.mark.once

# What the database can hold: everything but lone surrogates.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
HOSTILE = [
    "=HYPERLINK(\"https://x.example\",\"開く\")", "+1", "-1+1|cmd", "@SUM(A1)", "\t=1", "\r\n=1+1",
    "一行目\n二行目\r三行目\u2028四行目", 'a","b', '"', "'", "''=1", "'=1", "\0\x0b\x7f", "\ufeff=1",
    " =1", "\u3000=1", "\x00=1", "a;b\tc", "髙﨑①🌸", "",
]  # fmt: skip

ANYTHING = st.builds(str.__add__, st.sampled_from(HOSTILE), TEXTS)


def one_line(text: str) -> str:
    """`text` as a cell of one line may hold it."""
    return " ".join("".join(sign for sign in text if not _is_lost(sign)).split())


def _is_lost(sign: str) -> bool:
    hidden = unicodedata.category(sign) == "Cc" and not sign.isspace()
    return hidden or sign in "\ufeff\ufffe\uffff"


def account(**fields: Any) -> Account:
    made = Account(
        pk=7, status="official", service="x", category="city", official_since=None,
        department=Department(name=fields.pop("department", "課"), code="k"), **fields,
    )  # fmt: skip
    made.stands_since = "2026-04-01"  # type: ignore[attr-defined]
    made._prefetched_objects_cache = {"partners": []}
    made._state.fields_cache["certification"] = None  # type: ignore[attr-defined]
    return made


def written(of: Account) -> bytes:
    return open_data.as_csv([of])


def _each_hostile(test: Any) -> Any:
    for text in HOSTILE:
        test = example(name=text, handle=text, department=text)(test)
    return test


@_each_hostile
@given(name=ANYTHING, handle=ANYTHING, department=ANYTHING)
def test_what_was_written_is_read_back(name: str, handle: str, department: str) -> None:
    made = account(name=name, handle=handle, department=department, url="https://x.com/a")
    data = written(made)

    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))

    assert [len(row) for row in rows] == [len(open_data.headings())] * 2
    cells = dict(zip(*rows, strict=True))
    # One sign before a formula, nothing else is added; whoever takes it away has the text.
    expected = {"表示名": made.title, "アカウント名": handle, "管理する所属": department}
    for heading, text in expected.items():
        plain = one_line(text)
        assert cells[heading] in (plain, f"'{plain}")
    # Nothing begins as a spreadsheet's formula does, and no cell has a second line.
    assert [cell for cell in rows[1] if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []
    assert [cell for cell in rows[1] if len(cell.splitlines()) > 1] == []


@given(name=TEXTS)
def test_the_portal_itself_reads_the_table_as_it_was(name: str) -> None:
    made = account(name=f"名{name}", handle="=1+1", url="https://x.com/a")

    table = read_table(written(made))

    cells = dict(zip(table.headings, table.rows[0].cells, strict=True))
    assert (cells["表示名"], cells["アカウント名"]) == (one_line(made.name), "=1+1")


@pytest.mark.parametrize(
    "plain", ["shinshiro_kanko", "新城市 公式", "a=b", "1-2", "https://x.com/@a"]
)
def test_what_no_spreadsheet_runs_is_left_alone(plain: str) -> None:
    assert open_data.cell(plain) == plain

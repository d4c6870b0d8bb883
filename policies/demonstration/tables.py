"""Reads the tables of the demonstration: one file per department, and the story of each account.

A story has one line per act: how many working days ago, at what time, what, who, and in what words.
A return names its reasons in brackets first; see `policies.reasons` for their keys.

    20 10:05 submit tanto
    19 15:30 set kacho 急ぎの案件です。
    17 11:10 return koho [hours,reply] 受付の時間も書いてください。

Beside the steps of `policies.workflow` there are `import` (an account without a policy), `draft`,
`next` (the next version), `edit` (the account's next `changes`) and `note` (an internal note).
What stands in an account's ledgers otherwise than it should is its `ledger`; see `ledgers`.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policies.hours import WEEKDAYS

HERE = Path(__file__).parent
_ACT = re.compile(r"(\d+) (\d?\d:\d\d) (\w+) ([\w.-]+)(?: \[([\w,]+)\])?(?: (.+))?")
_HOURS = re.compile(r"([月火水木金土日]+) ([\d:]+)-([\d:]+)")


@dataclass(frozen=True)
class Act:
    """One line of a story. `ago` counts working days."""

    ago: int
    time: datetime.time
    what: str
    who: str
    reasons: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Person:
    """Someone who works in a department; `mailbox` is the part of the address before the @."""

    mailbox: str
    name: str
    kana: str
    role: str


@dataclass(frozen=True)
class AbsenceTable:
    """An absence of the head, its days in working days before today: negative ones are to come."""

    who: str
    first: int
    last: int
    reason: str
    recorded_by: str


@dataclass(frozen=True)
class AccountTable:
    """An account with the fields of its policy as they were drafted, and what happened since."""

    service: str
    profile: str
    name: str
    fields: dict[str, Any]
    changes: tuple[dict[str, Any], ...]
    story: tuple[Act, ...]
    ledger: dict[str, Any]


@dataclass(frozen=True)
class DepartmentTable:
    """A department with its people, the absences of its head and its accounts."""

    key: str
    code: str
    name: str
    kana: str
    is_pr_division: bool
    people: tuple[Person, ...]
    absences: tuple[AbsenceTable, ...]
    accounts: tuple[AccountTable, ...]


def departments() -> list[DepartmentTable]:
    """Every department of the demonstration, in the order of their codes."""
    files = (HERE / "departments").glob("*.toml")
    return sorted((_department(file) for file in files), key=lambda table: table.code)


def guideline() -> str:
    """The guideline of the demonstration: the clauses of the city's own, in other words."""
    return (HERE / "guideline.txt").read_text(encoding="utf-8")


def _department(file: Path) -> DepartmentTable:
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    return DepartmentTable(
        key=file.stem,
        code=read["code"],
        name=read["name"],
        kana=read["kana"],
        is_pr_division=read.get("is_pr_division", False),
        people=tuple(Person(*row) for row in read["people"]),
        absences=tuple(AbsenceTable(*row) for row in read.get("absences", ())),
        accounts=tuple(_account(row) for row in read["accounts"]),
    )


def _account(row: dict[str, Any]) -> AccountTable:
    story = tuple(_act(line) for line in row.pop("story").strip().splitlines())
    changes = tuple(_fields(change) for change in row.pop("changes", ()))
    service, profile, name = row.pop("service"), row.pop("profile"), row.pop("name")
    ledger = row.pop("ledger", {})
    return AccountTable(service, profile, name, _fields(row), changes, story, ledger)


def _act(line: str) -> Act:
    match = _ACT.fullmatch(" ".join(line.split()))
    if match is None:
        raise ValueError(f"Not a line of a story: {line}")
    ago, time, what, who, reasons, words = match.groups(default="")
    return Act(
        int(ago), datetime.time.fromisoformat(time.zfill(5)), what, who,
        tuple(reasons.split(",")) if reasons else (), words,
    )  # fmt: skip


def _fields(row: dict[str, Any]) -> dict[str, Any]:
    """The row with hours in the form in which a policy stores them."""
    return {**row, "hours": [_span(text) for text in row["hours"]]} if "hours" in row else row


def _span(text: str) -> dict[str, Any]:
    match = _HOURS.fullmatch(text)
    if match is None:
        raise ValueError(f"Not operating hours: {text}")
    days, start, end = match.groups()
    return {"days": [WEEKDAYS.index(day) for day in days], "from": start, "to": end}

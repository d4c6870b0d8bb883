"""What a column of the register's table is, in both directions, and how a value stands in it."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

# What no table carries, and a reader of tables refuses.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
YES = "はい"


@dataclass(frozen=True)
class Cell:
    """One column: its heading, and what stands in it.

    `field` is the field of the account that a mass change writes it back into, if any. `name` is what
    an import calls it where it belongs to a `ledger`, and `hint` says how it is written there.
    """

    heading: str
    value: Callable[[Any], Any]
    field: str = ""
    name: str = ""
    ledger: str = ""
    hint: str = ""


def said(value: Any) -> str:
    """`value` as it stands in a table."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else ""
    if isinstance(value, datetime.date):
        return value.isoformat()
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return _UNREADABLE.sub("", text).strip()


def several(rows: Iterable[Iterable[Any]]) -> str:
    """Several things in one cell: a line each, whose parts are separated by |."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter="|", lineterminator="\n")
    for row in rows:
        parts = [said(part) for part in row]
        while parts and not parts[-1]:
            parts.pop()
        writer.writerow(parts)
    return out.getvalue().strip("\n")


def read_several(text: str) -> list[list[str]]:
    """What `several` wrote, or somebody in its way. Raises ValueError with a sentence."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="|", strict=True))
    except csv.Error:
        raise ValueError('「"」の使い方に誤りがあるため、読み取れません。') from None
    return [[part.strip() for part in row] for row in rows if any(map(str.strip, row))]

"""Files to import, and one way to call the command."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from django.core.management import call_command
from openpyxl import Workbook

from accounts.importing import Options, import_accounts
from shinshiro_sns.importing import Report
from shinshiro_sns.tables import read_table

HEADINGS = [
    "種類",
    "表示名",
    "アカウント名",
    "URL",
    "管理する所属",
    "目的",
    "開設日",
    "状態",
    "備考",
]


def text_of(*rows: dict[str, str], headings: list[str] | None = None) -> str:
    """A CSV of `rows`, which name only the headings they are about."""
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, headings or HEADINGS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


def bytes_of(*rows: dict[str, str], **options: Any) -> bytes:
    """The same in UTF-8."""
    return text_of(*rows, **options).encode()


def workbook(*rows: list[Any]) -> bytes:
    """A workbook whose first sheet has `rows`."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def take(data: bytes, *, write: bool = True, by: Any = None, **options: Any) -> Report:
    """Import `data`."""
    return import_accounts(read_table(data), Options(**options), by=by, write=write)


def run(path: Path, *arguments: str) -> tuple[list[str], int]:
    """The command's lines and its exit code."""
    out, code = io.StringIO(), 0
    try:
        call_command("import_accounts", str(path), *arguments, stdout=out)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return out.getvalue().splitlines(), code

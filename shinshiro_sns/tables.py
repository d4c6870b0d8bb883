"""Reading a table that someone keeps elsewhere: CSV or a workbook, row by row, with its lines.

A file is either read or refused with one sentence (`UnreadableTable`). What is wrong with one row
or one cell stays with that row, so that it can be named by its line. Nothing is ever evaluated.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

FILE_LIMIT = 100 * 1024 * 1024
CELL_LIMIT = 32_767  # what a cell of a spreadsheet holds
ROW_LIMIT = 100_000
COLUMN_LIMIT = 200

_XLSX = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# A sign before what a spreadsheet would take for a formula: see `escaped`.
_ESCAPED = re.compile(r"'(?='*[=+\-@\t\r])")
_WANTS_ESCAPE = re.compile(r"'*[=+\-@\t\r]")
# What Python makes of bytes that are no character in CP932.
_IN_NO_CP932 = re.compile(r"[\x80\xa0\uf8f0-\uf8f3\ufffd]")
_HALF_WIDTH_KANA = re.compile(r"[ｦ-ﾟ]")


class UnreadableTable(Exception):
    """The file as a whole cannot be read; the message says why, to the person."""


@dataclass(frozen=True)
class Row:
    """One row. `line` is where it begins: a physical line of a CSV, a row number of a workbook.

    `faults` say by column what is wrong with a cell; `fault` what is wrong with the whole row.
    """

    line: int
    cells: tuple[str, ...]
    faults: dict[int, str] = field(default_factory=dict)
    fault: str = ""


@dataclass(frozen=True)
class Table:
    """What a file holds. `remarks` say how it was read where that was a choice; `name` is what the
    file was called, if anybody knows."""

    headings: tuple[str, ...]
    rows: list[Row]
    remarks: tuple[str, ...] = ()
    name: str = ""


def read_table(data: bytes, name: str = "") -> Table:
    """The table in `data`, whatever the file is called: CSV in UTF-8 or CP932, or XLSX.

    Blank rows are left out. Raises `UnreadableTable`.
    """
    return replace(_read_table(data), name=name)


def _read_table(data: bytes) -> Table:
    if len(data) > FILE_LIMIT:
        raise UnreadableTable(
            f"ファイルが大きすぎます。{FILE_LIMIT // 1024 // 1024}MBまでのファイルにしてください。"
        )
    if not data.strip():
        raise UnreadableTable("ファイルが空です。")
    if data.startswith(_OLD_OFFICE):
        raise UnreadableTable(
            "古い形式のExcelファイルか、パスワードの付いたファイルです。"
            "パスワードを外し、Excelブック(.xlsx)かCSVで保存し直してください。"
        )
    if data.startswith(_XLSX):
        # Here, because only few imports are of workbooks and the library is large.
        from shinshiro_sns.workbooks import read_workbook  # noqa: PLC0415

        return _table(*read_workbook(data))
    text, remark = _decoded(data)
    if _is_binary(text):
        raise UnreadableTable(_NO_TABLE)
    return _table(_csv_rows(text), (remark,))


def read_path(name: str) -> bytes:
    """The content of the file called `name`, for `read_table`. Raises `UnreadableTable`."""
    try:
        with Path(name).open("rb") as file:
            # One byte more than may be: enough to see that it is too much.
            return file.read(FILE_LIMIT + 1)
    except FileNotFoundError as error:
        raise UnreadableTable(f"ファイル「{name}」がありません。") from error
    except IsADirectoryError as error:
        raise UnreadableTable(f"「{name}」はファイルではなく、フォルダーです。") from error
    except PermissionError as error:
        raise UnreadableTable(f"ファイル「{name}」を読む権限がありません。") from error
    except (OSError, ValueError) as error:
        raise UnreadableTable(f"ファイル「{name}」を読み取れません。") from error


def escaped(value: str) -> str:
    """`value` with a sign before it where a spreadsheet would run it as a formula.

    `read_table` takes the sign away again, so what was exported comes back as it was.
    """
    return f"'{value}" if _WANTS_ESCAPE.match(value) else value


def fold_heading(text: str) -> str:
    """A heading without differences of width, case and blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _decoded(data: bytes) -> tuple[str, str]:
    """The text of a CSV, and in which encoding it was read."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), "文字コード:UTF-16"
        except UnicodeDecodeError:
            raise UnreadableTable(_NO_TABLE) from None
    try:
        return data.decode("utf-8-sig"), "文字コード:UTF-8"
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    text = data.decode("cp932", errors="replace")
    if not _IN_NO_CP932.search(text) and not (_HALF_WIDTH_KANA.search(text) and _is_euc_jp(data)):
        return text, "文字コード:シフトJIS(CP932)"
    if _is_euc_jp(data):
        raise UnreadableTable(
            "文字コードがEUC-JPのようです。UTF-8かシフトJIS(CP932)で保存し直してください。"
        )
    if _is_binary(text):
        raise UnreadableTable(_NO_TABLE)
    raise UnreadableTable(
        f"文字コードを読み取れません({line}行目)。"
        "UTF-8かシフトJIS(CP932)のCSV、またはExcelブック(.xlsx)にしてください。"
    )


_NO_TABLE = "表のファイルではありません。CSVかExcelブック(.xlsx)を選んでください。"


def _is_binary(text: str) -> bool:
    """Whether more than one character in twenty is none that people write."""
    sample = text[:4096]
    return len(_NOT_TEXT.findall(sample)) * 20 > len(sample)


def _is_euc_jp(data: bytes) -> bool:
    try:
        data.decode("euc_jp")
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(first_line: str) -> str:
    """The comma, unless the headings are plainly separated otherwise."""
    return max((",", "\t", ";"), key=first_line.count)


def _csv_rows(text: str) -> Iterator[Row]:
    """Rows of a CSV; a row that is no proper CSV comes with its fault, the next one is read on."""
    # Whatever fits the file fits the reader: how long a cell may be is judged per cell.
    csv.field_size_limit(FILE_LIMIT)
    lines = io.StringIO(text, newline="")
    first = text.lstrip().partition("\n")[0]
    reader = csv.reader(lines, delimiter=_delimiter(first), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            unclosed = "unexpected end" in str(error)
            yield Row(line, (), fault=_UNCLOSED if unclosed else _MISQUOTED)
            continue
        yield Row(line, tuple(cells))


_UNCLOSED = (
    'この行から始まる「"」が閉じられていないため、ここからファイルの終わりまで読み取れません。'
)
_MISQUOTED = '「"」の使い方に誤りがあるため、行を読み取れません。'


def _table(rows: Iterator[Row], remarks: tuple[str, ...]) -> Table:
    headings: tuple[str, ...] | None = None
    found: list[Row] = []
    for row in rows:
        if not row.fault and not row.faults and not any(cell.strip() for cell in row.cells):
            continue
        if headings is None:
            headings = _headings(row)
            continue
        found.append(_judged(row, len(headings)))
        if len(found) > ROW_LIMIT:
            raise UnreadableTable(
                f"行が多すぎます。{ROW_LIMIT:,}行までに分けて取り込んでください。"
            )
    if headings is None:
        raise UnreadableTable("ファイルが空です。")
    if not found:
        raise UnreadableTable("見出しの行だけで、取り込む行がありません。")
    return Table(headings, found, tuple(filter(None, remarks)))


def _headings(row: Row) -> tuple[str, ...]:
    if row.fault:
        raise UnreadableTable(f"見出しの行({row.line}行目)を読み取れません。{row.fault}")
    cells = [" ".join(cell.split()) for cell in row.cells]
    while cells and not cells[-1]:
        cells.pop()
    if any("\0" in cell for cell in cells):
        raise UnreadableTable(_NO_TABLE)
    if len(cells) > COLUMN_LIMIT:
        raise UnreadableTable(f"列が多すぎます。{COLUMN_LIMIT}列までにしてください。")
    if any(len(cell) > CELL_LIMIT for cell in cells):
        raise UnreadableTable("見出しが長すぎます。1行目に見出しがあるか確かめてください。")
    return tuple(cells)


def _judged(row: Row, width: int) -> Row:
    """`row` with exactly `width` clean cells, and what is wrong with them."""
    if row.fault:
        return row
    if any(cell.strip() for cell in row.cells[width:]):
        return Row(row.line, (), fault="見出しより多くの列があります。")
    faults = dict(row.faults)
    cells = []
    for at, cell in enumerate(row.cells[:width]):
        if len(cell) > CELL_LIMIT:
            faults[at] = f"文字が多すぎます({len(cell):,}文字。{CELL_LIMIT:,}文字まで)。"
            cells.append("")
        elif _NOT_TEXT.search(cell):
            faults[at] = "文字ではないデータ(制御文字)が含まれています。"
            cells.append("")
        else:
            said = cell.strip()
            cells.append(said[1:] if _ESCAPED.match(said) else said)
    cells += [""] * (width - len(cells))
    return Row(row.line, tuple(cells), faults)

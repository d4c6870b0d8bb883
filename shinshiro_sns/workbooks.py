"""Reading the first sheet of an Excel workbook, with nothing in it run and its size bounded."""

from __future__ import annotations

import datetime
import io
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

from openpyxl import load_workbook

from shinshiro_sns.tables import COLUMN_LIMIT, Row, UnreadableTable

UNPACKED_LIMIT = 300 * 1024 * 1024
PART_LIMIT = 2_000

_NOT_A_WORKBOOK = "Excelブック(.xlsx)として読み取れません。Excelで開けるか確かめてください。"


def read_workbook(data: bytes) -> tuple[Iterator[Row], tuple[str, ...]]:
    """The rows of the first sheet, and remarks on what was left aside. Raises `UnreadableTable`.

    A formula or an error value is not taken for text: its cell comes empty, with a fault.
    """
    _refuse_bombs(data)
    try:
        with warnings.catch_warnings():
            # Styles and extensions that are not understood say nothing about the values.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
            sheets = book.worksheets
    except Exception as error:  # the library raises whatever the broken part brings about
        raise UnreadableTable(_NOT_A_WORKBOOK) from error
    if not sheets:
        raise UnreadableTable("Excelブックに表のシートがありません。")
    remark = ""
    if len(sheets) > 1:
        remark = (
            f"シートが{len(sheets)}枚あります。最初の「{sheets[0].title}」だけを読み取りました。"
        )
    return _rows(sheets[0]), (remark,)


def _refuse_bombs(data: bytes) -> None:
    """Sizes are bounded by the archive's own list: reading on past it fails the check sum."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if "xl/workbook.xml" not in archive.namelist():
                raise UnreadableTable(
                    "表のファイルではありません。CSVかExcelブック(.xlsx)を選んでください。"
                )
            if len(parts) > PART_LIMIT or sum(p.file_size for p in parts) > UNPACKED_LIMIT:
                raise UnreadableTable(
                    "Excelブックの中身が大きすぎます。必要な表だけを別のブックにしてください。"
                )
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as opened:
                        if b"<!" in opened.read(1024).replace(b"<!--", b""):
                            # No workbook declares a document type; entities are how XML explodes.
                            raise UnreadableTable(_NOT_A_WORKBOOK)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise UnreadableTable(_NOT_A_WORKBOOK) from error


def _rows(sheet: Any) -> Iterator[Row]:
    # What a sheet says of its own size may be wrong, or made to hurt.
    sheet.reset_dimensions()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for line, cells in enumerate(sheet.iter_rows(max_col=COLUMN_LIMIT + 1), 1):
                filled = [at for at, cell in enumerate(cells) if cell.value is not None]
                texts, faults = [], {}
                for at, cell in enumerate(cells[: filled[-1] + 1 if filled else 0]):
                    if cell.data_type == "f":
                        faults[at] = "数式が入っています。計算結果の値に置き換えてください。"
                    elif cell.data_type == "e":
                        faults[at] = f"エラー値({cell.value})が入っています。"
                    texts.append("" if at in faults else _text(cell.value))
                yield Row(line, tuple(texts), faults)
    except UnreadableTable:
        raise
    except Exception as error:  # as above
        raise UnreadableTable(_NOT_A_WORKBOOK) from error


def _text(value: Any) -> str:
    """A cell's value as someone would have typed it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)

"""What a file may be: encodings, workbooks, and everything that only looks like a table."""

from __future__ import annotations

import datetime
import io
import zipfile

import pytest
from openpyxl import Workbook

from accounts.models import Account
from shinshiro_sns import tables, workbooks
from shinshiro_sns.days import read_day
from shinshiro_sns.tables import UnreadableTable, escaped, read_table
from tests.accounts.import_helpers import HEADINGS, bytes_of, take, text_of, workbook
from tests.conftest import Cast

ONE = {"種類": "X", "表示名": "髙橋①課", "URL": "https://x.com/kanko", "管理する所属": "観光課"}
ROW = ["X", "観光", None, "https://x.com/kanko", "観光課"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_every_usual_encoding_reads_the_same(cast: Cast, encoding):
    take(text_of(ONE).encode(encoding))
    assert Account.objects.get().name == "髙橋①課"


@pytest.mark.parametrize(("separator", "ending"), [("\t", "\r\n"), (";", "\n"), (",", "\r")])
def test_other_separators_and_line_ends_are_read(separator, ending):
    text = ending.join(separator.join(row) for row in (["種類", "URL"], ["X", "a"], ["Y", "b"]))
    table = read_table(text.encode())
    assert table.headings == ("種類", "URL")
    assert [(row.line, row.cells) for row in table.rows] == [(2, ("X", "a")), (3, ("Y", "b"))]


def test_blank_rows_are_no_rows_but_count_as_lines():
    table = read_table(b"URL\n\n , \na\n\n")
    assert [(row.line, row.cells) for row in table.rows] == [(4, ("a",))]


def test_short_rows_are_filled_and_long_ones_are_wrong():
    table = read_table(b"a,b\n1\n1,2,3\n1,2,,\n")
    assert [row.cells for row in table.rows] == [("1", ""), (), ("1", "2")]
    assert [row.fault for row in table.rows] == ["", "見出しより多くの列があります。", ""]


def test_an_open_quotation_is_named_where_it_begins():
    table = read_table(b'a,b\n1,2\n3,"four\n5,6\n')
    assert [(row.line, row.fault[:17]) for row in table.rows] == [
        (2, ""),
        (3, 'この行から始まる「"」が閉じられて'),
    ]


def test_a_wrong_quotation_spoils_its_own_row_alone():
    table = read_table(b'a,b\n"x"y,2\n3,4\n')
    assert [(row.line, bool(row.fault)) for row in table.rows] == [(2, True), (3, False)]


def test_a_field_of_ten_megabytes_spoils_its_own_row_alone():
    data = b"a,b\n" + b"x" * 10_000_000 + b",2\n3,4\n"
    table = read_table(data)
    assert table.rows[0].faults == {0: "文字が多すぎます(10,000,000文字。32,767文字まで)。"}
    assert table.rows[1].cells == ("3", "4")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "ファイルが空です。"),
        (b"\n \n", "ファイルが空です。"),
        (b",,\n,,\n", "ファイルが空です。"),
        (b"URL\n", "見出しの行だけで、取り込む行がありません。"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "古い形式のExcelファイル"),
        (b"a,b\n1,\xff\xfd2", r"文字コードを読み取れません\(2行目\)。"),
        ("種類,あいう\n観光課,1".encode("euc_jp"), "文字コードがEUC-JPのようです。"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xfe", "表のファイルではありません。"),
        (b"\0\0\0\0\n\0\0", "表のファイルではありません。"),
        (b"\xff\xfea", "表のファイルではありません。"),
        (b"PK\x03\x04broken", "Excelブック"),
        (b'"a\nb', r"見出しの行\(1行目\)を読み取れません。"),
        (b"x" * 40_000 + b"\n1", "見出しが長すぎます。"),
        (b",".join(b"h%d" % at for at in range(201)) + b"\n1", "列が多すぎます。"),
    ],
    ids=str,
)
def test_what_is_no_table_is_refused_with_a_sentence(data, said):
    with pytest.raises(UnreadableTable, match=said):
        read_table(data)


def test_a_file_or_a_table_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(tables, "FILE_LIMIT", 10)
    with pytest.raises(UnreadableTable, match="ファイルが大きすぎます。"):
        read_table(b"x" * 11)
    monkeypatch.setattr(tables, "ROW_LIMIT", 2)
    with pytest.raises(UnreadableTable, match="行が多すぎます。"):
        read_table(b"a\n1\n2\n3")


def test_a_workbook_is_read_with_its_dates_and_numbers(cast: Cast):
    row = [*ROW, None, datetime.datetime(2024, 4, 1), "運用中", 12.0]
    take(workbook(HEADINGS, row))
    account = Account.objects.get()
    assert account.opened_on == datetime.date(2024, 4, 1)
    assert (account.note, account.origin.said) == ("12", {"状態": "運用中"})


def test_cells_of_a_workbook_read_as_someone_would_type_them():
    moment = datetime.datetime(2024, 4, 1, 9, 30)
    table = read_table(workbook(list("abcd"), [True, 1.5, moment, "'=1"]))
    assert table.rows[0].cells == ("TRUE", "1.5", "2024-04-01 09:30", "=1")


def test_a_formula_in_a_workbook_is_refused_where_its_column_is_read(cast: Cast):
    formula = '=HYPERLINK("https://x.com/kanko")'
    report = take(workbook([*HEADINGS, "番号"], ["X", "観光", None, formula, "観光課"]))
    assert report.outcomes[0].reasons == (
        "「URL」に数式が入っています。計算結果の値に置き換えてください。",
    )
    numbered = [*ROW, None, None, None, None, "=ROW()-1"]
    assert take(workbook([*HEADINGS, "番号"], numbered)).imported == 1


def test_an_error_value_in_a_workbook_is_named(cast: Cast):
    report = take(workbook(HEADINGS, ["X", "#REF!", None, "https://x.com/kanko", "観光課"]))
    assert report.outcomes[0].reasons == ("「表示名」にエラー値(#REF!)が入っています。",)


def test_only_the_first_sheet_is_read_and_that_is_said():
    book, written = Workbook(), io.BytesIO()
    book.active.title = "一覧"
    book.active.append(["URL"])
    book.active.append(["a"])
    book.create_sheet("集計").append(["合計"])
    book.save(written)
    table = read_table(written.getvalue())
    assert table.remarks == ("シートが2枚あります。最初の「一覧」だけを読み取りました。",)
    assert [row.cells for row in table.rows] == [("a",)]


def archive(**parts: bytes) -> bytes:
    """A zip archive of `parts`; a dot in a name is written as __."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name.replace("__", ".").replace("_of_", "/"), content)
    return written.getvalue()


def test_another_archive_is_no_workbook():
    with pytest.raises(UnreadableTable, match="表のファイルではありません。"):
        read_table(archive(content__xml=b"<office/>"))


def test_a_workbook_that_unpacks_to_too_much_is_refused_unread(monkeypatch):
    monkeypatch.setattr(workbooks, "UNPACKED_LIMIT", 1_000_000)
    bomb = archive(xl_of_workbook__xml=b"<a/>", xl_of_sheet__xml=b"0" * 1_000_001)
    assert len(bomb) < 10_000
    with pytest.raises(UnreadableTable, match="Excelブックの中身が大きすぎます。"):
        read_table(bomb)


def test_a_workbook_that_declares_entities_is_refused():
    bomb = archive(xl_of_workbook__xml=b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>')
    with pytest.raises(UnreadableTable, match="Excelブック"):
        read_table(bomb)


def test_a_workbook_whose_parts_are_broken_is_refused():
    with pytest.raises(UnreadableTable, match="Excelブック"):
        read_table(archive(xl_of_workbook__xml=b"<workbook/>"))


@pytest.mark.parametrize(
    "text",
    [
        "2024-04-01", "2024/4/1", "2024.4.1", "20240401", "2024年4月1日", "２０２４年４月１日",
        "2024/4/1(月)", "令和6年4月1日", "R6.4.1", "r6/4/1", "令和 6年 4月 1日", "45383", "45383.0",
        "2024-04-01 09:30", "2024-03-31T15:00:00.000Z",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_usual_writing(text):
    assert read_day(text) == datetime.date(2024, 4, 1)


def test_the_first_year_of_an_era_is_gannen():
    assert read_day("令和元年5月1日") == datetime.date(2019, 5, 1)
    assert read_day("平成31年4月30日") == datetime.date(2019, 4, 30)
    assert read_day("昭和64年1月7日") == datetime.date(1989, 1, 7)


@pytest.mark.parametrize("text", ["4/1/2024", "2024-02-30", "R6", "いつか", "0", "2024-04-01Tx:yy"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError, match="日付として読み取れません"):
        read_day(text)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "'", "plain", ""])
def test_what_is_written_for_a_spreadsheet_comes_back_as_it_was(text):
    table = read_table(bytes_of({"a": escaped(text), "b": "x"}, headings=["a", "b"]))
    assert table.rows[0].cells[0] == text
    assert not escaped(text).startswith(("=", "+", "-", "@"))


def test_a_workbook_whose_sheet_breaks_off_is_refused():
    whole = workbook(["URL"], ["a"], ["b"])
    broken = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as before, zipfile.ZipFile(broken, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, content[:-40] if "sheet1" in name else content)
    with pytest.raises(UnreadableTable, match="Excelブック"):
        read_table(broken.getvalue())


def test_whole_numbers_of_a_workbook_have_no_point():
    assert read_table(workbook(["a"], [12.0], [0.5])).rows[0].cells == ("12",)


def test_a_heading_with_something_that_is_no_text_is_no_table():
    with pytest.raises(UnreadableTable, match="表のファイルではありません。"):
        read_table(b"a\0" + b"x" * 30 + b",b\n1,2\n")

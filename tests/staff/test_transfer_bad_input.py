"""人事異動: whatever is wrong with a file is named by its line, and nothing of it is applied."""

from __future__ import annotations

import datetime
import io

import pytest
from openpyxl import Workbook

from shinshiro_sns.tables import UnreadableTable
from staff.models import Membership, Transfer
from staff.transferring.applying import TransferRefused, apply, preview
from staff.transferring.lines import read_file
from tests import factories
from tests.staff.transfer_helpers import (
    DAY,
    HEADINGS,
    LAST_DAY,
    bytes_of,
    faults_of,
    file_of,
    places,
    row,
)

SINCE = factories.SINCE


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (row("nobody@city.example", "", "bosai"),
         "「nobody@city.example」の職員は登録されていません。"),
        (row("OFFICER", "nowhere", "bosai"), "所属コード「nowhere」の所属は登録されていません。"),
        (row("OFFICER", "kanko", "nowhere"), "所属コード「nowhere」の所属は登録されていません。"),
        (row("OFFICER", "kanko", "former"), "異動先の「旧課」は、異動日には存在しません。"),
        (row("OFFICER", "former", "bosai"), "異動元の「旧課」は、異動日の前日には存在しません。"),
        (row("OFFICER", "hisho", "bosai"),
         "観光 担当さんは、異動日の前日に「秘書人事課」に所属していません。"),
        (row("OFFICER", "kanko", "bosai", name="観光 同僚"),
         "氏名「観光 同僚」が、このメールアドレスの職員「観光 担当」と違います。"),
        (row("OFFICER", "kanko", "kanko"),
         "異動元と異動先が同じときは、新しい「役割」を書いてください。"),
        (row("OFFICER", "kanko", "kanko", "担当者"), "すでに「観光課」の担当者です。"),
        (row("OFFICER", "", "kanko"),
         "観光 担当さんは、2020年1月1日から「観光課」の担当者として登録されていて、期間が重なります。"),
        (row("OFFICER", "kanko", "bosai", "課長"),
         "「課長」という役割はありません(担当者、所属の長、代決者)。"),
        (row("OFFICER", "kanko", "", "担当者"), "異動先がないときは、「役割」を空欄にしてください。"),
        (row("OFFICER"), "「異動元」か「異動先」を書いてください。"),
        (row("", "kanko", "bosai"), "「メールアドレス」を書いてください。"),
        (row("OFFICER", "kanko", "bosai", account=3),
         "区分が「職員」の行では、「番号」を空欄にしてください。"),
        (row("OFFICER", "kanko", "bosai", kind="部署"),
         "「部署」という区分はありません(職員、所属、アカウント)。"),
        (row(kind="アカウント", target="bosai", account="X1"),
         "番号「X1」は、アカウントの番号ではありません。"),
        (row(kind="アカウント", target="bosai", account="9" * 18),
         f"{'9' * 18}番のアカウントは登録されていません。"),
        (row(kind="所属", source="hisho", target="bosai"),
         "広報主管課は廃止できません。先に別の所属を広報主管課にしてください。"),
        (row(kind="所属", source="kanko", target="kanko"), "異動先の「観光課」は、2行目で廃止されます。"),
        (row(kind="所属", source="kanko"), "「異動先」を書いてください。"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_line_is_named_by_it(cast, line, sentence):
    factories.department(
        "旧課", code="former", valid_from=SINCE, valid_until=datetime.date(2020, 12, 31)
    )
    line[1] = line[1].replace("OFFICER", cast.officer.email)
    assert faults_of(line) == {2: [sentence]}


def test_one_wrong_line_among_right_ones_and_nothing_is_applied(cast):
    before = list(Membership.objects.values_list())
    plan, transfer = apply(
        file_of(row(cast.officer, "kanko", "bosai"), row("x@city.example", "", "bosai")),
        DAY, by=None,
    )  # fmt: skip
    assert transfer is None
    assert list(plan.faults) == [3]
    assert plan.count() == "ended 0, begun 0, moved 0, failed 1"
    assert plan.groups == []
    assert list(Membership.objects.values_list()) == before
    assert not Transfer.objects.exists()


def test_the_same_person_twice_is_named_with_the_first_line(cast):
    line = row(cast.officer, "kanko", "bosai")
    assert faults_of(line, row(cast.officer, "kanko", "hisho")) == {
        3: ["2行目と同じ職員が、同じ所属から異動しています。"
            "2つ目の異動先は、異動元を空欄にして書いてください。"],
    }  # fmt: skip
    joins = row(cast.stranger, "", "bosai")
    assert faults_of(joins, joins) == {3: ["2行目と同じ職員が書かれています。"]}
    assert faults_of(
        row(cast.officer, "kanko", "bosai"), row(cast.officer, "", "bosai", "担当者")
    ) == {3: ["2行目でも、観光 担当さんが「防災課」の担当者になります。"]}


def test_who_has_left_the_city_joins_nothing_but_may_leave(cast):
    cast.officer.is_active = False
    cast.officer.save()
    assert faults_of(row(cast.officer, "kanko", "bosai")) == {
        2: ["観光 担当さんは、在職中ではありません。"]
    }
    assert faults_of(row(cast.officer, "kanko", "")) == {}


def test_nobody_moves_into_a_department_that_ends_in_the_same_file(cast):
    closing = row(kind="所属", source="kanko", target="bosai")
    assert faults_of(row(cast.stranger, "", "kanko"), closing) == {
        2: ["異動先の「観光課」は、3行目で廃止されます。"]
    }
    assert faults_of(closing, closing) == {3: ["2行目と同じ所属が書かれています。"]}


def test_who_begins_in_a_department_after_its_end_is_named(cast):
    Membership.objects.create(
        user=cast.stranger, department=cast.tourism, valid_from=DAY + datetime.timedelta(days=9)
    )
    assert faults_of(row(kind="所属", source="kanko", target="bosai")) == {
        2: ["所属 なしさんの所属の記録が、廃止より後に始まります。"]
    }


def test_a_department_ended_already_ends_no_second_time(cast):
    cast.tourism.valid_until = LAST_DAY
    cast.tourism.save()
    assert faults_of(row(kind="所属", source="kanko", target="bosai")) == {
        2: ["「観光課」は、異動日の前日で終わることになっています。"]
    }


def test_a_membership_to_come_is_none_to_leave_from(cast):
    Membership.objects.filter(user=cast.officer).update(valid_from=DAY)
    [said] = faults_of(row(cast.officer, "kanko", "bosai"))[2]
    assert said == "観光 担当さんは、異動日の前日に「観光課」に所属していません。"


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("a\0b", "「氏名」に文字ではないデータ(制御文字)が含まれています。"),
        ("あ" * 3_500_000,
         "「氏名」に文字が多すぎます(3,500,000文字。32,767文字まで)。"),
    ],
    ids=["NUL", "10 MB"],
)  # fmt: skip
def test_a_cell_that_is_no_text_stays_with_its_line(cast, cell, sentence):
    line = row(cast.officer, "kanko", "bosai", name=cell)
    assert faults_of(line) == {2: [sentence]}


def test_a_formula_of_a_workbook_is_not_run(cast):
    book = Workbook()
    book.active.append(HEADINGS)
    book.active.append(row(cast.officer, '=LOWER("KANKO")', "bosai"))
    saved = io.BytesIO()
    book.save(saved)
    assert preview(read_file(saved.getvalue(), "異動.xlsx"), DAY).faults == {
        2: ["「異動元」に数式が入っています。計算結果の値に置き換えてください。"]
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_file_is_read_in_whatever_encoding_it_was_saved(cast, encoding):
    data = bytes_of(
        row(cast.officer, "kanko", "bosai", kind="職員", name="観光　担当"), encoding=encoding
    )
    _, transfer = apply(read_file(data, "異動.csv"), DAY, by=None)
    assert transfer is not None
    assert places(cast.officer) == [
        ("kanko", "officer", SINCE, LAST_DAY), ("bosai", "officer", DAY, None),
    ]  # fmt: skip


def test_a_table_without_the_columns_is_refused(db):
    with pytest.raises(UnreadableTable, match="「異動先」の列が見つかりません"):
        read_file("メールアドレス,異動元\na,b\n".encode(), "異動.csv")


def test_a_day_more_than_a_year_away_is_a_slip_of_the_keys(cast):
    file = file_of(row(cast.officer, "kanko", "bosai"))
    for day in (DAY.replace(year=DAY.year + 2), DAY.replace(year=DAY.year - 2)):
        with pytest.raises(TransferRefused, match="異動日が1年以上離れています"):
            preview(file, day)
        with pytest.raises(TransferRefused, match="異動日が1年以上離れています"):
            apply(file, day, by=None)

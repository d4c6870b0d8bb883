"""Departments, people and memberships from a table, with a preview of every row."""

from __future__ import annotations

import csv
import datetime
import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shinshiro_sns.importing import Verdict
from shinshiro_sns.tables import UnreadableTable, read_table
from staff.importing import DepartmentTable, MembershipTable, UserTable, import_staff
from staff.models import Department, Membership, User
from tests import factories
from tests.conftest import Cast


def table_of(*rows: dict[str, str]) -> bytes:
    """A CSV with the headings of the first row."""
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, list(rows[0]), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()


def take(resource: Any, by: User, *rows: dict[str, str], write: bool = True, **options: Any):
    """Import `rows`; every outcome as line, verdict and words."""
    options = {"mapping": {}, "skip_errors": False, "expected": None} | options
    report = import_staff(resource, read_table(table_of(*rows)), by=by, write=write, **options)
    return report, [
        (outcome.line, outcome.verdict, outcome.detail or outcome.sentence)
        for outcome in report.outcomes
    ]


def test_departments_are_registered_changed_and_left_alone(cast: Cast):
    rows = [
        {"所属コード": "shisho", "所属名": "支所", "よみ": "ししょ", "設置日": "令和8年4月1日"},
        {"所属コード": "kanko", "所属名": "観光課", "よみ": "かんこうか", "設置日": ""},
        {"所属コード": "bosai", "所属名": "防災対策課", "よみ": "ぼうさいか", "設置日": ""},
    ]
    report, said = take(DepartmentTable, cast.administrator, *rows)
    assert said == [
        (2, Verdict.IMPORTED, "新しく登録"),
        (3, Verdict.SKIPPED, "登録されている内容と同じです。"),
        (4, Verdict.IMPORTED, "変更:所属名"),
    ]
    assert report.written
    made = Department.objects.get(code="shisho")
    assert (made.name, made.valid_from) == ("支所", datetime.date(2026, 4, 1))
    assert made.search_text == "支所 ししょ"
    assert Department.objects.get(code="bosai").name == "防災対策課"
    assert cast.tourism.history.count() == 1


def test_a_preview_writes_nothing_not_even_history(cast: Cast):
    before = Department.history.count()
    _, said = take(
        DepartmentTable, cast.administrator, {"所属コード": "a", "所属名": "b"}, write=False
    )
    assert said == [(2, Verdict.IMPORTED, "新しく登録")]
    assert Department.history.count() == before
    assert not Department.objects.filter(code="a").exists()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"所属コード": "あ"}, "所属コード:半角の英数字で入力してください。"),
        ({"所属名": ""}, "所属名:このフィールドは空ではいけません。"),
        ({"電話番号": "内線12"}, "電話番号:半角の数字とハイフンで入力してください"),
        ({"設置日": "いつか"}, "設置日:「いつか」を日付として読み取れません"),
        ({"設置日": "2026-04-01", "廃止日": "2026-03-31"}, "廃止日は設置日より後にしてください。"),
        ({"並び順": "一番"}, "並び順:"),
        ({"所属名": "あ" * 101}, "所属名:この値は 100 文字以下"),
    ],
)
def test_what_is_wrong_with_a_department_is_said_and_nothing_is_taken(cast: Cast, row, said):
    whole = {"所属コード": "a", "所属名": "b", "電話番号": "", "設置日": "", "廃止日": ""}
    rows = [whole | {"所属コード": "good", "並び順": "1"}, whole | {"並び順": ""} | row]
    report, outcomes = take(DepartmentTable, cast.administrator, *rows)
    assert (report.written, outcomes[0][1]) == (False, Verdict.IMPORTED)
    assert outcomes[1][:2] == (3, Verdict.FAILED)
    assert outcomes[1][2].startswith(said)
    assert not Department.objects.filter(code="good").exists()
    report, _ = take(DepartmentTable, cast.administrator, *rows, skip_errors=True)
    assert report.written
    assert Department.objects.filter(code="good").exists()


def test_people_are_known_by_their_address_in_any_case(cast: Cast):
    known = factories.user("旧姓", email="a@city.example")
    rows = [
        {"メールアドレス": "A@City.example", "氏名": "新姓", "在職中": ""},
        {"メールアドレス": "b@city.example", "氏名": "新人", "在職中": "はい"},
        {"メールアドレス": "c@city.example", "氏名": "退職", "在職中": "×"},
        {"メールアドレス": "d@city.example", "氏名": "不明", "在職中": "たぶん"},
        {"メールアドレス": "B@city.example", "氏名": "二度", "在職中": ""},
        {"メールアドレス": "", "氏名": "空", "在職中": ""},
        {"メールアドレス": "e.city.example", "氏名": "誤り", "在職中": ""},
    ]
    _, said = take(UserTable, cast.administrator, *rows, skip_errors=True)
    assert [verdict for _, verdict, _ in said] == [Verdict.IMPORTED] * 3 + [Verdict.FAILED] * 4
    assert said[3][2] == "在職中:「はい」か「いいえ」で書いてください。"
    assert said[4][2] == "3行目と同じものが書かれています。"
    known.refresh_from_db()
    assert (known.name, known.is_active) == ("新姓", True)
    assert known.check_password(factories.PASSWORD)
    new = User.objects.get(email="b@city.example")
    assert (new.is_active, new.has_usable_password()) == (True, False)
    assert User.objects.get(email="c@city.example").is_active is False


def test_an_administrator_cannot_lock_himself_out_by_a_table(cast: Cast):
    me = cast.administrator
    row = {"メールアドレス": me.email, "氏名": me.name, "在職中": "いいえ"}
    _, said = take(UserTable, me, row)
    assert said == [(2, Verdict.FAILED, "自分自身の「在職中」は外せません。")]
    me.refresh_from_db()
    assert me.is_active


def test_memberships_begin_and_end_by_a_table(cast: Cast):
    rows = [
        {"メールアドレス": cast.stranger.email, "所属コード": "kanko", "役割": "代決者"},
        {"メールアドレス": cast.head.email, "所属コード": "kanko", "役割": "所属の長"},
    ]
    rows[0] |= {"開始日": "R8.4.1", "終了日": ""}
    rows[1] |= {"開始日": "", "終了日": "2026/3/31"}
    _, said = take(MembershipTable, cast.administrator, *rows)
    assert said == [
        (2, Verdict.IMPORTED, "新しく登録"),
        (3, Verdict.IMPORTED, "変更:終了日"),
    ]
    made = Membership.objects.get(user=cast.stranger)
    assert (made.role, made.valid_from) == ("deputy", datetime.date(2026, 4, 1))
    ended = Membership.objects.get(user=cast.head)
    assert ended.valid_until == datetime.date(2026, 3, 31)
    assert ended.valid_from == datetime.date(2020, 1, 1)
    _, again = take(MembershipTable, cast.administrator, rows[0])
    assert [verdict for _, verdict, _ in again] == [Verdict.SKIPPED]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"メールアドレス": "no@city.example"}, "「no@city.example」の職員は登録されていません。"),
        ({"所属コード": "nai"}, "所属コード「nai」の所属は登録されていません。"),
        ({"役割": "部長"}, "「部長」という役割はありません(担当者、所属の長、代決者)。"),
        ({"開始日": "2026-02-30"}, "「2026-02-30」を日付として読み取れません"),
        ({"終了日": "2019-12-31"}, "終了日は開始日より後にしてください。"),
    ],
)
def test_what_is_wrong_with_a_membership_is_said(cast: Cast, row, said):
    whole = {"メールアドレス": cast.head.email, "所属コード": "kanko", "役割": "所属の長"}
    whole |= {"開始日": "", "終了日": ""}
    _, [(line, verdict, words)] = take(MembershipTable, cast.administrator, whole | row)
    assert (line, verdict, said in words) == (2, Verdict.FAILED, True)


def test_a_missing_column_is_named(cast: Cast):
    with pytest.raises(UnreadableTable, match="「所属名」の列が見つかりません"):
        take(DepartmentTable, cast.administrator, {"所属コード": "a"})


def test_what_changed_since_the_preview_stops_the_import(cast: Cast):
    row = {"所属コード": "a", "所属名": "b"}
    seen, _ = take(DepartmentTable, cast.administrator, row, write=False)
    factories.department("別", code="a")
    report, _ = take(DepartmentTable, cast.administrator, row, expected=seen.fingerprint())
    assert (report.changed_meanwhile, report.written) == (True, False)
    assert Department.objects.get(code="a").name == "別"


@pytest.mark.parametrize("kind", ["department", "user", "membership"])
def test_a_list_is_exported_and_comes_back_unchanged(cast: Cast, client, settings, tmp_path, kind):
    settings.VAR_DIR = tmp_path
    client.force_login(cast.administrator)
    address = f"/admin/staff/{kind}/"
    content = client.get(f"{address}export/").content
    file = SimpleUploadedFile("table.csv", content)
    page = client.post(f"{address}import/", {"file": file}, follow=True)
    report = page.context["report"]
    assert (report.imported, report.failed) == (0, 0)
    assert report.skipped == len(read_table(content).rows) > 0
    assert "取り込む行はありません。" in page.text


def test_a_table_is_imported_in_the_admin_with_its_preview(cast: Cast, client, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    factories.account(cast.tourism)
    client.force_login(cast.administrator)
    row = {"メールアドレス": cast.head.email, "所属コード": "kanko", "役割": "所属の長"}
    file = SimpleUploadedFile("table.csv", table_of(row | {"終了日": "2026-03-31"}))
    page = client.post("/admin/staff/membership/import/", {"file": file}, follow=True)
    assert "変更:終了日" in page.text
    assert [str(message) for message in page.context["messages"]] == []
    sent = {"upload": page.context["upload"], "fingerprint": page.context["fingerprint"]}
    page = client.post("/admin/staff/membership/import/", sent, follow=True)
    said = [str(message) for message in page.context["messages"]]
    assert re.search("「観光課」に所属の長がいないため", said[0])
    assert said[1] == "1件を取り込みました。"

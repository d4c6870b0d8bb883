"""The wizard of a transfer in the admin: file, everything that follows, count, result, undo."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Handover
from staff.models import Membership, Transfer
from staff.transferring.lines import COLUMNS, Kind, read_file, read_lines
from tests import factories
from tests.staff.transfer_helpers import DAY, LAST_DAY, bytes_of, places, row, transferred

SINCE = factories.SINCE
ADD = "/admin/staff/transfer/add/"
LIST = "/admin/staff/transfer/"


@pytest.fixture
def admin(cast, client, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    client.force_login(cast.administrator)
    return client


def uploaded(client, *rows, day=DAY):
    """The address of the preview."""
    file = SimpleUploadedFile("異動.csv", bytes_of(*rows))
    answer = client.post(ADD, {"file": file, "effective_on": day.isoformat()})
    assert answer.status_code == 302, answer.context["form"].errors
    return answer["Location"]


def hidden(page, count):
    """What the form of a preview sends."""
    return {
        "upload": page.context["upload"], "effective_on": DAY.isoformat(),
        "fingerprint": page.context["fingerprint"], "count": count,
    }  # fmt: skip


def test_from_the_file_to_the_result(cast, admin):
    page = admin.get(uploaded(admin, row(cast.officer, "kanko", "bosai")))
    assert "2行目:観光 担当さん 「防災課」の担当者になる" in page.content.decode()
    assert not Transfer.objects.exists()
    done = admin.post(ADD, hidden(page, "１"), follow=True)
    [transfer] = Transfer.objects.all()
    assert done.redirect_chain == [(f"{LIST}{transfer.pk}/change/", 302)]
    assert "1行の人事異動を反映しました。" in done.content.decode()
    assert (transfer.made_by, transfer.file_name) == (cast.administrator, "異動.csv")
    assert places(cast.officer)[1] == ("bosai", "officer", DAY, None)


def test_without_the_right_count_nothing_is_applied(cast, admin):
    page = admin.get(uploaded(admin, row(cast.officer, "kanko", "bosai")))
    for count in ("", "2", "一"):
        again = admin.post(ADD, hidden(page, count))
        assert "行数が違います。内容を確かめ、「1」と入力してください。" in again.content.decode()
    assert not Transfer.objects.exists()


def test_what_changed_since_the_preview_is_shown_before_anything_is_applied(cast, admin):
    rows = [row(kind="所属", source="kanko", target="bosai")]
    page = admin.get(uploaded(admin, *rows))
    newcomer = factories.member(cast.tourism, name="新しい 職員")
    again = admin.post(ADD, hidden(page, "1"))
    assert "確かめた後に登録内容が変わった" in again.content.decode()
    assert newcomer.name in again.content.decode()
    assert not Transfer.objects.exists()
    admin.post(ADD, hidden(again, "1"))
    assert Transfer.objects.count() == 1


def test_wrong_lines_are_named_and_there_is_nothing_to_confirm(cast, admin):
    page = admin.get(uploaded(admin, row("x@city.example", "", "bosai")))
    text = page.content.decode()
    assert "「x@city.example」の職員は登録されていません。" in text
    assert 'name="count"' not in text
    refused = admin.post(ADD, hidden(page, "1"))
    assert "1行に誤りがあるため、反映できません。" in refused.content.decode()
    assert not Transfer.objects.exists()


def test_a_double_click_applies_once(cast, admin):
    page = admin.get(uploaded(admin, row(cast.officer, "kanko", "bosai")))
    admin.post(ADD, hidden(page, "1"))
    second = admin.post(ADD, hidden(page, "1"), follow=True)
    assert "すでに反映されています" in second.content.decode()
    # The same file chosen once more.
    third = admin.get(uploaded(admin, row(cast.officer, "kanko", "bosai")), follow=True)
    assert "このファイルは、同じ異動日で" in third.content.decode()
    assert Transfer.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "day", "said"),
    [
        (None, "2027-04-01", "ファイルを選んでください。"),
        (b"", "2027-04-01", "ファイルが空です。"),
        (b"\x00\x01\x02\xff", "2027-04-01", "表のファイルではありません"),
        ("氏名\n山田\n".encode(), "2027-04-01", "「異動元」、「異動先」の列が見つかりません"),
        (bytes_of(["職員"]), "", "異動日を入力してください。"),
        (bytes_of(["職員"]), "四月", "異動日を日付で入力してください"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(admin, content, day, said):
    sent = {"effective_on": day}
    if content is not None:
        sent["file"] = SimpleUploadedFile("異動.csv", content)
    answer = admin.post(ADD, sent)
    assert (answer.status_code, said in answer.content.decode()) == (200, True)


@pytest.mark.parametrize("query", ["?upload=x", "?upload=x&effective_on=x", "?upload="])
def test_an_address_tampered_with_leads_back_to_the_beginning(admin, query):
    answer = admin.get(f"{ADD}{query}", follow=True)
    assert answer.redirect_chain == [(ADD, 302)]
    assert "保管期限" in answer.content.decode()


def test_nobody_confirms_a_file_that_another_chose(cast, admin, client):
    preview = uploaded(admin, row(cast.officer, "kanko", "bosai"))
    client.force_login(factories.user("もう一人", is_administrator=True))
    assert client.get(preview)["Location"] == ADD


def test_the_result_tells_what_has_become_of_it(cast, admin):
    factories.account(cast.safety, status="official", official_since=SINCE)
    transfer = transferred(row(cast.officer, "kanko", "bosai"), by=cast.administrator)
    page = admin.get(f"{LIST}{transfer.pk}/change/")
    assert page.context["outcomes"] == [
        ("終わる所属の記録", "1件"), ("始まる所属の記録", "1件"), ("廃止する所属", "0件"),
        ("所管が移るアカウント", "0件(うち移管済み0件)"),
        ("引継ぎを受ける職員", "1件(うち確認済み0件)"),
    ]  # fmt: skip
    assert f"{LIST}{transfer.pk}/undo/" in page.content.decode()


def test_an_undo_is_confirmed_with_the_count_too(cast, admin):
    transfer = transferred(row(cast.officer, "kanko", "bosai"))
    undo = f"{LIST}{transfer.pk}/undo/"
    assert "行数が違います" in admin.post(undo, {"count": "9"}).content.decode()
    assert places(cast.officer)[0] == ("kanko", "officer", SINCE, LAST_DAY)
    done = admin.post(undo, {"count": "1"}, follow=True)
    assert "人事異動の全体を取り消しました。" in done.content.decode()
    assert places(cast.officer) == [("kanko", "officer", SINCE, None)]
    transfer.refresh_from_db()
    assert transfer.undone_by == cast.administrator
    assert "undo/" not in done.content.decode()
    assert "すでに取り消されています" in admin.post(undo, {"count": "1"}).content.decode()


def test_what_stands_against_an_undo_is_named_and_no_button_offered(cast, admin):
    transfer = transferred(row(cast.officer, "kanko", "bosai"))
    Membership.objects.filter(user=cast.officer, department=cast.safety).delete()
    page = admin.get(f"{LIST}{transfer.pk}/undo/").content.decode()
    assert "観光 担当さんの「防災課」の担当者の記録が、反映した後に変わっています。" in page
    assert 'name="count"' not in page


def test_who_may_only_read_neither_applies_nor_undoes(cast, client):
    transfer = transferred(row(cast.officer, "kanko", "bosai"))
    for reader in (cast.pr_officer, cast.auditor):
        client.force_login(reader)
        page = client.get(f"{LIST}{transfer.pk}/change/")
        assert (page.status_code, "undo/" in page.content.decode()) == (200, False)
        for address in (ADD, f"{LIST}sample/", f"{LIST}{transfer.pk}/undo/"):
            assert client.get(address).status_code == 403
        assert client.post(f"{LIST}{transfer.pk}/undo/", {"count": "1"}).status_code == 403
    assert Transfer.objects.filter(undone_at=None).count() == 1


def test_there_is_no_transfer_under_another_number(admin):
    for key in ("0", "x", "9" * 30):
        assert admin.get(f"{LIST}{key}/change/").status_code == 404
        assert admin.get(f"{LIST}{key}/undo/").status_code == 404


def test_the_sample_is_a_file_that_the_portal_reads_line_by_line(admin):
    answer = admin.get(f"{LIST}sample/")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == [column.heading for column in COLUMNS]
    lines, faults = read_lines(read_file(answer.content, "sample.csv").table)
    assert faults == {}
    assert {line.kind for line in lines} == set(Kind)


def test_a_long_group_is_shown_in_part_and_counted_whole(cast, admin, monkeypatch):
    monkeypatch.setattr("staff.admin_transfer.SHOWN", 2)
    people = [factories.user(f"新人 {number}") for number in range(3)]
    page = admin.get(uploaded(admin, *(row(person, "", "kanko") for person in people)))
    text = page.content.decode()
    assert "始まる所属の記録(3件)" in text
    assert "はじめの2件を表示しています。" in text
    assert "新人 2さん 「観光課」" not in text


def test_the_lists_ask_as_often_for_three_transfers_as_for_one(cast, admin):
    transferred(row(cast.officer, "kanko", "bosai"), by=cast.administrator)
    with CaptureQueriesContext(connection) as one:
        admin.get(LIST)
    transferred(row(cast.colleague, "kanko", "bosai"), by=cast.administrator)
    transferred(row(cast.deputy, "kanko", "bosai"), by=cast.administrator)
    with CaptureQueriesContext(connection) as three:
        assert admin.get(LIST).status_code == 200
    assert len(three) == len(one)
    assert not Handover.objects.exists()

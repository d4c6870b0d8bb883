"""The register in the admin: read by those who may, changed by nobody, filled from a table."""

from __future__ import annotations

import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Account
from shinshiro_sns import uploads
from tests import factories
from tests.accounts.import_helpers import bytes_of, take
from tests.conftest import Cast

LIST = "/admin/accounts/account/"
IMPORT = "/admin/accounts/account/import/"
ONE = {
    "種類": "X",
    "表示名": "観光",
    "URL": "https://x.com/kanko_example",
    "管理する所属": "観光課",
}
WRONG = ONE | {"URL": "https://x.com/"}


@pytest.fixture(autouse=True)
def var_dir(settings, tmp_path):
    """Uploads of a test stay with it."""
    settings.VAR_DIR = tmp_path
    return tmp_path


def upload(client, data: bytes, name: str = "table.csv"):
    """The answer to choosing a file: a redirect to its preview."""
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, data)})


def preview(client, data: bytes, **options):
    """The preview of a file."""
    answer = upload(client, data)
    assert answer.status_code == 302
    return client.get(answer.url, {"upload": token_of(answer), **options})


def token_of(answer) -> str:
    return re.search(r"upload=([^&]+)", answer.url)[1].replace("%3A", ":")


def confirm(client, page, **options):
    """The answer to the preview's button."""
    context = page.context
    sent = {"upload": context["upload"], "fingerprint": context["fingerprint"], **options}
    return client.post(IMPORT, sent)


@pytest.mark.parametrize("who", ["pr_officer", "administrator", "auditor"])
def test_who_enters_the_admin_reads_every_account(cast: Cast, client, who):
    account = factories.account(cast.tourism, "kanko_example")
    client.force_login(getattr(cast, who))
    assert "kanko_example" in client.get(LIST).text
    page = client.get(f"{LIST}{account.pk}/change/").text
    assert "kanko_example" in page
    assert 'name="_save"' not in page


@pytest.mark.parametrize("who", ["pr_officer", "administrator", "auditor"])
def test_nobody_changes_adds_or_deletes_an_account_here(cast: Cast, client, who):
    account = factories.account(cast.tourism)
    client.force_login(getattr(cast, who))
    sent = {"status": "official", "name": "別の名前"}
    answers = [
        client.post(f"{LIST}{account.pk}/change/", sent).status_code,
        client.post(f"{LIST}add/", sent).status_code,
        client.post(f"{LIST}{account.pk}/delete/", {"post": "yes"}).status_code,
    ]
    assert answers == [403, 403, 403]
    account.refresh_from_db()
    assert account.status == Account.Status.PREPARING


def test_the_search_finds_whatever_the_width(cast: Cast, client):
    factories.account(cast.tourism, "kanko_example")
    factories.account(cast.tourism, "another_one")
    client.force_login(cast.auditor)
    assert client.get(LIST, {"q": "ＫＡＮＫＯ_ex"}).context["cl"].result_count == 1
    assert client.get(LIST, {"q": "かんこうか"}).context["cl"].result_count == 2
    assert client.get(LIST, {"service": "youtube"}).context["cl"].result_count == 0


def test_the_list_asks_as_often_for_three_accounts_as_for_one(
    cast: Cast, client, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(cast.auditor)
    factories.account(cast.tourism)
    with django_assert_max_num_queries(20) as one:
        client.get(LIST)
    factories.account(cast.safety)
    factories.account(cast.pr_division)
    with django_assert_num_queries(len(one)):
        client.get(LIST)


def test_the_history_is_told_in_words(cast: Cast, client):
    take(bytes_of(ONE), by=cast.administrator)
    account = Account.objects.get()
    account.name = "新しい名前"
    account._change_reason = "名称変更のため"
    account.save()
    client.force_login(cast.auditor)
    page = client.get(f"{LIST}{account.pk}/history/").text
    assert "表示名:観光 → 新しい名前" in page
    assert "理由:名称変更のため" in page
    assert "理由:表からの取込み" in page
    assert "情報 管理" in page


def test_the_page_of_an_account_in_preparation_leads_to_no_public_page(cast: Cast, client):
    account = factories.account(cast.tourism)
    client.force_login(cast.auditor)
    assert "サイト上で表示" not in client.get(f"{LIST}{account.pk}/change/").text


@pytest.mark.parametrize("who", ["pr_officer", "administrator"])
def test_a_table_is_previewed_then_imported(cast: Cast, client, who):
    client.force_login(getattr(cast, who))
    page = preview(client, bytes_of(ONE, ONE))
    assert Account.objects.count() == 0
    assert "1件を取り込む" in page.text
    assert "2行目と同じアカウントです。" in page.text
    answer = confirm(client, page)
    assert (answer.status_code, answer.url) == (302, LIST)
    account = Account.objects.get()
    assert account.history.get().history_user == getattr(cast, who)
    told = client.get(LIST).text
    assert "1件を取り込みました。取り込まなかった行:登録済みなど1行、誤り0行。" in told


def test_who_may_not_import_is_refused(cast: Cast, client):
    for who, status in ((cast.auditor, 403), (cast.officer, 302), (None, 302)):
        if who:
            client.force_login(who)
        else:
            client.logout()
        answers = [client.get(IMPORT), upload(client, bytes_of(ONE))]
        assert [answer.status_code for answer in answers] == [status, status]
        assert all("upload" not in answer.headers.get("Location", "") for answer in answers)
    client.force_login(cast.auditor)
    assert "表から取り込む" not in client.get(LIST).text


def test_a_wrong_row_stops_the_import_until_it_is_left_out(cast: Cast, client):
    client.force_login(cast.administrator)
    page = preview(client, bytes_of(ONE, WRONG))
    assert "誤りのある行があるため、取り込めません。" in page.text
    assert "件を取り込む" not in page.text
    assert confirm(client, page).status_code == 200
    assert Account.objects.count() == 0
    token = page.context["upload"]
    page = client.get(IMPORT, {"upload": token, "skip_errors": "on"})
    assert "1件を取り込む" in page.text
    assert confirm(client, page, skip_errors="True").status_code == 302
    assert Account.objects.count() == 1


def test_columns_departments_and_missing_ones_are_asked_beside_the_preview(cast: Cast, client):
    client.force_login(cast.administrator)
    row = {"Network": "X", "Link": "https://x.com/kanko_example", "Unit": ""}
    page = preview(client, bytes_of(row, row | {"Unit": "新課"}, headings=list(row)))
    assert "「URL」の列も「アカウント名」の列も見つかりません。" in page.text
    options = {"map_url": "Link", "map_department": "Unit", "department": "kanko"}
    options |= {"create_departments": "on"}
    page = client.get(IMPORT, {"upload": page.context["upload"], **options})
    assert confirm(client, page, **options).status_code == 302
    assert Account.objects.get().department == cast.tourism


def test_an_unreadable_file_is_refused_at_the_field(cast: Cast, client):
    client.force_login(cast.administrator)
    for data, said in (
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "古い形式のExcelファイル"),
        (b"", "ファイルが空です。"),
        (b"URL\n", "取り込む行がありません。"),
    ):
        answer = upload(client, data)
        assert (answer.status_code, said in answer.text) == (200, True)
    assert "ファイルを選んでください。" in client.post(IMPORT).text


def test_what_changed_meanwhile_is_shown_and_nothing_is_imported(cast: Cast, client):
    client.force_login(cast.administrator)
    page = preview(client, bytes_of(ONE, ONE | {"URL": "https://x.com/another"}))
    factories.account(cast.safety, "another")
    answer = confirm(client, page)
    assert "まだ何も取り込んでいません。" in answer.text
    assert Account.objects.count() == 1
    assert confirm(client, answer).status_code == 302
    assert Account.objects.count() == 2


def test_a_second_click_imports_nothing_and_says_so(cast: Cast, client):
    client.force_login(cast.administrator)
    page = preview(client, bytes_of(ONE))
    confirm(client, page)
    answer = confirm(client, page)
    assert (answer.status_code, answer.url) == (302, IMPORT)
    assert "すでに取り込まれています" in client.get(IMPORT).text
    assert Account.objects.count() == 1


def test_a_kept_file_is_its_owners_alone_and_for_an_hour(cast: Cast, client, var_dir, monkeypatch):
    client.force_login(cast.administrator)
    token = token_of(upload(client, bytes_of(ONE)))
    [kept] = (var_dir / "uploads").iterdir()
    assert [oct(path.stat().st_mode)[-3:] for path in (kept, kept.parent)] == ["600", "700"]
    client.force_login(cast.pr_officer)
    assert client.get(IMPORT, {"upload": token}).status_code == 302
    client.force_login(cast.administrator)
    assert client.get(IMPORT, {"upload": token + "x"}).status_code == 302
    assert client.get(IMPORT, {"upload": token}).status_code == 200
    later = time.time() + uploads.LIFETIME_SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert client.get(IMPORT, {"upload": token}).status_code == 302
    upload(client, bytes_of(ONE))
    assert not kept.exists()


def test_a_long_preview_comes_in_pages(cast: Cast, client):
    client.force_login(cast.administrator)
    rows = [ONE | {"URL": f"https://x.com/example_{at}"} for at in range(150)]
    page = preview(client, bytes_of(*rows))
    assert len(page.context["page"]) == 100
    page = client.get(IMPORT, {"upload": page.context["upload"], "page": "2"})
    assert len(page.context["page"]) == 50


def test_the_preview_needs_nothing_that_the_policy_forbids(cast: Cast, client):
    client.force_login(cast.administrator)
    page = preview(client, bytes_of(ONE, WRONG)).text
    assert re.findall(r"\sstyle=|<style|<script(?![^>]*src=)|\son\w+=", page) == []


def test_the_list_is_exported_and_comes_back_as_it_was(cast: Cast, client):
    formula = factories.account(cast.tourism, "kanko_example", name="=1+1", note="+81")
    client.force_login(cast.auditor)
    answer = client.get(reverse("admin:accounts_account_export"))
    text = answer.content.decode("utf-8-sig")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "'=1+1" in text
    assert ",=1+1" not in text
    Account.objects.filter(pk=formula.pk).delete()
    assert take(answer.content).imported == 1
    account = Account.objects.get()
    assert (account.name, account.url) == ("=1+1", formula.url)
    assert account.note == "+81"


def test_only_who_reads_the_list_may_export_it(cast: Cast, client):
    client.force_login(cast.officer)
    assert client.get(reverse("admin:accounts_account_export")).status_code == 302

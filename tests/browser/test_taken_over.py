"""What came from a table, in a real browser: its preview and the pages that say where it is from."""

import pytest
from django.urls import reverse

from accounts.models import Account
from tests.accounts.import_helpers import bytes_of
from tests.browser.test_files_and_terms import log_in

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

ROW = {
    "種類": "X", "表示名": "新城市観光課", "URL": "https://x.com/mihon_kanko", "管理する所属": "観光課",
    "分野": "観光・イベント", "状態": "廃止", "公式となった日": "2019-04-01",
    "停止・再開・廃止の理由": "新しいアカウントに移ったため。",
    "パスワードの最終変更日": "2026-01-31", "パスワードを変更した人": "観光 担当",
    "二要素認証": "認証アプリ", "復旧用の連絡先": "kanko@city.shinshiro.lg.jp",
    "復旧用の連絡先を管理する所属コード": "kanko", "ログイン手段を確かめた日": "2026-01-31",
    "アカウント利用者": "観光 担当、観光 同僚", "アカウント管理者": "観光 課長",
    "ログインしている端末": "観光課スマートフォン1号|スマートフォン|2024-04-01|観光 担当",
    "認証の状態": "認証済", "認証の種類": "公共機関向けの認証", "認証の日付": "2023-06-01",
    "リンクの最終確認日": "2026-02-01", "リンクの結果": "リンクがある",
    "最終確認日": "2026-02-01", "最終投稿日": "2026-01-30", "フォロワー数": "2140",
}  # fmt: skip


@pytest.mark.parametrize("width", [360, 1440])
def test_axe_objects_to_nothing(cast, visit, axe, tmp_path, width):
    path = tmp_path / "register.csv"
    path.write_bytes(bytes_of(ROW, headings=list(ROW)))
    page = visit(width=width)
    log_in(page, cast.pr_officer)
    page.goto("/admin/accounts/account/import/")
    axe(page, reads_styles=False)
    page.locator("#id_file").set_input_files(path)
    page.get_by_role("button", name="内容を確かめる").click()
    page.wait_for_load_state()
    assert "証拠を添えて確かめるまで" in page.content()
    axe(page, reads_styles=False)
    page.get_by_role("button", name="1件を取り込む").click()
    page.wait_for_load_state()

    account = Account.objects.get()
    page = visit(width=width)
    log_in(page, cast.officer)
    for name in (
        "policies:account", "accounts:credentials", "accounts:certification", "accounts:links",
        "accounts:attestation",
    ):  # fmt: skip
        page.goto(reverse(name, args=[account.pk]))
        assert "表からの取込み" in page.content(), name
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

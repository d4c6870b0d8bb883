"""The pages of evidence, erasures and mass changes in a real browser: nothing axe objects to."""

import pytest
from django.urls import reverse

from accounts.exporting import EVERYTHING, as_csv, register, table
from accounts.models import Account
from staff import erasing
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def log_in(page, user):
    page.goto("/login/")
    page.get_by_label("メールアドレス").fill(user.email)
    page.get_by_label("パスワード").first.fill(factories.PASSWORD)
    page.get_by_role("button", name="ログインする").click()
    page.wait_for_load_state()


@pytest.mark.parametrize("width", [360, 1440])
def test_axe_objects_to_nothing(cast, visit, axe, evidence_folder, settings, tmp_path, width):
    settings.ERASURE_LOG = str(tmp_path / "erasures.jsonl")
    account = factories.account(cast.tourism)
    factories.evidence(account, cast.officer)
    factories.left_long_ago(cast.tourism)
    erasure = erasing.propose(cast.administrator)
    edited = tmp_path / "edited.csv"
    Account.objects.update(note="書き出した備考")
    written = as_csv(table(register(Account.objects.all()), EVERYTHING)).decode("utf-8-sig")
    edited.write_text(written.replace("書き出した備考", "直した備考"), "utf-8")

    page = visit(width=width, height=900)
    log_in(page, cast.officer)
    page.goto(reverse("accounts:evidence", args=[account.pk]))
    axe(page)
    page.locator("#id_file").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": b"<html>"}
    )
    page.get_by_role("button", name="登録する", exact=True).click()
    page.wait_for_load_state()
    axe(page)

    page = visit(width=width, height=900)
    log_in(page, cast.pr_officer)
    for address in (
        f"/admin/staff/erasure/{erasure.pk}/change/",
        "/admin/accounts/account/changes/",
    ):
        page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    page.locator("#id_file").set_input_files(edited)
    page.get_by_role("button", name="変わるところを確かめる").click()
    page.wait_for_load_state()
    assert "1件のアカウントを変更する" in page.content()
    axe(page)

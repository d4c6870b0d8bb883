"""A draft is checked in a real browser, on a telephone and without a script: quicker than not asking."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from accounts.models import Account
from policies.models import OperatingPolicy
from postings.models import Post
from tests import factories
from tests.browser.test_whole_job import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
README = Path(__file__).resolve().parents[2] / "README.md"
PHONE = {"width": 360, "height": 780}
ALWAYS = [{"days": list(range(7)), "from": "00:00", "to": "24:00"}]
DRAFT = "もみじまつりは、つくで交流館で開催します。\nくわしくは https://example.com/ へ"


@pytest.fixture
def account(cast) -> Account:
    """Open at whatever time the test runs."""
    policy = factories.policy(
        factories.account(cast.tourism, "example_kanko"), cast.officer, "in_force",
        head=cast.head, receiver=cast.pr_officer, hours=ALWAYS, closed_on_holidays=False,
        closed_at_year_end=False,
    )  # fmt: skip
    return Account.objects.get(pk=policy.account_id)


def test_asking_takes_two_steps_from_the_desk(account, cast, visit, axe, record_property):
    officer = Person(visit(**PHONE), axe)
    officer.log_in(cast.officer)
    officer.follow("発信する原稿を確かめる")
    officer.fill("本文", DRAFT)
    expect(officer.page.locator("#draft-status")).to_have_text("見直すところ:注意1件")
    steps, seconds = officer.steps, time.monotonic() - officer.begin

    officer.sees("いま発信できます")
    officer.sees("記録は求められていません。見直したら、本文をコピーして、そのまま発信できます。")
    officer.axe(officer.page)
    record_property("steps", steps)
    print(
        f"From the desk to the findings of a draft: {steps} steps, {seconds:.1f} s in the browser"
    )
    said = re.search(r"\*\*(\d+) steps\*\* from the desk", README.read_text())
    assert said
    assert int(said[1]) == steps


@pytest.mark.once
def test_while_one_types_the_cursor_stays_and_what_is_ticked_too(account, cast, visit, axe):
    officer = Person(visit(**PHONE), axe)
    officer.log_in(cast.officer)
    page = officer.page
    page.goto(f"/desk/accounts/{account.pk}/posts/new/")
    text = page.locator("#id_text")
    text.fill(DRAFT)
    expect(page.locator("#draft-status")).to_have_text("見直すところ:注意1件")
    page.get_by_label("確かめた").check()

    # In the middle of the text, letter by letter, over more than one answer of the server.
    text.evaluate("field => { field.focus(); field.setSelectionRange(7, 7); }")
    page.keyboard.type("(土)", delay=60)
    page.wait_for_timeout(1500)
    page.keyboard.type("と(日)", delay=60)
    expect(page.locator("#draft-lengths")).to_contain_text("X（旧Twitter）:")
    page.wait_for_timeout(1500)

    assert text.input_value() == DRAFT[:7] + "(土)と(日)" + DRAFT[7:]
    where = text.evaluate("field => [document.activeElement === field, field.selectionStart]")
    assert where == [True, 14]
    expect(page.get_by_label("確かめた")).to_be_checked()
    assert page.locator("#draft-status").get_attribute("role") == "status"


@pytest.mark.once
def test_what_is_being_decided_is_not_moved_by_a_late_answer(account, cast, visit, axe):
    officer = Person(visit(), axe)
    officer.log_in(cast.officer)
    page = officer.page
    page.goto(f"/desk/accounts/{account.pk}/posts/new/")
    page.locator("#id_text").fill("11月31日に開催します。")
    page.locator("summary", has_text="直さずに発信するとき").click()
    reason = page.get_by_label("直さずに発信する理由")
    page.locator("#id_text").press_sequentially("!")
    reason.fill("ことわざを引いて")
    page.wait_for_timeout(1500)
    reason.press_sequentially("いるため")

    assert reason.input_value() == "ことわざを引いているため"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_lost_session_loses_no_word(account, cast, visit, axe, script):
    officer = Person(
        visit(**PHONE, java_script_enabled=script), axe if script else lambda page: None
    )
    officer.log_in(cast.officer)
    page = officer.page
    page.goto(f"/desk/accounts/{account.pk}/posts/new/")
    Session.objects.all().delete()
    page.locator("#id_text").fill(DRAFT)
    if script:
        expect(page.locator("#draft-status")).to_contain_text("ログインの有効期限が切れました。")
    page.get_by_role("button", name="確認する").click()
    page.wait_for_load_state()
    page.get_by_label("メールアドレス").fill(cast.officer.email)
    page.get_by_label("パスワード").fill(factories.PASSWORD)
    page.get_by_role("button", name="ログインする").click()
    page.wait_for_load_state()

    assert page.locator("#id_text").input_value() == DRAFT
    officer.sees("ログインし直す前に入力した内容を戻しました。")
    officer.sees("「example.com」のページへのリンクです。")
    stored = page.evaluate("[localStorage.length, sessionStorage.length]") if script else [0, 0]
    assert stored == [0, 0]


def test_who_logs_in_again_in_another_tab_goes_on_in_the_first(account, cast, visit, axe):
    officer = Person(visit(), axe)
    officer.log_in(cast.officer)
    page = officer.page
    page.goto(f"/desk/accounts/{account.pk}/posts/new/")
    Session.objects.all().delete()
    other = page.context.new_page()
    Person(other, lambda page: None).log_in(cast.officer)

    page.locator("#id_text").fill(DRAFT)
    expect(page.locator("#draft-status")).to_have_text("見直すところ:注意1件")
    page.get_by_role("button", name="下書きを保存する").click()
    page.wait_for_load_state()

    assert Post.objects.get().text == DRAFT


def test_the_whole_way_of_a_post_with_two_people(account, cast, visit, axe):
    OperatingPolicy.objects.update(post_approval=True)
    officer = Person(visit(**PHONE), axe)
    officer.log_in(cast.officer)
    officer.follow("発信する原稿を確かめる")
    officer.fill("本文", DRAFT)
    expect(officer.page.locator("#draft-status")).to_have_text("見直すところ:注意1件")
    officer.press("発信の承認を依頼する")
    officer.sees("「市のものではないリンク」を確かめて、印を付けてください。")
    officer.page.locator(".error-summary").get_by_role("link").first.click()
    assert officer.page.evaluate("document.activeElement.id").startswith("point-")
    officer.tick("確かめた:市のものではないリンク 1")
    officer.press("発信の承認を依頼する")
    officer.sees("承認を依頼しました。")

    head = Person(visit(**PHONE), axe)
    head.log_in(cast.head)
    head.follow("内容を確かめる")
    head.sees("あなたの番です")
    head.follow("承認する")
    head.press("承認する")
    head.sees("承認しました。")

    officer.page.goto("/desk/")
    officer.follow("もみじまつり")
    officer.fill("投稿のURL", f"{account.url}/status/1234567890")
    officer.press("発信したことを記録する")
    officer.sees("発信したことを記録しました。")
    assert Post.objects.get().state == "posted"
    for path in ("/desk/posts/", f"/desk/accounts/{account.pk}/posts/keys/", "/desk/posts/new/"):
        officer.page.goto(path)
        officer.axe(officer.page)

"""The main job with four people in a real browser: filed, agreed, set, received, found by a citizen."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Account
from policies.demonstration import tables
from policies.models import GuidelineVersion
from tests import factories
from tests.html_checker import errors

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
README = Path(__file__).resolve().parents[2] / "README.md"


class Person:
    """Somebody at a browser; counts what he does: one step for each field filled and each click."""

    def __init__(self, page: Page, axe) -> None:
        self.page, self.axe, self.steps = page, axe, 0
        self.begin = time.monotonic()

    def log_in(self, user) -> None:
        self.page.goto("/login/")
        self.axe(self.page)
        self.fill("メールアドレス", user.email)
        self.fill("パスワード", factories.PASSWORD)
        self.press("ログインする")
        self.steps, self.begin = 0, time.monotonic()

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label).first.fill(text)
        self.steps += 1

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_label(label).select_option(label=option)
        self.steps += 1

    def tick(self, label: str, group: str = "") -> None:
        within = self.page.get_by_role("group", name=group) if group else self.page
        within.get_by_label(label, exact=True).first.check()
        self.steps += 1

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()
        self.arrived()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()
        self.arrived()

    def arrived(self) -> None:
        self.page.wait_for_load_state()
        self.steps += 1
        self.axe(self.page)

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()


def test_from_a_departments_form_to_the_public_list(cast, visit, axe, record_property):
    GuidelineVersion.objects.create(
        title="ガイドライン",
        text=tables.guideline(),
        effective_from="2013-04-17",
    )

    # The officer files, over several pages, on a desktop.
    officer = Person(visit(), axe)
    officer.log_in(cast.officer)
    officer.follow("アカウントを登録する")
    officer.choose("ソーシャルメディアの種類", "Instagram")
    officer.fill("アカウントのURLまたはアカウント名", "https://instagram.com/Example_Kanko/?hl=ja")
    officer.fill("表示名", "新城市観光課")
    officer.press("登録して、運用ポリシーに進む")
    officer.follow("種類・アカウント名・URL")
    assert officer.page.get_by_label("アカウントのURL").input_value() == (
        "https://www.instagram.com/Example_Kanko/"
    )
    officer.choose("分野", "観光・イベント")
    officer.press("保存して次へ進む")
    officer.tick(cast.officer.name, "アカウント利用者")
    officer.tick(cast.officer.name, "アカウント管理者")
    officer.tick(cast.colleague.name, "アカウント管理者")
    officer.press("保存して次へ進む")
    officer.press("保存して次へ進む")
    officer.fill("登録に使うメールアドレス", "kanko@city.shinshiro.lg.jp")
    officer.press("保存して次へ進む")
    officer.fill("情報発信の目的", "市内の催しと季節の見どころを知らせ、訪れる人を増やすため")
    officer.fill("発信する内容", "催しの案内、開花と紅葉の状況、交通規制")
    officer.press("保存して次へ進む")
    for day in "月火水木金":
        officer.tick(day, "1行目の曜日")
    officer.fill("1行目の始まり", "8:30")
    officer.fill("1行目の終わり", "17:15")
    officer.tick("個別には返信しない")
    officer.fill("意見や質問への対応方法", "お問い合わせは電話で受け付けます。")
    officer.press("保存して次へ進む")
    officer.fill("個人情報の取扱い", "個人情報は投稿しません。")
    officer.press("保存して、入力内容の確認に進む")
    officer.press("所属長に提出する")
    officer.sees("観光課の所属の長")
    steps, seconds = officer.steps, time.monotonic() - officer.begin
    account = Account.objects.get()
    assert account.status == "preparing"

    # The head, on a telephone, finds it on his desk and sets it.
    head = Person(visit(width=360, height=780), axe)
    head.log_in(cast.head)
    head.follow("新城市観光課")
    head.sees("あなたの番です")
    head.follow("決定して広報主管課に報告する")
    head.press("決定して広報主管課に報告する")
    head.sees("報告済")

    # The public does not see it yet.
    citizen = Person(visit(width=360, height=780), axe)
    assert citizen.page.goto(f"/accounts/{account.pk}/").status == 404

    # The PR division receives it in the admin.
    receiver = Person(visit(width=1440), axe)
    receiver.log_in(cast.pr_officer)
    receiver.page.goto("/admin/policies/operatingpolicy/")
    receiver.axe(receiver.page)
    receiver.follow("新城市観光課")
    receiver.sees("市内の催しと季節の見どころを知らせ")
    receiver.follow("受理する")
    receiver.press("受理する")
    receiver.sees("受理(施行中)")

    # What is left to do is on the officer's desk, on the account's page and in the overview.
    for person, path in (
        (officer, "/desk/"), (officer, "/desk/duties/password/"),
        (officer, f"/desk/accounts/{account.pk}/"), (head, f"/desk/accounts/{account.pk}/"),
        (receiver, "/admin/overview/"), (receiver, "/admin/overview/duties/password/"),
        (receiver, "/admin/overview/questions/password_overdue/"),
        (receiver, "/admin/overview/clauses/"),
    ):  # fmt: skip
        person.page.goto(path)
        person.axe(person.page)
    officer.page.goto("/desk/")
    officer.sees("変更して記録する")

    # A citizen finds it, searching with a half-width and a full-width word.
    citizen.page.goto("/")
    citizen.page.get_by_role("searchbox").fill("ｶﾝｺｳｶ ＩＮＳＴＡＧＲＡＭ")
    citizen.press("検索する")
    citizen.follow("新城市観光課")
    citizen.sees("公式アカウントです")
    link = citizen.page.locator('a[rel~="me"]').first
    assert link.get_attribute("href") == "https://www.instagram.com/Example_Kanko/"
    pages = {"account": citizen.page.content()}
    for path in ("/", "/guideline/", "/accessibility/", "/login/"):
        citizen.page.goto(path)
        citizen.axe(citizen.page)
        pages[path] = citizen.page.request.get(path).text()
    assert errors(pages) == []

    record_property("steps", steps)
    record_property("seconds", round(seconds, 1))
    print(f"From log-in to a submitted registration: {steps} steps, {seconds:.0f} s in the browser")
    said = re.search(r"\*\*(\d+) steps\*\*", README.read_text())
    assert said
    assert int(said[1]) == steps


@pytest.mark.once
def test_leaving_with_unsaved_changes_asks_first(cast, visit, axe):
    draft = factories.draft(factories.account(cast.tourism), cast.officer)
    officer = Person(visit(), axe)
    officer.log_in(cast.officer)
    officer.page.goto(f"/desk/policies/{draft.pk}/edit/purpose/")
    asked = []
    officer.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    officer.page.get_by_label("発信する内容").press_sequentially("書きかけ")
    officer.page.get_by_role("link", name="保存せずに戻る").click(no_wait_after=True)
    officer.page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert "書きかけ" in officer.page.get_by_label("発信する内容").input_value()


@pytest.mark.once
def test_the_error_summary_takes_focus_and_leads_to_the_field(cast, visit, axe):
    draft = factories.draft(factories.account(cast.tourism), cast.officer)
    officer = Person(visit(width=360, height=780), axe)
    officer.log_in(cast.officer)
    officer.page.goto(f"/desk/policies/{draft.pk}/edit/operation/")
    officer.page.get_by_label("1行目の始まり").fill("25:00")
    officer.press("保存して次へ進む")
    assert officer.page.title().startswith("エラー:")
    summary = officer.page.locator(".error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    focused = officer.page.evaluate("document.activeElement.id")
    assert focused.startswith("id_hours")

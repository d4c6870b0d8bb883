"""A citizen reports a fake on his telephone, and the PR division makes an incident of it, 5(2)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Account
from incidents import reporting
from incidents.models import Fake, FakeReport, Incident, ReportedAccount
from tests import factories
from tests.browser.test_whole_job import Person
from tests.incidents import things

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 780}
FAKE = "https://x.com/examp1e_kanko"


@pytest.fixture
def account(cast) -> Account:
    return factories.official(cast.tourism, "example_kanko")


def filled(page: Page) -> None:
    page.goto("/check/")
    page.get_by_role("link", name="にせのアカウントを知らせる").click()
    page.get_by_label("にせものだと思うアカウントのURL").fill(FAKE)
    page.get_by_label("そう思った理由").fill("当選したというメッセージが届いた")


@pytest.mark.parametrize("script", [True, False])
def test_a_citizen_reports_it_without_a_cookie_and_with_or_without_a_script(
    cast, account, visit, axe, script
):
    page = visit(**PHONE, java_script_enabled=script)
    filled(page)
    if script:
        axe(page)
    # So fast nobody writes: the page says how long to wait, and nothing is lost.
    page.get_by_role("button", name="知らせる").click()
    expect(page.get_by_text("まだ受け付けていません")).to_be_visible()
    expect(page.get_by_label("そう思った理由")).to_have_value("当選したというメッセージが届いた")

    page.wait_for_timeout(1000 * (reporting.WAITS[0][1] + 1))
    page.get_by_role("button", name="知らせる").click()

    expect(page.get_by_role("heading", name="お知らせを受け付けました")).to_be_visible()
    assert page.context.cookies() == []
    assert ReportedAccount.objects.get().url == FAKE
    if script:
        axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") if script else True


def test_the_pr_division_makes_an_incident_of_it(cast, account, visit, axe):
    citizen = visit(**PHONE)
    filled(citizen)
    citizen.wait_for_timeout(1000 * (reporting.WAITS[0][1] + 1))
    citizen.get_by_role("button", name="知らせる").click()
    expect(citizen.get_by_role("heading", name="お知らせを受け付けました")).to_be_visible()

    officer = Person(visit(), lambda page: None)
    officer.log_in(cast.pr_officer)
    page = officer.page
    page.get_by_role("link", name=re.compile("examp1e_kanko")).first.click()
    expect(page.get_by_text("見分けにくい文字や区切りの違いだけです。")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="事案で対応する").click()
    axe(page)
    page.locator("#id_account").select_option(index=1)
    page.get_by_role("button", name="事案で対応する").click()

    expect(page.get_by_text("通報を、事案で対応することにしました。")).to_be_visible()
    incident = Incident.objects.get()
    assert (incident.kind, incident.account) == ("impersonation", account)
    assert (Fake.objects.get().url, Fake.objects.get().state) == (FAKE, "suspected")
    assert ReportedAccount.objects.get().incident == incident


@pytest.mark.parametrize("width", [360, 1440])
def test_the_pr_division_settles_a_flood_in_a_few_acts_and_takes_it_back(cast, visit, axe, width):
    for number in range(60):
        things.reported(f"https://x.com/flood_{number}", "荒らし")
    things.reported("https://x.com/shinshiro_atari", "口座番号を聞かれた")
    FakeReport.objects.update(mail="citizen@example.jp")
    officer = Person(visit(width=width), lambda page: None)
    officer.log_in(cast.pr_officer)
    page = officer.page
    page.goto(page.url.replace("/desk/", "/desk/reports/"))
    page.get_by_label("アカウント・通報の理由").fill("荒らし")
    page.get_by_role("button", name="絞り込む").click()
    axe(page)
    page.get_by_role("link", name="当てはまる60件をまとめて「対応しないことにする」").click()

    page.get_by_label("対応しない理由").fill("同じ人のいたずら")
    page.get_by_role("button", name="60件に「対応しないことにする」を行う").click()
    expect(page.get_by_text("知らせるかどうかを選んでください。").first).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label("知らせない").check()
    page.get_by_role("button", name="60件に「対応しないことにする」を行う").click()

    expect(page.get_by_text("60件に「対応しないことにする」の手続きを行いました。")).to_be_visible()
    assert ReportedAccount.objects.waiting().get().handle == "shinshiro_atari"
    axe(page)
    page.get_by_role("link", name="当てはまる60件をまとめて「もう一度確かめる」").click()
    page.get_by_label("もう一度確かめる理由").fill("選び間違えた")
    page.get_by_role("button", name="60件に「もう一度確かめる」を行う").click()
    expect(page.get_by_text("60件に「もう一度確かめる」の手続きを行いました。")).to_be_visible()
    assert ReportedAccount.objects.waiting().count() == 61

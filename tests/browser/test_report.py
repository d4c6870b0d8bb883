"""A citizen reports a fake on his telephone, and the PR division makes an incident of it, 5(2)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Account
from incidents import reporting
from incidents.models import Fake, Incident, ReportedAccount
from tests import factories
from tests.browser.test_whole_job import Person

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

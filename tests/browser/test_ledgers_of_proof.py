"""Certification and links in a real browser: nothing axe objects to, nothing too wide, no script needed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import Account, LinkCheck
from tests import factories
from tests.browser.conftest import Visit
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def account(transactional_db: None, cast: Cast) -> Account:
    """A certified account whose link vanished, with evidence of both."""
    today = timezone.localdate()
    made = factories.account(cast.tourism, status="official", official_since=today)
    evidence = factories.evidence(made, cast.officer)
    factories.certification(made, "certified", dated_on=today, evidence=evidence)
    factories.link_check(made, way="hand", checked_by=cast.officer, evidence=evidence)
    factories.link_check(made, "missing", detail="ページに、市のページのURLがありません。")
    return made


def log_in(page: Page, cast: Cast) -> None:
    page.goto("/login/")
    page.locator("#id_login").fill(cast.officer.email)
    page.locator("#id_password").fill(factories.PASSWORD)
    page.get_by_role("button", name="ログインする").click()
    page.wait_for_load_state()


@pytest.mark.parametrize("width", [360, 1440])
def test_every_page_of_the_ledgers_is_accessible_and_fits(
    visit: Visit, axe: Callable[[Page], None], cast: Cast, account: Account, width: int
) -> None:
    page = visit(width=width)
    log_in(page, cast)
    for part in ("certification/", "certification/lapse/", "links/"):
        page.goto(f"/desk/accounts/{account.pk}/{part}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, part
    page.get_by_role("button", name="記録する").click()
    axe(page)
    page.goto(account.get_absolute_url())
    axe(page)


def test_a_look_is_recorded_without_a_script(visit: Visit, cast: Cast, account: Account) -> None:
    page = visit(java_script_enabled=False)
    log_in(page, cast)

    page.goto(f"/desk/accounts/{account.pk}/links/")
    page.get_by_role("radio", name="リンクがある").check()
    page.locator("#id_evidence").select_option(index=1)
    page.get_by_role("button", name="記録する").click()

    assert page.get_by_text("プロフィールに、市のページへのリンクがあります").is_visible()
    assert LinkCheck.objects.filter(way="hand", outcome="linked").count() == 2

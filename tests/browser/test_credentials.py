"""The credentials ledger, 3(7), in a real browser: recorded, struck out, accessible, and it fits."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Access, Account, ConnectedApp, CredentialChange, Device
from staff.models import Membership
from tests import factories
from tests.browser.conftest import Visit
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]

SINCE = datetime.date(2026, 1, 5)


@pytest.fixture
def account(transactional_db: None, cast: Cast) -> Account:
    """An account with something in every list of its ledger, and somebody who left."""
    made = factories.account(cast.tourism, status="official", official_since=SINCE)
    by: dict[str, Any] = {"account": made, "added_by": cast.officer}
    Device.objects.create(name="課の一号", kind="phone", is_private=True, **by)
    ConnectedApp.objects.create(name="予約投稿", purpose="投稿の予約", **by)
    for person in (cast.officer, cast.colleague):
        Access.objects.create(account=made, person=person, kind="administrator", since=SINCE)
    today = timezone.localdate()
    Membership.objects.filter(user=cast.colleague).update(
        valid_until=today - datetime.timedelta(days=1)
    )
    factories.password_change(
        made, cast.officer, changed_on=today - datetime.timedelta(days=9),
        cancelled_by=cast.head, cancelled_at=timezone.now(),
    )  # fmt: skip
    factories.password_change(made, cast.officer, changed_on=today - datetime.timedelta(days=5))
    return made


def at(account: Account, name: str = "credentials") -> str:
    return reverse(f"accounts:{name}", args=[account.pk])


@pytest.mark.parametrize("width", [360, 1440])
def test_a_change_is_recorded_and_a_mistake_struck_out(
    visit: Visit, axe: Any, client: Any, cast: Cast, account: Account, address: str, width: int
) -> None:
    client.force_login(cast.officer)
    page = visit(width=width)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": address}])

    def judge() -> None:
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

    for name in ("credentials_means", "add_device", "add_app", "credentials"):
        page.goto(at(account, name))
        judge()
    page.get_by_role("link", name="パスワードの変更を記録する").click()
    judge()
    page.get_by_role("button", name="変更を記録する").click()
    judge()
    page.get_by_label("担当者等の変更").check()
    page.get_by_label("推測されにくいパスワードにした").check()
    page.get_by_label("利用者・管理者のほかには、だれにも知られていない").check()
    page.get_by_role("button", name="変更を記録する").click()
    assert page.get_by_text("パスワードの変更を記録しました。").is_visible()
    assert page.get_by_text("次の変更の期限").is_visible()

    page.locator("summary", has_text="誤りのとき").first.click()
    judge()
    page.get_by_role("button", name="この記録を取り消す").first.click()
    assert page.get_by_text("パスワードを変更してください").is_visible()
    assert CredentialChange.objects.filter(cancelled_at=None).count() == 1

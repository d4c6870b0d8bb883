"""Suspension, closure and attestation in a real browser: nothing axe objects to, nothing too wide."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page

from tests import factories
from tests.browser.conftest import Visit
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.mark.parametrize("width", [360, 1440])
def test_every_page_is_accessible_and_fits(
    visit: Visit, axe: Callable[[Page], None], address: str, cast: Cast, width: int
) -> None:
    account, closed = factories.official(cast.tourism), factories.official(cast.tourism)
    factories.absence(cast.tourism, cast.head)
    factories.stood(closed, "close_for_head", cast.deputy, handle_fate="deleted")
    base, at_end = (f"/desk/accounts/{row.pk}/" for row in (account, closed))
    told = closed.notices.get().pk
    client = Client()
    client.force_login(cast.head)
    page = visit(width=width)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}
    page.context.add_cookies([session])  # type: ignore[list-item]

    def judge() -> None:
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

    for read in (
        f"{base}standing/", f"{at_end}standing/", f"{at_end}standing/deletion/",
        f"{at_end}standing/notices/{told}/announcement/",
        f"{at_end}standing/notices/{told}/correction/", f"{base}attestation/",
        "/desk/attestations/",
    ):  # fmt: skip
        page.goto(read)
        judge()
    page.get_by_role("button", name="印を付けたものを記録する").click()
    page.goto(f"{base}standing/close/")
    page.get_by_role("button", name="周知の文の確認に進む").click()
    judge()
    page.get_by_label("理由(庁内の記録)").fill("業務の終了")
    page.get_by_label("市民に知らせる理由").fill("担当する業務が終わったため。")
    page.get_by_label("削除せずに管理を続ける").check()
    page.get_by_label("そうする理由").fill("ほかの人に取られないように")
    page.get_by_label("ログイン手段を整理した").check()
    page.get_by_role("button", name="周知の文の確認に進む").click()
    judge()
    page.get_by_role("button", name="廃止して、市のサイトで周知する").click()

    assert page.get_by_text("手続きを行い、市のサイトで周知しました。").is_visible()
    judge()

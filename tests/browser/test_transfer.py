"""A transfer of staff and a handover in a real browser: done, accessible, and it fits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from accounts.models import Access, Device, Handover
from staff.models import Transfer
from tests import factories
from tests.browser.conftest import Visit
from tests.conftest import Cast
from tests.staff.transfer_helpers import TODAY, bytes_of, row

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.mark.parametrize("width", [360, 1440])
def test_a_transfer_is_applied_taken_over_and_not_undone_unseen(
    visit: Visit, axe: Any, client: Any, cast: Cast, address: str, width: int, tmp_path: Path
) -> None:
    account = factories.account(cast.tourism, status="official", official_since=TODAY)
    Access.objects.create(account=account, person=cast.officer, kind="administrator")
    Device.objects.create(account=account, name="課の一号", kind="phone", added_by=cast.officer)
    page = visit(width=width)

    def enter(person: Any) -> None:
        client.force_login(person)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": address}
        page.context.add_cookies([cookie])

    def judge() -> None:
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

    def choose(*rows: list[str]) -> None:
        file = tmp_path / "異動.csv"
        file.write_bytes(bytes_of(*rows))
        page.goto("/admin/staff/transfer/add/")
        page.get_by_label("取り込むファイル").set_input_files(file)
        page.get_by_label("異動日").fill(TODAY.isoformat())
        page.get_by_role("button", name="内容を確かめる").click()

    enter(cast.administrator)
    page.goto("/admin/staff/transfer/add/")
    judge()
    choose(row("x@city.example", "kanko", "bosai"))
    judge()
    assert page.get_by_text("1行に誤りがあるため").is_visible()
    choose(row(cast.officer, "kanko", "bosai"), row(cast.stranger, "", "kanko"))
    judge()
    page.get_by_role("button", name="2行を反映する").click()
    judge()
    page.get_by_label("確認のため、行数を入力してください").fill("2")
    page.get_by_role("button", name="2行を反映する").click()
    assert page.get_by_text("2行の人事異動を反映しました。").is_visible()
    judge()
    result = page.url

    enter(cast.stranger)
    page.goto("/desk/handovers/")
    judge()
    page.get_by_role("link", name=str(account)).click()
    page.get_by_role("button", name="確認を記録する").click()
    judge()
    page.get_by_label("上の内容を確かめました").check()
    page.get_by_role("button", name="確認を記録する").click()
    assert page.get_by_text("の引継ぎを確認しました。").is_visible()
    judge()
    assert Handover.objects.get().confirmed_by == cast.stranger

    enter(cast.administrator)
    page.goto(result)
    page.get_by_role("link", name="この人事異動を取り消す").click()
    assert page.get_by_text("所属 なしさんがすでに確認しています。").is_visible()
    judge()
    Handover.objects.update(confirmed_at=None, confirmed_by=None)
    page.reload()
    judge()
    page.get_by_label("確認のため、行数を入力してください").fill("2")
    page.get_by_role("button", name="人事異動の全体を取り消す").click()
    assert page.get_by_text("人事異動の全体を取り消しました。").is_visible()
    assert Transfer.objects.get().undone_by == cast.administrator

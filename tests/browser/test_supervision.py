"""Emergencies and supervision in a real browser: nothing axe objects to, nothing too wide, done on a telephone."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from postings import inquiring, keys
from postings.models import Post
from postings.periods import MONTH, month_of
from tests import factories
from tests.browser.conftest import Visit
from tests.conftest import Cast
from tests.html_checker import errors
from tests.postings.making import post
from tests.postings.months import outside, went_out

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]
ALWAYS = [{"days": list(range(7)), "from": "00:00", "to": "24:00"}]


@pytest.mark.parametrize("width", [360, 1440])
def test_from_a_declared_emergency_to_a_confirmed_month(
    visit: Visit, axe: Callable[[Page], None], address: str, cast: Cast, width: int
) -> None:
    last = month_of(timezone.localdate()) - MONTH
    since = last - datetime.timedelta(days=3)
    account = factories.policy(
        factories.account(cast.tourism, official_since=since), cast.officer, "in_force",
        head=cast.head, receiver=cast.pr_officer, hours=ALWAYS, closed_on_holidays=False,
        closed_at_year_end=False, post_approval=True,
    ).account  # fmt: skip
    account.refresh_from_db()
    type(account).objects.filter(pk=account.pk).update(official_since=since)
    out = went_out(account, cast.officer, f"{last:%Y-%m}-05", **outside())
    for state in ("draft", "awaiting", "returned", "approved"):
        post(account, cast.officer, state, approver=cast.head)
    keys.make(account, cast.head, name="予約投稿", expires_on=timezone.localdate())
    inquiry = inquiring.ask(out, cast.head, question="経緯を教えてください。", key=uuid.uuid4())
    client = Client()
    client.force_login(cast.head)
    page = visit(width=width)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}
    page.context.add_cookies([session])  # type: ignore[list-item]
    written: dict[str, str] = {}

    def judge() -> None:
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        written[page.url] = client.get(page.url.removeprefix(address)).content.decode()

    base = f"/desk/accounts/{account.pk}/"
    for read in (
        f"{base}posts/", f"{base}posts/new/", "/desk/posts/", f"{base}posts/keys/",
        *(row.get_absolute_url() for row in Post.objects.all()),
        inquiry.get_absolute_url(), f"{inquiry.get_absolute_url()}withdraw/",
        f"{base}posts/{out.pk}/inquiries/add/", f"/desk/supervision/{cast.tourism.pk}/",
        "/desk/emergencies/",
    ):  # fmt: skip
        page.goto(read)
        judge()

    page.goto("/desk/emergencies/new/")
    judge()
    page.get_by_label("理由").fill("台風の接近に備えるため")
    page.locator("input[name=accounts]").first.check()
    page.get_by_role("button", name="宣言する").click()
    expect(page.get_by_text("緊急時の宣言を行い、関係する職員に知らせました。")).to_be_visible()
    judge()
    page.goto("/desk/")
    expect(page.get_by_text("台風の接近に備えるため").first).to_be_visible()
    judge()
    page.get_by_role("link", name="宣言を見る").click()
    judge()
    page.get_by_role("link", name="早く終える").click()
    judge()
    page.get_by_label("早く終える理由").fill("台風がそれたため")
    page.get_by_role("button", name="宣言を終える").click()
    page.goto("/desk/")
    expect(page.get_by_text("台風の接近に備えるため")).to_have_count(0)

    inquiring.answer(inquiry, cast.officer, text="大雨のためです。")
    month = since.replace(day=1)
    page.goto(f"/desk/supervision/{cast.tourism.pk}/{month.year}/{month.month}/")
    judge()
    page.get_by_label("この月の発信と例外を見て、4(1)と4(2)に照らして確かめた").check()
    page.get_by_role("button", name="確認を記録する").click()
    expect(page.get_by_text("の監督を確認したことを記録しました。")).to_be_visible()
    judge()
    page.get_by_label("所見").fill("問題ありません。")
    page.get_by_label("この月の発信と例外を見て、4(1)と4(2)に照らして確かめた").check()
    page.get_by_role("button", name="確認を記録する").click()
    judge()
    page.get_by_role("textbox", name="追記").fill("後で分かったことです。")
    page.get_by_role("button", name="追記する").click()
    expect(page.get_by_text("後で分かったことです。")).to_be_visible()
    judge()
    assert errors(written) == []

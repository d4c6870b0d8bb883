"""What stands on the public pages for readers of English, and how they find it, 3(6)."""

from __future__ import annotations

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from tests import factories
from tests.conftest import Cast
from tests.publication.conftest import Publish

JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def html(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def outside_of_japanese_parts(page: str) -> str:
    """The text of a page without what is marked as Japanese, and without its head."""
    body = page.partition("<body>")[2]
    # What is marked holds no element of its own name.
    return re.sub(r'<(\w+)(?=[^>]*\blang="ja")[^>]*>.*?</\1>', "", body, flags=re.DOTALL)


@pytest.fixture
def account(publish: Publish) -> Account:
    return publish("example_kanko", name="しんしろ観光")


def test_every_page_is_in_english_but_for_what_people_wrote(
    client: Client, account: Account
) -> None:
    for url in ("/en/", f"/en/accounts/{account.pk}/", "/en/official/", "/en/check/"):
        page = html(client, url)
        assert '<html lang="en">' in page
        assert JAPANESE.findall(outside_of_japanese_parts(page)) == [], url


def test_each_page_and_its_japanese_one_name_each_other(client: Client, account: Account) -> None:
    for japanese in ("/", f"/accounts/{account.pk}/", "/official/", "/check/"):
        english = f"/en{japanese}"
        for url, other, code in ((japanese, english, "en"), (english, japanese, "ja")):
            page = html(client, url)
            alternates = dict(re.findall(r'hreflang="(\w+)" href="https?://[^/"]+([^"]*)"', page))
            assert alternates == {"ja": japanese, "en": english}
            assert re.search(rf'<a href="{re.escape(other)}"\s+hreflang="{code}"', page)


def test_the_list_has_the_official_ones_and_says_of_others_what_became_of_them(
    client: Client, publish: Publish, account: Account
) -> None:
    publish("closed_one", name="閉じた口座", status="closed")
    factories.account(account.department, "preparing_one", name="準備中の口座")

    page = html(client, "/en/")
    official, _, former = page.partition("Suspended and closed accounts")

    assert [name in official for name in ("しんしろ観光", "閉じた口座", "準備中の口座")] == [
        True, False, False,
    ]  # fmt: skip
    assert [name in former for name in ("しんしろ観光", "閉じた口座", "準備中の口座")] == [
        False, True, False,
    ]  # fmt: skip
    assert "X (formerly Twitter)" in official


def test_an_empty_list_says_so(client: Client, cast: Cast) -> None:
    assert "There are no official accounts yet." in html(client, "/en/")


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("official", "This is an official account of Shinshiro City"),
        ("suspended", "This account is suspended"),
        ("closed", "This account has been closed"),
    ],
)
def test_an_account_says_what_it_is_today(
    client: Client, publish: Publish, status: str, says: str
) -> None:
    account = publish("example_kanko", status=status)
    page = html(client, f"/en/accounts/{account.pk}/")

    banners = re.findall(r"This (?:is an official account of|account) [\w ]+", page)
    assert says in banners
    # A closed one may be somebody else's: nobody is led there.
    assert (f'href="{account.url}"' in page) == (status != "closed")
    assert ('rel="me' in page) == (status == "official")


def test_one_that_the_department_did_not_confirm_in_time_says_so(
    client: Client, account: Account
) -> None:
    assert "Confirmation overdue" not in html(client, f"/en/accounts/{account.pk}/")
    long_ago = datetime.date(2020, 1, 1)
    Account.objects.update(official_since=long_ago, attested_on=long_ago)

    for url in ("/en/", f"/en/accounts/{account.pk}/"):
        assert "Confirmation overdue" in html(client, url)


def test_the_list_asks_as_often_for_three_as_for_one(client: Client, publish: Publish) -> None:
    def queries() -> int:
        client.get("/en/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/en/")
        return len(captured)

    publish("one")
    one = queries()
    publish("two")
    publish("three")

    assert queries() == one

"""What the public pages say, and do not say, of an account that is not as a reader expects: 3(6), 6."""

from __future__ import annotations

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from tests import factories
from tests.conftest import Cast
from tests.publication.conftest import Publish

LONG_AGO = datetime.date(2020, 1, 1)


def places(account: Account) -> list[str]:
    """Every page that shows the account as it is today."""
    return [
        "/", "/list/table/", f"/list/service/{account.service}/", f"/departments/{account.department_id}/",
        f"/accounts/{account.pk}/", "/accounts.fragment.html",
    ]  # fmt: skip


def html(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_one_that_was_not_confirmed_in_time_says_so_wherever_it_stands(
    client: Client, publish: Publish
) -> None:
    account = publish("now_one", name="今ある")
    assert [each for each in places(account) if "確認期限切れ" in html(client, each)] == []

    Account.objects.update(official_since=LONG_AGO, attested_on=LONG_AGO)

    assert [each for each in places(account) if "確認期限切れ" not in html(client, each)] == []


def test_of_one_in_doubt_nothing_less_is_said_than_the_doubt(
    client: Client, publish: Publish
) -> None:
    account = publish("now_one", name="今ある")
    Account.objects.update(
        official_since=LONG_AGO, attested_on=LONG_AGO, doubted_since=timezone.now()
    )

    page = html(client, account.get_absolute_url())
    [description] = re.findall(r'<meta name="description"\s+content="([^"]*)"', page)
    assert description == (
        "X（旧Twitter）の「今ある」は、新城市のアカウントですが、乗っ取られたおそれがあります。"
    )
    for each in places(account):
        text = html(client, each)
        assert "確認期限切れ" not in text, each
        assert "https://x.com/now_one" not in re.findall(r'href="([^"]*)"', text), each
    answer = client.get("/api/check", {"q": account.url}).json()
    assert [row["overdue"] for row in answer["accounts"]] == [False]


@pytest.mark.parametrize("status", ["suspended", "closed"])
def test_of_what_is_not_official_no_poster_can_be_had(
    client: Client, publish: Publish, status: str
) -> None:
    account = publish(name="今ある")
    posters = (f"/accounts/{account.pk}/poster/", f"/departments/{account.department_id}/poster/")
    assert [client.get(each).status_code for each in posters] == [200, 200]

    Account.objects.update(status=status)

    assert [client.get(each).status_code for each in posters] == [404, 404]


def test_one_in_doubt_stands_on_no_poster(client: Client, publish: Publish) -> None:
    account = publish(name="今ある")
    Account.objects.update(doubted_since=timezone.now())

    assert client.get(f"/accounts/{account.pk}/poster/").status_code == 404
    assert client.get(f"/departments/{account.department_id}/poster/").status_code == 404


def test_a_successor_that_is_being_prepared_is_not_named(
    client: Client, publish: Publish, cast: Cast
) -> None:
    closed = publish(name="なくなった", status="closed")
    to_come = factories.account(cast.tourism, "to_come", name="準備中の名前")
    Account.objects.filter(pk=closed.pk).update(successor=to_come)

    for address in (f"/accounts/{closed.pk}/", f"/en/accounts/{closed.pk}/"):
        assert "準備中の名前" not in html(client, address)
        assert f"/accounts/{to_come.pk}/" not in html(client, address)
    answer = client.get("/api/check", {"q": closed.url}).json()
    assert [row["id"] for row in answer["accounts"]] == [closed.pk]

    Account.objects.filter(pk=to_come.pk).update(status="official", official_since=LONG_AGO)

    for address in (f"/accounts/{closed.pk}/", f"/en/accounts/{closed.pk}/"):
        assert "準備中の名前" in html(client, address)


def test_one_being_prepared_is_as_unknown_in_english_as_none(client: Client, cast: Cast) -> None:
    account = factories.account(cast.tourism, "to_come")

    assert client.get(f"/en/accounts/{account.pk}/").status_code == 404
    assert client.get("/en/accounts/987654/").status_code == 404


def test_the_sitemap_names_each_department_once_by_the_address_that_never_changes(
    client: Client, publish: Publish, cast: Cast
) -> None:
    publish()
    publish()
    factories.official(cast.safety)

    named = re.findall(
        r"<loc>[^<]*?(/(?:departments|list)/[^<]*)</loc>", html(client, "/sitemap.xml")
    )

    assert named == [f"/departments/{cast.tourism.pk}/", f"/departments/{cast.safety.pk}/"]

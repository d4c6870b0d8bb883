"""What the city knows of itself is no third party's and nobody's private matter."""

from __future__ import annotations

import datetime

import pytest

from accounts.models import Account
from postings.checking import Draft, Known, check
from postings.models import ListedWord
from staff.models import Department
from tests import factories

TODAY = datetime.date(2026, 11, 24)


def make_official(account):
    Account.objects.filter(pk=account.pk).update(
        status=Account.Status.OFFICIAL, official_since=datetime.date(2020, 4, 1)
    )


def found(text):
    return [one.rule for one in check(Draft(text), ["facebook"], today=TODAY)]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("0536-23-7623", []),
        ("0536-23-1111", []),
        ("電話23-7623", []),
        ("0536-23-7624", ["personal.telephone"]),
        ("〒441-1392", []),
        ("〒441-1301", ["personal.postal"]),
        ("新城市字東入船115番地", []),
        ("新城市字東入船116番地", ["personal.address"]),
        ("koho@city.shinshiro.lg.jp", []),
        ("koho@kanko.city.shinshiro.lg.jp", []),
        ("koho@notcity.shinshiro.example", ["personal.mail"]),
        ("https://www.city.shinshiro.lg.jp/", []),
        ("https://portal.example/accounts/1/", []),
        ("https://www.city.nowhere.example/", ["link.third_party"]),
    ],
)
def test_what_is_the_citys_own_is_not_named(db, settings, text, rules):
    settings.PORTAL_URL = "https://portal.example"
    assert found(text) == rules


def test_the_telephone_of_a_department_is_the_citys(db):
    assert found("電話0536-32-0001") == ["personal.telephone"]
    Department.objects.create(code="horai", name="鳳来総合支所", telephone="0536-32-0001")
    assert found("電話0536-32-0001") == []


def test_a_number_in_the_setting_stands_for_all_that_begin_so(db, settings):
    settings.CITY_OWN_CONTACTS = ["0536-23-76"]
    assert found("0536-23-7699") == []
    assert found("0536-23-7799") == ["personal.telephone"]


def test_an_official_account_is_the_citys_and_any_other_is_not(cast):
    account = factories.account(cast.tourism, "shinshiro_kanko")
    link = "https://twitter.com/Shinshiro_Kanko/status/1"
    assert found(f"{link} @shinshiro_kanko") == [
        "link.third_party", "quote.repost", "quote.mention",
    ]  # fmt: skip
    make_official(account)
    assert found(f"{link} @shinshiro_kanko") == []


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/shinshiro_kanko",
        "https://bsky.app/profile/shinshiro_kanko",
        "https://x.com/somebody/shinshiro_kanko",
    ],
)
def test_a_handle_counts_on_its_own_service_alone(cast, address):
    make_official(factories.account(cast.tourism, "shinshiro_kanko"))
    assert found(address) == ["link.third_party"]


def test_the_number_of_queries_does_not_depend_on_how_much_is_known(
    cast, django_assert_num_queries
):
    for number in range(3):
        ListedWord.objects.create(word=f"語句{number}号", reason="例です。")
        factories.account(cast.tourism, f"account_{number}")
    with django_assert_num_queries(3):
        Known.load()


@pytest.mark.parametrize(
    ("service", "handle", "address"),
    [
        ("line", "shinshiro", "https://line.me/R/ti/p/@shinshiro"),
        ("youtube", "shinshirocity", "https://www.youtube.com/@shinshirocity/videos"),
        (
            "bluesky",
            "shinshiro.bsky.social",
            "https://bsky.app/profile/shinshiro.bsky.social/post/1",
        ),
        ("instagram", "shinshiro", "https://www.instagram.com/Shinshiro/"),
    ],
)
def test_the_page_of_an_official_account_is_known_on_every_service(cast, service, handle, address):
    assert "link.third_party" in found(address)
    make_official(factories.account(cast.tourism, handle, service))
    assert found(address) == []

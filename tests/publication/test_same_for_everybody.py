"""Every public page: open to all, read-only, no cookie, the same bytes whoever asks, valid HTML."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from accounts.models import Account, Notice
from policies.models import GuidelineVersion
from publication.urls import urlpatterns
from tests import factories, html_checker
from tests.conftest import Cast
from tests.publication.conftest import Publish

ARGUMENTS: dict[str, list[Any]] = {
    "account": [1],
    "account_english": [1],
    "policy": [1, 1],
    "account_poster": [1],
    "guideline_version": [datetime.date(2026, 4, 1)],
    # A department's list has its page's address: tests/publication/test_list.py.
    "accounts_of": ["service", "x"],
    "accounts_of_table": ["department", "kanko"],
}
NAMES = [pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)]
# What answers a question is kept by nobody: tests/publication/test_check.py.
# The form of a report is another one for each who asks: tests/publication/test_report.py.
ASKED = {"check_api", "report"}
READ_ONLY = [name for name in NAMES if name != "report"]
PAGES = [name for name in NAMES if not name.startswith("health_") and name not in ASKED]
ENGLISH = {name for name in PAGES if name.endswith("_english")}
FILES = {
    "notices_feed", "check_index", "accounts_json", "accounts_csv", "accounts_schema", "openapi",
    "trust", "security", "robots", "sitemap", "accounts_index", "accounts_fragment",
}  # fmt: skip
HTML = [name for name in PAGES if name not in FILES]
# A table is another look at the list without it, and where nothing is there is nothing to find.
# A poster is its account's or its department's page once more, for the wall.
WITH_ADDRESS = [
    name
    for name in HTML
    if not name.endswith(("_table", "_poster", "_thanks")) and name != "not_found"
]
TEXT = "1.目的\nこの決まりは、例です。\n3.運用\n"


@pytest.fixture
def city(publish: Publish, cast: Cast) -> Account:
    """Something to see on every page."""
    GuidelineVersion.objects.create(
        title="例の決まり", text=TEXT, effective_from=datetime.date(2026, 4, 1)
    )
    publish(name="元の口座", status="closed")
    factories.stood(publish(name="止めた口座"), "suspend", cast.head)
    return publish(name="しんしろ観光")


def address_of(name: str, account: Account) -> str:
    arguments = ARGUMENTS.get(name, [])
    if name.startswith("department"):
        arguments = [account.department_id]
    if name in ("account", "account_english", "policy", "account_poster"):
        arguments = [account.pk, *arguments[1:]]
    if name == "notice":
        arguments = [Notice.objects.get().pk]
    asked = "?q=x.com/nobody" if name == "check_api" else ""
    return reverse(f"publication:{name}", args=arguments) + asked


def test_there_is_something_to_judge() -> None:
    assert len(PAGES) >= 6


@pytest.mark.parametrize("name", NAMES)
def test_it_is_open_to_everybody_without_a_cookie(client: Client, city: Account, name: str) -> None:
    response = client.get(address_of(name, city))

    assert response.status_code == 200
    assert dict(response.cookies) == {}
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("name", PAGES)
def test_who_is_logged_in_sees_the_same_bytes(city: Account, cast: Cast, name: str) -> None:
    address = address_of(name, city)
    expected = Client().get(address)

    for person in (cast.officer, cast.pr_officer, cast.auditor, cast.administrator):
        client = Client()
        client.force_login(person)
        response = client.get(address)
        assert response.content == expected.content
        assert dict(response.cookies) == {}
        assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("name", READ_ONLY)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_it_is_read_only(city: Account, name: str, method: str) -> None:
    client = Client(enforce_csrf_checks=True)

    response = getattr(client, method)(address_of(name, city))

    assert response.status_code == 405
    assert sorted(response["Allow"].split(", ")) == ["GET", "HEAD"]


@pytest.mark.parametrize("name", NAMES)
def test_head_answers_as_get_does(client: Client, city: Account, name: str) -> None:
    address = address_of(name, city)

    head, get = client.head(address), client.get(address)

    assert head.status_code == get.status_code
    assert head.content == b""
    assert head["Content-Type"] == get["Content-Type"]


@pytest.mark.parametrize("name", PAGES)
def test_what_has_not_changed_is_not_sent_again(client: Client, city: Account, name: str) -> None:
    address = address_of(name, city)
    first = client.get(address)

    again = client.get(address, headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == "public, max-age=0, s-maxage=60"
    assert first["Referrer-Policy"] == "no-referrer"


def test_a_change_is_sent_although_the_page_was_seen_before(client: Client, city: Account) -> None:
    address = city.get_absolute_url()
    first = client.get(address)
    Account.objects.filter(pk=city.pk).update(status="closed")

    again = client.get(address, headers={"if-none-match": first["ETag"]})

    assert again.status_code == 200
    assert "このアカウントは廃止されました" in again.content.decode()


@pytest.mark.parametrize("name", HTML)
def test_the_head_of_the_page_says_what_it_is(
    client: Client, city: Account, settings: Any, name: str
) -> None:
    settings.PORTAL_URL = "https://sns.city.example"
    address = address_of(name, city)

    html = client.get(address).content.decode()

    assert f'<html lang="{"en" if name in ENGLISH else "ja"}">' in html
    assert len(re.findall(r"<h1\b", html)) == 1
    assert len(re.findall(r"<title>[^<]{8,}</title>", html)) == 1
    assert len(re.findall(r'<meta name="description" content="[^"]{10,}">', html)) == 1
    canonical = f'<link rel="canonical" href="https://sns.city.example{address}">'
    assert (canonical in html) == (name in WITH_ADDRESS)


@pytest.mark.once
def test_the_w3c_checker_finds_no_error(client: Client, city: Account, publish: Publish) -> None:
    publish(
        name='<b>"悪意"</b></script>', policy={"purpose": "一行\n\n二行 & <三>"}, status="suspended"
    )
    addresses = [
        *(address_of(name, city) for name in HTML),
        "/check/?q=@example_1+x.com/nobody", "/en/check/?q=",
        "/?view=table", "/?q=ない", "/?service=x&department=nosuch", "/?status=former",
        *(account.get_absolute_url() for account in Account.objects.all()),
    ]  # fmt: skip

    found = html_checker.errors({page: client.get(page).content.decode() for page in addresses})

    assert found == []

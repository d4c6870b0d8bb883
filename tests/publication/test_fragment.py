"""The list as a piece of HTML for the city's CMS, and the snippet for other sites: neither outlives its truth."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Account
from publication import cards
from staff.models import Department
from tests import factories, html_checker
from tests.conftest import Cast
from tests.elements import Elements
from tests.publication.conftest import Publish

FRAGMENT = "/accounts.fragment.html"
FRAME = '<!DOCTYPE html><html lang="ja"><head><title>市の例</title></head><body><h1>例</h1><h2>例</h2>{}</body></html>'


@pytest.fixture(autouse=True)
def address(settings: object) -> None:
    settings.PORTAL_URL = "https://sns.city.example"  # type: ignore[attr-defined]


def fragment(client: Client) -> str:
    return str(client.get(FRAGMENT).content.decode())


# --- The list ----------------------------------------------------------------------------------


def test_it_names_service_account_link_department_and_the_page_of_the_policy(
    client: Client, publish: Publish
) -> None:
    account = publish("shinshiro_kanko", "instagram", name="しんしろ観光")

    written = fragment(client)

    for part in ("<h3>Instagram</h3>", "しんしろ観光", "@shinshiro_kanko", "観光課"):
        assert part in written
    assert '<a href="https://www.instagram.com/shinshiro_kanko/" rel="me noopener">' in written
    assert f'href="https://sns.city.example/accounts/{account.pk}/"' in written


def test_only_official_accounts_are_in_it_by_service(
    client: Client, publish: Publish, cast: Cast
) -> None:
    publish("first_one", name="一つ目")
    publish(service="instagram", name="二つ目")
    publish(name="三つ目")
    for status in ("suspended", "closed"):
        publish(f"{status}_one", status=status, name=status)
    factories.account(cast.tourism, name="準備中の名前")

    written = fragment(client)

    assert re.findall(r"<h3>(.*?)</h3>", written) == ["X（旧Twitter）", "Instagram"]
    assert re.findall(r">(.つ目)</a>", written) == ["一つ目", "三つ目", "二つ目"]
    for name in ("suspended", "closed", "準備中の名前"):
        assert name not in written


def test_every_address_in_it_is_whole(client: Client, publish: Publish) -> None:
    publish()
    publish(service="youtube")

    links = [attrs["href"] for attrs in Elements(fragment(client)).all("a")]

    assert len(links) == 5
    assert [link for link in links if not link.startswith("https://")] == []


def test_an_overdue_attestation_and_an_odd_address_are_no_secret(
    client: Client, cast: Cast
) -> None:
    odd = factories.official(cast.tourism, official_since=factories.SINCE)
    Account.objects.filter(pk=odd.pk).update(url="javascript:alert(1)")

    written = fragment(client)

    assert "確認期限切れ" in written
    assert "javascript" not in written


@pytest.mark.once
def test_it_fits_into_a_page_without_an_error(client: Client, publish: Publish, cast: Cast) -> None:
    empty = fragment(client)
    publish(name='<b>"悪意"</b></div>')
    Department.objects.filter(pk=cast.tourism.pk).update(name="</ul>課")
    pages = {"empty": empty, "full": fragment(client)}

    assert html_checker.errors({name: FRAME.format(part) for name, part in pages.items()}) == []
    assert Elements(pages["full"]).all("b") == []
    # Nothing but what a page's text is made of: no style, no script, nothing with an id.
    tags = {tag for tag, _ in Elements(pages["full"]).found}
    assert tags == {"div", "h3", "ul", "li", "a", "span", "p"}
    assert Elements(pages["full"]).ids() == []


def test_it_is_for_programs_and_not_to_be_found_by_itself(client: Client, db: None) -> None:
    response = client.get(FRAGMENT)

    assert response["X-Robots-Tag"] == "noindex"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert response["ETag"]


def test_it_is_documented(client: Client, db: None) -> None:
    written = client.get("/open-data/").content.decode()

    assert f'href="{FRAGMENT}"' in written
    assert "少なくとも1日に1回は、取得し直してください。" in written


def test_three_accounts_ask_as_often_as_one(client: Client, publish: Publish) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            fragment(client)
        return len(captured)

    publish()
    one = queries()
    publish()
    publish(service="youtube")

    assert queries() == one == 1


# --- The snippet -------------------------------------------------------------------------------


def test_the_snippet_leads_to_the_citys_page_and_not_to_the_account(
    client: Client, publish: Publish
) -> None:
    account = publish("first_one", name="しんしろ")

    page = client.get(account.get_absolute_url()).content.decode()
    shown = re.findall(r'<p class="copy__text" id="snippet">(.*?)</p>', page)

    expected = (
        f'<a href="https://sns.city.example/accounts/{account.pk}/">'
        "新城市公式 X（旧Twitter）「しんしろ」</a>"
    )
    assert [html.unescape(text) for text in shown] == [expected]
    assert "first_one" not in shown[0]


@pytest.mark.parametrize("status", ["suspended", "closed"])
def test_of_what_is_not_official_there_is_neither_snippet_nor_poster(
    client: Client, publish: Publish, status: str
) -> None:
    account = publish(status=status)

    page = client.get(account.get_absolute_url()).content.decode()

    assert 'id="snippet"' not in page
    assert "poster" not in page


@pytest.mark.once
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(name=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))
def test_whatever_an_account_is_called_the_snippet_is_one_link(name: str) -> None:
    made = Account(pk=7, status="official", service="x", name=f"名{name}", url="https://x.com/a")

    written = cards.snippet(made)

    assert [tag for tag, _ in Elements(written).found] == ["a"]
    assert (
        html.unescape(re.sub(r"<[^>]*>", "", written)) == f"新城市公式 X（旧Twitter）「名{name}」"
    )

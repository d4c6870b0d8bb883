"""The public list: who is on it, how it is filtered, what every state of it links to."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from policies.models import OperatingPolicy
from tests import factories
from tests.conftest import Cast
from tests.publication.conftest import Publish


def listed(client: Client, address: str) -> tuple[list[str], list[str]]:
    """The names on the list and in the part of former accounts, in their order."""
    response = client.get(address)
    assert response.status_code == 200
    listing = response.context["listing"]
    shown = [account.name for account in listing.accounts]
    former = [account.name for account in listing.former]
    html = response.content.decode()
    assert [name for name in shown + former if name not in html] == []
    return shown, former


def test_an_official_account_is_listed_with_service_handle_department_and_link(
    client: Client, publish: Publish
) -> None:
    account = publish("shinshiro_kanko", "instagram", name="しんしろ観光", category="tourism")

    html = client.get("/").content.decode()

    for part in ("しんしろ観光", "Instagram", "@shinshiro_kanko", "観光課", "観光・イベント"):
        assert part in html
    assert f'href="/accounts/{account.pk}/"' in html
    assert 'href="https://www.instagram.com/shinshiro_kanko/"' in html


@pytest.mark.parametrize("state", ["draft", "with_head", "reported", "returned", "withdrawn"])
def test_an_account_whose_policy_was_not_received_is_not_listed(
    client: Client, cast: Cast, state: str
) -> None:
    account = factories.account(cast.tourism, name="準備中の名前")
    factories.policy(
        account, cast.officer, OperatingPolicy.State(state), head=cast.head,
        receiver=cast.pr_officer,
    )  # fmt: skip

    response = client.get("/")

    assert response.context["listing"].accounts == []
    assert "準備中の名前" not in response.content.decode()


def test_former_accounts_stand_in_a_part_of_their_own_and_are_not_linked_once_closed(
    client: Client, publish: Publish
) -> None:
    publish("now_here", name="今ある")
    publish("stopped_one", name="止まった", status="suspended")
    publish("closed_one", name="なくなった", status="closed")

    assert listed(client, "/") == (["今ある"], ["なくなった", "止まった"])
    html = client.get("/").content.decode()
    assert "廃止・停止したアカウント" in html
    assert 'href="https://x.com/stopped_one"' in html
    assert 'href="https://x.com/closed_one"' not in html


def test_former_accounts_have_a_list_of_their_own(client: Client, publish: Publish) -> None:
    publish(name="今ある")
    publish(name="なくなった", status="closed")

    assert listed(client, "/?status=former") == (["なくなった"], [])


def test_more_former_accounts_than_fit_are_counted_and_linked(
    client: Client, publish: Publish
) -> None:
    for number in range(14):
        publish(name=f"元{number:02}", status="closed")

    _, former = listed(client, "/")
    html = client.get("/").content.decode()

    assert former == [f"元{number:02}" for number in range(12)]
    assert '<a href="/list/former/">廃止・停止したアカウントをすべて見る(14件)</a>' in html


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("service=instagram", ["写真"]),
        ("service=Twitter", ["速報"]),
        ("category=safety", ["速報"]),
        ("department=kanko", ["写真", "速報"]),
        ("department=kanko&service=x&category=safety&q=速報", ["速報"]),
        ("service=facebook", []),
    ],
)
def test_filters_can_be_linked_to(
    client: Client, publish: Publish, query: str, expected: list[str]
) -> None:
    publish(name="速報", category="safety")
    publish(service="instagram", name="写真", category="culture")

    assert listed(client, f"/?{query}") == (expected, [])


def test_the_form_shows_what_is_filtered_and_keeps_the_view(
    client: Client, publish: Publish
) -> None:
    publish(name="速報", category="safety")

    html = client.get("/?q=速報&service=facebook&category=safety&view=table").content.decode()

    assert re.findall(r'<option value="(\w+)" selected>', html) == ["facebook", "safety"]
    assert 'value="速報"' in html
    assert '<input type="hidden" name="view" value="table"' in html


def test_only_services_and_departments_with_accounts_are_offered(
    client: Client, publish: Publish, cast: Cast
) -> None:
    publish(service="youtube")
    factories.account(cast.safety, "example.page", "facebook")

    form = client.get("/").context["form"]

    assert [key for key, _ in form.fields["service"].choices] == ["", "youtube"]
    assert [key for key, _ in form.fields["department"].choices] == ["", "kanko"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("service=nosuch", "種類「nosuch」は見つからないため"),
        ("department=nosuch", "所属「nosuch」は見つからないため"),
        ("category=nosuch", "分野「nosuch」は見つからないため"),
        ("service=%3Cscript%3E", "種類「&lt;script&gt;」は見つからないため"),
        (f"category={'あ' * 500}", f"分野「{'あ' * 30}…」は見つからないため"),
    ],
)
def test_an_unknown_filter_is_left_out_and_named(
    client: Client, publish: Publish, query: str, said: str
) -> None:
    publish(name="速報")

    assert listed(client, f"/?{query}") == (["速報"], [])
    assert said in client.get(f"/?{query}").content.decode()


@pytest.mark.parametrize("view", ["", "view=table&"])
def test_nothing_found_says_so_and_offers_the_way_back(
    client: Client, publish: Publish, view: str
) -> None:
    publish(name="速報")

    html = client.get(f"/?{view}q=どこにもない").content.decode()

    assert "条件に合うアカウントはありません" in html
    assert "条件を消す" in html


def test_an_empty_register_says_so(client: Client, db: None) -> None:
    assert "公式アカウントはまだありません" in client.get("/").content.decode()
    assert "廃止・停止したアカウントはありません" in client.get("/?status=former").content.decode()


@pytest.mark.parametrize("query", ["", "view=table", "q=市", "status=former", "service=x"])
def test_the_number_of_queries_does_not_grow_with_the_list(
    client: Client, publish: Publish, cast: Cast, query: str
) -> None:
    def add() -> None:
        publish(name="市の速報", partners=(cast.safety,))
        publish(name="市の元速報", status="closed")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get(f"/?{query}")
        return len(caught)

    add()
    with_one = queries()
    add()
    add()

    assert queries() == with_one
    assert with_one <= 10


def many(cast: Cast, number: int) -> list[str]:
    """So many official accounts, in turn of two departments; their names in the list's order."""
    Account.objects.bulk_create(
        Account(
            department=cast.safety if each % 2 else cast.tourism, service="x",
            name=f"口座{each:03}", handle=f"many_{each}", url=f"https://x.com/many_{each}",
            identity=f"x:many_{each}", category="city", status="official",
            official_since="2024-04-01",
        )
        for each in range(number)
    )  # fmt: skip
    return [f"口座{n:03}" for first in (0, 1) for n in range(first, number, 2)]


def test_a_hundred_accounts_stand_on_a_page_in_the_order_of_departments_and_names(
    client: Client, cast: Cast
) -> None:
    expected = many(cast, 110)

    first, _ = listed(client, "/")
    second, _ = listed(client, "/?page=2")
    beyond, _ = listed(client, "/?page=999")
    nonsense, _ = listed(client, "/?page=x")

    assert (first, second) == (expected[:100], expected[100:])
    assert (beyond, nonsense) == (second, first)
    html = client.get("/?view=table&page=2").content.decode()
    assert "101〜110件目" in html
    assert 'href="?view=table&amp;page=1"' in html


def test_what_stands_on_no_first_page_is_reached_without_a_question_mark(
    client: Client, cast: Cast
) -> None:
    expected = many(cast, 210)

    html = client.get("/").content.decode()
    narrower = re.findall(r'<li><a href="((?:/list/\w+|/departments)/\w+/)">', html)
    pages = [client.get(address).context for address in narrower]
    found = [[card["title"] for card in page["cards"]] for page in pages]

    assert "page=" not in html
    assert narrower == [
        f"/departments/{cast.tourism.pk}/", f"/departments/{cast.safety.pk}/", "/list/service/x/",
        "/list/category/city/",
    ]  # fmt: skip
    assert found == [expected[:105], expected[105:], expected, expected]


@pytest.mark.parametrize(
    "address", ["department/nosuch", "department/bosai", "service/nosuch", "what/kanko", "q/x"]
)
def test_a_list_of_nothing_is_no_page(client: Client, publish: Publish, address: str) -> None:
    publish()

    assert client.get(f"/list/{address}/").status_code == 404
    assert client.get(f"/list/{address}/table/").status_code == 404


def test_the_index_has_every_account_with_the_text_that_finds_it(
    client: Client, publish: Publish
) -> None:
    publish("now_here", name="しんしろ観光", policy={"purpose": "催しの案内"})
    publish("gone_by", "instagram", name="止まった", status="suspended")

    found = client.get("/list/index.json").json()["accounts"]

    assert [(row["card"]["title"], row["service"], row["former"]) for row in found] == [
        ("しんしろ観光", "x", False), ("止まった", "instagram", True),
    ]  # fmt: skip
    assert found[0]["card"]["lead"] == "催しの案内"
    for word in ("now_here", "しんしろ観光", "観光課", "かんこうか"):
        assert word in found[0]["text"]
    assert [row["identity"] for row in found] == ["x:now_here", "instagram:gone_by"]


def test_the_table_names_the_same_accounts_as_the_cards(client: Client, publish: Publish) -> None:
    publish(name="速報")
    publish(name="なくなった", status="closed")

    assert listed(client, "/?view=table") == listed(client, "/")
    html = client.get("/?view=table").content.decode()
    assert '<th scope="col">アカウント名</th>' in html


def canonical(html: str) -> list[Any]:
    return re.findall(r'<link rel="canonical" href="([^"]+)">', html)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("/", "/"),
        ("/?view=table", "/"),
        ("/?service=nosuch&other=1", "/"),
        ("/?category=safety&view=table&service=x", "/?service=x&amp;category=safety"),
        ("/?status=former", "/list/former/"),
        ("/list/former/table/", "/list/former/"),
        ("/list/table/", "/"),
        ("/?category=safety", "/list/category/safety/"),
        ("/list/category/safety/table/", "/list/category/safety/"),
        ("/?page=7", "/"),
    ],
)
def test_one_list_has_one_canonical_address(
    client: Client, publish: Publish, settings: Any, asked: str, expected: str
) -> None:
    settings.PORTAL_URL = "https://sns.city.example"
    publish(category="safety")

    assert canonical(client.get(asked).content.decode()) == [f"https://sns.city.example{expected}"]


@pytest.mark.parametrize(
    ("asked", "is_the_department"),
    [
        ("/list/department/kanko/", True), ("/list/department/kanko/table/", True),
        ("/?department=kanko", True), ("/?department=kanko&view=table", True),
        ("/?department=kanko&service=x", False), ("/?department=kanko&status=former", False),
        ("/list/service/x/", False), ("/", False),
    ],
)  # fmt: skip
def test_the_list_of_a_department_leads_to_its_page_which_is_the_one_address_of_both(
    client: Client, publish: Publish, settings: Any, cast: Cast, asked: str, is_the_department: bool
) -> None:
    settings.PORTAL_URL = "https://sns.city.example"
    publish()
    page = f"/departments/{cast.tourism.pk}/"

    html = client.get(asked).content.decode()

    assert (canonical(html) == [f"https://sns.city.example{page}"]) is is_the_department
    assert (f'<p><a href="{page}">観光課のページ(' in html) is is_the_department
    assert "/list/department/" not in client.get("/sitemap.xml").content.decode()


def test_a_search_is_not_for_search_engines(client: Client, publish: Publish) -> None:
    html = client.get("/?q=観光").content.decode()

    assert '<meta name="robots" content="noindex">' in html
    assert canonical(html) == []

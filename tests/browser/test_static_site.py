"""The published files in a browser, from nginx alone: no portal runs, and nothing is missed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_plus, urlencode

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import Account, Notice
from policies.models import GuidelineVersion, OperatingPolicy
from publication import list_pages, rendering
from publication.catalogue import addresses
from publication.checking import current
from publication.keys import create
from publication.listing import Choices, Listing, read_filters
from publication.publishing import publish
from publication.state import PublicState
from tests import factories
from tests.browser.conftest import Visit
from tests.conftest import Cast
from tests.web_server import WebServer, serving

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.once]

# Written as escapes: editors and readers cannot tell the widths apart.
HALF_WIDTH_KANA = "\uff85\uff8b\uff9e"
FULL_WIDTH_LETTERS = "\uff2e\uff21\uff36\uff29"
FULL_WIDTH_AT = "\uff20"
ACCOUNTS = (
    ("shinshiro_navi", "x", "しんしろナビ NAVI"), ("tsukude_kogen", "instagram", "作手高原"),
    ("", "line", "防災〜くらしー"), ("hostile", "youtube", '</script><b>"悪意"</b>'),
    ("noda_castle", "instagram", "野田城だより"), ("stopped", "x", "止まったナビ"),
    ("hijacked", "facebook", "乗っ取られたナビ"),
)  # fmt: skip


@pytest.fixture
def city(cast: Cast) -> list[Account]:
    """Four official accounts, one that is closed, one suspended and one in doubt, and a guideline."""
    current.forget()
    GuidelineVersion.objects.create(
        title="例の決まり", text="1.目的\nこの決まりは、例を示す。\n", effective_from="2013-04-17"
    )
    made = []
    for handle, service, name in ACCOUNTS:
        account = factories.account(cast.tourism, handle, service, name=name)
        factories.policy(
            account, cast.officer, OperatingPolicy.State.IN_FORCE, head=cast.head,
            receiver=cast.pr_officer,
        )  # fmt: skip
        made.append(Account.objects.get(pk=account.pk))
    factories.stood(made[4], "close", cast.head, successor=made[1])
    factories.stood(made[5], "suspend", cast.head)
    Account.objects.filter(pk=made[6].pk).update(doubted_since=timezone.now())
    Account.objects.filter(pk=made[3].pk).update(service_account_id="UC0123456789abcdefghijkl")
    return made


@pytest.fixture
def nginx(
    city: list[Account], tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[WebServer]:
    """nginx before the city's publication."""
    monkeypatch.setattr(os, "sync", lambda: None)
    monkeypatch.setattr(rendering, "BROTLI_QUALITY", 1)
    # The host of the files is all that visitors reach.
    settings.VISITORS_REACH_PORTAL = False
    create(tmp_path / "keys", tmp_path / "root.pem")
    settings.PUBLICATION_KEYS = str(tmp_path / "keys")
    publish(tmp_path / "site")
    with serving(tmp_path / "site", tmp_path / "nginx") as server:
        yield server


@pytest.fixture
def address(nginx: WebServer) -> str:
    """Every browser of this file visits the files, and no portal listens anywhere."""
    return nginx.url


def names(page: Page, section: str = "list-title") -> list[str]:
    return page.locator(f"[aria-labelledby={section}] .card__title").all_inner_texts()


def look_up(page: Page, **asked: str) -> None:
    page.goto(f"/?{urlencode(asked)}")
    page.get_by_text("件見つけました").wait_for()


def by_the_portal(**asked: str) -> tuple[list[str], list[str]]:
    """The official and the former accounts that the portal itself finds."""
    listing = Listing(read_filters(asked, Choices.offered().departments), None)
    if listing.filters.former:
        return [], [each.title for each in listing.accounts]
    return [each.title for each in listing.accounts], [each.title for each in listing.former]


# --- The list ------------------------------------------------------------------------------------


def test_the_list_is_searched_as_the_portal_searches_it(visit: Visit, cast: Cast) -> None:
    page = visit()
    page.goto("/")
    assert names(page) == by_the_portal()[0]
    assert len(names(page)) == 4

    texts = [
        "ナビ", "なび", HALF_WIDTH_KANA, "NAVI", FULL_WIDTH_LETTERS, "しんしろ ナビ", "\u3000シンシロ\u3000 なび ",
        "@shinshiro_navi", FULL_WIDTH_AT + "shinshiro_navi", "x.com/shinshiro_navi", "作手高原", "ー", "~", "〜",
        "くらし-", "\u301c\u2212", cast.tourism.name, "Instagram", "instagram 高原", "ないもの", "ＹｏｕＴｕｂｅ",
        "</script>", '"', "<b>", "%", "_", "\\", "@", "ß", "なび @",
    ]  # fmt: skip
    department = cast.tourism.code
    asked: list[dict[str, str]] = [{"q": text} for text in texts]
    asked += [
        {"service": "x"}, {"service": "instagram", "q": "高原"}, {"department": department},
        {"service": "x", "department": department, "q": "なび"}, {"status": "former"},
        {"status": "former", "q": "なび"}, {"status": "former", "service": "line"},
    ]  # fmt: skip
    for each in asked:
        look_up(page, **each)
        found = names(page), names(page, "former-title")
        assert found == by_the_portal(**each), each


def test_a_pasted_address_finds_the_account_however_it_is_spelled(
    visit: Visit, city: list[Account]
) -> None:
    page = visit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    look_up(page, q="なび")
    assert [url for url in asked if "check-" in url] == []

    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in "https://www.instagram.com/tsukude_kogen/")
    spellings = {
        "しんしろナビ NAVI": [
            "https://mobile.twitter.com/Shinshiro_NAVI?s=20", "HTTPS://WWW.X.COM/SHINSHIRO_NAVI/",
            "x.com/@shinshiro_navi", "//m.x.com/shinshiro_navi?utm_source=a&lang=ja#top",
        ],
        "作手高原": [wide, "instagram.com/Tsukude_Kogen?igsh=abc==", "http://m.instagram.com/tsukude_kogen/"],
        '</script><b>"悪意"</b>': [
            "https://m.youtube.com/@hostile/videos", "youtube.com/channel/UC0123456789abcdefghijkl",
        ],
        "": ["https://x.com/tsukude_kogen", "x.com/shinshiro_navi/status/1", "https://bit.ly/shinshiro_navi",
             "https://", "...", "/", "https://x.com/%E3%81%82", "http://[::1]/", "なび " * 12, "x.com/" + "a" * 300],
    }  # fmt: skip
    for name, texts in spellings.items():
        for text in texts:
            look_up(page, q=text)
            found = names(page), names(page, "former-title")
            assert found == by_the_portal(q=text), text
            assert not name or found == ([name], []), text
    assert [url for url in asked if url.rpartition("?")[0].endswith((".js", ".json"))] == []


def test_a_search_that_is_too_long_is_cut_and_says_so(visit: Visit, city: list[Account]) -> None:
    page = visit()
    look_up(page, q="しんしろ " * 9)

    assert page.get_by_text("検索する言葉は、100文字、8語までです。").is_visible()
    assert page.get_by_label("検索", exact=True).input_value() == " ".join(["しんしろ"] * 8)
    assert names(page) == ["しんしろナビ NAVI"]


def test_it_is_searched_by_the_form_and_the_conditions_can_be_taken_away(
    visit: Visit, city: list[Account]
) -> None:
    page = visit()
    page.goto("/")
    page.get_by_label("検索", exact=True).fill("シンシロ")
    page.get_by_label("種類", exact=True).select_option("x")
    page.get_by_role("button", name="検索する").click()

    page.get_by_text("アカウントを1件見つけました。").wait_for()
    assert names(page) == ["しんしろナビ NAVI"]
    assert page.get_by_role("heading", name="運用中のアカウント 1件").is_visible()
    assert page.get_by_label("検索", exact=True).input_value() == "シンシロ"
    assert page.get_by_label("種類", exact=True).input_value() == "x"
    page.get_by_role("link", name="条件を消す").click()
    assert len(names(page)) == 4
    page.get_by_role("link", name="しんしろナビ NAVI", exact=True).click()
    assert page.url.endswith(city[0].get_absolute_url())
    assert page.get_by_text("これは新城市の公式アカウントです").is_visible()


def test_a_card_that_was_found_is_the_card_of_the_list(visit: Visit, city: list[Account]) -> None:
    page = visit()
    page.goto("/")
    shown = "cards => cards.map(card => card.outerHTML.replace(/\\s+/g, ' ').replace(/> | </g, s => s.trim()))"
    whole = page.locator(".card").evaluate_all(shown)
    assert len(whole) == 7

    look_up(page, department=city[0].department.code)

    assert page.locator(".card").evaluate_all(shown) == whole


def test_nothing_found_and_an_unknown_condition_are_said(visit: Visit) -> None:
    page = visit()
    look_up(page, q="ないもの")
    assert page.get_by_text("条件に合うアカウントはありません").is_visible()
    assert page.get_by_text("アカウントを0件見つけました。").is_visible()

    look_up(page, q="なび", service="<b>nosuch")
    assert page.get_by_text("種類「<b>nosuch」は見つからないため、この条件を外して").is_visible()
    assert names(page) == ["しんしろナビ NAVI"]


def test_of_many_only_the_first_are_shown(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, city: list[Account]
) -> None:
    # Before the publication is made.
    monkeypatch.setattr(list_pages, "PAGE_SIZE", 2)
    page = request.getfixturevalue("visit")()

    look_up(page, department=city[0].department.code)

    assert page.get_by_role("heading", name="運用中のアカウント 4件").is_visible()
    assert names(page) == by_the_portal()[0][:2]
    assert len(names(page, "former-title")) == 2
    assert page.get_by_text("はじめの2件を表示しています。").count() == 2


def test_without_the_index_the_whole_list_stays_and_says_so(visit: Visit) -> None:
    page = visit()
    page.route("**/list/index.json", lambda route: route.abort())
    page.goto(f"/?q={quote('なび')}")

    page.get_by_text("探すための一覧を読み込めませんでした").wait_for()
    assert len(names(page)) == 4


def test_without_a_script_the_lists_are_there(visit: Visit, city: list[Account]) -> None:
    page = visit(java_script_enabled=False)
    page.goto(f"/?q={quote('なび')}")
    assert len(names(page)) == 4

    page.get_by_role("navigation", name="種類から探す").get_by_role("link").first.click()
    assert len(names(page)) == 1
    page.get_by_role("link", name=names(page)[0], exact=True).click()
    assert page.get_by_text("これは新城市の公式アカウントです").is_visible()


# --- The check -----------------------------------------------------------------------------------


def test_the_check_answers_and_no_request_carries_what_was_typed(
    visit: Visit, nginx: WebServer
) -> None:
    page = visit()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    page.goto("/")
    page.get_by_role("link", name="これは本物?").first.click()
    page.get_by_text("この端末の中だけで確かめます").wait_for()

    for text, heading in (
        ("@tsukude_kogen", "新城市の公式です"),
        ("https://www.instagram.com/tsukude_k0gen/", "公式とまぎらわしいものです"),
        ("@noda_castle", "今は新城市の公式ではありません"),
        ("https://x.com/himitsu_kaiwa", "公式アカウントの一覧にありません"),
    ):
        page.get_by_label("確かめたいもの").fill(text)
        page.get_by_role("button", name="確かめる").click()
        page.locator(".answer__title", has_text=heading).wait_for()
    page.get_by_label("確かめたいもの").fill("@tsukude_kogen")
    page.get_by_role("button", name="確かめる").click()
    page.get_by_role("link", name="Instagramの「作手高原」").first.click()
    page.wait_for_url("**/accounts/**")

    assert len(sent) > 5
    typed = ("himitsu", "tsukude", "noda_castle")
    assert [each for each in sent if any(word in unquote_plus(each) for word in typed)] == []
    assert page.context.cookies() == []
    assert page.evaluate("document.referrer") == ""
    assert "himitsu" not in nginx.logs()


def test_a_link_to_the_check_with_a_question_in_it_is_answered(visit: Visit) -> None:
    page = visit()
    page.goto("/check/?q=%40tsukude_kogen")

    page.locator(".answer__title", has_text="新城市の公式です").wait_for()


# --- Everything else -----------------------------------------------------------------------------


def test_no_page_leads_to_what_only_a_portal_could_answer(nginx: WebServer, tmp_path: Path) -> None:
    pages = list((tmp_path / "site").rglob("*.html"))
    linked = {
        (unescape(target).partition("#")[0], page.name)
        for page in pages
        for target in re.findall(r'(?:href|src|action|data-index)="(/[^"]*)"', page.read_text())
    }
    assert len(pages) > 30
    assert len(linked) > 40

    assert [each for each in sorted(linked) if nginx.ask(each[0]).status != 200] == []


def test_notices_open_and_what_is_not_there_leads_back(visit: Visit, city: list[Account]) -> None:
    page = visit()
    page.goto("/")
    page.get_by_role("link", name="お知らせ").first.click()
    notice = Notice.objects.first()
    assert notice is not None
    page.locator(f'main a[href="{notice.get_absolute_url()}"]').first.click()
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.url.endswith(notice.get_absolute_url())
    page.goto("/guideline/")
    assert page.get_by_text("この決まりは、例を示す。").is_visible()
    page.goto("/accounts/987654/")
    assert page.get_by_role("link", name="公式アカウント一覧").first.is_visible()
    assert page.context.cookies() == []


@pytest.mark.parametrize("width", [360, 1440])
def test_every_page_fits_and_breaks_no_policy(
    visit: Visit, axe: Callable[[Page], None], width: int
) -> None:
    page = visit(width=width)
    pages = [each for each in addresses(PublicState()) if each.endswith(("/", ".html"))]
    assert len(pages) > 30
    for each in pages:
        page.goto(each)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, each
    for asked in ({"q": "なび"}, {"q": "ないもの"}, {"status": "former"}, {"service": "nosuch"}):
        look_up(page, **asked)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, asked
    assert page.context.cookies() == []

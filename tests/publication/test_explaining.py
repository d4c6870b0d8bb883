"""What the city explains: what 'official' means here, and how accessible the site is meant to be."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

# Every page asks for what tops it.
pytestmark = [pytest.mark.once, pytest.mark.django_db]


def text_of(client: Client, address: str) -> str:
    html = client.get(address).content.decode()
    main = html.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", main))


def test_it_says_how_an_account_becomes_official_what_that_says_and_what_to_do_in_doubt(
    client: Client,
) -> None:
    text = text_of(client, "/official/")

    for part in (
        "公式アカウントになるまで", "示すこと", "示さないこと", "見分け方",
        "市のページのURLがプロフィールに書いてあるだけでは、公式とは言えません",
        "一覧にないアカウントは、市の公式アカウントとして確認できません。ただし、にせものとは限りません",
        "有料で買えるマークは、本物である証明になりません",
        "0536-23-7623",
        "#9110",
    ):  # fmt: skip
        assert part in text
    for word in ("運用中", "停止中", "廃止", "確認期限切れ"):
        assert word in text


def test_its_contents_lead_to_their_places(client: Client) -> None:
    html = client.get("/official/").content.decode()

    places = re.findall(r'<h2 id="([a-z-]+)">', html)

    assert re.findall(r'<a href="#([a-z-]+)">', html) == places
    assert len(places) == 5
    # A sign in a telephone number that an address would take for its anchor.
    assert 'href="tel:%239110"' in html


@pytest.mark.parametrize(
    ("at_once", "said"),
    [
        (False, "確かめて受理すると、公式アカウントとして"),
        (True, "報告されると、公式アカウントとして"),
    ],
)
def test_it_says_the_moment_that_the_city_chose(
    client: Client, settings: Any, at_once: bool, said: str
) -> None:
    settings.OFFICIAL_BEFORE_RECEIPT = at_once

    assert said in text_of(client, "/official/")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/guideline/"])
def test_it_is_reached_from_every_page(client: Client, address: str) -> None:
    assert 'href="/official/"' in client.get(address).content.decode()


def test_the_accessibility_policy_says_what_japanese_public_bodies_say(client: Client) -> None:
    text = text_of(client, "/accessibility/")

    for part in (
        "対象範囲", "目標とする適合レベルと対応度", "JISX8341-3:2016", "適合レベルAA", "配慮",
        "目標を達成する期限", "例外とするもの", "まだ確かめていないこと",
        "担当新城市企画部秘書人事課広報広聴係", "電話0536-23-7623", "ファクス0536-23-2002",
        "2026年11月23日作成",
    ):  # fmt: skip
        assert part in text


@pytest.mark.parametrize(("day", "said"), [("", False), ("2028-03-31", True)])
def test_a_day_of_tests_is_promised_only_where_the_city_set_one(
    client: Client, settings: Any, day: str, said: bool
) -> None:
    settings.ACCESSIBILITY_TEST_BY = day

    assert ("人による試験を令和10年3月31日までに行い" in text_of(client, "/accessibility/")) == said


def test_without_a_facsimile_none_is_named(client: Client, settings: Any) -> None:
    settings.CITY_FAX = ""

    assert "ファクス" not in text_of(client, "/accessibility/")

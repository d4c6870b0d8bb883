"""The search finds what a reader means, however it is typed, and survives whatever is typed."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Account
from publication.listing import LONGEST_SEARCH, MOST_WORDS, read_filters
from tests.publication.conftest import Publish

# Written as escapes: editors and readers cannot tell the widths apart.
HALF_WIDTH_KANA = "\uff85\uff8b\uff9e"
FULL_WIDTH_LETTERS = "\uff2e\uff21\uff36\uff29"
FULL_WIDTH_AT = "\uff20"


def found(client: Client, text: str) -> list[str]:
    response = client.get(f"/?q={quote(text)}")
    assert response.status_code == 200
    return [account.name for account in response.context["listing"].accounts]


@pytest.mark.parametrize(
    "text",
    [
        "ナビ",
        "なび",
        HALF_WIDTH_KANA,
        "NAVI",
        "navi",
        FULL_WIDTH_LETTERS,
        "しんしろ ナビ",
        "\u3000シンシロ\u3000 なび ",
        "@shinshiro_navi",
        FULL_WIDTH_AT + "shinshiro_navi",
        "観光課",
        "かんこうか",
        "カンコウカ",
        "Twitter",
        "https://x.com/shinshiro_navi",
        "https://twitter.com/Shinshiro_NAVI?s=20",
        "x.com/@shinshiro_navi",
        "mobile.twitter.com/shinshiro_navi",
    ],
)
def test_width_case_kana_and_spelling_make_no_difference(
    client: Client, publish: Publish, text: str
) -> None:
    publish("shinshiro_navi", name="しんしろナビ NAVI")
    publish("bosai", "instagram", name="防災", category="safety")

    expected = ["しんしろナビ NAVI"]
    if text in ("観光課", "かんこうか", "カンコウカ"):
        expected = ["しんしろナビ NAVI", "防災"]
    assert found(client, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://m.facebook.com/example.page/", "ページ"),
        ("http://www.facebook.com/Example.Page?ref=ts&fref=ts", "ページ"),
        ("ＨＴＴＰＳ：／／Ｗｗｗ．Ｆａｃｅｂｏｏｋ．Ｃｏｍ／ｅｘａｍｐｌｅ．ｐａｇｅ", "ページ"),
        ("facebook.com/examplepage", "ページ"),
        ("https://www.youtube.com/channel/UC0123456789abcdefghijkl", "動画"),
        ("https://mastodon.example/@Bosai", "予備"),
        ("@bosai@mastodon.example", "予備"),
        ("bosai@mastodon", "予備"),
        ("example.pa", "ページ"),
        # No address of any of them: the words are looked for, and a post's address proves nothing.
        ("https://www.facebook.com/example.page2", ""),
        ("https://x.com/example.page", ""),
        ("https://www.facebook.com/example.page/posts/12345", ""),
    ],
)
def test_a_pasted_address_finds_the_account_however_it_is_spelled(
    client: Client, publish: Publish, text: str, expected: str
) -> None:
    publish("example.page", "facebook", name="ページ")
    publish("bosai@mastodon.example", "mastodon", name="予備")
    made = publish("bosai_movie", "youtube", name="動画")
    Account.objects.filter(pk=made.pk).update(service_account_id="UC0123456789abcdefghijkl")

    assert found(client, text) == ([expected] if expected else [])


@pytest.mark.parametrize(
    "text", ["%", "_", "\\", "'", '"; DROP TABLE', "%_%", "NaN", "ー", FULL_WIDTH_AT, "@"]
)
def test_signs_have_no_meaning_of_their_own(client: Client, publish: Publish, text: str) -> None:
    publish("plainname", name="防災")

    response = client.get(f"/?q={quote(text)}")

    assert response.status_code == 200
    if text not in (FULL_WIDTH_AT, "@"):
        assert response.context["listing"].accounts == []


def test_every_word_must_be_found(client: Client, publish: Publish) -> None:
    publish(name="紅葉まつり")
    publish(name="桜まつり")

    assert found(client, "まつり 桜") == ["桜まつり"]
    assert found(client, "まつり 梅") == []


def test_a_search_too_long_is_cut_and_says_so(client: Client, publish: Publish) -> None:
    publish(name="防災")

    for text in ("防災 " * 3000, "防" * 5000):
        html = client.get("/", {"q": text}).content.decode()
        assert f"検索する言葉は、{LONGEST_SEARCH}文字、{MOST_WORDS}語までです。" in html


@given(st.text(max_size=300))
def test_what_is_searched_for_is_always_short_and_clean(text: str) -> None:
    q = read_filters({"q": text}, []).q

    assert len(q) <= LONGEST_SEARCH
    assert len(q.split()) <= MOST_WORDS
    assert "\0" not in q


def test_a_nul_byte_finds_nothing_and_breaks_nothing(client: Client, publish: Publish) -> None:
    publish(name="防災")

    assert client.get("/?q=%00").status_code == 200
    assert (
        client.get("/?service=%00&department=%00&category=%00&page=%00&q=a%00b").status_code == 200
    )

"""Clause 4(2): what an officer is to mind in a post is named before it goes out, with the place and why."""

from __future__ import annotations

import pytest

from postings.checking import Draft, Image, ImageKind, Level, check
from tests.postings.corpus import KNOWN, TODAY

pytestmark = pytest.mark.once


def found(text, images=()):
    return check(Draft(text, images), ["x"], today=TODAY, known=KNOWN)


@pytest.mark.parametrize(
    ("clause", "text", "words", "level"),
    [
        # ア: accurate, and not to be misunderstood
        ("4(2)ア", "12月6日(月)に開きます。", "12月6日(月)", Level.ERROR),
        ("4(2)ア", "11月31日に開きます。", "11月31日", Level.ERROR),
        ("4(2)ア", "受付は11月2日からです。申込みをお待ちします。", "11月2日", Level.WARNING),
        ("4(2)ア", "の" * 141, "の", Level.ERROR),
        # イ: the city's other rules for the web
        ("4(2)イ", "保母さんを募集します。", "保母", Level.WARNING),
        ("4(2)イ", "受付は①です。", "①", Level.HINT),
        ("4(2)イ", "http://www.city.shinshiro.lg.jp/", "http://www.city.shinshiro.lg.jp/", Level.WARNING),
        # ウ: quotes, and links to pages of others
        ("4(2)ウ", "引用:すばらしい街です", "引用:", Level.WARNING),
        ("4(2)ウ", "https://shop.example.com/", "https://shop.example.com/", Level.WARNING),
        ("4(2)ウ", "https://www.mhlw.go.jp/", "https://www.mhlw.go.jp/", Level.HINT),
        ("4(2)ウ", "https://bit.ly/abc", "https://bit.ly/abc", Level.WARNING),
        ("4(2)ウ", "https://city-shinshiro.com/", "https://city-shinshiro.com/", Level.ERROR),
        # エ: nothing that discriminates
        ("4(2)エ", "めくら判は押しません。", "めくら判", Level.ERROR),
    ],
)  # fmt: skip
def test_each_item_of_the_clause_is_looked_after(clause, text, words, level):
    (one,) = found(text)
    assert (one.clause, one.words, one.level) == (clause, words, level)
    assert one.why.endswith(("。", ")"))
    assert one.do.endswith("。")


def test_a_link_says_whose_page_it_leads_to():
    (youtube,) = found("https://youtu.be/abc")
    (state,) = found("https://www.mhlw.go.jp/")
    (shop,) = found("https://shop.okumikawa.co.jp/")
    assert "YouTube(youtu.be)" in youtube.why
    assert "mhlw.go.jp」(国の機関)" in state.why
    assert "「okumikawa.co.jp」のページ" in shop.why


def test_an_image_wants_a_description():
    lacking, given = (
        {one.rule for one in found("地図です。", (Image(ImageKind.CHART, 1, described),))}
        for described in (False, True)
    )
    assert lacking - given == {"image.undescribed"}


def test_a_post_in_order_is_told_nothing():
    assert found("紅葉が見頃です。11月29日(日)まで、表参道で直売所を開いています。") == []

"""Clause 4(3): privacy, personal information, portrait and copyright are asked about before a post goes out."""

from __future__ import annotations

import pytest

from postings.checking import Draft, Image, ImageKind, Level, check
from tests.postings.corpus import KNOWN, TODAY

pytestmark = pytest.mark.once


def found(text, images=()):
    return [one for one in check(Draft(text, images), ["x"], today=TODAY, known=KNOWN)
            if one.clause == "4(3)"]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words", "level"),
    [
        ("個人番号は1234-5678-9018です。", "1234-5678-9018", Level.ERROR),
        ("カードは4111-1111-1111-1111です。", "4111-1111-1111-1111", Level.ERROR),
        ("090-1234-5678へ", "090-1234-5678", Level.ERROR),
        ("0532-12-3456へ", "0532-12-3456", Level.WARNING),
        ("taro@gmail.comへ", "taro@gmail.com", Level.ERROR),
        ("taro@example.comへ", "taro@example.com", Level.WARNING),
        ("昭和30年5月1日生まれ", "昭和30年5月1日", Level.WARNING),
        ("〒460-0001", "460-0001", Level.HINT),
        ("新城市矢部字上ノ川12番地", "新城市矢部字上ノ川12番地", Level.HINT),
    ],
)
def test_personal_information_is_named(text, words, level):
    (one,) = found(text)
    assert (one.words, one.level) == (words, level)


@pytest.mark.parametrize(
    "text",
    ["1234-5678-9012", "4111-1111-1111-1112", "令和8年4月2日から令和9年4月1日生まれの方", "0120-123-456",
     "koho@city.shinshiro.lg.jp", "お問い合わせは0536-23-7623へ", "皆さん、お客様0532-12-345"],
)  # fmt: skip
def test_what_only_looks_like_it_is_not(text):
    assert found(text) == []


def test_a_name_is_personal_beside_what_leads_to_the_person():
    assert found("講師は山田太郎さんです。") == []
    name, telephone = found("山田太郎さん(0532-12-3456)")
    assert (name.words, telephone.words) == ("山田太郎さん", "0532-12-3456")


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        (ImageKind.PHOTO, ["image.rights", "image.consent"]),
        (ImageKind.VIDEO, ["image.rights", "image.consent"]),
        (ImageKind.ILLUSTRATION, ["image.rights"]),
        (ImageKind.SCREENSHOT, ["image.rights"]),
        (ImageKind.CHART, ["image.rights"]),
    ],
)
def test_rights_and_consent_are_to_be_stated_for_what_is_attached(kind, asked):
    assert [one.rule for one in found("お知らせ", (Image(kind),))] == asked
    assert found("お知らせ", (Image(kind, 0),)) == []

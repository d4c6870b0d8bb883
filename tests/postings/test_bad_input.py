"""Whatever is pasted: never an error, and a list that a person can read."""

from __future__ import annotations

import logging

import pytest

from postings.checking import Draft, Image, ImageKind, check
from postings.checking.check import SHOWN
from postings.checking.rules import RULES
from tests.postings.corpus import KNOWN, TODAY
from tests.postings.test_linear import HOSTILE

pytestmark = pytest.mark.once

EVERYWHERE = ["x", "facebook", "line", "threads", "bluesky", "mastodon"]


def found(text, services=("x",), images=()):
    return check(Draft(text, images), services, None, TODAY, KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        *(piece * 300 for piece in HOSTILE.values()),
        "", " ", "\n", "\r\n\r\n", "\ud83d", "\udcff" * 50, "\ufffe\uffff", "\U0010ffff" * 20,
        "<script>alert('090-1234-5678')</script>", "https://", "http://@", "https://[::1]/",
        "https://1.2.3.4:99999/", "https://xn--/", "https://xn--a-ecp.ru/", "https://%zz/",
        "@", "RT @", "#", "〒", "令和元年元月元日", "99999年99月99日(月)", "0年1月1日", "00月00日(火)",
        "明治45年7月30日", "+81", "(((((0", "\u3099か", "ﾞﾟ",
    ],
)  # fmt: skip
def test_nothing_that_is_pasted_breaks_the_check(text):
    for finding in found(text, EVERYWHERE):
        assert 0 <= finding.start <= finding.end <= len(text)
        assert finding.words == text[finding.start : finding.end] or finding.more
        assert finding.why
        assert finding.do


def test_a_hundred_thousand_characters_are_read_to_the_end():
    text = "お知らせです。\n" * 12_500 + "電話は090-1234-5678です。"
    assert len(text) > 100_000
    assert [(one.rule, one.words) for one in found(text, ["facebook"])] == [
        ("length.too_long", text[63_206:]),
        ("personal.mobile", "090-1234-5678"),
    ]


def test_of_a_thousand_links_twenty_are_shown_and_the_others_counted():
    text = "\n".join(f"https://site{number}.example.com/" for number in range(1000))
    third = [one for one in found(text, ["facebook"]) if one.rule == "link.third_party"]
    assert len(third) == SHOWN + 1
    assert (third[-1].words, third[-1].more) == ("ほか980件", 980)
    assert third[-1].start == len(text)


def test_a_list_is_never_longer_than_its_rules_allow():
    text = "".join(piece * 40 for piece in HOSTILE.values())
    assert len(found(text, EVERYWHERE)) <= len(RULES) * (SHOWN + 1)


@pytest.mark.parametrize(
    "written",
    [
        "090-1234-5678", "０９０－１２３４－５６７８", "090\u200d-12\u200b34-5678", "\u202e090-1234-5678",
        "090ー1234ー5678", "090‐1234‑5678", "090 1234 5678", "090(1234)5678", "(090)1234-5678",
        "09012345678", "0 9 0 1 2 3 4 5 6 7 8", "0️⃣9️⃣0️⃣-1234-5678", "𝟎𝟗𝟎-𝟏𝟐𝟑𝟒-𝟓𝟔𝟕𝟖",
        "090-12\x0034-5678", "0\u03369\u03360\u0336-1234-5678", "+81-90-1234-5678", "090.1234.5678",
    ],
)  # fmt: skip
def test_a_telephone_is_found_however_it_hides(written):
    text = f"連絡は{written}へ"
    first = [one for one in found(text) if one.rule == "personal.mobile"]
    assert [one.words.strip("\u202e") for one in first] == [written.strip("\u202e")]


def test_nothing_of_a_draft_stands_in_a_log_or_in_a_representation(caplog):
    secret = "田中さん090-8765-4321"
    draft = Draft(secret, (Image(ImageKind.PHOTO),))
    with caplog.at_level(logging.DEBUG):
        findings = found(f"{secret} https://himitsu.example.com/")
    assert caplog.text == ""
    for shown in (repr(draft), repr(findings)):
        assert "8765" not in shown
        assert "田中" not in shown


def test_the_places_are_those_of_what_was_typed():
    text = "が\u3099ﾊﾟﾋﾟ👨‍👩‍👧‍👦㈱\r\n①電話０９０ー１２３４ー５６７８と外\u200b人"
    words = {one.rule: one.words for one in found(text) if one.rule != "characters.dependent"}
    assert words["personal.mobile"] == "０９０ー１２３４ー５６７８"
    assert words["words.listed"] == "外\u200b人"
    assert words["characters.unseen"] == "\u200b"

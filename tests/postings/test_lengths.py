"""A post is as long as its service says. For X: the examples it published with its own counter."""

from __future__ import annotations

import pytest

from postings.checking import Draft, Length, check, length
from tests.postings.corpus import KNOWN, TODAY

pytestmark = pytest.mark.once

FAMILY = "👨‍👩‍👧‍👦"
X = "xxxxxxxxxx-"


@pytest.mark.parametrize(
    ("text", "weighted"),
    [
        ("This is a test.", 15),
        ("http://test.com", 23),
        ("https://test.com", 23),
        ("test.com", 23),
        ("Test https://test.com test https://test.com test.com test", 86),
        ("Hi http://test.co", 26),
        ("http://test.co", 23),
        ("285 chars-" + X * 25, 285),
        ("285 chars- http://www.twitter.com/jack " + X * 24, 299),
        (X * 24 + " http://www.twitter.com/jack ", 289),
        ("https://www.twitter.com/aloha " * 10, 240),
        ("故人西辞黄鹤楼，烟花三月下扬州。" * 10, 320),
        ("the" + "故人西辞黄鹤楼，烟花三月下扬州。" * 10, 323),
        ("😷" * 160, 320),
        ("A\u0301B", 2),
        ("A\ufb2c", 4),
        (f"H🐱☺{FAMILY}", 7),
        ("😷👾😡🔥💩", 10),
        ("🙋🏽👨‍🎤", 4),
        (FAMILY * 140, 280),
        ("1\u20e3", 2),
        ("Unicode 10.0 emoji: 🤪; 🧕; 🧕🏾; 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 34),
        ("Unicode 9.0 emoji: 🤠; 💃; 💃🏾", 29),
        (
            "This is a tweet with general punctuation characters: \u2000\u2001\u2002\u2003\u2004\u2005\u2006"
            "\u2007\u2008\u2009\u200a\u200b ‐ ‑ ‒ – — ― ‖  ‗ ‘ ’ ‚ ‛ “ ” „ ‟ ′ ″ ‴ ‵ ‶ ‷",
            110,
        ),
        ("randomurl" * 7 + "s.com", 68),
    ],
)  # fmt: skip
def test_x_counts_as_its_own_examples_say(text, weighted):
    assert length(text, "x").used == weighted


@pytest.mark.parametrize(
    ("text", "from_where"),
    [("285 chars-" + X * 25, 280), ("285 chars- http://www.twitter.com/jack " + X * 24, 284),
     (X * 24 + " http://www.twitter.com/jack ", 265),
     ("の" * 140, None), ("の" * 141, 140), ("a" * 280, None), ("a" * 281, 280), (FAMILY * 140, None),
     (FAMILY * 141, 140 * len(FAMILY)), ("の" * 128 + "https://a.jp/" + "x", None),
     ("の" * 129 + "https://a.jp/", 129)],
)  # fmt: skip
def test_what_does_not_fit_x_begins_at_the_first_sign_too_many(text, from_where):
    assert length(text, "x").too_long_from == from_where


@pytest.mark.parametrize(
    ("service", "text", "used"),
    [
        ("bluesky", f"が\u3099{FAMILY}e\u0301", 3),
        ("mastodon", "のhttps://www.example.com/long/path" + "の", 25),
        ("mastodon", FAMILY, 1),
        ("threads", "の🎉", 5),
        ("line", "の🎉", 3),
        ("instagram", "𠮷野家", 4),
        ("facebook", "https://example.com/", 20),
    ],
)
def test_the_others_count_by_their_own_rules(service, text, used):
    assert length(text, service).used == used


def test_a_service_without_a_limit_is_never_too_long():
    assert length("の" * 9000, "note") == Length(9000, None)


def test_every_service_that_a_post_is_too_long_for_is_named():
    found = check(Draft("の" * 501), ["x", "line", "facebook"], None, TODAY, KNOWN)
    assert [(one.rule, one.start) for one in found] == [
        ("length.too_long", 140), ("length.too_long", 500),
    ]  # fmt: skip
    assert "LINE公式アカウントでは500字までのところ、501字" in found[1].why
    assert "(1字超過)" in found[1].why

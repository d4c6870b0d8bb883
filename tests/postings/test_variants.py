"""What differs only in how it is typed is found alike, and where it stands moves with the text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postings.checking import Draft, check
from tests.postings.corpus import KNOWN, TODAY, examples

pytestmark = pytest.mark.once

FINDINGS = {
    "personal.mobile": "090-1234-5678",
    "personal.telephone": "0532-12-3456",
    "personal.individual_number": "1234-5678-9018",
    "personal.card": "4111-1111-1111-1111",
    "personal.mail": "taro@example.com",
    "personal.postal": "〒460-0001",
    "link.shortened": "https://bit.ly/abcdef",
    "link.third_party": "https://www.example.com/page",
    "link.lookalike": "https://city-shinshiro.com/",
    "day.wrong_weekday": "11月25日(木)",
    "day.impossible": "令和8年2月30日",
    "words.listed": "コンセンサス",
    "words.forbidden": "めくら判",
}
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
HALF_WIDTH_KANA = str.maketrans({"コ": "ｺ", "ン": "ﾝ", "セ": "ｾ", "サ": "ｻ", "ス": "ｽ"})
ALL_EXAMPLES = examples()


def wide(words, number):
    return words.translate(FULL_WIDTH)


def partly_wide(words, number):
    return "".join(sign.translate(FULL_WIDTH) if at % 2 == number % 2 else sign
                   for at, sign in enumerate(words))  # fmt: skip


def narrow(words, number):
    return words.translate(HALF_WIDTH_KANA)


def capital(words, number):
    return words.upper()


def unseen(words, number):
    at = number % (len(words) - 1) + 1
    return words[:at] + "\u200b\u200d\ufeff"[number % 3] + words[at:]


def other_dash(words, number):
    return words.replace("-", "‐‑–—−－"[number % 6])


def spaced(words, number):
    return words.replace("-", [" ", " - ", "　"][number % 3]).replace("@", " @ ")


WAYS = [wide, partly_wide, narrow, capital, unseen, other_dash, spaced]
# A host name with another dash or a blank in it is another host name, or none.
OF_NUMBERS = [other_dash, spaced]


def found(text):
    return check(Draft(text), ["facebook"], None, TODAY, KNOWN)


@settings(max_examples=150)
@given(
    st.sampled_from(sorted(FINDINGS)),
    st.lists(st.sampled_from(WAYS), max_size=3, unique=True),
    st.integers(0, 99),
)
def test_every_way_to_write_a_finding_is_found_alike(rule, ways, number):
    words = FINDINGS[rule]
    for way in ways:
        if not (way in OF_NUMBERS and rule.startswith("link.")):
            words = way(words, number)
    text = f"お知らせ:{words}です"
    places = [(one.start, one.end) for one in found(text) if one.rule == rule]
    assert len(places) == 1
    start, end = places[0]
    at = text.index(words)
    # The 〒 before a postal number is no part of it, nor is a sign without width at an end.
    assert at <= start <= at + 2
    assert at + len(words) - 2 <= end <= at + len(words)


HARMLESS = st.lists(
    st.sampled_from([
        "こんにちは。", "新城市からのお知らせです。", "🍁", "が\u3099", "ﾊﾟ", "㈱", "１２", "\u200b",
        "https://www.city.shinshiro.lg.jp/ ",
        "皆さん、", "A", "\r\n", "　",
    ]),
    max_size=6,
)  # fmt: skip


@settings(max_examples=150)
@given(st.sampled_from(ALL_EXAMPLES), HARMLESS)
def test_no_finding_moves_but_by_what_is_put_in_front_of_it(example, pieces):
    before = "".join(pieces) + "\n"
    text = example.draft.text
    alone = {(one.rule, one.start, one.end, one.level) for one in found(text)}
    after = {
        (one.rule, one.start - len(before), one.end - len(before), one.level)
        for one in found(before + text)
        if one.start >= len(before)
    }
    assert after == alone

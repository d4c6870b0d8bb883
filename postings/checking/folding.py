"""The text as the rules read it: one width, one case, nothing unseen, and the way back to what was typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

_DASHES = str.maketrans(dict.fromkeys("-‐‑‒–—―−﹣", "-") | dict.fromkeys("〜~∼", "~"))
_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
# Signs that are another way to write the same one. ①, ㈱ and ² are signs of their own: read as
# digits they would join the number that follows.
_SAME_SIGN = ("<wide>", "<narrow>", "<font>", "<small>", "<vertical>", "<noBreak>")
_HALF_WIDTH_MARKS = "ﾞﾟ"
# More marks than any writing puts on one sign; sorting thousands of them takes Python too long.
_MOST_MARKS = 8
_LINE_ENDS = "\n\x0b\x0c\x85\u2028\u2029"


@dataclass(frozen=True)
class Folded:
    """`text` sign by sign with the place each came from."""

    text: str = field(repr=False)
    starts: list[int] = field(repr=False)
    ends: list[int] = field(repr=False)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]`, which is not empty, stands in the text as typed."""
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """`text` without differences of width, case and dashes, and without what cannot be seen."""
    signs: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        for sign in _folded(text[start:end]):
            signs.append(sign)
            starts.append(start)
            ends.append(end)
    return Folded("".join(signs), starts, ends)


def one_kana(folded: str) -> str:
    """A folded text with katakana as hiragana, as long as it was."""
    return folded.translate(_TO_HIRAGANA)


def fold_word(word: str) -> str:
    """A word of the city's list as it is looked for in a folded text with one kind of kana."""
    return one_kana(fold(word).text)


def is_unseen(sign: str) -> bool:
    """Whether nothing shows where `sign` stands; a blank and the end of a line do show."""
    if sign in "\t\r" or sign in _LINE_ENDS:
        return False
    return (
        unicodedata.category(sign) in {"Cc", "Cf", "Cs"}
        or "\ufe00" <= sign <= "\ufe0f"
        or "\U000e0100" <= sign <= "\U000e01ef"
        or sign in "\u034f\u115f\u1160\u3164\uffa0"
    )


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Each sign with the marks that are put on it."""
    start = 0
    while start < len(text):
        end = start + 1
        if not text[start].isascii() or not text[end : end + 1].isascii():
            while end < len(text) and end - start <= _MOST_MARKS and _is_mark(text[end]):
                end += 1
        yield start, end
        start = end


def _is_mark(sign: str) -> bool:
    return unicodedata.combining(sign) != 0 or sign in _HALF_WIDTH_MARKS


@lru_cache(maxsize=8192)
def _folded(cluster: str) -> str:
    seen = "".join(_one_form(sign) for sign in cluster if not is_unseen(sign))
    folded = unicodedata.normalize("NFC", seen).lower().translate(_DASHES)
    if len(folded) > 1 and folded[0].isascii():
        # A digit that is struck through or underlined is still that digit.
        folded = folded[0]
    return folded


def _one_form(sign: str) -> str:
    if sign in _LINE_ENDS:
        return "\n"
    if sign == "\r" or unicodedata.category(sign) == "Me":
        return ""
    if sign == "\t" or unicodedata.category(sign) == "Zs":
        return " "
    if unicodedata.decomposition(sign).startswith(_SAME_SIGN):
        return unicodedata.normalize("NFKC", sign)
    return sign

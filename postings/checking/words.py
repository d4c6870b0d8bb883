"""The words the city lists, with what to write instead. Clause 4(2)イ and エ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from postings.checking.findings import Level, Match
from postings.checking.folding import fold_word, one_kana
from postings.checking.known import Word
from postings.checking.material import Material

_LEVELS = {level.name.lower(): level for level in Level}


def find_listed(material: Material) -> Iterator[Match]:
    """Words to be replaced."""
    return (match for match in _listed(material) if match.level is not Level.ERROR)


def find_forbidden(material: Material) -> Iterator[Match]:
    """Words that must not go out."""
    return (match for match in _listed(material) if match.level is Level.ERROR)


def _listed(material: Material) -> Iterator[Match]:
    expression, by_spelling = _compiled(material.known.words)
    for match in expression.finditer(one_kana(material.prose)):
        listed = by_spelling[match[0]]
        start, end = material.folded.place(*match.span())
        instead = listed.alternative
        yield Match(
            start, end,
            why=f"市の「言い換える言葉」にある「{listed.word}」です。{listed.reason}",
            do=f"「{instead}」への言い換えを検討してください。" if instead else "",
            level=_LEVELS[listed.level],
        )  # fmt: skip


@lru_cache(maxsize=4)
def _compiled(words: tuple[Word, ...]) -> tuple[re.Pattern[str], dict[str, Word]]:
    """One expression for the whole list, longer words first. A reading begins where no kana precedes:
    within a word of kana it would be found in others."""
    by_spelling: dict[str, Word] = {}
    parts: dict[str, str] = {}
    for listed in words:
        for spelling, before in ((listed.reading, r"(?<![ぁ-ゖー])"), (listed.word, "")):
            folded = fold_word(spelling)
            if folded:
                by_spelling[folded] = listed
                parts[folded] = before + re.escape(folded)
    longest_first = sorted(parts, key=len, reverse=True)
    return re.compile("|".join(parts[one] for one in longest_first) or r"(?!)"), by_spelling

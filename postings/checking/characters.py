"""Signs that not every device shows, and signs that nobody sees. Clause 4(2)イ."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from postings.checking.emoji import emoji_places
from postings.checking.findings import Match
from postings.checking.folding import is_unseen
from postings.checking.material import Material
from postings.checking.patterns import pattern

# Enclosed, squared and Roman numbers, half-width kana, and what else old devices took for their own.
_DEPENDENT = pattern(r"[\uff61-\uff9f]{1,200}+|[①-⓿❶-➓㈠-㏿Ⅰ-ⅿ℡№⑴-⒵≒≡∮∑√⊥∠∟⊿∵∩∪￢￤＇＂〝〟]")
_WRITTEN = {
    "℡": "電話", "№": "番号", "㎡": "平方メートル", "㎥": "立方メートル", "㎝": "センチメートル",
    "㎜": "ミリメートル", "㎞": "キロメートル", "㎏": "キログラム", "㎎": "ミリグラム", "㎖": "ミリリットル",
    "㏄": "シーシー", "㎢": "平方キロメートル", "㊤": "上", "㊥": "中", "㊦": "下", "㊧": "左", "㊨": "右",
    "≒": "およそ", "〝": "「", "〟": "」",
}  # fmt: skip
_PRIVATE_USE = "Co"
_UNASSIGNED = "Cn"
_NAMED = 3
_HIDDEN = "目に見えない文字({})が入っています。検索や読み上げの妨げになり、意味が変わって見えることもあります。"


def find_dependent(material: Material) -> Iterator[Match]:
    """機種依存文字, each with how to write it instead."""
    for match in _DEPENDENT.finditer(material.draft.text):
        instead = _instead(match[0])
        do = f"「{instead}」と書いてください。" if instead else ""
        yield Match(*match.span(), do=do)


def _instead(signs: str) -> str:
    if signs in _WRITTEN:
        return _WRITTEN[signs]
    plain = unicodedata.normalize("NFKC", signs)
    # (1) for ①: a number alone would join the one that follows.
    return f"({plain})" if plain.isdigit() else plain if plain != signs else ""


def find_unseen(material: Material) -> Iterator[Match]:
    """Signs without width, marks of direction, control characters; those that join emoji are meant."""
    text = material.draft.text
    emoji = [*emoji_places(text), (len(text), len(text))]
    at = 0
    for start, end in emoji:
        while at < start:
            stop = at
            while stop < start and _is_hidden(text[stop]):
                stop += 1
            if stop > at:
                yield Match(at, stop, why=_HIDDEN.format(_named(text[at:stop])))
            at = stop + 1
        at = max(at, end)


def _named(signs: str) -> str:
    different = sorted(set(signs))
    more = "など" if len(different) > _NAMED else ""
    return "、".join(f"U+{ord(sign):04X}" for sign in different[:_NAMED]) + more


def _is_hidden(sign: str) -> bool:
    return is_unseen(sign) or unicodedata.category(sign) in {_PRIVATE_USE, _UNASSIGNED}

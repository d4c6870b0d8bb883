"""Names brought to one form: equal where they are one name, alike where a reader takes them for one.

`tidy` and `plain` undo what no reader sees (width, case, invisible signs); `skeleton` and the keys
built on it undo what a reader overlooks. The browser folds by the same rules.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import regex

from accounts.likeness import signs

# In the words of both `regex` and JavaScript, which reads the very same sources.
UNSEEN = r"[\p{Default_Ignorable_Code_Point}\p{Cf}]"
NO_TEXT = r"[\p{Cs}\p{Co}\p{Cc}\ufffd]"
LINE_END = r"\r\n?|[\n\x0b\x0c\x85\u2028\u2029]"
NO_LETTER = r"[^\p{L}\p{N}\p{M}]"

_UNSEEN = regex.compile(UNSEEN)
_NO_TEXT = regex.compile(r"(?!\n)" + NO_TEXT)
_LINE_END = regex.compile(LINE_END)
_NO_LETTER = regex.compile(NO_LETTER)
_DOUBLED = regex.compile(r"([\x00-\x7f])\1+")
_STROKES = str.maketrans(dict(signs.STROKES))
_DIGITS = str.maketrans(dict(signs.DIGITS))
_JAPANESE = str.maketrans(dict(signs.JAPANESE))
_SMALL_KANA = str.maketrans(dict(signs.SMALL_KANA))
_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_HAN = regex.compile(r"[\p{Script=Han}]")
SHORTEST_CORE = 5
# A city's name so long is still read as it with one letter wrong; a short one is another word.
LONG_NAME = 8
# What stands for the city in a folded name: no letter of any name.
CITY = "⌂"


@dataclass(frozen=True)
class City:
    """How the city's own name is spelled: in kanji (without 市), in kana and in Latin letters.

    `prefecture` may stand before the kanji; after any other kanji they belong to another word.
    """

    kanji: tuple[str, ...] = ()
    kana: tuple[str, ...] = ()
    latin: tuple[str, ...] = ()
    prefecture: str = ""


def tidy(text: str) -> str:
    """`text` without what nobody sees: full width, invisible signs, control characters."""
    if text.isascii() and text.isprintable():
        return text
    seen = _UNSEEN.sub("", _LINE_END.sub("\n", text))
    seen = _UNSEEN.sub("", unicodedata.normalize("NFKC", seen))
    return _NO_TEXT.sub(" ", seen)


def plain(text: str) -> str:
    """A name as it is compared for being the very same: without case, blanks and kinds of strokes."""
    folded = tidy(text).lower()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKC", folded).translate(_STROKES)
    return "".join(folded.split())


def letters(text: str) -> str:
    """`text` with every letter that is taken for a Latin one as that one, in small letters."""
    return text.lower() if text.isascii() else "".join(map(_letter, text))


@lru_cache(maxsize=4096)
def _letter(sign: str) -> str:
    for each in (sign, sign.lower()):
        if each in signs.letters():
            return signs.letters()[each]
    base = unicodedata.normalize("NFD", sign)[0]
    return base.lower() if base.isascii() and base.isalpha() else sign.lower()


def _replaced(text: str, table: Iterable[tuple[str, str]]) -> str:
    for old, new in table:
        text = text.replace(old, new)
    return text


def _parts(folded: str) -> list[str]:
    """What a handle's separators part, or a name's blanks and punctuation."""
    return _NO_LETTER.sub(" ", folded).split()


def _bare(folded: str) -> str:
    """Letters and digits alone as a skeleton: those that are taken for one another as one, and one
    of each run of ASCII. A doubled kana is another word."""
    bare = _replaced(folded, signs.PAIRS.items()).translate(_DIGITS)
    return _DOUBLED.sub(r"\1", bare)


def skeleton(text: str) -> str:
    """What is left of a handle once confusable letters, separators and doubled letters are undone."""
    return _bare("".join(_parts(letters(tidy(text)))))


def sounds(text: str) -> str:
    """The skeleton of a handle with one way of writing Japanese in Latin letters."""
    return _sounded("".join(_parts(letters(tidy(text)))))


def _sounded(folded: str) -> str:
    return _bare(_replaced(folded, signs.SOUNDS.items()))


@dataclass(frozen=True)
class Forms:
    """A handle's folded forms.

    `same` are the letters themselves, `skeleton` what is left of them, `sounds` the same in one way
    of writing Japanese. `core` names the account: its words in one, without affixes; `full` is the
    core with its doubled letters, `stripped` the skeleton without affixes that are glued to it,
    `sorted_words` the core's words in the order of the alphabet.
    """

    same: str
    skeleton: str
    sounds: str
    stripped: str
    core: str
    full: str
    sorted_words: str

    @classmethod
    def of(cls, handle: str) -> Forms:
        """The forms of `handle`, with or without a mark before it."""
        parts = _parts(letters(tidy(handle)))
        whole = "".join(parts)
        kept = [part for part in parts if not (part in signs.AFFIXES or part.isdecimal())]
        words = [_bare(part) for part in kept or parts]
        skeleton = _bare(whole)
        core = _unglued(_DOUBLED.sub(r"\1", "".join(words)))
        return cls(
            same=plain(handle).removeprefix("@"),
            skeleton=skeleton,
            sounds=_sounded(whole),
            stripped=_unglued(skeleton),
            core=core,
            full=_replaced("".join(kept or parts), signs.PAIRS.items()).translate(_DIGITS),
            sorted_words="".join(sorted(words)),
        )


def _unglued(text: str) -> str:
    """`text` without long affixes that nothing parts from it, as long as a name is left."""
    for affix in GLUED:
        for cut in (text.removesuffix(affix), text.removeprefix(affix)):
            if cut != text and len(cut) >= SHORTEST_CORE:
                return _unglued(cut)
    return text


GLUED = sorted({_bare(word) for word in signs.LONG_AFFIXES}, key=lambda word: (-len(word), word))


def bears_the_city(handle: str, city: City) -> bool:
    """Whether a handle has the city's name in it, in whatever spelling, one letter off at most."""
    bare, sounded = skeleton(handle), sounds(handle)
    for name in city.latin:
        mark = skeleton(name)
        if mark in bare or sounds(name) in sounded:
            return True
        if len(mark) >= LONG_NAME and _contains_nearly(bare, mark):
            return True
    return CITY in name_core(handle, city)


def _contains_nearly(text: str, mark: str) -> bool:
    """Whether a part of `text` is one edit from `mark` (Sellers' algorithm)."""
    column = list(range(len(mark) + 1))
    for sign in text:
        before, column[0] = column[0], 0
        for at, other in enumerate(mark, start=1):
            kept = before + (sign != other)
            before = column[at]
            column[at] = min(kept, column[at] + 1, column[at - 1] + 1)
        if column[-1] <= 1:
            return True
    return False


def name_core(text: str, city: City) -> str:
    """What names the account in a name that is shown: one kana, the city in one spelling, no 公式."""
    folded = _replaced(_name_folded(text), [(word, "") for word in NAME_AFFIXES])
    folded = _with_city(folded, city)
    return _DOUBLED.sub(r"\1", folded.translate(_DIGITS))


def _name_folded(text: str) -> str:
    folded = "".join(_parts(letters(plain(text).translate(_JAPANESE))))
    return folded.translate(_TO_HIRAGANA).translate(_SMALL_KANA)


NAME_AFFIXES = [_name_folded(word) for word in signs.NAME_AFFIXES]


def _with_city(folded: str, city: City) -> str:
    """A folded name with CITY in the place of whatever spells the city, its 市 with it."""
    for spelling in _spellings(city):
        at = folded.find(spelling)
        while at >= 0:
            after = at + len(spelling)
            if _is_the_city(folded, at, spelling, city):
                folded = f"{folded[:at]}{CITY}{_without_shi(folded[after:], spelling)}"
                after = at + 1
            at = folded.find(spelling, after)
    return folded


@lru_cache(maxsize=16)
def _spellings(city: City) -> list[str]:
    return [_name_folded(each) for each in (*city.kanji, *city.kana, *city.latin)]


@lru_cache(maxsize=16)
def _prefecture(city: City) -> str:
    return _name_folded(city.prefecture)


def _is_the_city(folded: str, at: int, spelling: str, city: City) -> bool:
    """Kanji that follow other kanji are the end of another word: 武蔵新城."""
    if not _HAN.match(spelling) or at == 0 or not _HAN.match(folded[at - 1]):
        return True
    prefecture = _prefecture(city)
    before = folded[:at]
    return bool(prefecture) and before.endswith((prefecture, f"{prefecture}県", "県"))


def _without_shi(rest: str, spelling: str) -> str:
    """市 after the city's name, and し or shi where it is spelled in kana or in Latin letters."""
    if rest.startswith("市"):
        return rest[1:]
    if spelling.isascii():
        for word in ("city", "shi"):
            if rest.startswith(word):
                return rest[len(word) :]
    elif not _HAN.match(spelling) and rest == "し":
        return ""
    return rest

"""What somebody pastes, taken apart: addresses, handles, mail addresses, or else names.

The patterns are written in what the `regex` library and JavaScript have in common: the browser reads
by the very same sources, which `rules` hands to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

import regex

from accounts.likeness import folding
from accounts.services import SERVICES, find_service
from publication.checking.hosts import known_host

LONGEST_TEXT = 2000
MOST_ITEMS = 50
# A longer line is a sentence, no name.
LONGEST_NAME = 60

_OTHER = r"(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー])"
_LETTER = rf"(?:{_OTHER}[\p{{L}}\p{{M}}\p{{N}}_])"
_LABEL = rf"(?:{_OTHER}[\p{{L}}\p{{M}}\p{{N}}_-])+"
_HOST = rf"{_LABEL}(?:\.{_LABEL})+"
_PATH = r"(?:[/?#][!-~]*)"
PATTERNS = MappingProxyType(
    {
        # Where a sentence parts from what stands in it.
        "piece": r"""[^\s、。「」『』【】〈〉《》()<>"“”‘’|…]+""",
        "mail": rf"(?:{_OTHER}[\p{{L}}\p{{M}}\p{{N}}_.+-])+@{_HOST}",
        "address": (
            rf"(?:[hH][tT][tT][pP][sS]?:/{{0,3}}|//)"
            rf"(?:(?:{_OTHER}[\p{{L}}\p{{M}}\p{{N}}_.:@%~-])+|[^\s/?#]+){_PATH}?"
        ),
        "host": rf"{_HOST}(?::[0-9]{{1,5}})?{_PATH}?",
        "federated": rf"@(?:{_OTHER}[\p{{L}}\p{{M}}\p{{N}}_.-])+@{_HOST}",
        "mention": rf"@(?:{_OTHER}[\p{{L}}\p{{M}}\p{{N}}_.-])+",
        "wide mention": r"@[\p{L}\p{M}\p{N}_.·-]+",
        "word": rf"{_LETTER}(?:{_OTHER}[\p{{L}}\p{{M}}\p{{N}}_.-])*",
        "rest": r"[^\s/?#&]+",
        "end": r"[.,:;!?'\]]+$",
        "handle": r"[A-Za-z0-9_.-]{2,60}",
    }
)
"""The patterns by name."""

_COMPILED = {name: regex.compile(pattern) for name, pattern in PATTERNS.items()}
# In this order at each place of a piece: the longest kind first.
ORDER = ("mail", "address", "federated", "host", "mention", "wide mention", "word")
PLAIN = {"mail": "mail", "federated": "handle", "mention": "handle", "wide mention": "handle"}


class TooMuch(ValueError):
    """More than is judged at once; the text is the code of a sentence."""


@dataclass(frozen=True)
class Item:
    """Something to judge.

    `kind` is `address`, `handle`, `mail`, `name`, or `any` for a single word that may be each of them.
    `longer` is the same with the letters that follow it, where these may belong to it. `service` is
    the one named before it. A `passing` one is worth a word only if the register knows it.
    """

    kind: str
    text: str
    longer: str = ""
    service: str = ""
    passing: bool = False


def read(text: str, sites: frozenset[str]) -> list[Item]:
    """The items of `text`, none twice; names only where it has neither address nor handle.

    `sites` are the city's own hosts. Raises `TooMuch`.
    """
    seen = folding.tidy(text).strip()
    if len(text) > LONGEST_TEXT or len(seen) > LONGEST_TEXT:
        raise TooMuch("too_long")
    alone = _COMPILED["piece"].fullmatch(seen) is not None
    items = list(dict.fromkeys(_items(seen, sites, alone=alone)))
    if sum(not item.passing for item in items) > MOST_ITEMS:
        raise TooMuch("too_many")
    if any(not item.passing for item in items):
        return items
    return [*dict.fromkeys([*items, *_names(seen)])]


def _items(text: str, sites: frozenset[str], *, alone: bool) -> Iterator[Item]:
    for line in text.split("\n"):
        for piece in _COMPILED["piece"].finditer(line):
            at = piece.start()
            while at < piece.end():
                first = alone and at == piece.start()
                item, at = _item_at(line, at, piece.end(), sites, alone=first)
                if item:
                    yield item


def _item_at(
    line: str, at: int, end: int, sites: frozenset[str], *, alone: bool
) -> tuple[Item | None, int]:
    """What begins at `at`, if anything, and where to go on."""
    for name in ORDER:
        found = _COMPILED[name].match(line, at, end)
        if found is None:
            continue
        text = _COMPILED["end"].sub("", found[0])
        whole = alone and found.end() == end
        if name == "host" and not (whole or known_host(text, sites) or "/" in text):
            continue
        service = _service_before(line[:at])
        if name == "word":
            return _word(text, service, alone=whole), found.end()
        if name == "host" and whole and _COMPILED["handle"].fullmatch(text):
            return Item("any", text, service=service), found.end()
        kind = PLAIN.get(name, "address")
        longer = _COMPILED["rest"].match(line, found.end(), end) if text == found[0] else None
        if longer and kind != "mail":
            return Item(kind, text, text + longer[0], service), found.end()
        return Item(kind, text, service=service), found.end()
    return None, at + 1


def _word(text: str, service: str, *, alone: bool) -> Item | None:
    if alone:
        return Item("any", text, service=service)
    if not _COMPILED["handle"].fullmatch(text):
        return None
    return Item("handle", text, service=service, passing=True)


def _names(text: str) -> Iterator[Item]:
    """The lines as names; a single one is asked about whatever it is."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for line in lines[:MOST_ITEMS]:
        if len(line) <= LONGEST_NAME:
            yield Item("name", line, passing=len(lines) > 1)


def _aliases() -> list[str]:
    words = {
        folding.tidy(word).lower()
        for service in SERVICES.values()
        for word in (service.key, service.name, *service.aliases)
        if service.key != "other"
    }
    return sorted(words, key=lambda word: (-len(word), word))


ALIASES = _aliases()
"""What the services are called, the longest first."""

_BEFORE = regex.compile(r"(?:\s|[:(=\-]|の|は|で|公式|アカウント|account|id|名)*$")
BEFORE = _BEFORE.pattern
_WORD_END = regex.compile(r"[\p{L}\p{N}]$")
_HIRAGANA_END = regex.compile(r"\p{Script=Hiragana}$")
_FAR = 24


def _service_before(line: str) -> str:
    """The service that the words right before an item name, if they name one."""
    words = _BEFORE.sub("", line[-_FAR:].lower())
    for alias in ALIASES:
        if words.endswith(alias):
            before = words[: -len(alias)]
            if not _WORD_END.search(before) or _HIRAGANA_END.search(before):
                found = find_service(alias)
                return found.key if found else ""
    return ""

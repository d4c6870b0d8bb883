"""Emoji and the signs a reader counts as one, as Unicode divides them."""

from __future__ import annotations

from collections.abc import Iterator

import regex

# Unicode's grapheme clusters and emoji properties, which the standard library does not know.
_CLUSTER = regex.compile(r"\X")
_EMOJI = regex.compile(
    r"(?V1)\p{Regional_Indicator}{2}"
    r"|[0-9#*]\uFE0F?\u20E3"
    r"|[\p{Extended_Pictographic}&&\p{Emoji}][\uFE0F\p{Emoji_Modifier}]?"
    r"(?:[\U000E0020-\U000E007E]{1,10}\U000E007F)?"
    r"(?:\u200D(?:\p{Extended_Pictographic}|[♀♂⚕])[\uFE0F\p{Emoji_Modifier}]?){0,8}"
)
_PLAIN = frozenset("©®™‼⁉")


def emoji_places(text: str) -> Iterator[tuple[int, int]]:
    """Where each emoji of `text` stands, a joined sequence as one."""
    for match in _EMOJI.finditer(text):
        if match[0] not in _PLAIN:
            yield match.span()


def clusters(text: str) -> Iterator[tuple[int, int]]:
    """Where each sign as a reader counts them stands."""
    return (match.span() for match in _CLUSTER.finditer(text))

"""How long a post is, as each service counts it. Clause 4(2)ア: what is cut off is misunderstood."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.services import SERVICES, Service
from postings.checking.emoji import clusters, emoji_places
from postings.checking.findings import Match
from postings.checking.folding import Folded, fold
from postings.checking.material import Material
from postings.checking.reading_links import Link, read_links

# X's published configuration, version 3: these ranges count one, everything else two, a web address
# 23 and an emoji two, whatever it is made of.
_X_SINGLE = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_X_LINK = _MASTODON_LINK = 23
_X_EMOJI = 2
_LONGEST_CLUSTER = 32


@dataclass(frozen=True)
class Length:
    """`used` of `limit`, and from where in the text as typed it is too long (None: it fits)."""

    used: int
    limit: int | None
    too_long_from: int | None = None


def length(text: str, service: str) -> Length:
    """How `service` counts `text`. Raises `KeyError` for a service that is none."""
    folded = fold(text)
    return _length(text, folded, read_links(folded.text), SERVICES[service])


def find_too_long(material: Material) -> Iterator[Match]:
    """For each service what does not fit."""
    text = material.draft.text
    for service in material.services:
        counted = _length(text, material.folded, material.links, service)
        if counted.too_long_from is not None and counted.limit is not None:
            over = counted.used - counted.limit
            yield Match(
                counted.too_long_from, len(text),
                why=f"{service.name}では{counted.limit}字までのところ、{counted.used}字と数えられます"
                f"({over}字超過)。{service.character_note}",
            )  # fmt: skip


def _length(text: str, folded: Folded, links: list[Link], service: Service) -> Length:
    used, too_long_from = 0, None
    for start, weight in _weights(text, folded, links, service.key):
        used += weight
        if service.character_limit and used > service.character_limit and too_long_from is None:
            too_long_from = start
    return Length(used, service.character_limit, too_long_from)


def _weights(text: str, folded: Folded, links: list[Link], key: str) -> Iterator[tuple[int, int]]:
    """Each counted piece of the text: where it begins, and what it counts."""
    if key == "x":
        pieces = _pieces(text, _places(folded, links), list(emoji_places(text)))
        for start, end, kind in pieces:
            if kind == "link":
                yield start, _X_LINK
            elif kind == "emoji":
                yield start, _X_EMOJI
            else:
                yield start, sum(map(_x_weight, _composed(text[start:end])))
    elif key == "mastodon":
        places = _places(folded, [link for link in links if link.scheme])
        for start, _, kind in _pieces(text, places, []):
            yield start, _MASTODON_LINK if kind == "link" else 1
    elif key == "bluesky":
        yield from ((start, 1) for start, _ in clusters(text))
    elif key == "threads":
        for start, end, kind in _pieces(text, [], list(emoji_places(text))):
            size = len(text[start:end].encode("utf-8", "surrogatepass"))
            yield start, size if kind == "emoji" else end - start
    else:
        # UTF-16, as the browsers count in which most operators do: never less than they do.
        yield from ((at, 2 if sign > "\uffff" else 1) for at, sign in enumerate(text))


def _composed(cluster: str) -> str:
    # Thousands of marks on one sign are no writing, and would take Python long to sort.
    return cluster if len(cluster) > _LONGEST_CLUSTER else unicodedata.normalize("NFC", cluster)


def _x_weight(sign: str) -> int:
    return 1 if any(first <= ord(sign) <= last for first, last in _X_SINGLE) else 2


def _places(folded: Folded, links: list[Link]) -> list[tuple[int, int]]:
    return [folded.place(link.start, link.end) for link in links if link.is_well_formed]


def _pieces(
    text: str, links: list[tuple[int, int]], emoji: list[tuple[int, int]]
) -> Iterator[tuple[int, int, str]]:
    """The text cut into links, emoji and signs; a place within an earlier one is part of it."""
    special = sorted([(*place, "link") for place in links] + [(*place, "emoji") for place in emoji])
    at = 0
    for start, end, kind in [*special, (len(text), len(text), "")]:
        if start < at:
            continue
        yield from ((at + a, at + b, "") for a, b in clusters(text[at:start]))
        if kind:
            yield start, end, kind
        at = end

"""A text cut into pieces, with the findings that lie on each: what a page shows marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from postings.decisions import Point

# So much of the text is shown to either side of what was found.
AROUND = 12
_STRENGTH = ("error", "warning", "hint")


@dataclass(frozen=True)
class Piece:
    """A stretch of the text; `numbers` are the points on it, `level` the strongest of theirs."""

    text: str
    numbers: tuple[int, ...] = ()
    level: str = ""


@dataclass(frozen=True)
class Place:
    """The words a point names, with what stands around them."""

    before: str
    words: str
    after: str


def pieces(text: str, points: Iterable[Point]) -> list[Piece]:
    """The whole text; joined, the pieces are the text again."""
    placed = [point for point in points if point.has_place]
    cuts = sorted(
        {0, len(text)}.union(*({p.finding.start, p.finding.end} for p in placed))
        if placed
        else {0, len(text)}
    )
    begins: dict[int, list[Point]] = {}
    ends: dict[int, list[Point]] = {}
    for point in placed:
        begins.setdefault(point.finding.start, []).append(point)
        ends.setdefault(point.finding.end, []).append(point)
    found, lying = [], dict[int, Point]()
    for start, end in pairwise(cuts):
        for point in ends.get(start, ()):
            lying.pop(point.number, None)
        for point in begins.get(start, ()):
            lying[point.number] = point
        level = min((p.level for p in lying.values()), key=_STRENGTH.index, default="")
        found.append(Piece(text[start:end], tuple(sorted(lying)), level))
    return found


def place(text: str, point: Point) -> Place | None:
    """What stands at `point` and around it; None where it names no place."""
    if not point.has_place:
        return None
    start, end = point.finding.start, point.finding.end
    before = text[max(start - AROUND, 0) : start].rpartition("\n")[2]
    after = text[end : end + AROUND].partition("\n")[0]
    words = text[start:end]
    return Place(
        f"…{before}" if start - len(before) > 0 and before else before,
        words if len(words) <= LONGEST_WORDS else f"{words[:LONGEST_WORDS]}…",
        f"{after}…" if end + len(after) < len(text) and after else after,
    )


LONGEST_WORDS = 60

"""Two names beside each other: for who judges a reported account by eye, clause 5(2)."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.likeness import folding
from accounts.likeness.differences import Difference, differences
from accounts.likeness.folding import City, Forms
from accounts.likeness.near import Near, name_nearness, nearness


@dataclass(frozen=True)
class Likeness:
    """How near a name comes to a known one (None: not near) and what tells them apart."""

    near: Near | None
    differences: tuple[Difference, ...] = ()

    def __bool__(self) -> bool:
        """Whether a reader may take the one for the other."""
        return self.near is not None


def compare_handles(theirs: str, ours: str) -> Likeness:
    """A handle beside a known one, each without regard to its service."""
    near = nearness(Forms.of(theirs), Forms.of(ours))
    return Likeness(near, _between(theirs, ours))


def compare_names(theirs: str, ours: str, city: City) -> Likeness:
    """A shown name beside a known one. The very same name is SAME: a name proves nothing."""
    if folding.plain(theirs) == folding.plain(ours):
        return Likeness(Near.SAME if folding.plain(ours) else None)
    near = name_nearness(folding.name_core(theirs, city), folding.name_core(ours, city))
    return Likeness(near, _between(theirs, ours))


def _between(theirs: str, ours: str) -> tuple[Difference, ...]:
    mine, known = (folding.tidy(each).lower().removeprefix("@") for each in (theirs, ours))
    return tuple(differences(mine, known))

"""Which known accounts a name comes near to, in time that does not grow with how many are known.

Every known name is kept under its folded forms, and under what is left of its core when any one
letter is taken out. What lies within one edit of a name then shares such a rest with it. For two
edits, of long handles alone, the name asked for is varied too: some thousands of look-ups, as many
for a thousand known accounts as for a million. Decision 0026 has the figures.
"""

from __future__ import annotations

import string
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from rapidfuzz.distance import OSA

from accounts.likeness import folding, signs
from accounts.likeness.folding import City, Forms

SHOWN = 3
# Letters of a core from which one edit, and two, still leave the same name to a reader's eye.
ONE_EDIT_FROM, TWO_EDITS_FROM, TWO_EDITS_TO = 5, 12, 30
_ALPHABET = sorted(set(string.ascii_lowercase + string.digits) - signs.DIGITS.keys())
# Of so many that share one folded form the first are looked at: each of them would do.
_LOOKED_AT = 64


class Near(IntEnum):
    """How near a name comes, the nearest first."""

    SAME = 0  # the same letters, elsewhere
    LOOKS_SAME = 1  # other letters that are taken for these, or other separators
    SAME_CORE = 2  # words put on, or in another order, or the sounds written otherwise
    ONE_EDIT = 3
    TWO_EDITS = 4


@dataclass(frozen=True)
class Known:
    """A name that is known: the number of its account, its handle, and the name it shows."""

    number: int
    handle: str
    name: str = ""


def nearness(theirs: Forms, ours: Forms) -> Near | None:
    """How near a handle comes to a known one; None where it doesn't."""
    if not theirs.skeleton or not ours.skeleton:
        return None
    if theirs.same == ours.same:
        return Near.SAME
    if theirs.skeleton == ours.skeleton:
        return Near.LOOKS_SAME
    if (
        theirs.sounds == ours.sounds
        or theirs.core == ours.core
        or theirs.sorted_words == ours.sorted_words
    ):
        return Near.SAME_CORE
    return _by_edits(theirs.core, ours.core, allows_two=True)


def name_nearness(theirs: str, ours: str) -> Near | None:
    """How near the core of a shown name comes to that of a known one."""
    if not theirs or not ours:
        return None
    return Near.SAME_CORE if theirs == ours else _by_edits(theirs, ours, allows_two=False)


def _by_edits(theirs: str, ours: str, *, allows_two: bool) -> Near | None:
    if min(len(theirs), len(ours)) < ONE_EDIT_FROM:
        return None
    two = allows_two and _takes_two_edits(theirs) and _takes_two_edits(ours)
    edits = OSA.distance(theirs, ours, score_cutoff=2 if two else 1)
    if edits <= 1:
        return Near.ONE_EDIT
    return Near.TWO_EDITS if two and edits == 2 else None


def _takes_two_edits(core: str) -> bool:
    return core.isascii() and TWO_EDITS_FROM <= len(core) <= TWO_EDITS_TO


@dataclass(frozen=True)
class Found:
    """A known account that a name comes near to."""

    number: int
    near: Near


@dataclass
class Nearby:
    """The known names, ready to be asked. `looked_up` counts the work, for who bounds it."""

    city: City
    looked_up: int = 0
    _forms: dict[int, Forms] = field(default_factory=dict)
    _names: dict[int, str] = field(default_factory=dict)
    _alike: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _rests: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, known: Iterable[Known], city: City) -> Nearby:
        """All of `known`, of which the ones named first are found first."""
        made = cls(city)
        for each in known:
            made._keep(each)
        return made

    def _keep(self, known: Known) -> None:
        at = known.number
        if known.handle:
            forms = self._forms[at] = Forms.of(known.handle)
            for key in _keys(forms):
                self._alike[key].append(at)
            if len(forms.core) >= ONE_EDIT_FROM:
                for rest in _without_one(forms.core):
                    self._rests[rest].append(at)
        core = folding.name_core(known.name, self.city)
        if core:
            self._names[at] = core
            self._alike[f"n{core}"].append(at)
            if len(core) >= ONE_EDIT_FROM:
                for rest in _without_one(core):
                    self._rests[f"n{rest}"].append(at)

    def handles_near(self, handle: str, *, widely: bool = True) -> list[Found]:
        """The known handles that `handle` comes nearest to, at most `SHOWN`.

        Without `widely` two edits are not looked for, which is the larger part of the work.
        """
        theirs = Forms.of(handle)
        passes = [(Near.SAME_CORE, self._alike, lambda: _keys(theirs))]
        if len(theirs.core) >= ONE_EDIT_FROM:
            passes.append((Near.ONE_EDIT, self._rests, lambda: _without_one(theirs.core)))
        if widely and _takes_two_edits(theirs.core):
            passes.append((Near.TWO_EDITS, self._rests, lambda: _rests_of_two(theirs.core)))
        return self._nearest(passes, lambda number: nearness(theirs, self._forms[number]))

    def names_near(self, name: str) -> list[Found]:
        """The accounts whose shown name `name` comes nearest to, at most `SHOWN`."""
        theirs = folding.name_core(name, self.city)
        passes = [(Near.SAME_CORE, self._alike, lambda: {f"n{theirs}"})]
        if len(theirs) >= ONE_EDIT_FROM:
            rests = lambda: {f"n{rest}" for rest in _without_one(theirs)}  # noqa: E731
            passes.append((Near.ONE_EDIT, self._rests, rests))
        return self._nearest(passes, lambda number: name_nearness(theirs, self._names[number]))

    def _nearest(self, passes: list[_Pass], judge: Callable[[int], Near | None]) -> list[Found]:
        """What the first pass that finds anything finds. Each allows more than the one before it."""
        for allowed, table, keys in passes:
            judged = [(judge(number), number) for number in self._looked_up(table, keys())]
            found = sorted((near, number) for near, number in judged if near is not None)
            if found and found[0][0] <= allowed:
                nearest = found[0][0]
                return [Found(number, near) for near, number in found if near == nearest][:SHOWN]
        return []

    def _looked_up(self, table: dict[str, list[int]], keys: Iterable[str]) -> Iterator[int]:
        seen: set[int] = set()
        for key in keys:
            self.looked_up += 1
            for number in table.get(key, ())[:_LOOKED_AT]:
                if number not in seen:
                    seen.add(number)
                    yield number


def _keys(forms: Forms) -> set[str]:
    """What a name with one of the same forms is found under."""
    return {
        f"s{forms.skeleton}", f"r{forms.sounds}", f"c{forms.core}", f"w{forms.sorted_words}",
    }  # fmt: skip


_Pass = tuple[Near, dict[str, list[int]], Callable[[], set[str]]]


def _without_one(text: str) -> set[str]:
    """`text`, and what is left of it without any one of its letters."""
    return {text, *(text[:at] + text[at + 1 :] for at in range(len(text)))}


def _rests_of_two(text: str) -> set[str]:
    """Everything that a name within two edits of `text` may be kept under.

    A name is kept under itself and under each of its rests, so one of the two edits need not be
    guessed: the letter it concerns is left out on both sides.
    """
    rests = {each for rest in _without_one(text) for each in _without_one(rest)}
    swapped = [text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in range(len(text) - 1)]
    for each in swapped:
        rests |= _without_one(each)
    for at in range(len(text) + 1):
        for letter in _ALPHABET:
            rests.add(text[:at] + letter + text[at:])
            rests.add(text[:at] + letter + text[at + 1 :])
    for gone in range(len(text)):
        rest = text[:gone] + text[gone + 1 :]
        for at in range(gone, len(rest)):
            for letter in _ALPHABET:
                rests.add(rest[:at] + letter + rest[at + 1 :])
    return rests

"""Which known accounts a name comes near to, in time that does not grow with how many are known.

Every known name is kept under its folded forms, and under what is left of its core when any one
letter is taken out. What lies within one edit of a name then shares such a rest with it. For two
edits, of long handles alone, the name asked for is varied too: some thousands of look-ups, as many
for a thousand known accounts as for a million. Decision 0026 has the figures.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from accounts.likeness import folding, signs
from accounts.likeness.folding import City, Forms

SHOWN = 3
# Letters of a core from which one edit, and two, still leave the same name to a reader's eye.
ONE_EDIT_FROM, TWO_EDITS_FROM, TWO_EDITS_TO = 6, 12, 30
# The same in signs of a name that is shown: each tells more than a letter does.
ONE_SIGN_FROM = 5
# From so many letters, or signs, on a name is known though more words follow it.
BEGINNING_FROM, NAME_BEGINNING_FROM, LONGEST_BEGINNING = 8, 4, 40
_ALPHABET = sorted(set(string.ascii_lowercase + string.digits) - signs.DIGITS.keys())
# Of so many that share one folded form the first are looked at: each of them would do.
_LOOKED_AT = 64


class Near(IntEnum):
    """How near a name comes, the nearest first."""

    SAME = 0  # the same letters, elsewhere
    LOOKS_SAME = 1  # other letters that are taken for these, or other separators
    SAME_CORE = 2  # words put on, or in another order, or the sounds written otherwise
    ONE_EDIT = 3
    BEGINS_SO = 4  # and goes on
    TWO_EDITS = 5


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
    by_form = _by_form(theirs, ours)
    return _by_core(theirs, ours) if by_form is None else by_form


def _by_form(theirs: Forms, ours: Forms) -> Near | None:
    if theirs.same == ours.same:
        return Near.SAME
    if theirs.skeleton == ours.skeleton:
        return Near.LOOKS_SAME
    same_core = (
        theirs.sounds == ours.sounds
        or theirs.stripped == ours.stripped
        or theirs.core == ours.core
        or theirs.sorted_words == ours.sorted_words
    )
    return Near.SAME_CORE if same_core else None


def _by_core(theirs: Forms, ours: Forms) -> Near | None:
    if _within(1, theirs.core, ours.core) or _within(1, theirs.full, ours.full):
        return Near.ONE_EDIT
    if ours.core in _beginnings(theirs.core, BEGINNING_FROM):
        return Near.BEGINS_SO
    is_long = ours.core.isascii() and TWO_EDITS_FROM <= len(ours.core) <= TWO_EDITS_TO
    if is_long and theirs.core.isascii() and _within(2, theirs.core, ours.core):
        return Near.TWO_EDITS
    return None


def name_nearness(theirs: str, ours: str) -> Near | None:
    """How near the core of a shown name comes to that of a known one."""
    if not theirs or not ours:
        return None
    if theirs == ours:
        return Near.SAME_CORE
    if _within(1, theirs, ours, ONE_SIGN_FROM):
        return Near.ONE_EDIT
    return Near.BEGINS_SO if ours in _beginnings(theirs, NAME_BEGINNING_FROM) else None


def _within(edits: int, theirs: str, ours: str, shortest: int = ONE_EDIT_FROM) -> bool:
    if min(len(theirs), len(ours)) < shortest:
        return False
    return OSA.distance(theirs, ours, score_cutoff=edits) <= edits


def _may_be_two_edits_off(core: str) -> bool:
    return core.isascii() and TWO_EDITS_FROM - 2 <= len(core) <= TWO_EDITS_TO + 2


def _beginnings(core: str, shortest: int) -> set[str]:
    """What `core` begins with, not the whole."""
    return {core[:at] for at in range(shortest, min(len(core), LONGEST_BEGINNING + 1))}


@dataclass(frozen=True)
class Found:
    """A known account that a name comes near to."""

    number: int
    near: Near


# Folded forms, by their hashes, to the number that has one, or to several: of the millions of forms of
# a large register hardly any is shared, and none is worth its letters' room. What is found is judged anew.
_Table = dict[int, int | list[int]]


@dataclass(frozen=True)
class _Pass:
    """Where to look, under which keys, and how far off what is found there may be."""

    allowed: Near
    table: _Table
    keys: Callable[[], set[str]]


@dataclass
class Nearby:
    """The known names, ready to be asked. `looked_up` counts the work, for who bounds it."""

    city: City
    looked_up: int = 0
    _of_the_city: set[str] = field(default_factory=set)
    _handles: dict[int, str] = field(default_factory=dict)
    _names: dict[int, str] = field(default_factory=dict)
    _alike: _Table = field(default_factory=dict)
    _rests: _Table = field(default_factory=dict)

    @classmethod
    def of(cls, known: Iterable[Known], city: City) -> Nearby:
        """All of `known`, of which the ones named first are found first."""
        made = cls(city)
        made._of_the_city = {folding.skeleton(name) for name in city.latin}
        for each in known:
            made._keep(each)
        return made

    def _keep(self, known: Known) -> None:
        at = known.number
        if known.handle:
            self._handles[at] = known.handle
            forms = Forms.of(known.handle)
            _put(self._alike, _keys(forms), at)
            _put(self._rests, _rests_of_one(forms), at)
        core = folding.name_core(known.name, self.city)
        if core:
            self._names[at] = known.name
            _put(self._alike, {f"n{core}"}, at)
            if len(core) >= ONE_SIGN_FROM:
                _put(self._rests, {f"n{rest}" for rest in _without_one(core)}, at)

    def handles_near(self, handle: str, *, widely: bool = True) -> list[Found]:
        """The known handles that `handle` comes nearest to, at most `SHOWN`.

        Without `widely` two edits are not looked for, which is the larger part of the work.
        """
        theirs = Forms.of(handle)
        core = theirs.core
        passes = [
            _Pass(Near.SAME_CORE, self._alike, lambda: _keys(theirs)),
            _Pass(Near.ONE_EDIT, self._rests, lambda: _rests_of_one(theirs)),
            _Pass(
                Near.BEGINS_SO, self._alike,
                lambda: {f"c{each}" for each in _beginnings(core, BEGINNING_FROM)},
            ),
        ]  # fmt: skip
        if widely and _may_be_two_edits_off(core):
            passes.append(_Pass(Near.TWO_EDITS, self._rests, lambda: _rests_of_two(core)))
        return self._nearest(passes, lambda number: self._handle_nearness(theirs, number))

    def _handle_nearness(self, theirs: Forms, number: int) -> Near | None:
        ours = _forms_of(self._handles[number])
        near = nearness(theirs, ours)
        # With nothing but the city's name every handle begins that bears it.
        return None if near == Near.BEGINS_SO and ours.core in self._of_the_city else near

    def names_near(self, name: str) -> list[Found]:
        """The accounts whose shown name `name` comes nearest to, at most `SHOWN`."""
        theirs = folding.name_core(name, self.city)
        rests = _without_one(theirs) if len(theirs) >= ONE_SIGN_FROM else set()
        beginnings = _beginnings(theirs, NAME_BEGINNING_FROM)
        passes = [
            _Pass(Near.SAME_CORE, self._alike, lambda: {f"n{theirs}"}),
            _Pass(Near.ONE_EDIT, self._rests, lambda: {f"n{each}" for each in rests}),
            _Pass(Near.BEGINS_SO, self._alike, lambda: {f"n{each}" for each in beginnings}),
        ]
        return self._nearest(
            passes,
            lambda number: name_nearness(theirs, folding.name_core(self._names[number], self.city)),
        )

    def _nearest(self, passes: list[_Pass], judge: Callable[[int], Near | None]) -> list[Found]:
        """What the first pass that finds anything finds. Each allows more than the one before it."""
        for each in passes:
            numbers = self._looked_up(each.table, each.keys())
            judged = [(judge(number), number) for number in numbers]
            found = sorted((near, number) for near, number in judged if near is not None)
            if found and found[0][0] <= each.allowed:
                nearest = found[0][0]
                return [Found(number, near) for near, number in found if near == nearest][:SHOWN]
        return []

    def _looked_up(self, table: _Table, keys: Iterable[str]) -> Iterator[int]:
        seen: set[int] = set()
        for key in keys:
            self.looked_up += 1
            found = table.get(hash(key))
            if found is None:
                continue
            for number in (found,) if isinstance(found, int) else found[:_LOOKED_AT]:
                if number not in seen:
                    seen.add(number)
                    yield number


_forms_of = lru_cache(maxsize=4096)(Forms.of)


def _put(table: _Table, keys: Iterable[str], number: int) -> None:
    for key in keys:
        kept = table.setdefault(hash(key), number)
        if isinstance(kept, list):
            kept.append(number)
        elif kept != number:
            table[hash(key)] = [kept, number]


def _keys(forms: Forms) -> set[str]:
    """What a name with one of the same forms is found under."""
    return {
        f"s{forms.skeleton}", f"r{forms.sounds}", f"u{forms.stripped}", f"c{forms.core}",
        f"w{forms.sorted_words}",
    }  # fmt: skip


def _rests_of_one(forms: Forms) -> set[str]:
    """What is kept of a handle, and asked for, so that one edit is found."""
    return {
        rest
        for text in {forms.core, forms.full}
        if len(text) >= ONE_EDIT_FROM
        for rest in _without_one(text)
    }


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

"""What a check finds, and the rules that find it."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postings.checking.material import Material


class Level(enum.Enum):
    """How strongly a finding speaks; a person decides in any case."""

    ERROR = "誤り"
    WARNING = "注意"
    HINT = "参考"


@dataclass(frozen=True)
class Finding:
    """One thing to look at again: where, why, and what to do.

    `start` and `end` count the characters (code points) of the text as typed; both are 0 where the
    finding is about the images. `words` is what stands there, and never shows in a `repr`. With
    `more` it stands for so many others of its rule, 'ほかN件', and has no place of its own.
    """

    level: Level
    rule: str
    title: str
    clause: str
    start: int
    end: int
    words: str = field(repr=False)
    why: str
    do: str
    more: int = 0


@dataclass(frozen=True)
class Match:
    """A place that a rule names, in the text as typed. What it leaves empty its rule says."""

    start: int
    end: int
    why: str = ""
    do: str = ""
    level: Level | None = None


@dataclass(frozen=True)
class Rule:
    """One line of the table: what it is called, which clause asks for it, and who finds it."""

    key: str
    title: str
    clause: str
    level: Level
    why: str
    do: str
    find: Callable[[Material], Iterator[Match]]

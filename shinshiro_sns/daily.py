"""What is done anew each day, before anybody is reminded: each app declares its own, once."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Chore:
    """One thing to be done for a day. Done twice for the same day, it is done once.

    Its transactions are its own, and it touches the database alone: a dry run takes it back.
    """

    name: str
    does: Callable[[datetime.date], object]


CHORES: list[Chore] = []


def declare(name: str, does: Callable[[datetime.date], object]) -> None:
    """Add a chore, once, when the app is ready."""
    if name not in {chore.name for chore in CHORES}:
        CHORES.append(Chore(name, does))


def carry_out(day: datetime.date) -> Iterator[tuple[str, Exception]]:
    """Do everything declared, whatever fails, and yield what failed and why."""
    for chore in CHORES:
        try:
            chore.does(day)
        except Exception as error:
            yield chore.name, error

"""What is still to be done, by whom: each rule declared once by its app, seen wherever it matters."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

if TYPE_CHECKING:
    from staff.models import User


@dataclass(frozen=True)
class Duty:
    """One rule: `rows` gives what is `user`'s to do now; `since` and `link` read one such row."""

    name: str
    clause: str
    title: str
    action: str
    rows: Callable[[User], QuerySet[Any]]
    label: Callable[[Any], str]
    since: Callable[[Any], datetime.datetime]
    link: Callable[[Any], str]
    grave: bool = False


@dataclass(frozen=True)
class Task:
    """One row of one duty, as the desk shows it."""

    duty: Duty
    label: str
    since: datetime.datetime
    link: str


@dataclass(frozen=True)
class Pile:
    """One duty's rows for a person: the first few, and how many there are."""

    duty: Duty
    tasks: list[Task]
    count: int

    @property
    def more(self) -> int:
        """How many are not among the first few."""
        return self.count - len(self.tasks)


DUTIES: list[Duty] = []
SHOWN = 20


def declare(duties: Iterable[Duty]) -> None:
    """Add an app's duties, once, when the app is ready."""
    known = {duty.name for duty in DUTIES}
    DUTIES.extend(duty for duty in duties if duty.name not in known)


def piles(user: User) -> list[Pile]:
    """What is `user`'s to do, duty by duty, grave ones first; two queries a duty."""
    found = []
    for duty in sorted(DUTIES, key=lambda duty: not duty.grave):
        rows = duty.rows(user)
        tasks = [
            Task(duty, duty.label(row), duty.since(row), duty.link(row)) for row in rows[:SHOWN]
        ]
        # Counted even where the first few are all, so that the queries do not depend on the rows.
        count = rows.count()
        if tasks:
            found.append(Pile(duty, tasks, max(count, len(tasks))))
    return found

"""What is still to be done, by whom and by when: each rule declared once by its app.

The desk, the reminders, the PR division's overview and the account's page all read `DUTIES`. A new
rule is one new `Duty`; nothing else is to be told of it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import Count, Q, QuerySet, Window
from django.utils import timezone

from shinshiro_sns.days import start_of

if TYPE_CHECKING:
    from staff.models import User


class Who(Protocol):
    """Whose a row is to do. Asked from both ends, and both answers follow from one rule."""

    def rows_of(self, rows: QuerySet[Any], user: User, department: str) -> QuerySet[Any]:
        """Those of `rows` that are `user`'s; `department` is the path from a row to its department."""

    def where(self, user: User, department: str) -> Q:
        """What all of `user`'s rows have in common, cheap to ask: `rows_of` may pick fewer still."""

    def people(
        self, department_ids: Iterable[int], day: datetime.date | None = None
    ) -> Callable[[Any, int], Sequence[User]]:
        """Who acts on `day` (today by default), for a row and its department: as many queries for
        all departments as for one."""


@dataclass(frozen=True)
class Duty:
    """One rule.

    `rows` gives what is open in the whole city on a day, the most urgent first. A rule that first has
    to reckon which rows those are `narrows`: its `rows` takes a condition after the day, and reckons
    with the accounts that meet it alone. `label`, `since`, `due` and `link` read one such row.
    `department` and `account` are the paths from a row to the managing department and to the
    account; `account` is empty where the duty is no account's. Without a deadline `due` is None.
    `overdue` narrows rows in SQL to those past their `deadline`; a duty without it has its rows read
    one by one for that. `together` names the page that has all rows of a person, if there is one,
    and `together_says` what the link to it says.
    """

    name: str
    clause: str
    title: str
    action: str
    rows: Callable[..., QuerySet[Any]]
    who: Who
    label: Callable[[Any], str]
    since: Callable[[Any], datetime.datetime]
    link: Callable[[Any], str]
    due: Callable[[Any], datetime.date | None] = lambda row: None
    department: str = "account__department"
    account: str = "account"
    grave: bool = False
    narrows: bool = False
    overdue: Callable[[QuerySet[Any], datetime.date], QuerySet[Any]] | None = None
    together: str = ""
    together_says: str = ""

    def task(self, row: Any) -> Task:
        """One row, as a page shows it."""
        return Task(self, self.label(row), self.since(row), self.link(row), self.due(row))

    def department_id(self, row: Any) -> int:
        """The department that the row belongs to, by its key."""
        return int(row.pk if self.department == "pk" else _follow(row, f"{self.department}_id"))

    def department_of(self, row: Any) -> Any:
        """The department that the row belongs to."""
        return row if self.department == "pk" else _follow(row, self.department)

    def account_id(self, row: Any) -> int | None:
        """The account that the row belongs to, by its key; None where it is no account's."""
        if not self.account:
            return None
        key = row.pk if self.account == "pk" else _follow(row, f"{self.account}_id")
        return None if key is None else int(key)

    def open(self, day: datetime.date, among: Q | None = None) -> QuerySet[Any]:
        """What is open on `day`, in the whole city or of the rows that meet the condition `among`."""
        if among is None:
            return self.rows(day)
        rows = self.rows(day, among) if self.narrows else self.rows(day)
        return rows.filter(among)

    def of_department(self, key: int, day: datetime.date) -> QuerySet[Any]:
        """What is open on `day` in the department with this key."""
        return self.open(day, Q(**{self.department: key}))

    def of_accounts(self, keys: Iterable[int], day: datetime.date) -> QuerySet[Any]:
        """What is open on `day` on the accounts with these keys."""
        if not self.account:
            return self.rows(day).none()
        return self.open(day, Q(**{f"{self.account}__in": list(keys)}))

    def deadline(self, row: Any) -> datetime.date:
        """The last day in time: what has no deadline of its own may wait for a week."""
        return _last_day(self.due(row), self.since(row))

    def count_overdue(self, rows: QuerySet[Any], day: datetime.date) -> int:
        """How many of `rows`, the most urgent first, are past their deadline on `day`."""
        if self.overdue is not None:
            return self.overdue(rows, day).count()
        return sum(1 for _ in self.late(rows, day))

    def late(self, rows: QuerySet[Any], day: datetime.date) -> Iterable[Any]:
        """Those of `rows`, the most urgent first, that are past their deadline on `day`."""
        if self.overdue is not None:
            return self.overdue(rows, day)
        return takewhile(lambda row: self.deadline(row) < day, rows.iterator(chunk_size=CHUNK))


@dataclass(frozen=True)
class Task:
    """One row of one duty, as a page shows it."""

    duty: Duty
    label: str
    since: datetime.datetime
    link: str
    due: datetime.date | None = None

    @property
    def deadline(self) -> datetime.date:
        """The last day in time: its own, or a week from when it began to wait."""
        return _last_day(self.due, self.since)


@dataclass(frozen=True)
class OpenTask:
    """A task on an account, and who could do it."""

    task: Task
    people: Sequence[User]


@dataclass(frozen=True)
class Pile:
    """One duty's rows for a person: the first few, and how many there are."""

    duty: Duty
    tasks: list[Task]
    count: int


DUTIES: list[Duty] = []
SHOWN = 20
CHUNK = 500
WAITING = datetime.timedelta(weeks=1)
# 3(7) and what the field asks for: days before a deadline on which a person is reminded. From the
# deadline on it is every week; then the head hears of it too, and after a fortnight the PR division.
DAYS_BEFORE = (30, 7, 1, 0)
WEEKLY = datetime.timedelta(weeks=1)
TO_HEAD_AFTER = datetime.timedelta(weeks=1)
TO_PR_DIVISION_AFTER = datetime.timedelta(weeks=2)


def declare(duties: Iterable[Duty]) -> None:
    """Add an app's duties, once, when the app is ready."""
    known = {duty.name for duty in DUTIES}
    DUTIES.extend(duty for duty in duties if duty.name not in known)


def late_since(
    moment: str, within: datetime.timedelta = WAITING
) -> Callable[[QuerySet[Any], datetime.date], QuerySet[Any]]:
    """`Duty.overdue` for rows that may wait for so long from the moment in their field `moment`."""

    def overdue(rows: QuerySet[Any], day: datetime.date) -> QuerySet[Any]:
        return rows.filter(**{f"{moment}__lt": start_of(day - within)})

    return overdue


def late_after(
    day_of: str, within: datetime.timedelta = datetime.timedelta()
) -> Callable[[QuerySet[Any], datetime.date], QuerySet[Any]]:
    """`Duty.overdue` for rows that may wait for so long after the day in their column `day_of`."""
    return lambda rows, day: rows.filter(**{f"{day_of}__lt": day - within})


def milestone(due: datetime.date, day: datetime.date) -> datetime.date | None:
    """The latest day up to `day` on which somebody is to hear of what is due on `due`; None before
    the first one."""
    if day >= due:
        return due + (day - due) // WEEKLY * WEEKLY
    return max(
        (
            reached
            for before in DAYS_BEFORE
            if (reached := due - datetime.timedelta(days=before)) <= day
        ),
        default=None,
    )


def called(name: str) -> Duty:
    """The duty of this name. Raises `LookupError` where there is none."""
    try:
        return next(duty for duty in DUTIES if duty.name == name)
    except StopIteration:
        raise LookupError(name) from None


def rows_for(user: User, name: str, day: datetime.date | None = None) -> QuerySet[Any]:
    """The rows of the duty called `name` that are `user`'s to do."""
    duty = called(name)
    rows = duty.open(day or timezone.localdate(), duty.who.where(user, duty.department))
    return duty.who.rows_of(rows, user, duty.department)


def piles(user: User, day: datetime.date | None = None) -> list[Pile]:
    """What is `user`'s to do, duty by duty, grave ones first; each duty's rows are asked for once."""
    day = day or timezone.localdate()
    found = []
    for duty in sorted(DUTIES, key=lambda duty: not duty.grave):
        rows = rows_for(user, duty.name, day).annotate(of_them=Window(Count("*")))
        if shown := list(rows[:SHOWN]):
            found.append(Pile(duty, [duty.task(row) for row in shown], shown[0].of_them))
    return found


def open_on(
    account_id: int, day: datetime.date | None = None, without: Collection[str] = ()
) -> list[OpenTask]:
    """What is open on one account, whoever's it is, soonest first; but for the duties named `without`."""
    day = day or timezone.localdate()
    found = []
    for duty in DUTIES:
        if duty.name in without:
            continue
        rows = list(duty.of_accounts([account_id], day))
        if rows:
            acting = duty.who.people({duty.department_id(row) for row in rows}, day)
            found += [OpenTask(duty.task(r), acting(r, duty.department_id(r))) for r in rows]
    return sorted(found, key=lambda open_task: open_task.task.deadline)


def _last_day(due: datetime.date | None, since: datetime.datetime) -> datetime.date:
    return due or timezone.localdate(since) + WAITING


def _follow(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row

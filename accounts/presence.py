"""Who has a hand on an account and is no longer there: a change of staff, 3(7).

A person is there who is active and a member of the department that runs the account or of one that
shares it. All of it follows from memberships, moves of accounts and the policies in force as they
stand on record; nothing has to be told that somebody left.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least, TruncDate

from accounts.dates import NEVER
from accounts.models import Access, Account, AccountMove
from staff.models import Membership, User
from staff.models.people import valid_on

# What narrows nothing: whoever reckons with who left takes a condition on accounts beside the day.
EVERY_ACCOUNT = Q()
ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Gone:
    """A row of an account's ledger, by its key, whose person is no longer there since the day `on`."""

    pk: int
    account: int
    on: datetime.date


def departed(
    rows: QuerySet[Any],
    day: datetime.date,
    *,
    person: str = "person",
    since: str = "since",
    until: str = "",
    after: str = "",
) -> list[Gone]:
    """Those of an account's ledger `rows` whose person is on `day` no longer there, first gone first.

    He is gone since the day after his last membership, or after the row's own end; since the day on
    which the account moved on without him, or on which he was marked as having left. `person`,
    `since` and `until` name the columns; `after` one with a day, up to which nobody's going counts.

    The database picks the few rows in question and says what is on record of each; Python reckons.
    """
    asked_on: Any = Value(day, output_field=DateField())
    ended_on: Any = Value(None, output_field=DateField())
    ended = Q(pk__in=[])
    if until:
        ended = Q(**{f"{until}__lt": day})
        asked_on = Case(When(ended, then=F(until)), default=asked_on)
        ended_on = Case(When(ended, then=F(until)))
    inactive = Q(**{f"{person}__is_active": False})
    places: QuerySet[Any] = _places(person)
    then: Any = OuterRef("asked_on")
    facts = (
        rows.filter(**{f"{since}__lte": day, f"{person}__isnull": False})
        .order_by()
        .annotate(asked_on=asked_on)
        .annotate(is_there=Exists(places.filter(valid_on(then), valid_on(then, "department__"))))
        .filter(Q(is_there=False) | inactive | ended)
        .annotate(
            ended_on=ended_on,
            last_day=Subquery(
                places.annotate(last_day=_LAST_DAY)
                .filter(last_day__lt=then)
                .order_by("-last_day")
                .values("last_day")[:1]
            ),
            moved_on=Subquery(_moves(day).order_by("-effective_on").values("effective_on")[:1]),
            marked_on=Case(When(inactive, then=Subquery(_marked(person)))),
            not_up_to=F(after) if after else Value(None, output_field=DateField()),
        )
    )
    found = []
    for pk, account, not_up_to, *fact in facts.values_list(
        "pk", "account", "not_up_to",
        since, "is_there", "ended_on", "last_day", "moved_on", "marked_on",
    ):  # fmt: skip
        on = _gone_on(*fact)
        if on <= day and (not_up_to is None or on > not_up_to):
            found.append(Gone(pk, account, on))
    return sorted(found, key=lambda gone: (gone.on, gone.pk))


def first_days(gone: list[Gone]) -> dict[int, datetime.date]:
    """Of each account the first day on which somebody of `gone` was no longer there."""
    return {row.account: row.on for row in reversed(gone)}


def last_days(gone: list[Gone]) -> dict[int, datetime.date]:
    """Of each account the last such day."""
    return {row.account: row.on for row in gone}


def _gone_on(
    since: datetime.date,
    is_there: bool,
    ended_on: datetime.date | None,
    last_day: datetime.date | None,
    moved_on: datetime.date | None,
    marked_on: datetime.date | None,
) -> datetime.date:
    """The rule for one row. `is_there` and `last_day` tell of the day on which it ended, if it did."""
    days = []
    left_on = last_day + ONE_DAY if last_day else None
    if not is_there and left_on and left_on >= max(since, moved_on or since):
        days.append(left_on)
    elif ended_on:
        days.append(ended_on + ONE_DAY)
    elif not is_there:
        days.append(max(since, moved_on or since))
    if marked_on:
        days.append(max(since, marked_on))
    return min(days, default=since)


def present(rows: QuerySet[Any], day: datetime.date, *, person: str = "person") -> QuerySet[Any]:
    """Those of an account's ledger `rows` whose person is there on `day`."""
    places = _places(person).filter(valid_on(day), valid_on(day, "department__"))
    return rows.filter(Exists(places), **{f"{person}__is_active": True})


def gone_people(accesses: QuerySet[Any], day: datetime.date, *, after: str = "") -> list[Gone]:
    """Those of `accesses` that ended, or whose person is gone, up to `day`.

    Who is named as something else from then on has not left.
    """
    still_named = Access.objects.filter(
        Q(until__isnull=True) | Q(until__gt=OuterRef("until")),
        account=OuterRef("account"),
        person=OuterRef("person"),
        since__lte=OuterRef("until"),
    )
    # Asked of ended rows alone, which are few where the others are many.
    rows = accesses.filter(Q(until=None) | Q(until__gte=day) | ~Exists(still_named))
    return departed(rows, day, until="until", after=after)


_LAST_DAY = Least(Coalesce("valid_until", NEVER), Coalesce("department__valid_until", NEVER))


def _places(person: str) -> QuerySet[Any]:
    sharing = Account.partners.through.objects.filter(
        account=OuterRef(OuterRef("account")), department=OuterRef("department")
    )
    return Membership.objects.filter(
        Q(department=OuterRef("account__department")) | Exists(sharing), user=OuterRef(person)
    )


def _moves(day: datetime.date) -> QuerySet[AccountMove]:
    return AccountMove.objects.filter(
        account=OuterRef("account"),
        moved_at__isnull=False,
        transfer__undone_at__isnull=True,
        effective_on__lte=day,
    )


def _marked(person: str) -> QuerySet[Any]:
    """The day since which the person's record says without a break that he has left."""
    records: QuerySet[Any] = User.history.model.objects.all()
    there_again = records.filter(
        id=OuterRef("id"), is_active=True, history_id__gt=OuterRef("history_id")
    )
    return (
        records.filter(~Exists(there_again), id=OuterRef(person), is_active=False)
        .order_by("history_id")
        .values(day=TruncDate("history_date"))[:1]
    )

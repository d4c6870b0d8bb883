"""Who has a hand on an account and is no longer there: a change of staff, 3(7).

A person is there who is active and a member of the department that runs the account or of one that
shares it. All of it follows from memberships, moves of accounts and the policies in force as they
stand on record; nothing has to be told that somebody left.
"""

from __future__ import annotations

import datetime
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
from django.db.models.functions import Coalesce, Greatest, Least, NullIf, TruncDate

from accounts.dates import NEVER, DayAfter
from accounts.models import Access, Account, AccountMove
from staff.models import Membership, User
from staff.models.people import valid_on

_THEN: Any = OuterRef("asked_on")


def departed(
    rows: QuerySet[Any],
    day: datetime.date,
    *,
    person: str = "person",
    since: str = "since",
    until: str = "",
) -> QuerySet[Any]:
    """Those of an account's ledger `rows` whose person is on `day` no longer there.

    `gone_on` says since when: the day after his last membership, or after the row's own end; the
    day on which the account moved on without him; the day on which he was marked as having left.
    `person`, `since` and `until` name the columns.
    """
    on: Any = Value(day, output_field=DateField())
    ended = Q(pk__in=[])
    if until:
        ended = Q(**{f"{until}__lt": day})
        on = Case(When(ended, then=F(until)), default=on)
    inactive = Q(**{f"{person}__is_active": False})
    places: QuerySet[Any] = _places(person)
    gone = (
        rows.filter(**{f"{since}__lte": day, f"{person}__isnull": False})
        .annotate(asked_on=on)
        .annotate(is_there=Exists(places.filter(valid_on(_THEN), valid_on(_THEN, "department__"))))
        .filter(Q(is_there=False) | inactive | ended)
        .annotate(
            left_on=Subquery(
                places.filter(last_day__lt=_THEN)
                .order_by("-last_day")
                .values(after=DayAfter("last_day"))[:1]
            ),
            moved_on=Subquery(_moves(day).order_by("-effective_on").values("effective_on")[:1]),
            marked_on=Case(When(inactive, then=Subquery(_marked(person)))),
        )
    )
    by_place = [
        When(
            Q(left_on__gte=F(since)) & (Q(moved_on=None) | Q(moved_on__lte=F("left_on"))),
            then="left_on",
        )
    ]
    if until:
        by_place.insert(0, When(ended & Q(is_there=True), then=DayAfter(until)))
        by_place.append(When(ended, then=DayAfter(until)))
    by_place.insert(1 if until else 0, When(is_there=True, then=NEVER))
    place = Case(*by_place, default=Greatest(Coalesce("moved_on", since), since))
    mark = Greatest(Coalesce("marked_on", NEVER), since)
    first = NullIf(Least(place, mark), NEVER)
    found: QuerySet[Any] = gone.annotate(gone_on=Coalesce(first, F(since)))
    return found.filter(gone_on__lte=day)


def present(rows: QuerySet[Any], day: datetime.date, *, person: str = "person") -> QuerySet[Any]:
    """Those of an account's ledger `rows` whose person is there on `day`."""
    places = _places(person).filter(valid_on(day), valid_on(day, "department__"))
    return rows.filter(Exists(places), **{f"{person}__is_active": True})


def gone_people(day: datetime.date) -> QuerySet[Any]:
    """The accesses that ended, or whose person is gone, up to `day`: each with `gone_on`.

    Who is named as something else from then on has not left.
    """
    rows: QuerySet[Any] = departed(Access.objects.all(), day, until="until")
    still_named = Access.objects.filter(
        Q(until__isnull=True) | Q(until__gt=OuterRef("until")),
        account=OuterRef("account"),
        person=OuterRef("person"),
        since__lte=OuterRef("until"),
    )
    # Asked of ended rows alone, which are few where the others are many.
    return rows.filter(Q(until=None) | Q(until__gte=day) | ~Exists(still_named))


def _places(person: str) -> QuerySet[Any]:
    sharing = Account.partners.through.objects.filter(
        account=OuterRef(OuterRef("account")), department=OuterRef("department")
    )
    return Membership.objects.filter(
        Q(department=OuterRef("account__department")) | Exists(sharing), user=OuterRef(person)
    ).annotate(
        last_day=Least(Coalesce("valid_until", NEVER), Coalesce("department__valid_until", NEVER))
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

"""Who hears of an open duty: who acts, and from a week after its deadline those above him too."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from shinshiro_sns.duties import TO_HEAD_AFTER, TO_PR_DIVISION_AFTER, Duty
from staff.models import Membership, User, UserQuerySet


def reachable(day: datetime.date) -> UserQuerySet:
    """The people who may be reminded on `day`: there, in some place, and not auditing."""
    places = Membership.objects.current(day).filter(user=OuterRef("pk"))
    there = User.objects.filter(is_active=True, is_auditor=False)
    return there.filter(Q(Exists(places)) | Q(is_administrator=True))


@dataclass(frozen=True)
class City:
    """Whom a run may remind, and who of them is the PR division, by their keys."""

    day: datetime.date
    people: frozenset[int]
    pr_division: frozenset[int]

    @classmethod
    def on(cls, day: datetime.date) -> City:
        """As it is on `day`."""
        pr = Membership.objects.current(day).filter(department__is_pr_division=True)
        return cls(
            day,
            frozenset(reachable(day).values_list("pk", flat=True)),
            frozenset(pr.values_list("user", flat=True)),
        )


# For a row, its department and its deadline: each person's key, and whether he only hears of it.
Hearing = Callable[[Any, int, datetime.date], dict[int, bool]]


def audience(duty: Duty, department_ids: Iterable[int], city: City) -> Hearing:
    """Who hears of the rows of `duty` in these departments: three queries or so for all of them."""
    asked = set(department_ids)
    actors_of = duty.who.people(asked, city.day)
    members: dict[int, set[int]] = defaultdict(set)
    heads: dict[int, set[int]] = defaultdict(set)
    places = Membership.objects.current(city.day).filter(department__in=asked)
    for department, person, role in places.values_list("department", "user", "role"):
        members[department].add(person)
        if role == Membership.Role.HEAD:
            heads[department].add(person)

    def of(row: Any, department: int, deadline: datetime.date) -> dict[int, bool]:
        actors = {person.pk for person in actors_of(row, department)}
        above: set[int] = set()
        # What only the PR division can do is no matter for the head of another department.
        only_theirs = actors and actors <= city.pr_division and not actors & members[department]
        if city.day - deadline >= TO_HEAD_AFTER and not only_theirs:
            above |= heads[department]
        if city.day - deadline >= TO_PR_DIVISION_AFTER:
            above |= city.pr_division
        found = dict.fromkeys(actors, False) | dict.fromkeys(above - actors, True)
        return {person: found[person] for person in sorted(found) if person in city.people}

    return of

"""Whose a duty is: the rules by which a row finds its people, and a person his rows."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from staff import roles
from staff.models import Membership, User


@dataclass(frozen=True)
class Holders:
    """Whoever holds `permission` over the row's department.

    But not who holds `rather` there, under whose duty the row stands already; nor the person whom
    the row names at `not_by`. Where the row names one at `assigned` who holds it, only that one.
    """

    permission: str
    rather: str = ""
    not_by: str = ""
    assigned: str = ""

    def rows_of(self, rows: QuerySet[Any], user: User, department: str) -> QuerySet[Any]:
        """See `shinshiro_sns.duties.Who`."""
        held = roles.reach(user, self.permission)
        if not (held.everywhere or held.own):
            return rows.none()
        mine = rows.filter(held.as_condition(department))
        if self.rather:
            mine = mine.exclude(**{f"{department}__in": roles.reach(user, self.rather).own})
        if self.not_by:
            mine = mine.exclude(**{self.not_by: user})
        if self.assigned:
            able = roles.holders(self.permission, []).values("pk")
            mine = mine.filter(
                Q(**{self.assigned: user})
                | Q(**{f"{self.assigned}__isnull": True})
                | ~Q(**{f"{self.assigned}__in": able})
            )
        return mine

    def people(
        self, department_ids: Iterable[int], day: datetime.date | None = None
    ) -> Callable[[Any, int], Sequence[User]]:
        """See `shinshiro_sns.duties.Who`."""
        asked = set(department_ids)
        by_department = roles.holders_in(self.permission, asked, day)
        rather = roles.holders_in(self.rather, asked, day) if self.rather else {}
        everywhere = list(roles.holders(self.permission, [], day))

        def of(row: Any, department_id: int) -> Sequence[User]:
            found = dict.fromkeys([*by_department[department_id], *everywhere])
            for person in rather.get(department_id, ()):
                found.pop(person, None)
            if self.not_by:
                found = {p: None for p in found if p.pk != getattr(row, f"{self.not_by}_id")}
            if self.assigned:
                named = [p for p in found if p.pk == getattr(row, f"{self.assigned}_id")]
                return named or list(found)
            return list(found)

        return of


@dataclass(frozen=True)
class Officers:
    """The officers of the row's department who hold `permission`, and whom the row names at `begun_by`.

    Head and deputies may do so as well, but it is theirs only where there is no officer.
    """

    permission: str
    begun_by: tuple[str, ...] = ()

    def condition(self, user: User, department: str) -> Q:
        """The rows that are `user`'s as an officer, as a condition on `department`."""
        own = roles.reach(user, self.permission).own
        as_officer = {
            place.department_id
            for place in roles.places_of(user)
            if place.role is roles.Role.OFFICER and place.department_id in own
        }
        there = Membership.objects.current().filter(
            role=Membership.Role.OFFICER, user__is_active=True, user__is_auditor=False
        )
        instead = Q(**{f"{department}__in": own - as_officer}) & ~Q(
            **{f"{department}__in": there.values("department")}
        )
        return Q(**{f"{department}__in": as_officer}) | instead

    def rows_of(self, rows: QuerySet[Any], user: User, department: str) -> QuerySet[Any]:
        """See `shinshiro_sns.duties.Who`."""
        own = roles.reach(user, self.permission).own
        if not own:
            return rows.none()
        mine = self.condition(user, department)
        for name in self.begun_by:
            mine |= Q(**{name: user})
        return rows.filter(mine, **{f"{department}__in": own})

    def people(
        self, department_ids: Iterable[int], day: datetime.date | None = None
    ) -> Callable[[Any, int], Sequence[User]]:
        """See `shinshiro_sns.duties.Who`."""
        able = roles.holders_in(self.permission, department_ids, day)
        officers = {
            (place.department_id, place.user_id)
            for place in Membership.objects.current(day).filter(
                role=Membership.Role.OFFICER, department__in=list(able)
            )
        }

        def of(row: Any, department_id: int) -> Sequence[User]:
            there = [p for p in able[department_id] if (department_id, p.pk) in officers]
            if not there:
                return able[department_id]
            authors = {getattr(row, f"{name}_id") for name in self.begun_by}
            return [p for p in able[department_id] if p in there or p.pk in authors]

        return of


@dataclass(frozen=True)
class Named:
    """The person whom the row names at `field`, whatever his department."""

    field: str

    def rows_of(self, rows: QuerySet[Any], user: User, department: str) -> QuerySet[Any]:
        """See `shinshiro_sns.duties.Who`."""
        return rows.filter(**{self.field: user})

    def people(
        self, department_ids: Iterable[int], day: datetime.date | None = None
    ) -> Callable[[Any, int], Sequence[User]]:
        """See `shinshiro_sns.duties.Who`: rows select their person with themselves."""
        return lambda row, department_id: [getattr(row, self.field)]

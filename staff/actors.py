"""Whose a duty is: the rules by which a row finds its people, and a person his rows."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from staff import authority, roles
from staff.models import Membership, User

_NOWHERE = Q(pk__in=[])


def _within(user: User, permission: str, department: str) -> Q:
    own = authority.reach(user, permission).own
    return Q(**{f"{department}__in": own}) if own else _NOWHERE


@dataclass(frozen=True)
class Holders:
    """Whoever holds `permission` over the row's department.

    But not who holds `rather` there, under whose duty the row stands already; nor whomever the row
    names at `not_by` (one field, or several). Where the row names one at `assigned` who holds it, only that one.
    """

    permission: str
    rather: str = ""
    not_by: str | tuple[str, ...] = ()
    assigned: str = ""

    @property
    def _others_than(self) -> tuple[str, ...]:
        return (self.not_by,) if isinstance(self.not_by, str) else self.not_by

    def where(self, user: User, department: str) -> Q:
        """See `shinshiro_sns.duties.Who`."""
        held = authority.reach(user, self.permission)
        return held.as_condition(department) if held.everywhere or held.own else _NOWHERE

    def rows_of(self, rows: QuerySet[Any], user: User, department: str) -> QuerySet[Any]:
        """See `shinshiro_sns.duties.Who`."""
        mine = rows.filter(self.where(user, department))
        if self.rather:
            mine = mine.exclude(**{f"{department}__in": authority.reach(user, self.rather).own})
        for name in self._others_than:
            mine = mine.exclude(**{name: user})
        if self.assigned:
            able = authority.holders(self.permission, []).values("pk")
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
        by_department = authority.holders_in(self.permission, asked, day)
        rather = authority.holders_in(self.rather, asked, day) if self.rather else {}
        everywhere = list(authority.holders(self.permission, [], day))

        def of(row: Any, department_id: int) -> Sequence[User]:
            found = dict.fromkeys([*by_department[department_id], *everywhere])
            for person in rather.get(department_id, ()):
                found.pop(person, None)
            named = {getattr(row, f"{name}_id") for name in self._others_than}
            found = {person: None for person in found if person.pk not in named}
            if self.assigned:
                chosen = [p for p in found if p.pk == getattr(row, f"{self.assigned}_id")]
                return chosen or list(found)
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
        own = authority.reach(user, self.permission).own
        as_officer = {
            place.department_id
            for place in authority.places_of(user)
            if place.role is roles.Role.OFFICER and place.department_id in own
        }
        there = Membership.objects.current().filter(
            role=Membership.Role.OFFICER, user__is_active=True, user__is_auditor=False
        )
        instead = Q(**{f"{department}__in": own - as_officer}) & ~Q(
            **{f"{department}__in": there.values("department")}
        )
        return Q(**{f"{department}__in": as_officer}) | instead

    def where(self, user: User, department: str) -> Q:
        """See `shinshiro_sns.duties.Who`."""
        return _within(user, self.permission, department)

    def rows_of(self, rows: QuerySet[Any], user: User, department: str) -> QuerySet[Any]:
        """See `shinshiro_sns.duties.Who`."""
        mine = self.condition(user, department)
        for name in self.begun_by:
            mine |= Q(**{name: user})
        return rows.filter(self.where(user, department), mine)

    def people(
        self, department_ids: Iterable[int], day: datetime.date | None = None
    ) -> Callable[[Any, int], Sequence[User]]:
        """See `shinshiro_sns.duties.Who`."""
        able = authority.holders_in(self.permission, department_ids, day)
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

    def where(self, user: User, department: str) -> Q:
        """See `shinshiro_sns.duties.Who`."""
        return Q(**{self.field: user})

    def rows_of(self, rows: QuerySet[Any], user: User, department: str) -> QuerySet[Any]:
        """See `shinshiro_sns.duties.Who`."""
        return rows.filter(self.where(user, department))

    def people(
        self, department_ids: Iterable[int], day: datetime.date | None = None
    ) -> Callable[[Any, int], Sequence[User]]:
        """See `shinshiro_sns.duties.Who`: rows select their person with themselves."""
        return lambda row, department_id: [getattr(row, self.field)]


@dataclass(frozen=True)
class Author:
    """The person whom the row names at `field` while he holds `permission` in its department; once he
    does not, its `Officers`."""

    permission: str
    field: str

    def where(self, user: User, department: str) -> Q:
        """See `shinshiro_sns.duties.Who`."""
        return _within(user, self.permission, department)

    def rows_of(self, rows: QuerySet[Any], user: User, department: str) -> QuerySet[Any]:
        """See `shinshiro_sns.duties.Who`."""
        there = authority.memberships(self.permission).filter(
            user=OuterRef(self.field), department=OuterRef(department)
        )
        taken_up = ~Exists(there) & Officers(self.permission).condition(user, department)
        mine = Q(**{self.field: user}) | taken_up
        return rows.filter(self.where(user, department), mine)

    def people(
        self, department_ids: Iterable[int], day: datetime.date | None = None
    ) -> Callable[[Any, int], Sequence[User]]:
        """See `shinshiro_sns.duties.Who`."""
        asked = list(department_ids)
        able = authority.holders_in(self.permission, asked, day)
        officers = Officers(self.permission).people(asked, day)

        def of(row: Any, department_id: int) -> Sequence[User]:
            author = getattr(row, f"{self.field}_id")
            named = [person for person in able[department_id] if person.pk == author]
            return named or officers(row, department_id)

        return of

"""How the table of `staff.roles` is judged: per department and object, and from both ends."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db import models
from django.utils import timezone

from staff.models import Department, Membership, User
from staff.roles import TABLE, Role, Scope

ADMIN_ROLES = frozenset({Role.PR_DIVISION, Role.AUDITOR, Role.ADMINISTRATOR})
_BY_MEMBERSHIP = {
    Membership.Role.OFFICER: Role.OFFICER,
    Membership.Role.HEAD: Role.HEAD,
    Membership.Role.DEPUTY: Role.DEPUTY,
}


@dataclass(frozen=True)
class Place:
    """A role a person holds today, and the department it is held in (None: none in particular)."""

    role: Role
    department_id: int | None


def places_of(user: User) -> frozenset[Place]:
    """Every role `user` holds today; asked of the database once per loaded user and day."""
    today = timezone.localdate()
    cached: tuple[Any, frozenset[Place]] | None = getattr(user, "_places", None)
    if cached and cached[0] == today:
        return cached[1]
    places: set[Place] = set()
    if getattr(user, "pk", None) and user.is_active:
        rows = Membership.objects.current().filter(user=user)
        for role, department_id, is_pr in rows.values_list(
            "role", "department_id", "department__is_pr_division"
        ):
            places.add(Place(_BY_MEMBERSHIP[Membership.Role(role)], department_id))
            if is_pr:
                places.add(Place(Role.PR_DIVISION, None))
        if user.is_auditor:
            # Who audits changes nothing, whatever else a person may be.
            places = {Place(Role.AUDITOR, None)}
        if user.is_administrator:
            places.add(Place(Role.ADMINISTRATOR, None))
    user._places = (today, frozenset(places))  # type: ignore[attr-defined]
    return frozenset(places)


def permissions_of(user: User) -> set[str]:
    """Every permission `user` holds on something."""
    roles = {place.role for place in places_of(user)}
    return {perm for grant in TABLE if grant.role in roles for perm in grant.permissions}


def may_enter_admin(user: User) -> bool:
    """Whether `/admin/` is open: the PR division, auditors and administrators."""
    return any(place.role in ADMIN_ROLES for place in places_of(user))


@dataclass(frozen=True)
class Reach:
    """Where a person holds a permission: everywhere, or in these departments."""

    everywhere: bool
    own: frozenset[int]
    shared: frozenset[int]

    def covers(self, obj: Any) -> bool:
        """Whether `obj` lies within."""
        if self.everywhere:
            return True
        own = getattr(obj, "scope_department_ids", None)
        if own is None:
            return False
        if self.own & own:
            return True
        return bool(self.shared and self.shared & getattr(obj, "shared_department_ids", set()))

    def as_condition(self, own: str, shared: str = "") -> models.Q:
        """The same as a condition on rows: `own` and `shared` name the paths to departments."""
        if self.everywhere:
            return models.Q()
        condition = models.Q(**{f"{own}__in": self.own})
        if shared and self.shared:
            condition |= models.Q(**{f"{shared}__in": self.shared})
        return condition


def reach(user: User, permission: str) -> Reach:
    """How far `user` holds `permission`."""
    everywhere = False
    own: set[int] = set()
    shared: set[int] = set()
    for place in places_of(user):
        for grant in TABLE:
            if grant.role is not place.role or permission not in grant.permissions:
                continue
            if grant.scope is Scope.ALL:
                everywhere = True
            elif place.department_id is not None:
                (own if grant.scope is Scope.OWN else shared).add(place.department_id)
    return Reach(everywhere, frozenset(own), frozenset(shared))


def can(user: User, permission: str, obj: Any = None) -> bool:
    """Whether `user` holds `permission`: on `obj`, or without one on anything at all."""
    held = reach(user, permission)
    if obj is None:
        return held.everywhere or bool(held.own or held.shared)
    return held.covers(obj)


def holders(
    permission: str, department_ids: Iterable[int], day: datetime.date | None = None
) -> models.QuerySet[User]:
    """The people who hold `permission` over what belongs to `department_ids`, on `day` or today."""
    roles = {grant.role for grant in TABLE if permission in grant.permissions}
    own = [m for m, role in _BY_MEMBERSHIP.items() if role in roles & _own_roles(permission)]
    found = models.Q(pk__in=User.objects.members_of(department_ids, own, day).values("pk"))
    if Role.PR_DIVISION in roles:
        pr_division = Department.objects.filter(is_pr_division=True)
        found |= models.Q(pk__in=User.objects.members_of(pr_division, day=day).values("pk"))
    if Role.ADMINISTRATOR in roles:
        found |= models.Q(is_administrator=True)
    if Role.AUDITOR in roles:
        return User.objects.filter(found | models.Q(is_auditor=True), is_active=True)
    return User.objects.filter(found, is_active=True, is_auditor=False)


def memberships(permission: str, day: datetime.date | None = None) -> models.QuerySet[Membership]:
    """The memberships that give `permission` over their department, on `day` or today."""
    kinds = [m for m, role in _BY_MEMBERSHIP.items() if role in _own_roles(permission)]
    return Membership.objects.current(day).filter(
        role__in=kinds, user__is_active=True, user__is_auditor=False
    )


def holders_in(
    permission: str, department_ids: Iterable[int], day: datetime.date | None = None
) -> dict[int, list[User]]:
    """Who holds `permission` by a membership on `day`, or today, in each of the departments, asked
    for all at once."""
    found: dict[int, list[User]] = {pk: [] for pk in department_ids}
    rows = memberships(permission, day).filter(department__in=list(found))
    for row in rows.select_related("user").order_by("user__kana", "user__name", "user"):
        if row.user not in found[row.department_id]:
            found[row.department_id].append(row.user)
    return found


def _own_roles(permission: str) -> set[Role]:
    return {g.role for g in TABLE if g.scope is Scope.OWN and permission in g.permissions}


class RoleBackend(BaseBackend):
    """Answers Django's own permission questions from the table."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether the table grants `perm`; never to someone who is not logged in."""
        return isinstance(user_obj, User) and can(user_obj, perm, obj)

"""Who may do what: the one table of roles, read top to bottom, judged per department and object.

A role comes from a membership that holds today, or from a mark on the user. A grant reaches as far
as its scope: OWN, what the person's department manages; SHARED, what it shares (3(1)); ALL, the city.
Objects say to whom they belong by `scope_department_ids` and, where shared, `shared_department_ids`.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db import models
from django.utils import timezone

from staff.models import Department, Membership, User


class Role(enum.Enum):
    """What a person can be."""

    OFFICER = "担当者"
    HEAD = "所属の長"
    DEPUTY = "代決者"
    PR_DIVISION = "広報主管課"
    AUDITOR = "監査"
    ADMINISTRATOR = "システム管理者"


class Scope(enum.Enum):
    """How far a grant reaches."""

    OWN = "自所属"
    SHARED = "共同で利用する所属"
    ALL = "全庁"


@dataclass(frozen=True)
class Grant:
    """One line of the table."""

    role: Role
    scope: Scope
    permissions: frozenset[str]


def _grant(role: Role, scope: Scope, *permissions: str) -> Grant:
    return Grant(role, scope, frozenset(permissions))


READ_REGISTER = (
    "accounts.view_account",
    "policies.view_operatingpolicy",
)
READ_LEDGERS = (
    "accounts.view_credentials",
    "accounts.view_evidence",
)
READ_STAFF = (
    "staff.view_department",
    "staff.view_user",
    "staff.view_membership",
    "staff.view_absence",
)
OFFICER_ACTS = (
    *READ_REGISTER,
    *READ_LEDGERS,
    "accounts.add_account",
    "accounts.add_credentialchange",
    "accounts.change_credentials",
    "accounts.change_certification",
    "accounts.add_linkcheck",
    "accounts.add_attestation",
    "accounts.add_evidence",
    "accounts.add_announcement",
    "accounts.confirm_handover",
    "policies.draft_operatingpolicy",
    "policies.submit_operatingpolicy",
    "policies.recall_operatingpolicy",
    "policies.withdraw_operatingpolicy",
    "postings.view_post",
    "postings.add_post",
    "postings.approve_post",
    "postings.view_toolkey",
    "postings.revoke_toolkey",
    "staff.view_absence",
    "staff.add_absence",
    "staff.cancel_absence",
)

# 5: whoever is of the department opens and works on its incidents; the steps say whose each is.
READ_INCIDENTS = (
    "incidents.view_incident",
    "incidents.view_incidentevidence",
)
WORK_ON_INCIDENTS = (
    *READ_INCIDENTS,
    "incidents.add_incident",
    "incidents.change_incident",
    "incidents.add_incidententry",
    "incidents.add_incidentevidence",
    "incidents.do_officer_incidentstep",
)
DECIDE_ON_INCIDENTS = (
    "incidents.waive_incidentstep",
    "incidents.end_incident",
    "incidents.reopen_incident",
    "incidents.cancel_incident",
    "incidents.view_original_incidentevidence",
)

TABLE: tuple[Grant, ...] = (
    _grant(Role.OFFICER, Scope.OWN, *OFFICER_ACTS, *WORK_ON_INCIDENTS),
    _grant(
        Role.OFFICER, Scope.SHARED, *READ_REGISTER, "accounts.view_evidence", "postings.view_post"
    ),
    _grant(
        Role.HEAD,
        Scope.OWN,
        *OFFICER_ACTS,
        *WORK_ON_INCIDENTS,
        *DECIDE_ON_INCIDENTS,
        "incidents.do_head_incidentstep",
        "incidents.add_dutyroster",
        "incidents.change_dutyroster",
        "accounts.suspend_account",
        "accounts.resume_account",
        "accounts.close_account",
        "policies.set_operatingpolicy",
        "policies.return_to_officer_operatingpolicy",
        "policies.recall_report_operatingpolicy",
        "policies.review_operatingpolicy",
        "policies.answer_consultation",
        "policies.review_consultation",
        "postings.add_toolkey",
    ),
    _grant(Role.HEAD, Scope.SHARED, *READ_REGISTER, "accounts.view_evidence", "postings.view_post"),
    _grant(
        Role.DEPUTY,
        Scope.OWN,
        *OFFICER_ACTS,
        *WORK_ON_INCIDENTS,
        # In a recorded absence of the head alone, as the steps say.
        "accounts.suspend_account_for_head",
        "accounts.resume_account_for_head",
        "accounts.close_account_for_head",
        "policies.set_for_head_operatingpolicy",
        "policies.return_for_head_operatingpolicy",
        "policies.recall_report_operatingpolicy",
        "policies.answer_for_head_consultation",
        "incidents.do_for_head_incidentstep",
        "incidents.end_incident_for_head",
    ),
    _grant(
        Role.DEPUTY, Scope.SHARED, *READ_REGISTER, "accounts.view_evidence", "postings.view_post"
    ),
    _grant(
        Role.PR_DIVISION,
        Scope.ALL,
        *READ_REGISTER,
        *READ_LEDGERS,
        *READ_STAFF,
        "accounts.import_account",
        "accounts.export_account",
        "accounts.change_many_accounts",
        "accounts.add_linkcheck",
        "accounts.add_evidence",
        "accounts.suspend_account",
        "staff.view_duties",
        "staff.view_transfer",
        "staff.view_erasure",
        "staff.approve_erasure",
        "policies.receive_operatingpolicy",
        "policies.return_operatingpolicy",
        "policies.assign_operatingpolicy",
        "policies.view_internalnote",
        "policies.add_internalnote",
        "policies.view_guidelineversion",
        *WORK_ON_INCIDENTS,
        *DECIDE_ON_INCIDENTS,
        "incidents.do_pr_incidentstep",
        "incidents.add_dutyroster",
        "incidents.change_dutyroster",
        "incidents.view_dutyroster",
        "incidents.add_contact",
        "incidents.change_contact",
        "incidents.view_contact",
        "postings.add_listedword",
        "postings.change_listedword",
        "postings.view_listedword",
        "postings.view_post",
        "postings.view_toolkey",
        "shinshiro_sns.add_closure",
        "shinshiro_sns.change_closure",
        "shinshiro_sns.view_closure",
        "shinshiro_sns.view_outgoingmail",
        "shinshiro_sns.resend_outgoingmail",
    ),
    _grant(
        Role.AUDITOR,
        Scope.ALL,
        *READ_REGISTER,
        *READ_LEDGERS,
        *READ_STAFF,
        *READ_INCIDENTS,
        "incidents.view_original_incidentevidence",
        "incidents.view_dutyroster",
        "incidents.view_contact",
        "accounts.export_account",
        "staff.view_duties",
        "staff.view_transfer",
        "staff.view_erasure",
        "policies.view_internalnote",
        "policies.view_guidelineversion",
        "postings.view_listedword",
        "postings.view_post",
        "postings.view_toolkey",
        "shinshiro_sns.view_closure",
        "shinshiro_sns.view_outgoingmail",
    ),
    _grant(
        Role.ADMINISTRATOR,
        Scope.ALL,
        *READ_REGISTER,
        *READ_STAFF,
        "staff.add_department",
        "staff.change_department",
        "staff.add_user",
        "staff.change_user",
        "staff.add_membership",
        "staff.change_membership",
        "staff.import_staff",
        "staff.view_duties",
        "staff.view_transfer",
        "staff.add_transfer",
        "staff.undo_transfer",
        "staff.view_erasure",
        "staff.propose_erasure",
        "staff.approve_erasure",
        "accounts.import_account",
        "accounts.export_account",
        "accounts.change_many_accounts",
        "policies.view_guidelineversion",
        "shinshiro_sns.view_outgoingmail",
        "shinshiro_sns.resend_outgoingmail",
    ),
)

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


def holders_in(
    permission: str, department_ids: Iterable[int], day: datetime.date | None = None
) -> dict[int, list[User]]:
    """Who holds `permission` by a membership on `day`, or today, in each of the departments, asked
    for all at once."""
    kinds = [m for m, role in _BY_MEMBERSHIP.items() if role in _own_roles(permission)]
    found: dict[int, list[User]] = {pk: [] for pk in department_ids}
    rows = Membership.objects.current(day).filter(
        department__in=list(found), role__in=kinds, user__is_active=True, user__is_auditor=False
    )
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

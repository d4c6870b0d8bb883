"""The accounts that a planned transfer of staff touches, with whose they are before and after it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from django.db.models import Q

from accounts.models import Access, Account, AccountMove
from staff.models import User
from staff.transferring.plan import Plan

NAMED = ("pk", "service", "name", "handle", "url", "department", "status", "handle_fate")


@dataclass
class Touched:
    """What the consequences for accounts are read from: a few queries, whatever the plan's size."""

    LIVING: ClassVar = (Account.Status.OFFICIAL, Account.Status.SUSPENDED)

    accounts: list[Account]
    access: list[Access]
    before: dict[int, set[int]]
    after: dict[int, dict[int, User]]
    announced: dict[int, int]
    moving: dict[int, int]

    def manager_before(self, account: Account) -> int:
        """The department that would answer for the account on the day without the plan, by its key."""
        return self.announced.get(account.pk, account.department_id)

    def manager_after(self, account: Account) -> int:
        """The department that answers for the account from the day on, by its key."""
        return self.moving.get(account.pk, self.manager_before(account))

    def loses(self, account: Account, person: int) -> bool:
        """Whether the plan takes the person out of the department that answers for the account."""
        return (
            person in self.before[self.manager_before(account)]
            and person not in self.after[self.manager_after(account)]
        )


def touched(plan: Plan) -> Touched:
    """Looked up once for each plan."""
    if "accounts" not in plan.found:
        plan.found["accounts"] = _look_up(plan)
    found: Touched = plan.found["accounts"]
    return found


def expected_moves(until: datetime.date | None = None) -> dict[int, AccountMove]:
    """Account → the move that was announced for it and not carried out, by `until` if given."""
    pending = AccountMove.objects.pending().select_related("target")
    if until is not None:
        pending = pending.filter(effective_on__lte=until)
    return {move.account_id: move for move in pending.order_by("effective_on", "pk")}


def managed_after(plan: Plan, departments: Iterable[int]) -> list[int]:
    """The department of each account that `departments` answer for once the plan is carried out."""
    wanted = set(departments)
    announced, moving = targets(plan)
    target_of = announced | moving
    accounts = Account.objects.answered_for().filter(
        Q(department__in=wanted) | Q(pk__in=[pk for pk, to in target_of.items() if to in wanted])
    )
    managers = (
        target_of.get(pk, department)
        for pk, department in accounts.order_by("pk").values_list("pk", "department")
    )
    return [manager for manager in managers if manager in wanted]


def targets(plan: Plan) -> tuple[dict[int, int], dict[int, int]]:
    """Account → where it comes by the day: by what was announced before, and by this plan."""
    announced = expected_moves(plan.effective_on)
    return (
        {pk: move.target_id for pk, move in announced.items()},
        {moving.number: moving.target.pk for moving in plan.moving},
    )


def _look_up(plan: Plan) -> Touched:
    announced, moving = targets(plan)
    departments = {ending.membership.department_id for ending in plan.ended}
    departments |= {beginning.department.pk for beginning in plan.begun}
    here = Q(department__in=departments) | Q(pk__in=list(moving)) | Q(
        pk__in=[pk for pk, to in announced.items() if to in departments]
    )  # fmt: skip
    accounts = Account.objects.to_guard().filter(here).order_by("pk").only(*NAMED)
    return Touched(
        accounts=list(accounts),
        access=list(Access.objects.current().filter(account__in=accounts.values("pk"))),
        before=plan.members_before(),
        after=plan.members_after(),
        announced=announced,
        moving=moving,
    )

"""An incident is opened: the row, its kind's steps as they are planned now, and everybody told."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from incidents import clocks, log, notices, parts
from incidents.kinds import KINDS, PlannedStep
from incidents.models import Incident, IncidentStep
from staff.models import Department, User

# Who presses the button twice, or goes back and sends the form again, means one incident.
TWICE_WITHIN = datetime.timedelta(minutes=10)


@transaction.atomic
def open_incident(
    kind: str, department: Department, by: User, *, account: Account | None = None,
    after: Callable[[Incident], object] = lambda incident: None,
    is_same: Callable[[Incident], bool] = lambda incident: True, **facts: Any,
) -> tuple[Incident, bool]:  # fmt: skip
    """Open one; whether it is new: the same words sent twice by one person are one incident.

    `facts` are fields of the incident; `after` is what its kind adds, in the same transaction, and
    `is_same` whether an incident of the same words is about that too. Raises PermissionDenied.
    """
    # One at a time: two clicks are one incident. Not by a lock on the key: whoever opens another one in
    # this moment writes to this person, and to write to each other they would wait for each other.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if account is not None:
        # Before the incident names it: what a kind says of it is said under this lock, see `hijack`.
        Account.objects.select_for_update(of=("self",), no_key=True).get(pk=account.pk)
    now = timezone.now()
    made: Any = Incident(
        kind=kind, department=department, account=account, opened_by=by, opened_at=now,
        state_since=now, **{"title": "", "service": account.service if account else "", **facts},
    )  # fmt: skip
    if not by.has_perm("incidents.add_incident", made):
        raise PermissionDenied
    made.title = made.title or _title(made)
    alike = Incident.objects.filter(
        kind=kind, department=department, account=account, known=made.known, opened_by=by,
        opened_at__gt=now - TWICE_WITHIN, state=Incident.State.RUNNING,
    )  # fmt: skip
    for again in filter(is_same, alike):
        return again, False
    made._history_user, made._history_step = by, "open"
    made.save()
    _plan(made, by)
    log.add(made, log.Kind.STATE, f"事案を開いた。{made.known}", by, at=now)
    after(made)
    parts.taken_up(made, by)
    notices.opened(made, by)
    return made, True


def _title(incident: Incident) -> str:
    where = str(incident.account or incident.service_name or incident.department)
    return f"{where}の{KINDS[incident.kind].label}"[:100]


def _plan(incident: Incident, by: User) -> None:
    for order, plan in enumerate(KINDS[incident.kind].steps, start=1):
        step: Any = planned(incident, plan, order)
        step._history_user = by
        step.save()


def planned(incident: Incident, plan: PlannedStep, order: int) -> IncidentStep:
    """The unsaved row of a step of the plan, with its deadline."""
    step = IncidentStep(
        incident=incident, key=plan.key, order=order, label=plan.label,
        explanation=plan.explanation, clause=plan.clause, who=plan.who,
        is_required=plan.required, evidence_wanted=plan.evidence, text_key=plan.text,
        posts=plan.posts, not_by=plan.not_by, state_since=incident.opened_at,
    )  # fmt: skip
    if plan.deadline:
        clocks.give(step, plan.deadline)
    return step

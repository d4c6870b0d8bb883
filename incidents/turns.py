"""Whose turn it is in an incident, and who they are."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.utils import timezone

from incidents.kinds import Who
from incidents.models import IncidentStep
from staff import authority
from staff.actors import Officers
from staff.models import User

# Whose a step is: who holds this over the department, or in the whole city.
OWN = {Who.OFFICER: "incidents.do_officer_incidentstep", Who.HEAD: "incidents.do_head_incidentstep"}
EVERYWHERE = "incidents.do_pr_incidentstep"


# So close to a deadline, it comes before the plan's order.
PRESSING = datetime.timedelta(hours=1)


def whose_turn(
    steps: Iterable[IncidentStep], now: datetime.datetime | None = None
) -> IncidentStep | None:
    """One clear next thing: of what is open and required the first in the plan's order, unless the
    deadline of another presses more."""
    soon = (now or timezone.now()) + PRESSING
    waiting = sorted((s for s in steps if s.is_open and s.is_required), key=lambda s: s.order)
    pressing = [(s.due_at, s.order, s) for s in waiting if s.due_at and s.due_at < soon]
    return min(pressing)[2] if pressing else next(iter(waiting), None)


def people_for(step: IncidentStep) -> list[User]:
    """Who may do it and is meant to: the department's own, or the PR division."""
    department = step.incident.department_id
    if step.who == Who.OFFICER:
        return list(Officers(OWN[Who.OFFICER]).people([department])(step, department))
    if step.who == Who.HEAD:
        return authority.holders_in(OWN[Who.HEAD], [department])[department]
    found = authority.holders(EVERYWHERE, [])
    if step.not_by:
        first = IncidentStep.objects.filter(incident=step.incident_id, key=step.not_by).first()
        if first is not None and first.settled_by_id is not None:
            found = found.exclude(pk=first.settled_by_id)
    return list(found)

"""An incident turns out to be of another kind: an error that everybody is angry about is a flaming.

Its plan becomes the other kind's, with that kind's deadlines as they were in force when it opened. What
was done stays; what the other plan does not ask any more is struck off.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from incidents import clocks, log, notices, parts
from incidents.kinds import KINDS
from incidents.models import Incident, IncidentStep
from incidents.opening import planned
from incidents.workflow import step_workflow
from shinshiro_sns.history import acting
from shinshiro_sns.steps import StepNotMet, StepOvertaken, Unmet
from staff.models import User

CHANGE = "incidents.waive_incidentstep"
DROPPED = "種類を改めたため"


@transaction.atomic
def change_kind(incident: Incident, kind: str, by: User, *, note: str, seen: int) -> Incident:
    """Make it one of `kind`, for a reason. Raises PermissionDenied, StepOvertaken, StepNotMet."""
    now = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    if not by.has_perm(CHANGE, now):
        raise PermissionDenied
    if not now.is_running or seen != now.revision:
        sentence = "ほかの人が先に変えました。今の内容を確かめてから、もう一度行ってください。"
        raise StepOvertaken([Unmet(sentence, "5")], now)
    if kind == now.kind:
        raise StepNotMet([Unmet("今と違う種類を選んでください。", "5", "kind")], now)
    if unmet := parts.unmet_to_drop(now, by):
        raise StepNotMet(unmet, now)
    parts.laid_down(now, by)
    before = now.get_kind_display()
    _lay_aside(now, KINDS[kind].steps, by)
    now.kind = kind
    now.revision += 1
    row: Any = acting(now, by)
    row._change_reason, row._history_step = note, "change_kind"
    row.save()
    _plan_anew(now, by)
    parts.taken_up(now, by)
    text = f"種類を「{before}」から「{KINDS[kind].label}」に改めた。理由:{note}"
    log.add(now, log.Kind.STATE, text, by)
    notices.kind_changed(now, by, before, note)
    return now


def _lay_aside(incident: Incident, plan: Any, by: User) -> None:
    """Strike off what is open, and free the keys of all that the other plan names its own by."""
    kept = {(step.key, step.label) for step in plan}
    for step in incident.steps.all():
        if (step.key, step.label) in kept:
            continue
        row: Any = step
        if step.is_open:
            row = step_workflow.take(step, "drop", by=by, note=DROPPED, follows=True)
        # The revision tells one change of kind from the next.
        row.key = f"{row.key[:20]}.{incident.revision}"
        acting(row, by).save()


def _plan_anew(incident: Incident, by: User) -> None:
    """The other plan's steps behind what was done; those that both plans have go to their place."""
    there = {step.key: step for step in incident.steps.all()}
    first = max((s.order for s in there.values()), default=0) + 1
    for order, step in enumerate(KINDS[incident.kind].steps, start=first):
        row: Any = there.get(step.key)
        if row is None:
            row = planned(incident, step, order)
        row.order, row.incident = order, incident
        row._history_user = by
        row.save()
    for settled in IncidentStep.objects.filter(incident=incident).exclude(state="open"):
        clocks.started_by(settled)

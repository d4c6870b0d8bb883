"""The deadlines of an incident's steps: copied when it opens, started by what they count from."""

from __future__ import annotations

import datetime

from incidents import deadlines
from incidents.deadlines import DISCOVERED, OPENED, STEP, Source
from incidents.models import Incident, IncidentStep
from shinshiro_sns import calendar


def give(step: IncidentStep, key: str) -> None:
    """Put the deadline `key`, as it was in force when the incident opened, on the unsaved or locked
    `step`, running where its trigger is known. Without one that applies there is no clock."""
    incident, step.deadline_key = step.incident, key
    row = deadlines.in_force(key, _opened_on(incident), incident.service)
    if row is None:
        step.due_trigger = step.due_unit = step.due_by = step.due_source = ""
        step.due_amount = step.due_at = None
        return
    step.due_trigger, step.due_amount, step.due_unit = row.trigger, row.amount, row.unit
    step.due_by, step.due_source = row.source, row.name
    step.due_at = _running(step, _moment(incident, row.trigger))


def started_by(settled: IncidentStep) -> None:
    """Start what counts from `settled`, which was done or waived: nobody owes an answer to a request
    that was never made, so that what the law counts from a step starts by its being done alone."""
    waiting = IncidentStep.objects.filter(
        incident=settled.incident_id, due_trigger=f"{STEP}{settled.key}", state="open"
    )
    for step in waiting.select_for_update(of=("self",)):
        if settled.state == IncidentStep.State.DONE or step.due_by != Source.LAW:
            _set(step, _running(step, settled.happened_at))


def stopped_by(reopened: IncidentStep) -> None:
    """Stop what counted from a step that is open again."""
    for step in IncidentStep.objects.filter(
        incident=reopened.incident_id, due_trigger=f"{STEP}{reopened.key}", state="open"
    ).select_for_update(of=("self",)):
        _set(step, None)


def discovered_anew(incident: Incident) -> None:
    """Count anew what counts from the discovery, whose moment was put right."""
    for step in incident.steps.filter(due_trigger=DISCOVERED, state="open").select_for_update(
        of=("self",)
    ):
        _set(step, _running(step, incident.discovered_at))


def service_changed(incident: Incident) -> None:
    """Give open steps the deadlines of the service that it turned out to be."""
    for step in (
        incident.steps.filter(state="open").exclude(deadline_key="").select_for_update(of=("self",))
    ):
        step.incident, before = incident, step.due_at
        give(step, step.deadline_key)
        if step.due_at != before or step.due_source:
            step.save()


def _set(step: IncidentStep, due_at: datetime.datetime | None) -> None:
    if step.due_at != due_at:
        step.due_at = due_at
        step.save()


def _running(step: IncidentStep, start: datetime.datetime | None) -> datetime.datetime | None:
    if start is None or step.due_amount is None:
        return None
    return deadlines.due_after(start, step.due_amount, step.due_unit)


def _moment(incident: Incident, trigger: str) -> datetime.datetime | None:
    """When what `trigger` names happened, if it has."""
    if trigger in (DISCOVERED, OPENED):
        return incident.discovered_at if trigger == DISCOVERED else incident.opened_at
    key = trigger.removeprefix(STEP)
    done = incident.steps.filter(key=key).exclude(state="open").first() if incident.pk else None
    return done.happened_at if done else None


def _opened_on(incident: Incident) -> datetime.date:
    return calendar.local(incident.opened_at).date()

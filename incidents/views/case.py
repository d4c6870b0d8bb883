"""One incident: what to do now, all its steps, its log, its files, and whom to call."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from incidents import calling, changing, parts
from incidents.conditions import another_person
from incidents.forms import IncidentStepForm
from incidents.models import Incident, IncidentStep
from incidents.turns import people_for, whose_turn
from incidents.views.permitted import incident_for, linked, offered, person
from incidents.workflow import incident_workflow, line_for
from shinshiro_sns.steps import Step, StepOvertaken, StepRefused, Unmet
from staff.models import User

READ = "incidents.view_incident"
PER_PAGE = 20


@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """The page one works from."""
    incident = incident_for(request, pk, READ)
    user = person(request)
    steps = list(incident.steps.select_related("settled_by", "absence__person"))
    for step in steps:
        step.incident = incident
    current = whose_turn(steps) if incident.is_running else None
    entries = incident.entries.select_related("recorded_by", "corrects", "correction").order_by(
        "-happened_at", "-pk"
    )
    offers = incident_workflow.offers(incident, user)
    context = {
        "incident": incident,
        "now": timezone.now(),
        "lines": [_line(step, user, current) for step in steps],
        "current": current,
        "current_people": people_for(current) if current else [],
        "may_do_current": current is not None
        and _may(user, "do", current)
        and not another_person(current, user),
        "done_count": sum(not step.is_open for step in steps),
        "panels": parts.panels(incident, user),
        "page": Paginator(entries, PER_PAGE).get_page(request.GET.get("page")),
        "evidence": incident.evidence.select_related("uploaded_by", "step"),
        "on_duty": calling.on_duty(incident, timezone.now()),
        "contacts": calling.contacts(incident),
        "may_change": user.has_perm("incidents.change_incident", incident),
        "may_write": user.has_perm("incidents.add_incidententry", incident),
        "may_add_evidence": user.has_perm("incidents.add_incidentevidence", incident),
        "may_see_originals": user.has_perm("incidents.view_original_incidentevidence", incident),
        "may_change_kind": incident.is_running and user.has_perm(changing.CHANGE, incident),
        **offered(
            incident, offers, lambda name: reverse("incidents:incident_step", args=[pk, name])
        ),
    }
    return render(request, "desk/incidents/case.html", context)


def _line(step: IncidentStep, user: User, current: IncidentStep | None) -> dict[str, Any]:
    return {"step": step, "is_current": step == current, "mine": _may(user, "do", step)}


def _may(user: User, act: str, step: IncidentStep) -> bool:
    return user.has_perm(line_for(act, step, user).permission, step)


def incident_step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A step of the incident itself: the page that says what it does and asks what it needs."""
    user = person(request)
    step = incident_workflow.steps.get(name)
    incident = incident_for(request, pk, READ)
    if step is None:
        raise Http404
    if not user.has_perm(step.permission, incident):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = IncidentStepForm(
        data, step=step, incident=incident,
        initial={
            "revision": incident.revision, "learnt": incident.learnt,
            "changes_that_follow": incident.changes_that_follow,
        },
    )  # fmt: skip
    if data is not None and form.is_valid():
        answers = dict(form.cleaned_data)
        try:
            incident_workflow.take(
                incident, name, by=user, seen=answers.pop("revision"),
                note=answers.pop("note", ""), **answers,
            )  # fmt: skip
        except StepRefused as refused:
            return _step_page(request, incident, step, form, refused.reasons, status=409)
        messages.success(request, f"「{step.label}」の手続きを行いました。")
        return redirect(incident)
    status = 422 if data is not None else 200
    return _step_page(request, incident, step, form, _unmet(incident, step, user), status=status)


def _unmet(incident: Incident, step: Step, user: User) -> list[Unmet]:
    if incident.state not in step.sources or not step.offered(incident, user):
        state = incident.get_state_display()
        raise StepOvertaken([Unmet(f"「{state}」の今は、「{step.label}」はできません。")], incident)
    return step.unmet(incident, user)


def _step_page(
    request: HttpRequest, incident: Incident, step: Step, form: IncidentStepForm,
    unmet: list[Unmet], *, status: int,
) -> HttpResponse:  # fmt: skip
    context = {
        "incident": incident,
        "step": step,
        "form": form,
        "form_errors": status != 200,
        "unmet": linked(incident, unmet),
    }
    return render(request, "desk/incidents/incident_step.html", context, status=status)


urls = [
    path("incidents/<int:pk>/", case, name="incident"),
    path("incidents/<int:pk>/act/<slug:name>/", incident_step, name="incident_step"),
]

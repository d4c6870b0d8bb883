"""One step of an incident: what to do, and that it was done, is waived, or is open again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_safe

from incidents import parts, settling, texts
from incidents.models import IncidentStep
from incidents.step_forms import CLOSED, DoneForm, ReasonForm
from incidents.turns import people_for
from incidents.views.permitted import linked, person, step_for
from incidents.workflow import line_for
from shinshiro_sns.steps import Step, StepOvertaken, StepRefused, Unmet
from staff.models import User

ACTS = ("do", "waive", "undo")


@require_safe
def step(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """What the step asks; with the form, for whoever may do it."""
    row, user = step_for(request, pk, step), person(request)
    line = line_for("do", row, user)
    form = None
    unmet: list[Unmet] = []
    if row.is_open and user.has_perm(line.permission, row):
        unmet = line.unmet(row, user)
        form = None if unmet else _form("do", row, line, None)
    return _page(request, row, "do", line, form, unmet)


def act(request: HttpRequest, pk: int, step: int, act: str) -> HttpResponse:
    """The form of an act, and the POST that does it."""
    row, user = step_for(request, pk, step), person(request)
    if act not in ACTS:
        raise Http404
    line = line_for(act, row, user)
    if not user.has_perm(line.permission, row):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = _form(act, row, line, data)
    if data is None:
        if row.state not in line.sources:
            state = row.get_state_display()
            raise StepOvertaken(
                [Unmet(f"すでに「{state}」になっているため、「{line.label}」はできません。")], row
            )
        return _page(request, row, act, line, form, line.unmet(row, user))
    if not form.is_valid():
        return _page(request, row, act, line, form, [], status=422)
    given = form.answers if isinstance(form, DoneForm) else {"note": form.cleaned_data["note"]}
    try:
        outcome = settling.settle(row, line, user, seen=form.cleaned_data["revision"], **given)
    except StepRefused as refused:
        return _page(request, row, act, line, form, refused.reasons, status=409)
    if outcome.overtaken_by:
        messages.warning(request, outcome.overtaken_by)
        return redirect(row)
    messages.success(request, f"「{row.label}」を「{outcome.state}」にしました。")
    return redirect(row.incident)


def _form(act: str, row: IncidentStep, line: Step, data: Any) -> DoneForm | ReasonForm:
    initial: dict[str, Any] = {"revision": row.revision}
    if act == "do":
        return (parts.step_form(row) or DoneForm)(data, step=row, initial=initial)
    if act == "waive" and row.posts and row.incident.account_is_gone:
        initial["note"] = CLOSED
    return ReasonForm(data, label=line.note_label, initial=initial)


def _page(
    request: HttpRequest, row: IncidentStep, act: str, line: Step,
    form: DoneForm | ReasonForm | None, unmet: list[Unmet], *, status: int = 200,
) -> HttpResponse:  # fmt: skip
    user = person(request)
    incident = row.incident
    context = {
        "incident": incident,
        "step": row,
        "act": act,
        "line": line,
        "form": form,
        "form_errors": status != 200,
        "unmet": linked(incident, unmet),
        "people": people_for(row) if row.is_open else [],
        "may": {name: _may(user, name, row) for name in ACTS},
        "entries": row.entries.select_related("recorded_by").order_by("happened_at", "pk"),
        "evidence": row.evidence.all(),
        "texts": texts.for_step(row) if row.is_open else [],
        "may_add_evidence": user.has_perm("incidents.add_incidentevidence", incident),
        "guides": parts.guides(row, user) if row.is_open else [],
    }
    return render(request, "desk/incidents/step.html", context, status=status)


def _may(user: User, act: str, row: IncidentStep) -> bool:
    line = line_for(act, row, user)
    return (
        row.state in line.sources
        and row.incident.is_running
        and user.has_perm(line.permission, row)
    )


BASE = "incidents/<int:pk>/steps/<int:step>"
urls = [
    path(f"{BASE}/", step, name="step"),
    path(f"{BASE}/<slug:act>/", act, name="step_act"),
]

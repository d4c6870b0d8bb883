"""Pages of 炎上, 5(3): replies on their way to being the department's, and how far it spreads."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from incidents import flaming
from incidents.flaming import reply_workflow
from incidents.flaming_forms import ReplyForm, ReplyStepForm, SpreadForm
from incidents.models import Incident, Reply
from incidents.views.permitted import incident_for, linked, offered, person
from shinshiro_sns.steps import Step, StepOvertaken, StepRefused, Unmet
from staff import authority

READ = "incidents.view_incident"


def _reply_for(request: HttpRequest, pk: int, reply: int, permission: str = READ) -> Reply:
    incident = incident_for(request, pk, permission)
    row: Reply = get_object_or_404(
        incident.replies.select_related(
            "written_by", "approved_by", "recorded_by", "absence__person"
        ),
        pk=reply,
    )
    row.incident = incident
    return row


def new(request: HttpRequest, pk: int) -> HttpResponse:
    """A new reply."""
    incident = _of_flaming(incident_for(request, pk, flaming.WRITE))
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {k: v for k, v in form.cleaned_data.items() if k != "revision"}
        try:
            made = flaming.draft(incident, person(request), **given)
        except StepRefused as refused:
            return _form_page(request, incident, form, refused.reasons, status=409)
        messages.success(request, "下書きを保存しました。所属の長の承認を求めてください。")
        return redirect(made)
    return _form_page(request, incident, form, [], status=_status(request))


def edit(request: HttpRequest, pk: int, reply: int) -> HttpResponse:
    """Another text for a draft; who comes second sees what stands there now and keeps his words."""
    row = _reply_for(request, pk, reply, flaming.WRITE)
    initial = {
        "answers": row.answers, "answers_url": row.answers_url, "text": row.text,
        "revision": row.revision,
    }  # fmt: skip
    if request.method != "POST" and not row.is_editable:
        state = row.get_state_display()
        raise StepOvertaken(
            [Unmet(f"すでに「{state}」になっているため、直せません。", flaming.CLAUSE)], row
        )
    form = ReplyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            flaming.rewrite(row, person(request), seen=given.pop("revision"), **given)
        except StepOvertaken as overtaken:
            now = _reply_for(request, pk, reply)
            # Sent once more it stands against what is there now, which the page shows beside it.
            form.data = {**request.POST.dict(), "revision": str(now.revision)}
            return _form_page(
                request, row.incident, form, overtaken.reasons, status=409, reply=now, now=now
            )
        messages.success(request, "文を直しました。")
        return redirect(row)
    return _form_page(request, row.incident, form, [], status=_status(request), reply=row)


def _of_flaming(incident: Incident) -> Incident:
    if incident.kind != flaming.KIND:
        raise Http404
    return incident


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200


def _form_page(
    request: HttpRequest, incident: Incident, form: ReplyForm, unmet: list[Unmet], *, status: int,
    reply: Reply | None = None, now: Reply | None = None,
) -> HttpResponse:  # fmt: skip
    context = {
        "incident": incident,
        "reply": reply,
        "now": now,
        "form": form,
        "form_errors": status != 200,
        "unmet": linked(incident, unmet),
        "back": reply.get_absolute_url() if reply else incident.get_absolute_url(),
    }
    return render(request, "desk/incidents/flaming/reply_form.html", context, status=status)


@require_safe
def reply(request: HttpRequest, pk: int, reply: int) -> HttpResponse:
    """One reply: its text, whose turn it is, and what can be done."""
    row, user = _reply_for(request, pk, reply), person(request)
    offers = reply_workflow.offers(row, user)
    waiting = row.state == Reply.State.WITH_HEAD
    context = {
        "incident": row.incident,
        "reply": row,
        "people": authority.holders_in(flaming.APPROVE, [row.incident.department_id])[
            row.incident.department_id
        ]
        if waiting
        else [],
        "may_edit": row.is_editable and user.has_perm(flaming.WRITE, row),
        **offered(row.incident, offers, lambda name: _step_url(row, name)),
        "history": row.history.exclude(step="").select_related("history_user"),
    }
    return render(request, "desk/incidents/flaming/reply.html", context)


def _step_url(row: Reply, name: str) -> str:
    address = reverse("incidents:reply_step", args=[row.incident_id, row.pk, name])
    return f"{address}?seen={row.revision}"


def step(request: HttpRequest, pk: int, reply: int, name: str) -> HttpResponse:
    """The page of a step, and the POST that takes it."""
    row, user = _reply_for(request, pk, reply), person(request)
    declared = reply_workflow.steps.get(name)
    if declared is None:
        raise Http404
    if not user.has_perm(declared.permission, row):
        raise PermissionDenied
    if request.method != "POST":
        if row.state not in declared.sources:
            state = row.get_state_display()
            sentence = f"すでに「{state}」になっているため、「{declared.label}」はできません。"
            raise StepOvertaken([Unmet(sentence, flaming.CLAUSE)], row)
        seen = request.GET.get("seen", str(row.revision))
        form = ReplyStepForm(step=declared, initial={"revision": seen})
        return _step_page(request, row, declared, form, declared.unmet(row, user), status=200)
    form = ReplyStepForm(request.POST, step=declared)
    if not form.is_valid():
        return _step_page(request, row, declared, form, [], status=422)
    given: dict[str, Any] = dict(form.cleaned_data)
    try:
        reply_workflow.take(
            row, name, by=user, seen=given.pop("revision"), note=given.pop("note", ""), **given
        )
    except StepRefused as refused:
        return _step_page(request, row, declared, form, refused.reasons, status=409)
    messages.success(request, f"「{declared.label}」の手続きを行いました。")
    return redirect(row)


def _step_page(
    request: HttpRequest, row: Reply, declared: Step, form: ReplyStepForm, unmet: list[Unmet], *,
    status: int,
) -> HttpResponse:  # fmt: skip
    context = {
        "incident": row.incident,
        "reply": row,
        "step": declared,
        "form": form,
        "form_errors": status != 200,
        "unmet": linked(row.incident, unmet),
    }
    return render(request, "desk/incidents/flaming/step.html", context, status=status)


def spread(request: HttpRequest, pk: int) -> HttpResponse:
    """What is being said: the form, and all that was recorded."""
    incident = _of_flaming(incident_for(request, pk, "incidents.add_incidententry"))
    form = SpreadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        flaming.saw(incident, person(request), **form.cleaned_data)
        messages.success(request, "広がりを記録しました。")
        return redirect(f"{incident.get_absolute_url()}#spread")
    context = {"incident": incident, "form": form, "form_errors": request.method == "POST"}
    return render(request, "desk/incidents/flaming/spread.html", context, status=_status(request))


BASE = "incidents/<int:pk>/replies"
urls = [
    path(f"{BASE}/add/", new, name="add_reply"),
    path(f"{BASE}/<int:reply>/", reply, name="reply"),
    path(f"{BASE}/<int:reply>/edit/", edit, name="edit_reply"),
    path(f"{BASE}/<int:reply>/<slug:name>/", step, name="reply_step"),
    path("incidents/<int:pk>/spread/", spread, name="spread"),
]

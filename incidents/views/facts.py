"""What is known of an incident: the form that puts it right."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from incidents import changing, facts
from incidents.forms import FactsForm, KindForm
from incidents.models import Incident
from incidents.views.permitted import incident_for, person
from shinshiro_sns.steps import StepOvertaken, StepRefused, Unmet


def revise(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form, or save it."""
    incident = incident_for(request, pk, "incidents.change_incident")
    user = person(request)
    if request.method != "POST":
        form = FactsForm(by=user, initial={name: getattr(incident, name) for name in facts.FACTS})
        return _page(request, incident, form, seal=facts.seal(incident))
    form = FactsForm(request.POST, by=user)
    seal = request.POST.get("seen", "")
    if not form.is_valid():
        return _page(request, incident, form, seal=seal, status=422)
    clashes, refused = facts.revise(incident, form.facts, user, seen=seal)
    if refused:
        form.add_error("discovered_at", refused)
        return _page(request, incident, form, seal=seal, status=422)
    if clashes:
        now = Incident.objects.get(pk=pk)
        return _page(request, incident, form, seal=facts.seal(now), clashes=clashes, status=409)
    messages.success(request, "内容を直しました。")
    return redirect(incident)


def _page(
    request: HttpRequest, incident: Incident, form: FactsForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"incident": incident, "form": form, "form_errors": status != 200, **more}
    return render(request, "desk/incidents/facts.html", context, status=status)


def change_kind(request: HttpRequest, pk: int) -> HttpResponse:
    """The form by which it becomes one of another kind."""
    incident = incident_for(request, pk, changing.CHANGE)
    if not incident.is_running:
        state = incident.get_state_display()
        raise StepOvertaken([Unmet(f"「{state}」の事案の種類は改められません。", "5")], incident)
    form = KindForm(
        request.POST or None, incident=incident, initial={"revision": incident.revision}
    )
    unmet: list[Unmet] = []
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                changing.change_kind(
                    incident, given["kind"], person(request), note=given["note"],
                    seen=given["revision"],
                )  # fmt: skip
            except StepRefused as refused:
                unmet, status = refused.reasons, 409
            else:
                messages.success(request, "種類を改めました。手順が変わりました。")
                return redirect(incident)
    context = {"incident": incident, "form": form, "form_errors": status != 200, "unmet": unmet}
    return render(request, "desk/incidents/kind.html", context, status=status)


urls = [
    path("incidents/<int:pk>/facts/", revise, name="facts"),
    path("incidents/<int:pk>/kind/", change_kind, name="kind"),
]

"""The log: adding to it, and putting a line right by another one."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path

from incidents import log
from incidents.forms import CorrectionOfEntryForm, EntryForm
from incidents.models import Incident, IncidentEntry
from incidents.views.permitted import incident_for, person

WRITE = "incidents.add_incidententry"


def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A line of the log; also of an incident that is over: one learns of things later."""
    incident = incident_for(request, pk, WRITE)
    form = EntryForm(request.POST or None, incident=incident)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with transaction.atomic():
            # One at a time: two clicks are one line.
            Incident.objects.select_for_update(of=("self",)).get(pk=pk)
            log.add(
                incident, given["kind"], given["text"], person(request),
                at=given["happened_at"], url=given["url"],
            )  # fmt: skip
        messages.success(request, "経過に書き加えました。")
        return redirect(f"{incident.get_absolute_url()}#log")
    status = 422 if request.method == "POST" else 200
    context = {"incident": incident, "form": form, "form_errors": status != 200}
    return render(request, "desk/incidents/entry.html", context, status=status)


def correct(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """The line that puts another one right; both stay to be read."""
    incident = incident_for(request, pk, WRITE)
    written = incident.entries.filter(kind__in=IncidentEntry.BY_HAND, correction=None)
    row = get_object_or_404(written.select_related("recorded_by"), pk=entry)
    form = CorrectionOfEntryForm(request.POST or None, initial={"text": row.text})
    if request.method == "POST" and form.is_valid():
        log.correct(row, form.cleaned_data["text"], person(request))
        messages.success(request, "訂正を書き加えました。元の記録も残ります。")
        return redirect(f"{incident.get_absolute_url()}#log")
    status = 422 if request.method == "POST" else 200
    context = {"incident": incident, "entry": row, "form": form, "form_errors": status != 200}
    return render(request, "desk/incidents/entry_correction.html", context, status=status)


urls = [
    path("incidents/<int:pk>/entries/add/", add, name="entry"),
    path("incidents/<int:pk>/entries/<int:entry>/correct/", correct, name="correct_entry"),
]

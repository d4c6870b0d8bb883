"""Evidence of an incident: adding to it, and taking it away."""

from __future__ import annotations

from csp.decorators import csp_update
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.evidence import Damaged
from incidents import evidence
from incidents.evidence_forms import IncidentEvidenceForm
from incidents.models import IncidentEvidence
from incidents.views.permitted import incident_for, person

ADD = "incidents.add_incidentevidence"
READ = "incidents.view_incidentevidence"
READ_ORIGINAL = "incidents.view_original_incidentevidence"


def add(request: HttpRequest, pk: int) -> HttpResponse:
    """The form to add a file."""
    incident = incident_for(request, pk, ADD)
    form = IncidentEvidenceForm(
        request.POST or None, request.FILES or None, incident=incident,
        initial={"step": request.GET.get("step")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made, is_new = evidence.keep(
                incident, given["file"], shows=given["shows"], step=given["step"],
                by=person(request),
            )  # fmt: skip
        except ValidationError as refused:
            form.add_error("file", refused)
        else:
            messages.success(request, _said(made, is_new))
            return redirect(f"{incident.get_absolute_url()}#evidence")
    status = 422 if request.method == "POST" else 200
    context = {"incident": incident, "form": form, "form_errors": status != 200}
    return render(request, "desk/incidents/evidence.html", context, status=status)


def _said(made: IncidentEvidence, is_new: bool) -> str:
    if not is_new:
        return f"「{made.name}」は、すでに登録されています。"
    said = f"「{made.name}」を登録しました。"
    if made.copy:
        said += "撮影した場所などの情報が入っていたため、除いた写しを作りました。元のファイルも残っています。"
    return said


def _handed_out(request: HttpRequest, pk: int, row: int, *, original: bool) -> HttpResponse:
    incident = incident_for(request, pk, READ_ORIGINAL if original else READ)
    held = get_object_or_404(incident.evidence.filter(erased_at__isnull=True), pk=row)
    try:
        content = evidence.content_of(held, original=original)
    except Damaged as damaged:
        messages.error(
            request,
            f"「{held.name}」を取り出せません。{damaged}。システム管理者に知らせてください。",
        )
        return redirect(incident)
    disposition = content_disposition_header(as_attachment=True, filename=held.name)
    return HttpResponse(
        content,
        content_type=held.kind,
        headers={"Content-Disposition": disposition or "attachment"},
    )


@require_safe
@cache_control(no_store=True)
@csp_update({"sandbox": True})  # type: ignore[arg-type]
def file(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """One file, to be saved and never to be shown by the portal; of a picture that tells more than
    it shows, the copy without that."""
    return _handed_out(request, pk, row, original=False)


@require_safe
@cache_control(no_store=True)
@csp_update({"sandbox": True})  # type: ignore[arg-type]
def original(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """The file as it was taken in."""
    return _handed_out(request, pk, row, original=True)


BASE = "incidents/<int:pk>/evidence"
urls = [
    path(f"{BASE}/add/", add, name="add_evidence"),
    path(f"{BASE}/<int:row>/", file, name="evidence_file"),
    path(f"{BASE}/<int:row>/original/", original, name="evidence_original"),
]

"""An incident as a whole: the report as a page and as a paper, and the package to hand over."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from incidents import package
from incidents import report as reports
from incidents.package_forms import PackageForm
from incidents.views.permitted import incident_for, person
from shinshiro_sns import pdf

READ = "incidents.view_incident"
WRITE = "incidents.add_incidententry"
ORIGINALS = "incidents.view_original_incidentevidence"


@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole incident on one page."""
    incident = incident_for(request, pk, READ)
    context = {
        **reports.gathered(incident, person(request)),
        "may_hand_over": person(request).has_perm(WRITE, incident),
    }
    return render(request, "desk/incidents/report.html", context)


@require_safe
def report_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as PDF."""
    incident = incident_for(request, pk, READ)
    facts = reports.gathered(incident, person(request))
    return pdf.response(pdf.made("print/incidents/report.html", facts), f"事案報告書_{pk}")


@require_safe
def press_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """What has been public of it, as PDF."""
    incident = incident_for(request, pk, READ)
    paper = pdf.made("print/incidents/press.html", reports.published(incident))
    return pdf.response(paper, f"公表した内容_{pk}")


@cache_control(no_store=True)
def hand_over(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The form that says for whom, and the package itself; the log keeps who took it out."""
    incident = incident_for(request, pk, WRITE)
    by = person(request)
    may_have_all = by.has_perm(ORIGINALS, incident)
    form = PackageForm(request.POST or None, may_have_all=may_have_all)
    if request.method == "POST" and form.is_valid():
        what = package.For(form.cleaned_data["what"])
        made = package.handed_over(incident, by, what, form.cleaned_data["to"])
        return FileResponse(
            made.file, as_attachment=True, filename=made.name, content_type="application/zip"
        )
    status = 422 if request.method == "POST" else 200
    context = {"incident": incident, "form": form, "form_errors": status != 200}
    return render(request, "desk/incidents/package.html", context, status=status)


BASE = "incidents/<int:pk>"
urls = [
    path(f"{BASE}/report/", report, name="report"),
    path(f"{BASE}/report.pdf", report_paper, name="report_paper"),
    path(f"{BASE}/press.pdf", press_paper, name="press_paper"),
    path(f"{BASE}/package/", hand_over, name="package"),
]

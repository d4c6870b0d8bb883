"""What the pages of incidents have in common: a case is fetched together with the right to see it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from incidents.models import Incident, IncidentStep
from shinshiro_sns.steps import Offer, Unmet, on_a_page
from staff.models import User


def person(request: HttpRequest) -> User:
    """Who is logged in: every page of the desk asks for a log-in."""
    return cast(User, request.user)


def incident_for(request: HttpRequest, pk: int, permission: str) -> Incident:
    """The incident, if the person may see it (else 404) and holds `permission` over it (else 403)."""
    visible = Incident.objects.visible_to(person(request)).select_related(
        "department", "account__department", "lead", "opened_by", "ended_by"
    )
    incident = get_object_or_404(visible, pk=pk)
    if not person(request).has_perm(permission, incident):
        raise PermissionDenied
    return incident


def step_for(request: HttpRequest, pk: int, step: int) -> IncidentStep:
    """A step of an incident that the person may see, else 404."""
    incident = incident_for(request, pk, "incidents.view_incident")
    row = get_object_or_404(incident.steps.select_related("settled_by", "absence__person"), pk=step)
    row.incident = incident
    return row


def linked(incident: Incident, unmet: list[Unmet]) -> list[dict[str, str]]:
    """What is unmet, each with the link to where it is mended."""
    return [
        {"sentence": row.sentence, "clause": row.clause, "url": _place(incident, row.place)}
        for row in unmet
    ]


def offered(
    incident: Incident, offers: Sequence[Offer], address: Callable[[str], str]
) -> dict[str, list[dict[str, Any]]]:
    """For a page: what can be done of the case, and what cannot be done yet, with why."""
    return on_a_page(offers, address, lambda unmet: linked(incident, unmet))


def _place(incident: Incident, place: str) -> str:
    if place == "absence":
        return reverse("staff:absences")
    if place == "fake":
        return reverse("incidents:fake", args=[incident.pk])
    if place == "evidence":
        return reverse("incidents:add_evidence", args=[incident.pk])
    if place.startswith("reply:"):
        return reverse("incidents:reply", args=[incident.pk, place.removeprefix("reply:")])
    if place.startswith("step:"):
        return reverse("incidents:step", args=[incident.pk, place.removeprefix("step:")])
    return ""

"""Whom to call about an incident now: who is on duty, and whom else when a department does not answer."""

from __future__ import annotations

import datetime

from django.db.models import F, Q, QuerySet

from incidents.models import Contact, DutyRoster, Incident


def on_duty(incident: Incident, at: datetime.datetime) -> QuerySet[DutyRoster]:
    """Those on duty at `at`, of the department and of the PR division."""
    theirs = Q(department=incident.department_id) | Q(department__is_pr_division=True)
    found = DutyRoster.objects.at(at).filter(theirs)
    return found.select_related("department", "person").order_by(
        "department__is_pr_division", "begins_at", "pk"
    )


def contacts(incident: Incident) -> QuerySet[Contact]:
    """The department's own contacts first, then the whole city's, in their order."""
    theirs = Q(department=incident.department_id) | Q(department__isnull=True)
    found = Contact.objects.filter(theirs, is_active=True).select_related("department")
    return found.order_by(F("department").asc(nulls_last=True), "order", "pk")

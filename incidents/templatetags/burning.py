"""What burns in the whole city, for the pages that the PR division opens in the morning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.db.models import Count, Q
from django.utils import timezone

from incidents.models import Incident, IncidentStep, Severity

register = template.Library()


@dataclass(frozen=True)
class Burning:
    """How many incidents are running, how many of them are grave, how many steps are late."""

    running: int
    grave: int
    late: int


@register.simple_tag(takes_context=True)
def burning(context: Any) -> Burning | None:
    """`{% burning as found %}`: None where nothing burns, or for whom it does not concern."""
    if not context["request"].user.has_perm("incidents.do_pr_incidentstep"):
        return None
    counts = Incident.objects.running().aggregate(
        n=Count("pk"), grave=Count("pk", filter=Q(severity=Severity.GRAVE))
    )
    if not counts["n"]:
        return None
    late = IncidentStep.objects.that_hold_open().filter(due_at__lt=timezone.now()).count()
    return Burning(counts["n"], counts["grave"], late)

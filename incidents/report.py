"""The whole of an incident afterwards: what was done when and by whom, in time or not, and what proves it.

One reading for the page, the paper and the package. What a newspaper may have is a second, short
reading: nothing of it was not public already.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from incidents import parts
from incidents.models import Incident, IncidentEntry, IncidentStep
from staff.models import Department, User

Kind = IncidentEntry.Kind


@dataclass(frozen=True)
class StepLine:
    """One step with its deadline and what became of it; `minutes_late` is None where it was in time."""

    step: IncidentStep
    minutes_late: int | None


def gathered(incident: Incident, user: User) -> dict[str, Any]:
    """Everything of `incident`, for whoever may read it; as many queries however much there is."""
    steps = list(incident.steps.select_related("settled_by", "absence__person"))
    entries = list(incident.entries.select_related("recorded_by", "corrects"))
    return {
        "incident": incident,
        "steps": [StepLine(step, _late(step)) for step in steps],
        "entries": entries,
        "decisions": [entry for entry in entries if entry.kind == Kind.DECISION],
        "evidence": list(incident.evidence.select_related("uploaded_by", "step")),
        "papers": parts.papers(incident, user),
        "made_at": timezone.now(),
    }


def published(incident: Incident) -> dict[str, Any]:
    """What of `incident` has been public: its posts and notices. No names of staff, no files."""
    told = (
        (step.happened_at, step.label, step.words, step.url)
        for step in incident.steps.filter(state=IncidentStep.State.DONE).exclude(url="")
    )
    posts = (
        (entry.happened_at, entry.get_kind_display(), entry.text, entry.url)
        for entry in incident.entries.filter(kind=Kind.POST, correction=None).exclude(url="")
    )
    return {
        "incident": incident,
        "told": sorted((*told, *posts), key=lambda line: str(line[0])),
        "pr_division": Department.objects.filter(is_pr_division=True).first(),
        "made_at": timezone.now(),
    }


def _late(step: IncidentStep) -> int | None:
    if not step.was_late or step.due_at is None or step.happened_at is None:
        return None
    return int((step.happened_at - step.due_at).total_seconds() // 60)

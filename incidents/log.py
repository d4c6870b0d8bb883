"""The log of an incident: added to by people and by every step, corrected by a further line."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from incidents.models import Incident, IncidentEntry, IncidentStep
from shinshiro_sns.steps import StepOvertaken, Unmet
from staff.models import User

Kind = IncidentEntry.Kind


def refused_time(incident: Incident, at: datetime.datetime, now: datetime.datetime) -> str:
    """Why nothing about `incident` can have been done at `at`; empty where it can."""
    if at > now:
        return "未来の日時は入力できません。"
    if at < incident.discovered_at:
        found = timezone.localtime(incident.discovered_at)
        return (
            f"気づいた日時({found:%Y年%-m月%-d日 %H:%M})より前の日時は入力できません。"
            "気づいた日時が違うときは、先に「内容を直す」で直してください。"
        )
    return ""


def add(
    incident: Incident, kind: Kind, text: str, by: User | None, *,
    at: datetime.datetime | None = None, url: str = "", step: IncidentStep | None = None,
) -> IncidentEntry:  # fmt: skip
    """A line of the log, in the caller's transaction. The same one sent twice is one line."""
    now = timezone.now()
    if by is not None and at is not None:
        said = {"kind": kind, "text": text, "url": url, "step": step, "recorded_by": by}
        again = incident.entries.filter(happened_at=at, **said).first()
        if again is not None:
            return again
    return incident.entries.create(
        kind=kind, text=text, url=url, step=step, recorded_by=by,
        happened_at=min(at or now, now), recorded_at=now,
    )  # fmt: skip


@transaction.atomic
def correct(entry: IncidentEntry, text: str, by: User) -> IncidentEntry:
    """Put a line right by another one; the first stays. Raises StepOvertaken where it was already."""
    Incident.objects.select_for_update(of=("self",)).get(pk=entry.incident_id)
    if IncidentEntry.objects.filter(corrects=entry).exists():
        raise StepOvertaken(
            [Unmet("この記録は、すでに訂正されています。訂正した記録のほうを訂正してください。")]
        )
    return IncidentEntry.objects.create(
        incident_id=entry.incident_id, kind=entry.kind, happened_at=entry.happened_at, text=text,
        url=entry.url, step_id=entry.step_id, corrects=entry, recorded_by=by,
    )  # fmt: skip

"""A deadline has passed: who is above hears of it, level by level, each once.

`manage.py escalate` asks every few minutes. Two processes at once tell nobody twice: what was told is a
row that can exist once, written in the transaction that queues the mails.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from incidents import calling, log, notices
from incidents.models import Escalation, Incident, IncidentStep
from staff.models import User


@dataclass(frozen=True)
class Level:
    """One level: how long after the deadline, whom it tells (people, or addresses), and in words."""

    number: int
    after: datetime.timedelta
    said: str
    whom: Callable[[Incident], Iterable[User | str]]


def _contacts(incident: Incident) -> list[User | str]:
    rows = calling.contacts(incident).exclude(email="")
    return [*notices.on_duty(incident), *rows.values_list("email", flat=True)]


LEVELS = (
    Level(1, datetime.timedelta(), "所属の長", notices.heads),
    Level(2, datetime.timedelta(minutes=30), "広報主管課", lambda incident: notices.pr_division()),
    Level(3, datetime.timedelta(hours=2), "当番と緊急連絡先", _contacts),
)


@dataclass
class Tally:
    """What a run did: deadlines told of, level by level, and what failed."""

    told: int = 0
    failures: list[str] = field(default_factory=list)


def escalate(now: datetime.datetime | None = None) -> Tally:
    """Tell every level of every deadline that has passed for it. One failure stops nothing else."""
    at = now or timezone.now()
    tally = Tally()
    for level in LEVELS:
        incidents = due_for(level, at).order_by().values_list("incident", flat=True).distinct()
        for incident in sorted(incidents):
            try:
                tally.told += _tell(incident, level, at)
            except Exception as error:
                tally.failures.append(f"事案{incident}番 {level.said}:{type(error).__name__}")
    return tally


def due_for(level: Level, at: datetime.datetime) -> QuerySet[IncidentStep]:
    """The required steps past their deadline of which this level has not heard."""
    told = Escalation.objects.filter(
        step=OuterRef("pk"), due_at=OuterRef("due_at"), level=level.number
    )
    late = IncidentStep.objects.that_hold_open().filter(~Exists(told), due_at__lt=at - level.after)
    return late.order_by("due_at", "pk")


@transaction.atomic
def _tell(pk: int, level: Level, at: datetime.datetime) -> int:
    """One mail to each person for all deadlines of the incident that this level has yet to hear of;
    how many these are. Asked again under the lock: what was settled or told meanwhile is none."""
    locked = Incident.objects.select_for_update(of=("self",)).filter(pk=pk)
    incident = locked.select_related("department", "account").get()
    steps = list(due_for(level, at).filter(incident=incident))
    if not steps:
        return 0
    Escalation.objects.bulk_create(
        Escalation(step=step, due_at=step.due_at or at, level=level.number, told_at=at)
        for step in steps
    )
    heard = set(level.whom(incident))
    notices.escalated(incident, steps, heard, level.number)
    whom = level.said if heard else f"{level.said}(宛先がありません)"
    late = "」「".join(step.label for step in steps)
    text = f"「{late}」の期限を過ぎたため、{whom}に知らせた。"
    log.add(incident, log.Kind.ESCALATED, text, None, at=at)
    return len(steps)

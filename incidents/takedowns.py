"""削除依頼, 5(2): what the operator was asked, by when the law has it answer, and what it said.

The first request is the step of the plan; refused or unanswered, it is asked again from the incident's
page, and the clock of the answer runs anew.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.services import SERVICES, Service
from incidents import deadlines, log
from incidents.models import Fake, Incident, IncidentStep, TakedownRequest
from shinshiro_sns import calendar
from shinshiro_sns.history import acting
from shinshiro_sns.steps import StepNotMet, StepOvertaken, Taking, Unmet
from staff.models import User

CLAUSE, RECORD = "5(2)", "incidents.do_officer_incidentstep"
TAKEDOWN, REMOVED, ANSWER = "takedown", "removed", "operator.answer"
Answer = TakedownRequest.Answer


def asked_with(taking: Taking) -> None:
    """The first request, made with the step 運営者へ削除を依頼する: its effect."""
    step: IncidentStep = taking.obj
    given = {name: taking.extra[name] for name in ("way", "right", "receipt")}
    assert step.happened_at is not None  # noqa: S101  (a step that was done)
    _ask(step.incident, taking.by, step.happened_at, demanded=step.words, **given)


@transaction.atomic
def ask_again(
    incident: Incident, by: User, *, asked_at: datetime.datetime, seen: int, **given: Any
) -> TakedownRequest:
    """A further request; the step that waits for the deletion waits from now on for its answer.

    `seen` is how many there were when the person looked. Raises PermissionDenied, StepOvertaken where
    somebody else asked meanwhile or the case is over, StepNotMet for a moment that cannot be.
    """
    locked = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    if not by.has_perm(RECORD, locked):
        raise PermissionDenied
    if not locked.is_running:
        raise StepOvertaken([Unmet("終わった事案です。再開してから依頼してください。", CLAUSE)])
    if locked.takedowns.count() != seen:
        sentence = "ほかの人が先に依頼を記録しました。今の依頼を確かめてください。"
        raise StepOvertaken([Unmet(sentence, CLAUSE)])
    if seen == 0:
        sentence = "1回目の依頼は、手順「運営者へ削除を依頼する」で記録します。"
        raise StepOvertaken([Unmet(sentence, CLAUSE)])
    if refused := log.refused_time(locked, asked_at, timezone.now()):
        raise StepNotMet([Unmet(refused, CLAUSE, "asked_at")])
    made = _ask(locked, by, asked_at, **given)
    for step in locked.steps.filter(key=REMOVED, state="open").select_for_update(of=("self",)):
        if made.due_at is not None:
            step.due_at = made.due_at
            acting(step, by).save()
    return made


def _ask(incident: Incident, by: User, at: datetime.datetime, **given: Any) -> TakedownRequest:
    number = incident.takedowns.count() + 1
    due_at, source = _clock(incident, at)
    made = TakedownRequest(
        incident=incident, number=number, asked_at=at, due_at=due_at, due_source=source,
        recorded_by=by, **given,
    )  # fmt: skip
    acting(made, by).save()
    receipt = f"(受付番号 {made.receipt})" if made.receipt else ""
    log.add(
        incident, log.Kind.CONTACT,
        f"{operator_of(incident)}へ{number}回目の削除を依頼した{receipt}。{made.demanded}"[:5000],
        by, at=at,
    )  # fmt: skip
    return made


def _clock(incident: Incident, at: datetime.datetime) -> tuple[datetime.datetime | None, str]:
    """By when the law has the operator answer what it was asked at `at`: as it stands on that day."""
    service = service_of(incident)
    row = deadlines.in_force(ANSWER, calendar.local(at).date(), service.key if service else "")
    if row is None or row.source != deadlines.Source.LAW:
        return None, ""
    return deadlines.due_after(at, row.amount, row.unit), row.name


@transaction.atomic
def answered(
    request: TakedownRequest, by: User, *, answer: str, answered_at: datetime.datetime,
    answer_words: str, receipt: str = "",
) -> TakedownRequest:  # fmt: skip
    """What the operator said. Raises PermissionDenied, StepOvertaken where it is recorded already,
    StepNotMet for a moment that cannot be."""
    Incident.objects.select_for_update(of=("self",)).get(pk=request.incident_id)
    row: Any = TakedownRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    incident: Incident = row.incident
    if not by.has_perm(RECORD, incident):
        raise PermissionDenied
    if row.answer:
        said = row.get_answer_display()
        sentence = f"この依頼の回答は、すでに「{said}」と記録されています。"
        raise StepOvertaken([Unmet(sentence, CLAUSE)], row)
    if answered_at > timezone.now():
        raise StepNotMet([Unmet("未来の日時は入力できません。", CLAUSE, "answered_at")])
    # A form has no seconds: the minute of the request counts as after it.
    if answered_at < row.asked_at.replace(second=0, microsecond=0):
        raise StepNotMet(
            [Unmet("依頼より前の日時は入力できません。", CLAUSE, "answered_at")]
        )  # fmt: skip
    row.answer, row.answered_at = answer, max(answered_at, row.asked_at)
    row.answer_words, row.receipt = answer_words, receipt or row.receipt
    acting(row, by).save()
    log.add(
        incident, log.Kind.CONTACT,
        f"{row.number}回目の削除依頼の回答:{row.get_answer_display()}。{answer_words}"[:5000], by,
        at=row.answered_at,
    )  # fmt: skip
    return row  # type: ignore[no-any-return]


def service_of(incident: Incident) -> Service | None:
    """The service whose operator is asked: the fake's, whatever the incident's facts say."""
    fake = Fake.objects.filter(incident=incident).first()
    return SERVICES.get(fake.service if fake else incident.service)


def operator_of(incident: Incident) -> str:
    """The operator's name, as the letter calls it."""
    service = service_of(incident)
    return service.operator if service and service.operator else "運営者"

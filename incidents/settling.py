"""A step is done, waived or opened again; and where somebody was quicker, both texts survive."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from incidents import log
from incidents.models import Incident, IncidentStep
from incidents.workflow import step_workflow
from shinshiro_sns.steps import Step, StepOvertaken
from staff.models import User


@dataclass(frozen=True)
class Outcome:
    """What has become of it: the step's state in words, and the sentence for who came second."""

    state: str
    overtaken_by: str = ""


def settle(
    step: IncidentStep, line: Step, by: User, *, seen: int | None = None, note: str = "",
    **given: Any,
) -> Outcome:  # fmt: skip
    """Take `line` on `step`. Where somebody was quicker, what was written is added to the log; the
    same thing sent twice is done once.

    Raises PermissionDenied, StepNotMet, and StepOvertaken where there is nothing to keep.
    """
    try:
        moved: IncidentStep = step_workflow.take(
            step, line.name, by=by, seen=seen, note=note, **given
        )
    except StepOvertaken:
        return _second(step, line, by, str(given.get("words") or note).strip(), given)
    return Outcome(moved.get_state_display())


@transaction.atomic
def _second(step: IncidentStep, line: Step, by: User, words: str, given: dict[str, Any]) -> Outcome:
    Incident.objects.select_for_update(of=("self",)).get(pk=step.incident_id)
    now = IncidentStep.objects.select_related("settled_by", "incident").get(pk=step.pk)
    state = now.get_state_display()
    said = (now.words, now.settled_by_id)
    if now.state == line.target and said == (words, by.pk):
        return Outcome(state)
    url = given.get("url", "")
    at: datetime.datetime | None = given.get("happened_at")
    log.add(
        now.incident, log.Kind.STEP, f"「{now.label}」について、同時に書かれた内容:{words}", by,
        at=at, url=url, step=now,
    )  # fmt: skip
    first = f"{now.settled_by.name}さんが" if now.settled_by else "ほかの人が"
    return Outcome(
        state,
        f"{first}先に、この手順を「{state}」にしていました。"
        "あなたが入力した内容は、失われないように「経過」に書き加えました。",
    )

"""What the steps of incidents bring about, beside the change of state."""

from __future__ import annotations

import datetime
from typing import Any

from incidents import clocks, conditions, log, parts
from incidents.models import Incident, IncidentStep
from shinshiro_sns.steps import StepNotMet, Taking, Unmet

Kind = log.Kind


# --- A step of the plan --------------------------------------------------------------------------


def done(taking: Taking) -> None:
    """It was done: when, in which words, where it can be seen."""
    _settle(taking)
    step = taking.obj
    log.add(
        step.incident, Kind.STEP, f"「{step.label}」を済みにした。{step.words}".strip(), taking.by,
        at=step.happened_at, url=step.url, step=step,
    )  # fmt: skip
    clocks.started_by(step)
    parts.step_effect(taking)


def waived(taking: Taking) -> None:
    """It is not done, for a reason."""
    taking.extra = {**taking.extra, "happened_at": taking.at, "words": taking.note}
    _settle(taking)
    step = taking.obj
    log.add(
        step.incident, Kind.STEP, f"「{step.label}」を省略した。理由:{taking.note}", taking.by,
        at=taking.at, step=step,
    )  # fmt: skip
    clocks.started_by(step)


def undone(taking: Taking) -> None:
    """It is to be done after all, or anew; what was recorded stays in the log."""
    step = taking.obj
    before = IncidentStep.State(taking.source).label
    log.add(
        step.incident, Kind.STEP, f"「{step.label}」を「{before}」から未了に戻した。理由:{taking.note}",
        taking.by, at=taking.at, step=step,
    )  # fmt: skip
    step.happened_at = step.settled_by = step.settled_at = step.absence = None
    step.words = step.url = ""
    clocks.stopped_by(step)


def _settle(taking: Taking) -> None:
    step: Any = taking.obj
    given = taking.extra
    happened_at: datetime.datetime = given.get("happened_at") or taking.at
    if refused := log.refused_time(step.incident, happened_at, taking.at):
        raise StepNotMet([Unmet(refused, step.clause, "happened_at")], step)
    step.happened_at, step.settled_by, step.settled_at = happened_at, taking.by, taking.at
    step.words, step.url = given.get("words", ""), given.get("url", "")
    if taking.step.name.endswith("_for_head"):
        step.absence = conditions.absence_today(step.incident.department_id)


# --- The incident --------------------------------------------------------------------------------


def ended(taking: Taking) -> None:
    """It is over, with what was learnt."""
    incident: Any = taking.obj
    incident.ended_by, incident.ended_at = taking.by, taking.at
    incident.learnt = taking.extra.get("learnt", "").strip()
    incident.changes_that_follow = taking.extra.get("changes_that_follow", "").strip()
    if not incident.learnt:
        raise StepNotMet(
            [Unmet("「分かったこと・教訓」を入力してください。", "5", "learnt")], incident
        )
    _say(taking, f"事案を終結した。{incident.learnt}")
    parts.laid_down(incident, taking.by)


def reopened(taking: Taking) -> None:
    """It goes on after all."""
    incident: Any = taking.obj
    incident.ended_by = incident.ended_at = None
    _say(taking, f"事案を再開した。理由:{taking.note}")
    parts.taken_up(incident, taking.by)


def cancelled(taking: Taking) -> None:
    """It was opened by mistake; it is kept."""
    _say(taking, f"事案を取り消した。理由:{taking.note}")
    parts.laid_down(taking.obj, taking.by)


def taken_on(taking: Taking) -> None:
    """Who takes it on is the one whom others ask."""
    taking.obj.lead = taking.by
    _say(taking, "対応の中心になった。")


def let_go(taking: Taking) -> None:
    """Nobody in particular any more."""
    taking.obj.lead = None
    _say(taking, "対応の中心から外れた。")


def _say(taking: Taking, text: str) -> None:
    incident: Incident = taking.obj
    log.add(incident, Kind.STATE, text, taking.by, at=taking.at)

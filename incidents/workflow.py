"""How an incident moves, 5, and how each step of its plan does: done, or waived with a reason.

Whose a planned step is its row says; each of the lines below is one of those people's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from incidents import conditions, effects, notices, parts
from incidents.kinds import Who
from incidents.models import Incident, IncidentStep
from shinshiro_sns.steps import Step, Unmet
from shinshiro_sns.workflow import Workflow
from staff.models import User

State, StepState = Incident.State, IncidentStep.State
FOR_HEAD = "所属の長の不在のため、代わりに決定します。"

INCIDENT_STEPS = (
    Step(
        "end", "終結する", (State.RUNNING,), State.ENDED, "incidents.end_incident", "5",
        unmet=conditions.nothing_open, effect=effects.ended, notices=(notices.state_changed,),
        tone="primary",
        explanation="必要な手順がすべて済んだ事案を終えます。分かったことと、これから変えることを残します。",
    ),
    Step(
        "end_for_head", "代決して終結する", (State.RUNNING,), State.ENDED,
        "incidents.end_incident_for_head", "5",
        unmet=lambda incident, by: [
            *conditions.head_absent(incident, by), *conditions.nothing_open(incident, by)
        ],
        effect=effects.ended, notices=(notices.state_changed,), explanation=FOR_HEAD,
    ),
    Step(
        "reopen", "再開する", (State.ENDED, State.CANCELLED), State.RUNNING,
        "incidents.reopen_incident", "5", effect=effects.reopened,
        notices=(notices.state_changed,), note_label="再開する理由", note_required=True,
        explanation="終えた事案を、もう一度対応中にします。済んだ手順は、そのまま残ります。",
    ),
    Step(
        "cancel", "取り消す", (State.RUNNING,), State.CANCELLED, "incidents.cancel_incident", "5",
        unmet=parts.unmet_to_drop, effect=effects.cancelled, notices=(notices.state_changed,),
        note_label="取り消す理由", note_required=True, tone="danger",
        explanation="誤って開いた事案を取り消します。記録は残ります。",
    ),
    Step(
        "take_on", "対応の中心になる", (State.RUNNING,), None, "incidents.change_incident", "5",
        offered=lambda incident, by: incident.lead_id != by.pk, effect=effects.taken_on,
        explanation="ほかの人は、まずあなたに聞くようになります。ほかの人も、手順を進められます。",
    ),
    Step(
        "let_go", "対応の中心から外れる", (State.RUNNING,), None, "incidents.change_incident", "5",
        offered=lambda incident, by: incident.lead_id is not None, effect=effects.let_go,
        explanation="だれも中心になっていない状態に戻します。",
    ),
)  # fmt: skip
incident_workflow = Workflow(Incident, INCIDENT_STEPS)


@dataclass(frozen=True)
class Party:
    """Who acts on steps that are `who`'s: the ending of the lines' names, and the permissions."""

    name: str
    who: Who
    does: str
    waives: str
    unmet: Callable[[IncidentStep, User], list[Unmet]] = lambda step, by: []


def _head_absent(step: IncidentStep, by: User) -> list[Unmet]:
    return conditions.head_absent(step.incident, by)


PARTIES = (
    Party("officer", Who.OFFICER, "incidents.do_officer_incidentstep", "incidents.waive_incidentstep"),
    Party("head", Who.HEAD, "incidents.do_head_incidentstep", "incidents.waive_incidentstep"),
    Party("for_head", Who.HEAD, "incidents.do_for_head_incidentstep",
          "incidents.do_for_head_incidentstep", _head_absent),
    Party("pr", Who.PR, "incidents.do_pr_incidentstep", "incidents.do_pr_incidentstep"),
    Party("second", Who.SECOND, "incidents.do_pr_incidentstep", "incidents.do_pr_incidentstep"),
)  # fmt: skip


def _lines(party: Party) -> tuple[Step, ...]:
    def is_theirs(step: IncidentStep, by: User) -> bool:
        return bool(step.who == party.who)

    def unmet_to_do(step: IncidentStep, by: User) -> list[Unmet]:
        return [*party.unmet(step, by), *conditions.can_be_done(step, by)]

    def unmet_otherwise(step: IncidentStep, by: User) -> list[Unmet]:
        return [*party.unmet(step, by), *conditions.is_running(step, by)]

    def unmet_to_undo(step: IncidentStep, by: User) -> list[Unmet]:
        return [*unmet_otherwise(step, by), *parts.step_unmet_to_undo(step, by)]

    return (
        Step(
            f"do_{party.name}", "済みにする", (StepState.OPEN,), StepState.DONE, party.does, "5",
            unmet=unmet_to_do, offered=is_theirs, effect=effects.done,
            notices=(parts.step_moved, notices.turn_passed), tone="primary",
        ),
        Step(
            f"waive_{party.name}", "省略する", (StepState.OPEN,), StepState.WAIVED, party.waives,
            "5", unmet=unmet_otherwise, offered=is_theirs, effect=effects.waived,
            notices=(parts.step_moved, notices.turn_passed), note_label="省略する理由", note_required=True,
        ),
        Step(
            f"undo_{party.name}", "未了に戻す", (StepState.DONE, StepState.WAIVED),
            StepState.OPEN, party.does, "5", unmet=unmet_to_undo, offered=is_theirs,
            effect=effects.undone, notices=(parts.step_moved,), note_label="戻す理由", note_required=True,
        ),
    )  # fmt: skip


def _lock_incident(step: IncidentStep) -> None:
    # One act at a time in an incident: clocks, turns and the end look at all of its steps.
    Incident.objects.select_for_update(of=("self",)).filter(pk=step.incident_id).first()


# Where the incident turns out to be of another kind, whose plan does not ask it.
DROP = Step(
    "drop",
    "省略する(種類の変更)",
    (StepState.OPEN,),
    StepState.WAIVED,
    "",
    "5",
    effect=effects.waived,
)
step_workflow = Workflow(
    IncidentStep, [*(line for party in PARTIES for line in _lines(party)), DROP],
    lock_first=_lock_incident,
)  # fmt: skip


def line_for(act: str, step: IncidentStep, by: User) -> Step:
    """The line by which `by` would take `act` (do, waive, undo) on `step`, whether he may or not."""
    lines = [step_workflow.steps[f"{act}_{p.name}"] for p in PARTIES if p.who == step.who]
    return next((line for line in lines if by.has_perm(line.permission, step)), lines[0])

"""What steps of incidents still wait for, in sentences for the person."""

from __future__ import annotations

from django.utils import timezone

from incidents import parts
from incidents.models import Incident, IncidentStep
from shinshiro_sns.steps import Unmet
from staff.models import Absence, User
from staff.standing_in import absences_that_count


def absence_today(department_id: int) -> Absence | None:
    """The absence of the head in which a deputy may act today."""
    return absences_that_count(timezone.localdate()).filter(department=department_id).first()


def head_absent(incident: Incident, by: User) -> list[Unmet]:
    """代決 needs an absence of the head that is on record today."""
    if absence_today(incident.department_id):
        return []
    sentence = "今日は所属の長の不在が記録されていないため、代決できません。"
    return [Unmet(sentence, "5", "absence")]


def is_running(step: IncidentStep, by: User) -> list[Unmet]:
    """Nothing is done in a case that is over."""
    incident = step.incident
    if incident.is_running:
        return []
    state = incident.get_state_display()
    return [Unmet(f"「{state}」の事案の手順は変えられません。事案を再開してから行ってください。")]


def can_be_done(step: IncidentStep, by: User) -> list[Unmet]:
    """What every step waits for before it is done, and what its kind adds."""
    return [*is_running(step, by), *another_person(step, by), *parts.step_unmet(step, by)]


def another_person(step: IncidentStep, by: User) -> list[Unmet]:
    """The second pair of eyes: not who did the step that this one looks at again."""
    if not step.not_by:
        return []
    first = step.incident.steps.select_related("settled_by").get(key=step.not_by)
    if first.state != IncidentStep.State.DONE:
        return [Unmet(f"先に、手順「{first.label}」を行います。", step.clause, "step")]
    if first.settled_by_id == by.pk:
        return [
            Unmet(
                f"手順「{first.label}」を行った人は、この手順を行えません。広報主管課の別の職員が行います。",
                step.clause,
            )
        ]
    return []


def nothing_open(incident: Incident, by: User) -> list[Unmet]:
    """An incident ends when no required step is open, and its kind has nothing against it."""
    waiting = [
        Unmet(f"手順「{step.label}」が終わっていません({step.get_who_display()})。", step.clause, f"step:{step.pk}")
        for step in incident.steps.filter(state=IncidentStep.State.OPEN, is_required=True)
    ]  # fmt: skip
    return [*waiting, *parts.unmet_to_end(incident, by)]

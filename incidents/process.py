"""The way of an incident and of its steps, for the document that draws all ways."""

from __future__ import annotations

from incidents.accusing import STEPS
from incidents.kinds import KINDS
from incidents.models import Fake, Incident, IncidentStep
from incidents.workflow import INCIDENT_STEPS, step_workflow
from policies.process import drawn

HEAD = """
# The way of an incident

Drawn from the table in `incidents/workflow.py`. It ends when no required step of its plan is open.

"""
STEP_HEAD = """
# The way of a step of an incident

Each line stands for the people whose step it is.

"""
FAKE_HEAD = """
# The way of a fake

Drawn from the table in `incidents/accusing.py`. The step 市のサイトで周知する of its incident publishes.

"""
PLAN_HEAD = """
# The plans of incidents

Drawn from `incidents/kinds/`. What opens takes a copy of its plan.

"""


def plans() -> str:
    """Each kind with its steps in their order."""
    rows = "".join(
        f"| {kind.label if number == 1 else ''} | {number} | {step.label} | {step.who.label} "
        f"| {step.clause} | {'必須' if step.required else '必要なとき'} | {step.deadline or '–'} |\n"
        for kind in KINDS.values()
        for number, step in enumerate(kind.steps, start=1)
    )
    return f"| kind | | step | who | clause | required | deadline |\n|---|---|---|---|---|---|---|\n{rows}"


WAYS = {
    HEAD: drawn(Incident.State, INCIDENT_STEPS, "running", "follows"),
    STEP_HEAD: drawn(IncidentStep.State, step_workflow.steps.values(), "open", "follows"),
    FAKE_HEAD: drawn(Fake.State, STEPS, "suspected", "follows"),
    PLAN_HEAD: plans(),
}

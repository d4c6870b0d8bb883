"""The way of a policy as a diagram, drawn from the table of steps itself."""

from __future__ import annotations

from policies.models import OperatingPolicy
from policies.workflow import STEPS

HEAD = """# The way of an operating policy

Drawn from the table in `policies/workflow.py` by `manage.py draw_process`; a test compares the two.
Steps that leave the state as it is stand in the second table.

```mermaid
stateDiagram-v2
    [*] --> draft
"""


def diagram() -> str:
    """The document `docs/process.md`: a state diagram and the table of steps, in Markdown."""
    states = "".join(f"    {s.value}: {s.label}\n" for s in OperatingPolicy.State)
    arrows = "".join(
        f"    {source} --> {step.target}: {step.label}\n"
        for step in STEPS
        if step.target is not None
        for source in step.sources
    )
    rows = "".join(
        f"| {step.label} | {_labels(step.sources)} | {_labels((step.target,))} "
        f"| `{step.permission or 'follows from 受理'}` | {step.note_label or '–'}"
        f"{'(必須)' if step.note_required else ''} |\n"
        for step in STEPS
    )
    table = "\n| step | from | to | permission | words |\n|---|---|---|---|---|\n" + rows
    return f"{HEAD}{states}{arrows}```\n{table}"


def _labels(states: tuple[str | None, ...]) -> str:
    return "、".join(str(OperatingPolicy.State(s).label) if s else "変わらない" for s in states)

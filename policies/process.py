"""The ways of a policy and of an account as diagrams, drawn from the tables of steps themselves."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from accounts.models import Account
from accounts.workflow import STEPS as ACCOUNT_STEPS
from policies.models import OperatingPolicy
from policies.workflow import STEPS
from shinshiro_sns.steps import Step

HEAD = """# The way of an operating policy

Drawn from the table in `policies/workflow.py` by `manage.py draw_process`; a test compares the two.
Steps that leave the state as it is stand in the second table.

"""
ACCOUNT_HEAD = """
# The way of an account

Drawn from the table in `accounts/workflow.py`. Each step by which a person changes the state publishes
its notice, 6(2); a closed account never opens again.

"""


# What the apps above have drawn: a heading, and what `drawn` made of their tables.
WAYS: dict[str, str] = {}


def diagram() -> str:
    """The document `docs/process.md`: state diagrams and the tables of steps, in Markdown."""
    policy = drawn(OperatingPolicy.State, STEPS, "draft", "follows from 受理")
    account = drawn(Account.Status, ACCOUNT_STEPS, "preparing", "follows from its policy")
    above = "".join(f"{head}{way}" for head, way in WAYS.items())
    return f"{HEAD}{policy}{ACCOUNT_HEAD}{account}{above}"


def drawn(states: type[models.TextChoices], steps: Iterable[Step], first: str, follows: str) -> str:
    """One way: its diagram, and its table."""
    named = "".join(f"    {s.value}: {s.label}\n" for s in states)
    arrows = "".join(
        f"    {source} --> {step.target}: {step.label}\n"
        for step in steps
        if step.target is not None
        for source in step.sources
    )

    def labels(found: Iterable[str | None]) -> str:
        return "、".join(str(states(s).label) if s else "変わらない" for s in found)

    rows = "".join(
        f"| {step.label} | {labels(step.sources)} | {labels((step.target,))} "
        f"| `{step.permission or follows}` | {step.note_label or '–'}"
        f"{'(必須)' if step.note_required else ''} |\n"
        for step in steps
    )
    table = "| step | from | to | permission | words |\n|---|---|---|---|---|\n"
    return f"```mermaid\nstateDiagram-v2\n    [*] --> {first}\n{named}{arrows}```\n\n{table}{rows}"

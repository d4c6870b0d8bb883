"""What a workflow is declared with and what it answers: steps, what they still wait for, turns.

Only words and tables here; `shinshiro_sns.workflow` is the one place that moves anything.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from shinshiro_sns.workflow import Workflow
    from staff.models import User


@dataclass(frozen=True)
class Unmet:
    """Something a step still waits for: a sentence for the person, its clause, where to mend it."""

    sentence: str
    clause: str = ""
    place: str = ""


CHANGED = Unmet(
    "画面を開いた後に内容が変わりました。今の内容を確かめてから、もう一度行ってください。"
)


class StepRefused(Exception):
    """A step was not taken; nothing changed. `reasons` say why, to the person."""

    def __init__(self, reasons: Sequence[Unmet], obj: models.Model | None = None) -> None:
        super().__init__(" ".join(reason.sentence for reason in reasons))
        self.reasons = list(reasons)
        self.obj = obj


class StepNotMet(StepRefused):
    """A condition of the step is not met."""


class StepOvertaken(StepRefused):
    """Someone else acted first, or changed what this person was looking at."""


@dataclass
class Taking:
    """One step being taken: what effects and notices are given."""

    workflow: Workflow
    obj: Any
    step: Step
    by: User
    at: datetime.datetime
    source: str
    note: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One line of a workflow's table.

    `permission` empty: the step follows from another and is never offered to a person. `unmet` is
    asked with the object and the person; `offered` hides a step where it would make no sense at all.
    `notices` are queued of each row by itself, `tells` once for all rows on which it is taken together.
    """

    name: str
    label: str
    sources: tuple[str, ...]
    target: str | None
    permission: str
    clause: str
    unmet: Callable[[Any, User], list[Unmet]] = lambda obj, by: []
    offered: Callable[[Any, User], bool] = lambda obj, by: True
    effect: Callable[[Taking], None] = lambda taking: None
    notices: tuple[Callable[[Taking], None], ...] = ()
    tells: Callable[[Sequence[Taking]], None] = lambda takings: None
    note_label: str = ""
    note_required: bool = False
    tone: str = "secondary"
    explanation: str = ""


@dataclass(frozen=True)
class Offer:
    """A step a person could take now, with what is still unmet."""

    step: Step
    unmet: list[Unmet]


def on_a_page(
    offers: Sequence[Offer], address: Callable[[str], str], linked: Callable[[list[Unmet]], Any]
) -> dict[str, list[dict[str, Any]]]:
    """For a page: the buttons of what can be done, each leading to `address` of its step's name, and what
    cannot be done yet, with why, as `linked` leads to where that is mended."""
    return {
        "buttons": [
            {"label": each.step.label, "tone": each.step.tone, "url": address(each.step.name)}
            for each in offers
            if not each.unmet
        ],
        "blocked": [
            {
                "id": f"unmet-{each.step.name}",
                "title": f"「{each.step.label}」はまだできません",
                "unmet": linked(each.unmet),
            }
            for each in offers
            if each.unmet
        ],
    }


@dataclass(frozen=True)
class Turn:
    """Whose turn it is: for every screen that shows a thing on its way.

    `dead_end` says what to do where nobody can take the step; empty where someone can.
    """

    who: str
    what: str
    then: str
    since: datetime.datetime
    people: list[User]
    dead_end: str = ""

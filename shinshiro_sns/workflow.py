"""How a thing moves from state to state: steps declared as data, taken in one place.

A `Step` says from where, to where, who may, and what must be met. `Workflow.take` is the only way a
state changes: it locks the row, asks permission, state and conditions again, writes the history with
the step's name, and queues the notices in the same transaction.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone

if TYPE_CHECKING:
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
    """

    name: str
    label: str
    sources: tuple[str, ...]
    target: str | None
    permission: str
    clause: str
    unmet: Callable[[Any, User], list[Unmet]] = lambda obj, by: []
    offered: Callable[[Any, User], bool] = lambda obj, by: True
    barred: Callable[[Any], set[int]] = lambda obj: set()
    effect: Callable[[Taking], None] = lambda taking: None
    notices: tuple[Callable[[Taking], None], ...] = ()
    note_label: str = ""
    note_required: bool = False
    tone: str = "secondary"
    explanation: str = ""


@dataclass(frozen=True)
class Offer:
    """A step a person could take now, with what is still unmet."""

    step: Step
    unmet: list[Unmet]


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


class Workflow:
    """The steps of one model, and the one way to take them."""

    def __init__(
        self,
        model: type[models.Model],
        steps: Sequence[Step],
        *,
        state_field: str = "state",
        lock_first: Callable[[Any], None] = lambda obj: None,
    ) -> None:
        self.model = model
        self.steps = {step.name: step for step in steps}
        self.state_field = state_field
        self.lock_first = lock_first

    def offers(self, obj: Any, by: User) -> list[Offer]:
        """The steps `by` may take on `obj` in its present state, in the table's order."""
        state = getattr(obj, self.state_field)
        return [
            Offer(step, step.unmet(obj, by))
            for step in self.steps.values()
            if state in step.sources
            and step.permission
            and by.has_perm(step.permission, obj)
            and step.offered(obj, by)
        ]

    @transaction.atomic
    def take(
        self,
        obj: Any,
        name: str,
        *,
        by: User,
        note: str = "",
        seen: int | None = None,
        follows: bool = False,
        **extra: Any,
    ) -> Any:
        """Take step `name` on `obj` and return the row as it now is.

        `seen` is the revision the person looked at; `follows` marks a step that another one brings
        about. Raises PermissionDenied, StepOvertaken or StepNotMet, and then changes nothing.
        """
        step = self.steps[name]
        self.lock_first(obj)
        row: Any = self.model._default_manager.select_for_update(of=("self",)).get(pk=obj.pk)
        if not (follows and not step.permission) and not by.has_perm(step.permission, row):
            raise PermissionDenied
        if getattr(row, self.state_field) not in step.sources:
            state = getattr(row, f"get_{self.state_field}_display")()
            raise StepOvertaken(
                [Unmet(f"すでに「{state}」になっているため、「{step.label}」はできません。")], row
            )
        if seen is not None and seen != row.revision:
            raise StepOvertaken([CHANGED], row)
        reasons = step.unmet(row, by)
        if step.note_required and not note.strip():
            reasons = [*reasons, Unmet(f"「{step.note_label}」を入力してください。", place="note")]
        if reasons:
            raise StepNotMet(reasons, row)
        if not step.offered(row, by):
            raise StepOvertaken([Unmet(f"今は「{step.label}」を行う必要がありません。")], row)
        source = getattr(row, self.state_field)
        taking = Taking(self, row, step, by, timezone.now(), source, note.strip(), extra)
        if step.target is not None:
            setattr(row, self.state_field, step.target)
            row.state_since = taking.at
        step.effect(taking)
        row.revision += 1
        row._change_reason, row._history_user, row._history_step = taking.note, by, step.name
        row.save()
        row._change_reason, row._history_step = "", ""
        for notice in step.notices:
            notice(taking)
        return row

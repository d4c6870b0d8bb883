"""How a thing moves from state to state, in one place.

The steps are declared as data (`shinshiro_sns.steps`). `Workflow.take` is the only way a state
changes: it locks the row, asks permission, state and conditions again, writes the history with the
step's name, and queues the notices in the same transaction.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone

from shinshiro_sns.steps import CHANGED, Offer, Step, StepNotMet, StepOvertaken, Taking, Unmet

if TYPE_CHECKING:
    from staff.models import User

GONE = Unmet("この手続きは、もう必要がなくなりました。")


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
        row: Any = self.locked().filter(pk=obj.pk).first()
        if row is None:
            raise StepOvertaken([GONE])
        taking = self.begun(row, step, by, timezone.now(), note, seen, extra, follows)
        row.save()
        row._change_reason, row._history_step = "", ""
        for notice in step.notices:
            notice(taking)
        step.tells([taking])
        return row

    def locked(self) -> Any:
        """The rows, to be locked where they are read."""
        return self.model._default_manager.select_for_update(of=("self",))

    def begun(
        self, row: Any, step: Step, by: User, at: datetime.datetime, note: str, seen: int | None,
        extra: dict[str, Any], follows: bool = False,
    ) -> Taking:  # fmt: skip
        """The step judged and carried out on a row that is locked, and not saved yet. Raises as `take`."""
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
        taking = Taking(self, row, step, by, at, source, note.strip(), extra)
        if step.target is not None:
            setattr(row, self.state_field, step.target)
            row.state_since = taking.at
        step.effect(taking)
        row.revision += 1
        row._change_reason, row._history_user, row._history_step = taking.note, by, step.name
        return taking

"""One step on many rows in one moment: each judged by itself, all of them taken or none.

`Workflow.take` asks the database several times for a row; three thousand rows would keep a person waiting for
minutes, and everybody else for the locks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from shinshiro_sns.steps import StepOvertaken
from shinshiro_sns.workflow import GONE, Workflow

if TYPE_CHECKING:
    from staff.models import User

# So many rows at a time.
BATCH = 500


@transaction.atomic
def take_each(
    workflow: Workflow,
    seen: Mapping[int, int],
    name: str,
    *,
    by: User,
    note: str = "",
    **extra: Any,
) -> list[Any]:
    """Take step `name` on each of these rows in one moment, or on none of them; the rows as they
    now are.

    `seen` has, by key, the revisions that the person looked at. Each row is locked and judged as
    `Workflow.take` does it, but it takes a few queries for each `BATCH` of rows. Only for a step whose
    `notices` are empty and whose `effect` asks nothing of the database. Raises as `Workflow.take`.
    """
    step, at, takings = workflow.steps[name], timezone.now(), []
    keys, changed = sorted(seen), {"revision"}
    for first in range(0, len(keys), BATCH):
        rows = list(workflow.locked().filter(pk__in=keys[first : first + BATCH]).order_by("pk"))
        if len(rows) != len(keys[first : first + BATCH]):
            raise StepOvertaken([GONE])
        for row in rows:
            before = dict(vars(row))
            takings.append(workflow.begun(row, step, by, at, note, seen[row.pk], extra))
            changed |= {
                field.attname
                for field in workflow.model._meta.concrete_fields
                if before[field.attname] != getattr(row, field.attname)
            }
    taken = [taking.obj for taking in takings]
    _save_all(workflow.model, taken, sorted(changed))
    # Without fields it keeps the history alone.
    bulk_update_with_history(
        taken, workflow.model, [], batch_size=BATCH, custom_historical_attrs={"step": step.name}
    )
    for row in taken:
        row._change_reason, row._history_step = "", ""
    step.tells(takings)
    return taken


def _save_all(model: Any, rows: Sequence[Any], fields: Sequence[str]) -> None:
    # Nearly all are given the same: a bulk update would spell out a case for each row.
    alike: dict[tuple[Any, ...], list[int]] = {}
    for row in rows:
        alike.setdefault(tuple(getattr(row, name) for name in fields), []).append(row.pk)
    for values, keys in alike.items():
        for first in range(0, len(keys), BATCH):
            some = model._default_manager.filter(pk__in=keys[first : first + BATCH])
            some.update(**dict(zip(fields, values, strict=True)))

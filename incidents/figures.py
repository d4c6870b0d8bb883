"""What incidents add up to: how many of which kind, and how long a correction took, 5(1)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from statistics import median_low

from django.db.models import Count

from incidents.errors import CORRECT, KIND
from incidents.kinds import KINDS
from incidents.models import Incident, IncidentQuerySet, IncidentStep
from shinshiro_sns import calendar

APRIL = 4


@dataclass(frozen=True)
class Line:
    """One department's errors in a fiscal year: how many, and minutes from discovery to correction.

    The middle one is said rather than the mean, which one night would spoil.
    """

    department: str
    errors: int
    corrected: int
    middle: int | None
    longest: int | None


def fiscal_year(day: datetime.date) -> int:
    """The year that began last April."""
    return day.year if day.month >= APRIL else day.year - 1


def _within(rows: IncidentQuerySet, year: int) -> IncidentQuerySet:
    begins, ends = (calendar.at_clock(datetime.date(y, APRIL, 1), 0) for y in (year, year + 1))
    counted = rows.exclude(state=Incident.State.CANCELLED)
    return counted.filter(discovered_at__gte=begins, discovered_at__lt=ends)


def by_department(rows: IncidentQuerySet, year: int) -> list[Line]:
    """The errors of each department that had one; two queries."""
    errors = _within(rows, year).filter(kind=KIND)
    counts = errors.values("department", "department__name").annotate(n=Count("pk"))
    corrections = IncidentStep.objects.filter(
        incident__in=errors.order_by().values("pk"), key=CORRECT, state=IncidentStep.State.DONE
    )
    minutes: dict[int, list[int]] = defaultdict(list)
    for department, done, found in corrections.values_list(
        "incident__department", "happened_at", "incident__discovered_at"
    ):
        if done is not None:
            minutes[department].append(int((done - found).total_seconds() // 60))
    lines = []
    for row in counts.order_by("department__order", "department__code"):
        took = minutes[row["department"]]
        lines.append(
            Line(
                row["department__name"], row["n"], len(took),
                median_low(took) if took else None, max(took, default=None),
            )
        )  # fmt: skip
    return lines


def by_kind(rows: IncidentQuerySet, year: int) -> list[tuple[str, int]]:
    """How many of each kind, in the kinds' order."""
    found = _within(rows, year).order_by().values_list("kind").annotate(n=Count("pk"))
    counts = dict(found)
    return [(kind.label, counts.get(key, 0)) for key, kind in KINDS.items()]

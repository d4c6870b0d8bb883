"""When a deputy stands in for the head (代決, 3(2)): only while every head of the department is away."""

from __future__ import annotations

import datetime

from django.db.models import Exists, OuterRef

from staff.models import Absence, AbsenceQuerySet, Membership


def absences_that_count(day: datetime.date) -> AbsenceQuerySet:
    """The absences on `day` in which deputies may act.

    Of who is head that day, and only where no other head of the same department is there: neither
    a former head's absence nor one of two heads' opens anything.
    """
    heads = Membership.objects.current(day).filter(role=Membership.Role.HEAD)
    away = Absence.objects.covering(day).filter(
        department=OuterRef("department"), person=OuterRef("user")
    )
    there = heads.filter(~Exists(away), user__is_active=True, user__is_auditor=False)
    is_head = heads.filter(department=OuterRef("department"), user=OuterRef("person"))
    counting = Absence.objects.covering(day).filter(Exists(is_head))
    return counting.exclude(department__in=there.values("department"))

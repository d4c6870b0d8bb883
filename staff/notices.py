"""Who is told of a recorded absence, 3(2): the head himself, in whose place others may now act."""

from __future__ import annotations

from django.urls import reverse

from shinshiro_sns import mail
from staff.models import Absence, User


def _tell_the_head(absence: Absence, notice: str, by: User) -> None:
    if by.pk != absence.person_id:
        mail.queue(
            to=absence.person,
            notice=f"staff/{notice}",
            context={"absence": absence, "by": by, "path": reverse("staff:absences")},
            key=f"absence {absence.pk}",
        )


def absence_recorded(absence: Absence) -> None:
    """Someone else recorded it: the head can cancel it where it is wrong."""
    _tell_the_head(absence, "absence_recorded", absence.recorded_by)


def absence_cancelled(absence: Absence) -> None:
    """Someone else cancelled it."""
    if absence.cancelled_by is not None:
        _tell_the_head(absence, "absence_cancelled", absence.cancelled_by)

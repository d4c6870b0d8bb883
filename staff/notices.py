"""Who is told: of a recorded absence, 3(2), of what is to be done, 3(7), of an erasure."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping

from django.urls import reverse

from shinshiro_sns import mail
from staff import authority
from staff.digests import Digest
from staff.models import Absence, Erasure, User


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


def reminders(digests: Mapping[User, Digest], day: datetime.date) -> Collection[User]:
    """The day's digest to each of many; who had one of that day already is not among the answer.

    Who only hears of what others are to do is led to where all of that stands.
    """
    desk, everything = reverse("desk"), reverse("policies:accounts")
    city_wide = reverse("overview:index")
    letters = {
        person: {
            "digest": digest,
            "desk": desk,
            "everything": city_wide if digest.is_city_wide else everything,
        }
        for person, digest in digests.items()
    }
    return mail.queue_many("staff/reminder", letters, f"remind {day}")


def erasure_proposed(erasure: Erasure) -> None:
    """Those who may approve it: everybody but its proposer, 保存期間."""
    approvers = authority.holders("staff.approve_erasure", []).exclude(pk=erasure.proposed_by_id)
    for person in approvers:
        mail.queue(
            to=person,
            notice="staff/erasure_proposed",
            context={
                "erasure": erasure,
                "total": erasure.total,
                "path": reverse("admin:staff_erasure_change", args=[erasure.pk]),
            },
            key=f"erasure {erasure.key}",
        )

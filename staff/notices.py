"""Who is told: of a recorded absence, 3(2), of what is to be done, 3(7), of an erasure."""

from __future__ import annotations

from django.urls import reverse

from shinshiro_sns import mail
from shinshiro_sns.models import OutgoingMail
from staff import roles
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


def reminder(person: User, digest: Digest) -> OutgoingMail | None:
    """The day's digest; None where the person has one of that day already.

    Who only hears of what others are to do is led to where all of that stands.
    """
    everything = "overview:index" if digest.is_city_wide else "policies:accounts"
    return mail.queue(
        to=person,
        notice="staff/reminder",
        context={"digest": digest, "desk": reverse("desk"), "everything": reverse(everything)},
        key=f"remind {digest.day}",
    )


def erasure_proposed(erasure: Erasure) -> None:
    """Those who may approve it: everybody but its proposer, 保存期間."""
    approvers = roles.holders("staff.approve_erasure", []).exclude(pk=erasure.proposed_by_id)
    for person in approvers:
        mail.queue(
            to=person,
            notice="staff/erasure_proposed",
            context={
                "erasure": erasure,
                "total": sum(erasure.found.values()),
                "path": reverse("admin:staff_erasure_change", args=[erasure.pk]),
            },
            key=f"erasure {erasure.key}",
        )

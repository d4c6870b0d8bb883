"""Who is told what of emergencies: one function per message, queued with what it tells of."""

from __future__ import annotations

from django.urls import reverse

from accounts.models import Account
from postings.models import Emergency
from shinshiro_sns import mail
from staff import roles
from staff.models import User


def emergency_declared(emergency: Emergency) -> None:
    """To the PR division and to everybody who may post for one of the accounts."""
    _tell(emergency, "emergency_declared", emergency.declared_by)


def emergency_ended(emergency: Emergency) -> None:
    """That it ended before its time: to the same."""
    _tell(emergency, "emergency_ended", emergency.ended_by)


def _tell(emergency: Emergency, notice: str, by: User | None) -> None:
    accounts = list(emergency.accounts.select_related("department"))
    departments = {account.department_id for account in accounts}
    if emergency.is_for_all:
        official = Account.objects.filter(status=Account.Status.OFFICIAL)
        departments = set(official.values_list("department", flat=True))
    posting = roles.holders_in("postings.add_post", departments)
    people = {person for there in posting.values() for person in there}
    people |= set(roles.holders("postings.declare_emergency", []))
    context = {
        "emergency": emergency,
        "accounts": accounts,
        "by": by,
        "path": reverse("postings:emergency", args=[emergency.pk]),
    }
    letters = {person: context for person in people if by is None or person.pk != by.pk}
    mail.queue_many(f"postings/{notice}", letters, f"emergency {emergency.pk}")

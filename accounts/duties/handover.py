"""Handovers after a transfer of staff (人事異動)."""

from __future__ import annotations

import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from accounts.models import Handover
from shinshiro_sns.duties import Duty, late_after
from staff.actors import Named
from staff.models import Membership

TERM = datetime.timedelta(days=14)


def to_confirm(day: datetime.date) -> QuerySet[Handover]:
    """From the day of the transfer on, while the person is of the department that has the account."""
    there = Membership.objects.current(day).filter(
        user=OuterRef("person"), department=OuterRef("account__department")
    )
    return (
        Handover.objects.filter(
            Exists(there), confirmed_at__isnull=True, begins_on__lte=day,
            person__is_active=True, person__is_auditor=False,
        )
        .select_related("account__department", "person")
        .order_by("begins_on", "pk")
    )  # fmt: skip


def due(handover: Handover) -> datetime.date:
    """A fortnight to go through it."""
    return handover.begins_on + TERM


DUTIES: tuple[Duty, ...] = (
    Duty("handover", "3(7)", "引き継いだアカウント", "内容を確かめる", to_confirm, Named("person"),
         lambda row: f"{row.account}({row.account.department})", lambda row: row.since,
         lambda row: reverse("accounts:handover", args=[row.pk]), due,
         overdue=late_after("begins_on", TERM), together="accounts:handovers",
         together_says="引継ぎの一覧を見る"),
)  # fmt: skip

"""What is left to be done about personal data past its term, 4(3)."""

from __future__ import annotations

import datetime

from django.urls import reverse

from shinshiro_sns.duties import Duty, late_since
from staff.actors import Holders
from staff.models import Erasure
from staff.models.erasures import ErasureQuerySet


def erasures_to_approve(day: datetime.date) -> ErasureQuerySet:
    """Those that another person is to approve."""
    rows = Erasure.objects.waiting().filter(department__isnull=False)
    return rows.select_related("proposed_by", "department")


DUTIES: tuple[Duty, ...] = (
    Duty("erasure", "4(3)", "保存期間が過ぎた個人情報の消去の承認", "件数を確かめて承認する",
         erasures_to_approve, Holders("staff.approve_erasure", not_by="proposed_by"),
         lambda row: f"{row.proposed_by.name}さんの起案、{row.total}件",
         lambda row: row.proposed_at,
         lambda row: reverse("admin:staff_erasure_change", args=[row.pk]),
         department="department", account="", overdue=late_since("proposed_at")),
)  # fmt: skip

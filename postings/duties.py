"""What emergencies leave to be done, 4(1)."""

from __future__ import annotations

import datetime

from django.db.models import QuerySet

from postings.declaring import REVIEW
from postings.models import Emergency
from shinshiro_sns.duties import Duty, late_since
from staff.actors import Holders


def emergencies_to_review(day: datetime.date) -> QuerySet[Emergency]:
    """Those a deputy declared for the head, who has not looked at them yet (後閲)."""
    return Emergency.objects.awaiting_review().select_related("department")


def _label(emergency: Emergency) -> str:
    return f"{emergency}({emergency.department})"


DUTIES = (
    Duty("review_emergency", "4(1)", "後閲を待っている緊急時の宣言", "内容を確かめる",
         emergencies_to_review, Holders(REVIEW, not_by="declared_by"), _label,
         lambda emergency: emergency.declared_at, Emergency.get_absolute_url,
         department="department", account="", overdue=late_since("declared_at")),
)  # fmt: skip

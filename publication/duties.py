"""What is left to be done when the public pages are not brought up to date, 3(6)."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from publication.models import Publisher, PublisherQuerySet
from shinshiro_sns.days import start_of
from shinshiro_sns.duties import Duty
from staff.actors import Holders


def failing(day: datetime.date) -> PublisherQuerySet:
    """Publishers whose pages may be behind the register."""
    rows = Publisher.objects.failing().annotate(began_at=Coalesce("failed_since", "confirmed_at"))
    found: PublisherQuerySet = rows.select_related("department").order_by("began_at", "pk")
    return found


def _late(rows: QuerySet[Any], day: datetime.date) -> QuerySet[Any]:
    return rows.filter(began_at__lt=start_of(day))


DUTIES: tuple[Duty, ...] = (
    Duty("publication", "3(6)", "公開ページが更新されていない", "原因を確かめる", failing,
         Holders("publication.mend_publisher"), lambda row: row.wrong or str(row),
         lambda row: row.began_at,
         lambda row: reverse("admin:publication_publisher_changelist"),
         lambda row: timezone.localdate(row.began_at), department="department", account="",
         grave=True, overdue=_late),
)  # fmt: skip

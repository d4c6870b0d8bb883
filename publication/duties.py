"""What is left to be done when the public pages are not brought up to date, 3(6)."""

from __future__ import annotations

import datetime

from django.urls import reverse

from publication.models import Publisher, PublisherQuerySet
from shinshiro_sns.duties import Duty
from staff.actors import Holders


def failing(day: datetime.date) -> PublisherQuerySet:
    """Publishers whose pages may be behind the register."""
    return Publisher.objects.failing().select_related("department")


def _since(publisher: Publisher) -> datetime.datetime:
    return publisher.failed_since or publisher.confirmed_at


DUTIES: tuple[Duty, ...] = (
    Duty("publication", "3(6)", "公開ページが更新されていない", "原因を確かめる", failing,
         Holders("publication.mend_publisher"), lambda row: row.wrong or str(row), _since,
         lambda row: reverse("admin:publication_publisher_changelist"),
         lambda row: _since(row).date(), department="department", account="", grave=True),
)  # fmt: skip

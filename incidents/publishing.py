"""A notice of an incident on the city's own site, 5(2), published by the step that says so."""

from __future__ import annotations

import datetime

from django.conf import settings

from accounts.models import Notice
from incidents import log
from incidents.models import Incident
from shinshiro_sns.steps import Taking


def published(incident: Incident, kind: Notice.Kind, taking: Taking) -> Notice:
    """The notice that `taking.extra` words: `title`, `body`, and `urgent_for` how long it tops every
    page (None: not at all). The log has it, with its address."""
    urgent: datetime.timedelta | None = taking.extra.get("urgent_for")
    account = incident.account if incident.account and incident.account.is_public else None
    notice = Notice.objects.create(
        account=account, department=None if account else incident.department, kind=kind,
        title=taking.extra["title"], body=taking.extra["body"],
        published_by=taking.by, published_at=taking.at,
        urgent_until=taking.at + urgent if urgent else None,
    )  # fmt: skip
    log.add(
        incident, log.Kind.POST, f"市のサイトで周知した:{notice.title}\n{notice.body}", taking.by,
        at=taking.at, url=address_of(notice),
    )  # fmt: skip
    return notice


def address_of(notice: Notice) -> str:
    """By which the public reads it."""
    return f"{settings.PORTAL_URL}{notice.get_absolute_url()}"

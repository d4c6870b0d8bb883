"""Incidents follow their account: who answers for it answers for them, 3(1)."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from incidents import log
from incidents.models import Incident


def follow_accounts(day: datetime.date) -> int:
    """Give every incident to the department that its account has come to; says how many."""
    astray = Incident.objects.filter(account__isnull=False).exclude(
        department=F("account__department")
    )
    return sum(_follow(key) for key in astray.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _follow(key: int) -> bool:
    incident: Any = Incident.objects.select_for_update(of=("self",)).get(pk=key)
    before, now = incident.department, incident.account.department
    if before == now:
        return False
    incident.department = now
    incident.revision += 1
    incident._history_step = "move"
    incident.save()
    text = f"アカウントの移管に伴い、対応する所属を{before}から{now}に変えた。"
    log.add(incident, log.Kind.MOVED, text, None)
    return True

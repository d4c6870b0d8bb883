"""What the account's page on the desk says of its incidents, 5."""

from __future__ import annotations

import datetime

from accounts.areas import Area, Fact
from accounts.models import Account
from incidents.duties import DUTIES
from incidents.models import Incident


def _says(account: Account, day: datetime.date) -> list[Fact]:
    rows = Incident.objects.filter(account=account)
    running = list(rows.running().values_list("title", flat=True)[:3])
    if running:
        return [Fact(f"対応中:{title}") for title in running]
    return [Fact("対応中の事案はありません")]


AREAS = (
    Area("5", "誤記・被害等", "incidents:of_account", "incidents.view_incident", DUTIES, _says),
)

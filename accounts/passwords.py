"""When an account's password falls due, 3(7): the one rule, for all accounts at once and for one.

- Nobody ever recorded a change: due since the account has been official.
- At every change of staff: at once when somebody with access leaves, until it is changed on that day
  or later. A change on the leaver's last day does not settle it: he was there.
- At least every three months (`PASSWORD_INTERVAL_MONTHS`): calendar months after the last change.

See decision 0010.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from accounts.dates import NEVER, MonthsAfter
from accounts.models import Account
from accounts.presence import gone_people

# A password shows among the duties so long before it is due: the first reminder's day.
SHOWN_BEFORE = datetime.timedelta(days=30)


class Why(models.TextChoices):
    """Why a password falls due."""

    UNRECORDED = "unrecorded", "変更の記録がまだないため"
    STAFF = "staff", "利用する職員に異動があったため"
    INTERVAL = "interval", "定期の変更の時期のため"


@dataclass(frozen=True)
class Due:
    """When and why a password is due, and the accesses of those who left since its last change."""

    on: datetime.date
    why: Why
    left: list[Any]


def next_change(changed_on: datetime.date) -> datetime.date | None:
    """When the interval asks for the next change; None where the city asks for none."""
    months = settings.PASSWORD_INTERVAL_MONTHS
    return changed_on + relativedelta(months=months) if months else None


def with_due(rows: QuerySet[Account], day: datetime.date) -> QuerySet[Any]:
    """`rows` with `password_due_on`, and `staff_left_on` where somebody left since the last change."""
    left = _left_since_the_change(day).order_by("gone_on").values("gone_on")[:1]
    return rows.annotate(staff_left_on=Subquery(left)).annotate(
        password_due_on=Case(
            When(password_changed_on=None, then=F("official_since")),
            default=Least(Coalesce("staff_left_on", NEVER), _by_interval()),
        )
    )


def due_by(day: datetime.date, horizon: datetime.date) -> QuerySet[Any]:
    """The accounts whose password, as things stand on `day`, is due on `horizon` or before."""
    # The cheap conditions first: most accounts need not be asked who left.
    due = (
        Q(password_changed_on=None, official_since__lte=horizon)
        | Q(next_change_on__lte=horizon, password_changed_on__isnull=False)
        | Q(Exists(_left_since_the_change(day)), password_changed_on__isnull=False)
    )
    rows = Account.objects.to_guard().alias(next_change_on=_by_interval()).filter(due)
    return with_due(rows, day)


def why(account: Any) -> Why:
    """Why the password of a row of `with_due` falls due."""
    if account.password_changed_on is None:
        return Why.UNRECORDED
    return Why.STAFF if account.password_due_on == account.staff_left_on else Why.INTERVAL


def due(account: Account, day: datetime.date | None = None) -> Due | None:
    """When and why the password of this account is due; None where it never is, or need not be kept
    safe by the city."""
    day = day or timezone.localdate()
    if not Account.objects.to_guard().filter(pk=account.pk).exists():
        return None
    rows = gone_people(day).filter(account=account).select_related("person")
    changed_on = account.password_changed_on
    if changed_on is None:
        since = account.official_since
        return Due(since, Why.UNRECORDED, []) if since else None
    left = [row for row in rows.order_by("gone_on", "pk") if row.gone_on > changed_on]
    by_interval = next_change(changed_on)
    if left and (by_interval is None or left[0].gone_on <= by_interval):
        return Due(left[0].gone_on, Why.STAFF, left)
    return Due(by_interval, Why.INTERVAL, left) if by_interval else None


def _by_interval() -> Any:
    months = settings.PASSWORD_INTERVAL_MONTHS
    return MonthsAfter("password_changed_on", months) if months else NEVER


def _left_since_the_change(day: datetime.date) -> QuerySet[Any]:
    changed_on = OuterRef("password_changed_on")
    # The second condition follows from the first, and spares asking of those who went long ago.
    return gone_people(day).filter(
        Q(until=None) | Q(until__gte=changed_on), account=OuterRef("pk"), gone_on__gt=changed_on
    )

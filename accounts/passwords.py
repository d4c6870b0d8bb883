"""When an account's password falls due, 3(7): the one rule, for all accounts at once and for one.

- Nobody ever recorded a change: due since the account has been official.
- At every change of staff: at once when somebody with access leaves, until it is changed on that day
  or later. A change on the leaver's last day does not settle it: he was there.
- When somebody else may hold the account, 5: at once, until it is changed on that day or later.
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
from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.functions import Coalesce, Least, TruncDate
from django.utils import timezone

from accounts.dates import NEVER, Among, MonthsAfter, day_of
from accounts.models import Access, Account
from accounts.presence import EVERY_ACCOUNT, first_days, gone_people

# A password shows among the duties so long before it is due: the first reminder's day.
SHOWN_BEFORE = datetime.timedelta(days=30)


class Why(models.TextChoices):
    """Why a password falls due."""

    UNRECORDED = "unrecorded", "変更の記録がまだないため"
    DOUBT = "doubt", "乗っ取りのおそれがあるため"
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
    return _with_due(rows, _left_since_the_change(rows, day))


def due_by(day: datetime.date, horizon: datetime.date, among: Q = EVERY_ACCOUNT) -> QuerySet[Any]:
    """The accounts whose password, as things stand on `day`, is due on `horizon` or before.

    Who left is reckoned for those that meet `among` alone.
    """
    rows = Account.objects.to_guard().filter(among)
    left = _left_since_the_change(rows, day)
    # The cheap conditions first: of most accounts no day needs to be reckoned.
    due = (
        Q(password_changed_on=None, official_since__lte=horizon)
        | _DOUBTED
        | Q(next_change_on__lte=horizon, password_changed_on__isnull=False)
        | Q(Among("pk", (account for account, on in left.items() if on <= horizon)))
    )
    return _with_due(rows.alias(next_change_on=_by_interval()).filter(due), left)


def why(account: Any) -> Why:
    """Why the password of a row of `with_due` falls due."""
    if account.password_changed_on is None:
        return Why.UNRECORDED
    if account.doubted_on is not None:
        # Whatever else made it due before: this is what cannot wait.
        return Why.DOUBT
    return Why.STAFF if account.password_due_on == account.staff_left_on else Why.INTERVAL


def due(account: Account, day: datetime.date | None = None) -> Due | None:
    """When and why the password of this account is due; None where it never is, or need not be kept
    safe by the city."""
    day = day or timezone.localdate()
    if not Account.objects.to_guard().filter(pk=account.pk).exists():
        return None
    changed_on = account.password_changed_on
    if changed_on is None:
        since = account.official_since
        return Due(since, Why.UNRECORDED, []) if since else None
    gone = gone_people(Access.objects.filter(account=account), day)
    left = _accesses({row.pk: row.on for row in gone if row.on > changed_on})
    by_interval = next_change(changed_on)
    doubted_on = timezone.localdate(account.doubted_since) if account.doubted_since else None
    if doubted_on and changed_on < doubted_on:
        days = (doubted_on, by_interval, left[0].gone_on if left else None)
        return Due(min(filter(None, days)), Why.DOUBT, left)
    if left and (by_interval is None or left[0].gone_on <= by_interval):
        return Due(left[0].gone_on, Why.STAFF, left)
    return Due(by_interval, Why.INTERVAL, left) if by_interval else None


# Somebody else may hold it, and the password is what it was.
_DOUBTED = Q(doubted_since__isnull=False, password_changed_on__lt=TruncDate("doubted_since"))


def _by_interval() -> Any:
    months = settings.PASSWORD_INTERVAL_MONTHS
    return MonthsAfter("password_changed_on", months) if months else NEVER


def _with_due(rows: QuerySet[Account], left: dict[int, datetime.date]) -> QuerySet[Any]:
    doubted_on = Case(When(_DOUBTED, then=TruncDate("doubted_since")))
    return rows.annotate(staff_left_on=day_of(left), doubted_on=doubted_on).annotate(
        password_due_on=Case(
            When(password_changed_on=None, then=F("official_since")),
            default=Least(
                Coalesce("staff_left_on", NEVER), _by_interval(), Coalesce("doubted_on", NEVER)
            ),
        )
    )


def _left_since_the_change(rows: QuerySet[Account], day: datetime.date) -> dict[int, datetime.date]:
    """Of each of `rows` the first day on which somebody left since the last change of password."""
    changed_on = "account__password_changed_on"
    accesses = Access.objects.filter(
        # Who ended before the change left before it: not to be asked of at all.
        Q(until=None) | Q(until__gte=F(changed_on)),
        account__in=rows.filter(password_changed_on__isnull=False).values("pk"),
    )
    return first_days(gone_people(accesses, day, after=changed_on))


def _accesses(gone_on: dict[int, datetime.date]) -> list[Any]:
    """The accesses with these keys, in their order, each with its day as `gone_on`."""
    found = Access.objects.select_related("person").in_bulk(list(gone_on))
    for pk, on in gone_on.items():
        found[pk].gone_on = on
    return [found[pk] for pk in gone_on]

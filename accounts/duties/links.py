"""The link back to the city's page, 3(6)."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from accounts.dates import MonthsAfter
from accounts.links import CLAUSE
from accounts.models import Account, LinkCheck
from shinshiro_sns.days import start_of
from shinshiro_sns.duties import DAYS_BEFORE, Duty, late_after
from staff.actors import Officers

Outcome = LinkCheck.Outcome
PUT_WITHIN = 1  # calendar months
MEND_WITHIN = datetime.timedelta(weeks=1)
ASKED_BEFORE = datetime.timedelta(days=max(DAYS_BEFORE))


def _official() -> QuerySet[Account]:
    return Account.objects.filter(status=Account.Status.OFFICIAL).select_related("department")


def to_put(day: datetime.date) -> QuerySet[Account]:
    """Official accounts of which nobody has seen yet whether they name the city's page."""
    seen = LinkCheck.objects.decisive().filter(account=OuterRef("pk"))
    rows = _official().filter(~Exists(seen))
    rows = rows.annotate(put_by=MonthsAfter("official_since", PUT_WITHIN))
    return rows.order_by("put_by", "pk")


def to_mend(day: datetime.date) -> Any:
    """The looks that found no link, where no later one found it."""
    decisive = LinkCheck.objects.decisive()
    later = decisive.filter(
        Q(checked_on__gt=OuterRef("checked_on"))
        | Q(checked_on=OuterRef("checked_on"), pk__gt=OuterRef("pk")),
        account=OuterRef("account"),
    )
    rows = decisive.filter(
        ~Exists(later), outcome=Outcome.MISSING, account__status=Account.Status.OFFICIAL
    )
    return rows.select_related("account__department").order_by("checked_on", "pk")


def to_look_again(day: datetime.date) -> Any:
    """Official accounts whose link was seen so long ago that it counts no more, or soon will not."""
    looks = LinkCheck.objects.decisive().filter(account=OuterRef("pk"))
    last = looks.order_by("-checked_on", "-pk")
    # An account that was seen lately is passed over at once: those are nearly all of them.
    rows: Any = _official().filter(
        Exists(looks), ~Exists(looks.filter(checked_on__gt=_counting_from(day)))
    )
    rows = rows.annotate(
        seen_on=Subquery(last.values("checked_on")[:1]),
        last_outcome=Subquery(last.values("outcome")[:1]),
    ).filter(last_outcome=Outcome.LINKED)
    rows = rows.annotate(look_by=MonthsAfter("seen_on", settings.LINK_CHECK_MONTHS))
    return rows.filter(look_by__lte=day + ASKED_BEFORE).order_by("look_by", "pk")


def _counting_from(day: datetime.date) -> datetime.date:
    # Months differ by a few days: a little too early here, and exactly in `look_by`.
    return day + ASKED_BEFORE - datetime.timedelta(days=28 * settings.LINK_CHECK_MONTHS)


def _label(account: Account) -> str:
    return f"{account}({account.department})"


def _page(account: Account) -> str:
    return reverse("accounts:links", args=[account.pk])


_OFFICERS = Officers("accounts.add_linkcheck")

DUTIES = (
    Duty("link_lost", CLAUSE, "プロフィールに市のページへのリンクがないアカウント",
         "リンクを載せて記録する", to_mend, _OFFICERS, lambda check: _label(check.account),
         lambda check: check.checked_at, lambda check: _page(check.account),
         lambda check: check.checked_on + MEND_WITHIN, grave=True,
         overdue=lambda rows, day: rows.filter(checked_on__lt=day - MEND_WITHIN)),
    Duty("link_put", CLAUSE, "プロフィールに市のページのURLを載せるアカウント",
         "載せて記録する", to_put, _OFFICERS, _label,
         lambda account: start_of(account.official_since), _page,
         lambda account: account.put_by, department="department", account="pk",
         overdue=late_after("put_by")),
    Duty("link_again", CLAUSE, "プロフィールのリンクを確かめ直すアカウント", "確かめて記録する",
         to_look_again, _OFFICERS, _label, lambda account: start_of(account.seen_on), _page,
         lambda account: account.look_by, department="department", account="pk",
         overdue=late_after("look_by")),
)  # fmt: skip

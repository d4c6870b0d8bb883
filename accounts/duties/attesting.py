"""The quarterly attestation, and accounts without a post."""

from __future__ import annotations

import datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts import attesting
from accounts.models import Account
from accounts.quarters import opens_on
from shinshiro_sns.days import start_of
from shinshiro_sns.duties import WAITING, Duty
from staff.actors import Holders, Officers


def to_attest(day: datetime.date) -> QuerySet[Account]:
    """Official accounts nobody has attested in this quarter, the longest ago first."""
    return (
        Account.objects.to_attest(day)
        .select_related("department")
        .order_by(Coalesce("attested_on", "official_since"), "pk")
    )


def idle(day: datetime.date) -> QuerySet[Account]:
    """Official accounts without a post, the longest silent first."""
    return (
        attesting.idle(day)
        .select_related("department")
        .order_by(Coalesce("last_post_on", "official_since"), "pk")
    )


def _label(account: Account) -> str:
    return f"{account}({account.department})"


def _silent(account: Account) -> str:
    last = account.last_post_on
    said = f"最終投稿日 {last.year}年{last.month}月{last.day}日" if last else "投稿の記録なし"
    return f"{_label(account)} — {said}"


def _open_since(account: Account) -> datetime.datetime:
    official = account.official_since or timezone.localdate(account.state_since)
    return start_of(opens_on(max(official, account.attested_on or official)))


def _idle_since(account: Account) -> datetime.datetime:
    last = account.last_post_on or account.official_since
    heard = max(last or datetime.date.min, timezone.localdate(account.state_since))
    return start_of(heard + relativedelta(months=settings.IDLE_MONTHS, days=1))


def _overdue(rows: Any, day: datetime.date) -> QuerySet[Account]:
    late: QuerySet[Account] = rows.attestation_overdue(day)
    return late


def _idle_too_long(rows: QuerySet[Account], day: datetime.date) -> QuerySet[Account]:
    before = day - WAITING - datetime.timedelta(days=1)
    return rows.filter(pk__in=attesting.idle(before).values("pk"))


DUTIES = (
    Duty("attest", "3(6)", "四半期ごとの確認をしていないアカウント", "確認を記録する", to_attest,
         Officers("accounts.add_attestation"), _label, _open_since,
         lambda account: reverse("accounts:attestation", args=[account.pk]),
         lambda account: account.attestation_due_on, department="department", account="pk",
         overdue=_overdue, together="accounts:attestations",
         together_says="まとめて確認する"),
    Duty("idle", "6(1)", "長く投稿のないアカウント", "投稿を続けるか、停止・廃止するかを決める", idle,
         Holders("accounts.close_account"), _silent, _idle_since,
         lambda account: reverse("accounts:standing", args=[account.pk]),
         department="department", account="pk", overdue=_idle_too_long),
)  # fmt: skip

"""Suspension, resumption and closure, 6, and the account's own announcements."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Notice, StandingChange
from accounts.models.standing import ANNOUNCED_WITHIN, DELETED_WITHIN
from shinshiro_sns.days import start_of
from shinshiro_sns.duties import Duty, late_after, late_since
from staff.actors import Holders, Officers


def to_announce(day: datetime.date) -> QuerySet[Notice]:
    """Notices whose announcement on the account itself is not recorded."""
    return Notice.objects.unannounced().select_related("account__department")


def to_see_deleted(day: datetime.date) -> QuerySet[Any]:
    """Closures whose handle the operator was to delete."""
    return StandingChange.objects.awaiting_deletion().select_related("account__department")


def to_review(day: datetime.date) -> QuerySet[Any]:
    """Decided by a deputy in the head's absence (後閲)."""
    return StandingChange.objects.awaiting_review().select_related("account__department")


def _about(row: Any) -> str:
    return f"{row.account}({row.account.department})"


def _decided(change: StandingChange) -> str:
    return f"{_about(change)} — {change.get_step_display()}"


def _announced(notice: Notice) -> str:
    return f"{_about(notice)} — {notice.get_kind_display()}の周知"


def _from_the_day(change: StandingChange) -> datetime.datetime:
    day = change.deletion_decided_on or change.effective_on
    return start_of(day)


DUTIES = (
    Duty("announce", "6(2)", "アカウントでの周知を記録していないもの", "周知を記録する",
         to_announce, Officers("accounts.add_announcement"), _announced,
         lambda notice: notice.published_at,
         lambda notice: reverse("accounts:announcement", args=[notice.account_id, notice.pk]),
         lambda notice: notice.announcement_due_on, grave=True,
         overdue=late_since("published_at", ANNOUNCED_WITHIN)),
    Duty("see_deleted", "6(1)", "運営者による削除を確かめていないアカウント", "削除を確かめる",
         to_see_deleted, Officers("accounts.change_credentials"), _about,
         _from_the_day,
         lambda change: reverse("accounts:deletion", args=[change.account_id]),
         lambda change: change.deletion_due_on,
         overdue=late_after("to_be_deleted_since", DELETED_WITHIN)),
    Duty("review_standing", "6(1)", "停止・再開・廃止の後閲を待っているもの", "内容を確かめる",
         to_review, Holders("accounts.close_account", not_by="decided_by"), _decided,
         lambda change: change.decided_at,
         lambda change: reverse("accounts:standing", args=[change.account_id]),
         overdue=late_since("decided_at")),
)  # fmt: skip

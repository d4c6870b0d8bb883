"""Emergencies are declared, ended early, looked at afterwards, 4(1): the one place that writes them.

None begins in the past: what went out before it was declared has its own ground. None is altered: to go
on longer, another one is declared.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import Account, AccountQuerySet
from postings import notices
from postings.models import Emergency
from shinshiro_sns.history import acting
from shinshiro_sns.steps import StepNotMet, StepOvertaken, Unmet
from staff import authority
from staff.models import Absence, Department, User
from staff.standing_in import absences_that_count

CLAUSE = "4(1)"
DECLARE, FOR_HEAD = "postings.declare_emergency", "postings.declare_emergency_for_head"
REVIEW = "postings.review_emergency"
# Who presses the button twice means one emergency.
TWICE_WITHIN = datetime.timedelta(minutes=10)


@dataclass(frozen=True)
class Right:
    """By what right somebody declares for a department: its head's own, or in his absence. For the
    PR division, which may declare for every account, there is no department."""

    department: Department | None
    absence: Absence | None = None


def rights_of(user: User) -> list[Right]:
    """Every right by which `user` may declare one today, the widest first."""
    own = authority.reach(user, DECLARE)
    found = [Right(None)] if own.everywhere else []
    standing_in = authority.reach(user, FOR_HEAD).own - own.own
    absences = {
        absence.department_id: absence
        for absence in absences_that_count(timezone.localdate()).filter(department__in=standing_in)
    }
    departments = Department.objects.filter(pk__in=own.own | set(absences))
    return [*found, *(Right(row, absences.get(row.pk)) for row in departments)]


def open_to(right: Right) -> AccountQuerySet:
    """The accounts that may be named by `right`: official ones of the department, or of the city."""
    official = Account.objects.filter(status=Account.Status.OFFICIAL).select_related("department")
    return official.filter(department=right.department) if right.department else official


@transaction.atomic
def declare(
    by: User, right: Right, *, accounts: Collection[Account], is_for_all: bool, reason: str,
    begins_at: datetime.datetime, ends_at: datetime.datetime,
) -> Emergency:  # fmt: skip
    """Declare one; the same sent twice by one person is one.

    Raises PermissionDenied where the right is not (any more) his, StepNotMet where it may not be.
    """
    # One at a time: two clicks are one emergency.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if right not in rights_of(by) or (is_for_all and right.department):
        raise PermissionDenied
    now = timezone.now()
    asked = {account.pk for account in accounts}
    named = set(open_to(right).filter(pk__in=asked).values_list("pk", flat=True))
    if asked - named:
        raise PermissionDenied
    unmet = _lacking(asked, now, is_for_all=is_for_all, begins_at=begins_at, ends_at=ends_at)
    if unmet:
        raise StepNotMet(unmet)
    again = _the_same(by, asked, reason, is_for_all=is_for_all, ends_at=ends_at, now=now)
    if again is not None:
        return again
    made = Emergency(
        department=right.department, absence=right.absence, is_for_all=is_for_all, reason=reason,
        begins_at=max(begins_at, now), ends_at=ends_at, declared_by=by, declared_at=now,
    )  # fmt: skip
    acting(made, by).save()
    made.accounts.set(asked)
    notices.emergency_declared(made)
    return made


def _lacking(
    accounts: Collection[int], now: datetime.datetime, *, is_for_all: bool,
    begins_at: datetime.datetime, ends_at: datetime.datetime,
) -> list[Unmet]:  # fmt: skip
    unmet = []
    if not (accounts or is_for_all):
        unmet.append(Unmet("対象のアカウントを選んでください。", CLAUSE, "accounts"))
    # A form has no seconds: this very minute is now.
    if begins_at < now.replace(second=0, microsecond=0):
        sentence = (
            "始まりを、過ぎた日時にはできません。宣言する前の発信は、発信の記録に事由を書きます。"
        )
        unmet.append(Unmet(sentence, CLAUSE, "begins_at"))
    if ends_at <= max(begins_at, now):
        unmet.append(Unmet("終わりは、始まりと今より後にしてください。", CLAUSE, "ends_at"))
    longest = datetime.timedelta(days=settings.EMERGENCY_MAX_DAYS)
    if ends_at > max(begins_at, now) + longest:
        sentence = (
            f"一度に宣言できるのは{settings.EMERGENCY_MAX_DAYS}日までです。"
            "続けるときは、終わる前にもう一度宣言してください。"
        )
        unmet.append(Unmet(sentence, CLAUSE, "ends_at"))
    return unmet


def _the_same(
    by: User, accounts: Collection[int], reason: str, *, is_for_all: bool,
    ends_at: datetime.datetime, now: datetime.datetime,
) -> Emergency | None:  # fmt: skip
    alike = Emergency.objects.not_over(now).filter(
        declared_by=by, declared_at__gt=now - TWICE_WITHIN, reason=reason, ends_at=ends_at,
        is_for_all=is_for_all,
    )  # fmt: skip
    for emergency in alike.prefetch_related("accounts"):
        if {account.pk for account in emergency.accounts.all()} == set(accounts):
            return emergency
    return None


def may_end(user: User, emergency: Emergency) -> bool:
    """Whether `user` may end it: who could declare it."""
    if user.has_perm(DECLARE, emergency):
        return True
    away = absences_that_count(timezone.localdate()).filter(department=emergency.department_id)
    return user.has_perm(FOR_HEAD, emergency) and away.exists()


@transaction.atomic
def end(emergency: Emergency, by: User, reason: str) -> Emergency:
    """End it now. Raises PermissionDenied, and StepOvertaken where it is over already."""
    row = Emergency.objects.select_for_update(of=("self",)).get(pk=emergency.pk)
    if not may_end(by, row):
        raise PermissionDenied
    now = timezone.now()
    if row.over_at <= now:
        raise StepOvertaken([Unmet("この宣言は、すでに終わっています。", CLAUSE)], row)
    row.ended_by, row.ended_at, row.end_reason = by, max(now, row.declared_at), reason
    acting(row, by).save()
    notices.emergency_ended(row)
    return row


@transaction.atomic
def review(emergency: Emergency, by: User) -> Emergency:
    """後閲: the head has looked at what the deputy declared for him; not by that deputy himself."""
    row = Emergency.objects.select_for_update(of=("self",)).get(pk=emergency.pk)
    if not by.has_perm(REVIEW, row):
        raise PermissionDenied
    if row.absence_id is None or row.reviewed_at is not None or row.declared_by_id == by.pk:
        raise StepOvertaken([Unmet("今は後閲を行う必要がありません。", CLAUSE)], row)
    row.reviewed_by, row.reviewed_at = by, timezone.now()
    acting(row, by).save()
    return row

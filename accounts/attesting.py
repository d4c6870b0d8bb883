"""The department says each quarter that an account is still its own and still used, 3(6).

The one place that writes an attestation and its copies on the account; when the next one is due
stands in `quarters`.
"""

from __future__ import annotations

import datetime

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Account, AccountQuerySet, Attestation
from shinshiro_sns.days import start_of
from shinshiro_sns.steps import StepOvertaken, Unmet
from staff.models import User


@transaction.atomic
def attest(
    account: Account,
    by: User,
    *,
    last_post_on: datetime.date | None,
    followers: int | None = None,
) -> Attestation:
    """Record today's attestation; sent twice by one person it is one row.

    Raises StepOvertaken where the account is not official (any more).
    """
    locked = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if locked.status != Account.Status.OFFICIAL:
        sentence = f"「{locked.get_status_display()}」のため、四半期ごとの確認は要りません。"
        raise StepOvertaken([Unmet(sentence, "3(6)")], locked)
    row, _ = Attestation.objects.get_or_create(
        account=locked, attested_on=timezone.localdate(), attested_by=by,
        last_post_on=last_post_on, followers=followers,
    )  # fmt: skip
    _copy(row)
    return row


def attested_by_step(account: Account, by: User) -> None:
    """Who brings an account back into use says by that very step that it is the city's."""
    row = Attestation.objects.create(
        account=account, attested_by=by, last_post_on=account.last_post_on
    )
    account.attested_on = row.attested_on


def _copy(row: Attestation) -> None:
    """A clock set back moves no attestation back; an earlier post corrects what was recorded."""
    accounts = Account.objects.filter(pk=row.account_id)
    older = Q(attested_on__isnull=True) | Q(attested_on__lt=row.attested_on)
    accounts.filter(older).update(attested_on=row.attested_on)
    if row.last_post_on:
        accounts.update(last_post_on=row.last_post_on)


def posted(account: Account, on: datetime.date) -> None:
    """A post of that day is on record: the last one known is never an earlier one."""
    older = Q(last_post_on__isnull=True) | Q(last_post_on__lt=on)
    Account.objects.filter(older, pk=account.pk).update(last_post_on=on)


def _too_long_ago(day: datetime.date) -> datetime.date:
    """What was last heard of before this day was so more than `IDLE_MONTHS` calendar months ago."""
    months = relativedelta(months=settings.IDLE_MONTHS)
    ago = day - months
    # From the end of a longer month the way back is shorter than the way there.
    return ago if ago + months >= day else ago + relativedelta(days=1)


def idle(day: datetime.date) -> AccountQuerySet:
    """Official accounts without a post for so long that 6(1) is to be thought of.

    One that nobody ever saw a post of counts from the day it became official; one brought back into
    use has as long again.
    """
    limit = _too_long_ago(day)
    midnight = start_of(limit)
    silent = Q(last_post_on__lt=limit) | Q(last_post_on__isnull=True, official_since__lt=limit)
    return Account.objects.filter(silent, status=Account.Status.OFFICIAL, state_since__lt=midnight)

"""The keys of posting tools: made, revoked and recognised here alone, 3(7), 4(2)."""

from __future__ import annotations

import datetime
import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from postings.models import ToolKey
from shinshiro_sns.history import acting
from shinshiro_sns.steps import StepOvertaken, Unmet
from staff.models import User

PREFIX = "sns_"
SHOWN = 10
MOST_A_MINUTE = 60
MINUTE = datetime.timedelta(minutes=1)


class TooOften(Exception):
    """The key was used too often; `seconds` until it opens again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@transaction.atomic
def make(
    account: Account, by: User, *, name: str, expires_on: datetime.date
) -> tuple[ToolKey, str]:
    """A new key with its secret, which is shown now and never again: only its hash is kept."""
    secret = PREFIX + secrets.token_urlsafe(32)
    key = ToolKey(
        account=account, name=name, expires_on=expires_on, made_by=by,
        begins_with=secret[:SHOWN], digest=_digest(secret),
    )  # fmt: skip
    acting(key, by).save()
    return key, secret


@transaction.atomic
def revoke(key: ToolKey, by: User) -> ToolKey:
    """From now on it opens nothing. Raises StepOvertaken where it was revoked before."""
    row: ToolKey = ToolKey.objects.select_for_update(of=("self",)).get(pk=key.pk)
    if row.revoked_at is not None:
        raise StepOvertaken([Unmet("この連携キーは、すでに無効になっています。")])
    row.revoked_by, row.revoked_at = by, timezone.now()
    acting(row, by).save()
    return row


@transaction.atomic
def recognised(secret: str) -> ToolKey | None:
    """The key that is valid now, with this use counted; None where there is none. Raises TooOften."""
    rows = ToolKey.objects.valid_on(timezone.localdate()).select_related("account__department")
    key: ToolKey | None = (
        rows.select_for_update(of=("self",)).filter(digest=_digest(secret)).first()
    )
    if key is None:
        return None
    now = timezone.now()
    if key.minute is None or not key.minute <= now < key.minute + MINUTE:
        key.minute, key.used_in_minute = now, 0
    if key.used_in_minute >= MOST_A_MINUTE:
        raise TooOften(int((key.minute + MINUTE - now).total_seconds()) + 1)
    # Not through save(): a use is no change of the key, and its history would grow with each.
    ToolKey.objects.filter(pk=key.pk).update(
        last_used_at=now, minute=key.minute, used_in_minute=key.used_in_minute + 1
    )
    return key


def _digest(secret: str) -> str:
    # The secret is as long as the hash: nothing is to be guessed, so it needs no slow one.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()

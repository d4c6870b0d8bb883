"""The one place that writes the credentials ledger, 3(7).

Nothing here takes a password, and what looks as if somebody meant to write one down is refused.
What is refused is a ValidationError by field, in sentences for the person.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from accounts.models import Access, Account, ConnectedApp, CredentialChange, Credentials, Device
from accounts.models.account import HandleFate
from accounts.names import visible_only
from shinshiro_sns.history import acting
from shinshiro_sns.steps import CHANGED, StepOvertaken
from staff import authority, roles
from staff.models import Membership, User

VIEW = "accounts.view_credentials"
RECORD = "accounts.add_credentialchange"
CHANGE = "accounts.change_credentials"

_TELEPHONE = re.compile(r"\+?[0-9][0-9-]{8,18}")
_HINTS = ("パスワード", "password", "暗証番号", "passcode")


def _departments_of(account: Account) -> set[int]:
    """The departments whose members may have a hand on the account: who runs it and who shares it."""
    return account.scope_department_ids | account.shared_department_ids


def people_of(account: Account, since: datetime.date, until: datetime.date) -> QuerySet[User]:
    """Who had access to the account or belonged to its departments on a day of the span."""
    named = Access.objects.filter(
        Q(until=None) | Q(until__gte=since), account=account, since__lte=until
    )
    members = Membership.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=since),
        department__in=_departments_of(account),
        valid_from__lte=until,
    )
    return User.objects.filter(Q(pk__in=named.values("person")) | Q(pk__in=members.values("user")))


@transaction.atomic
def record_change(
    account: Account,
    *,
    by: User,
    changed_on: datetime.date,
    changed_by: User,
    reason: str,
    is_hard_to_guess: bool,
    is_kept_secret: bool,
) -> CredentialChange | None:
    """Record that the password was changed; None where this very change is on record already.

    Raises ValidationError, and PermissionDenied for who may not.
    """
    locked = _locked(account, by, RECORD)
    _refuse_if_over(locked)
    standing = CredentialChange.objects.filter(account=locked, cancelled_at=None)
    if standing.filter(changed_on=changed_on, changed_by=changed_by, reason=reason).exists():
        return None
    _refuse_change(locked, changed_on, changed_by, is_hard_to_guess, is_kept_secret)
    today = timezone.localdate()
    change = CredentialChange(
        account=locked, changed_on=changed_on, changed_by=changed_by, reason=reason,
        is_hard_to_guess=True, is_kept_secret=True, recorded_by=by, recorded_on=today,
    )  # fmt: skip
    change.full_clean()
    change.save()
    _copy(locked)
    return change


def wrong_day(account: Account, changed_on: datetime.date) -> str:
    """Why the password cannot have been changed on that day; empty if it can."""
    last = account.password_changed_on
    if changed_on > timezone.localdate():
        return "変更日に、未来の日付は入力できません。"
    if last and changed_on < last:
        return (
            f"前回の変更日({last.year}年{last.month}月{last.day}日)より前の日付は入力できません。"
            "前回の記録が誤りであれば、先にその記録を取り消してください。"
        )
    return ""


def _refuse_change(
    account: Account,
    changed_on: datetime.date,
    changed_by: User,
    is_hard_to_guess: bool,
    is_kept_secret: bool,
) -> None:
    wrong: dict[str, str] = {}
    if sentence := wrong_day(account, changed_on):
        wrong["changed_on"] = sentence
    elif not people_of(account, changed_on, changed_on).filter(pk=changed_by.pk).exists():
        wrong["changed_by"] = (
            f"{changed_by.name}さんは、変更日にこのアカウントの利用者・管理者でも、"
            "管理する所属や共同で利用する所属の職員でもありませんでした。"
        )
    if not is_hard_to_guess:
        wrong["is_hard_to_guess"] = "推測されにくいものにしたことを確かめてください。"
    if not is_kept_secret:
        wrong["is_kept_secret"] = "関係者以外のだれにも知られていないことを確かめてください。"  # noqa: S105
    if wrong:
        raise ValidationError(wrong)


def may_cancel(change: CredentialChange, user: User) -> bool:
    """Whether `user` may say that the record was a mistake: who made it, or a head."""
    if change.cancelled_at is not None or not user.has_perm(RECORD, change):
        return False
    head = authority.Place(roles.Role.HEAD, change.account.department_id)
    return user.pk == change.recorded_by_id or head in authority.places_of(user)


@transaction.atomic
def cancel_change(change: CredentialChange, by: User) -> bool:
    """Strike out a mistaken record, which stays to be seen; False where somebody had done so."""
    locked = _locked(change.account, by, RECORD)
    row = CredentialChange.objects.select_related("account").get(pk=change.pk)
    if row.cancelled_at is not None:
        return False
    if not may_cancel(row, by):
        raise PermissionDenied
    row.cancelled_by, row.cancelled_at = by, timezone.now()
    row.save(update_fields=["cancelled_by", "cancelled_at"])
    _copy(locked)
    return True


def _copy(account: Account) -> None:
    standing = CredentialChange.objects.filter(account=account, cancelled_at=None)
    last = standing.aggregate(last=Max("changed_on"))["last"]
    Account.objects.filter(pk=account.pk).update(password_changed_on=last)


@transaction.atomic
def settle(account: Account, by: User, *, seen: int, **values: Any) -> Credentials:
    """Write down what guards the account beside its password, as `by` has seen it today.

    `seen` is the revision the person looked at, 0 before there was any. Raises StepOvertaken with
    the row as it stands where somebody else wrote since, and ValidationError.
    """
    locked = _locked(account, by, CHANGE)
    _refuse_if_over(locked)
    row = Credentials.objects.filter(account=locked).first() or Credentials(account=locked)
    if row.revision != seen:
        raise StepOvertaken([CHANGED], row)
    for name, value in values.items():
        setattr(row, name, value)
    row.recovery_address = unicodedata.normalize("NFKC", row.recovery_address).strip()
    _refuse_means(row)
    row.checked_on, row.checked_by, row.taken_over = timezone.localdate(), by, None
    row.revision += 1
    acting(row, by)
    row.full_clean()
    row.save()
    return row


def _refuse_means(row: Credentials) -> None:
    wrong = wrong_recovery(row)
    if not row.two_factor:
        wrong["two_factor"] = "二要素認証の状態を選んでください。"
    if wrong:
        raise ValidationError(wrong)


def wrong_recovery(row: Credentials) -> dict[str, str]:
    """What is wrong with the address for recovery and its owner, field by field."""
    wrong: dict[str, str] = {}
    address, owners = row.recovery_address, (row.recovery_department, row.recovery_person)
    if address and not _is_address(address):
        wrong["recovery_address"] = (
            "メールアドレスか電話番号を入力してください(例:kanko@city.shinshiro.lg.jp、0536-23-7623)。"
        )
    if address and not any(owners):
        wrong["recovery_department"] = "復旧用の連絡先を管理する所属か職員を選んでください。"
    elif any(owners) and not address:
        wrong["recovery_address"] = "管理する所属や職員を選んだときは、連絡先も入力してください。"
    elif all(owners):
        wrong["recovery_person"] = "管理する所属と職員は、どちらか一方だけを選んでください。"
    return wrong


def _is_address(text: str) -> bool:
    if _TELEPHONE.fullmatch(text):
        return True
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


@transaction.atomic
def add_holding(
    model: type[Device] | type[ConnectedApp], account: Account, by: User, **values: Any
) -> Device | ConnectedApp | None:
    """Record a device or an app from `added_on` on; None where it stands in the list already."""
    locked = _locked(account, by, CHANGE)
    _refuse_if_over(locked)
    wrong: dict[str, Any] = {}
    for name in ("name", "purpose"):
        try:
            refuse_hint(values.get(name, ""))
        except ValidationError as error:
            wrong[name] = error
    if values["added_on"] > timezone.localdate():
        wrong["added_on"] = "使い始めた日に、未来の日付は入力できません。"
    if wrong:
        raise ValidationError(wrong)
    if model.objects.filter(account=locked, removed_on=None, **values).exists():
        return None
    row = model(account=locked, added_by=by, **values)
    row.full_clean()
    row.save()
    return row


def hints_at_a_password(text: str) -> bool:
    """Whether somebody seems about to write one down."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return any(hint in folded for hint in _HINTS)


def refuse_hint(text: str) -> None:
    """Refuses a text that begins to speak of a password, or hides something."""
    visible_only(text)
    if hints_at_a_password(text):
        raise ValidationError("パスワードや暗証番号に当たることは、ここには書かないでください。")


@transaction.atomic
def remove_holding(row: Device | ConnectedApp, by: User) -> bool:
    """Record that a device or an app has no access any more; False where it was recorded already."""
    _locked(row.account, by, CHANGE)
    open_rows = type(row).objects.filter(pk=row.pk, removed_on=None)
    # A clock set back must not end it before it began.
    ended_on = max(timezone.localdate(), row.added_on)
    return bool(open_rows.update(removed_on=ended_on, removed_by=by))


def _locked(account: Account, by: User, permission: str) -> Account:
    locked = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if not by.has_perm(permission, locked):
        raise PermissionDenied
    return locked


def is_over(account: Account) -> bool:
    """Whether the account is closed and was seen deleted, 6(1): nobody logs in to it any more."""
    if account.handle_fate != HandleFate.DELETED:
        return False
    return not Account.objects.to_guard().filter(pk=account.pk).exists()


def _refuse_if_over(account: Account) -> None:
    if is_over(account):
        raise ValidationError("このアカウントは削除されているため、もう記録することはありません。")

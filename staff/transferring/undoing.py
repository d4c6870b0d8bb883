"""A transfer taken back as one: what it ended lasts again, what it began never was."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from staff.models import Department, Membership, Transfer, TransferredMembership, User
from staff.transferring.applying import BATCH, TransferRefused, end_on, hold_the_city, reason
from staff.transferring.consequences import CONSEQUENCES


def obstacles(transfer: Transfer) -> list[str]:
    """Why the transfer cannot be undone (any more): everything that somebody changed since, by name."""
    if transfer.undone_at is not None:
        return ["この人事異動は、すでに取り消されています。"]
    found = [*_changed_memberships(transfer), *_changed_departments(transfer)]
    for consequence in reversed(CONSEQUENCES):
        found += consequence.obstacles(transfer)
    return found


def undo(transfer_id: int, *, by: User | None) -> Transfer:
    """Take the whole transfer back, or raise `TransferRefused` with every reason why not."""
    try:
        with transaction.atomic():
            hold_the_city()
            transfer = Transfer.objects.select_for_update().filter(pk=transfer_id).first()
            if transfer is None:
                raise TransferRefused(f"{transfer_id}番の人事異動はありません。")
            for consequence in reversed(CONSEQUENCES):
                consequence.hold(transfer)
            if found := obstacles(transfer):
                raise TransferRefused("\n".join(found))
            transfer.undone_by, transfer.undone_at = by, timezone.now()
            transfer.save(update_fields=["undone_by", "undone_at"])
            for consequence in reversed(CONSEQUENCES):
                consequence.undo(transfer, by)
            _take_back(transfer, by)
            return transfer
    except IntegrityError as error:
        raise TransferRefused(
            "取り消す間に登録内容が変わったため、何も取り消していません。もう一度確かめてください。"
        ) from error


def _rows(transfer: Transfer) -> Any:
    return transfer.memberships.select_related("membership", "user", "department")


def _changed_memberships(transfer: Transfer) -> Iterator[str]:
    rows = list(_rows(transfer))
    begun = {row.membership_id for row in rows if row.begun}
    others = {
        (user, department, role)
        for pk, user, department, role in Membership.objects.filter(
            valid_until__isnull=True
        ).values_list("pk", "user", "department", "role")
        if pk not in begun
    }
    for row in rows:
        who = f"{row.user.name}さんの「{row.department}」の{row.get_role_display()}の記録"
        if not _is_as_left(row, transfer):
            yield f"{who}が、反映した後に変わっています。"
        elif (
            not row.begun
            and row.until_before is None
            and (row.user_id, row.department_id, row.role) in others
        ):
            yield f"{who}と同じ記録が、反映した後に始まっています。"


def _is_as_left(row: TransferredMembership, transfer: Transfer) -> bool:
    now = row.membership
    if now is None or (now.user_id, now.department_id) != (row.user_id, row.department_id):
        return False
    if row.begun:
        as_left = (transfer.effective_on, None, row.role)
        return (now.valid_from, now.valid_until, now.role) == as_left
    return (now.valid_until, now.role) == (transfer.last_day_before, row.role)


def _changed_departments(transfer: Transfer) -> Iterator[str]:
    for row in transfer.departments.select_related("department"):
        if row.department.valid_until != transfer.last_day_before:
            yield f"所属「{row.department}」の廃止日が、反映した後に変わっています。"


def _take_back(transfer: Transfer, by: User | None) -> None:
    said = f"{reason(transfer)}の取消し"
    recorded = {"batch_size": BATCH, "default_user": by, "default_change_reason": said}
    closed = []
    for row in transfer.departments.select_related("department"):
        row.department.valid_until = row.until_before
        closed.append(row.department)
    bulk_update_with_history(closed, Department, ["valid_until"], **recorded)
    rows = list(_rows(transfer))
    lasting: dict[datetime.date | None, list[Membership]] = defaultdict(list)
    for row in rows:
        if not row.begun:
            lasting[row.until_before].append(row.membership)
    begun = [row.membership for row in rows if row.begun]
    # Before the old ones last again: a person is in a place once.
    transfer.memberships.filter(begun=True).update(membership=None)
    _delete(begun, by, said)
    for until, memberships in lasting.items():
        end_on(memberships, until, by, said)


def _delete(memberships: list[Membership], by: User | None, said: str) -> None:
    """Deletes them with one row of history each, which the library writes one by one."""
    kept: Any = Membership.history.model
    fields = [field.attname for field in kept.tracked_fields]
    kept.objects.bulk_create(
        [
            kept(
                **{name: getattr(membership, name) for name in fields},
                history_type="-", history_date=timezone.now(), history_user=by,
                history_change_reason=said,
            )
            for membership in memberships
        ],
        batch_size=BATCH,
    )  # fmt: skip
    keys = [membership.pk for membership in memberships]
    for first in range(0, len(keys), BATCH):
        # Past the signals, which would write the history a second time.
        doomed = Membership.objects.filter(pk__in=keys[first : first + BATCH])
        doomed._raw_delete(doomed.db)

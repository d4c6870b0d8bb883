"""A transfer of staff, previewed and applied: everything in one transaction, with its history."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from staff.models import (
    Department,
    Membership,
    Transfer,
    TransferredDepartment,
    TransferredMembership,
    User,
)
from staff.transferring.consequences import CONSEQUENCES
from staff.transferring.judging import judge
from staff.transferring.lines import TransferFile
from staff.transferring.plan import Plan

BATCH = 500
# A slip of the keys in the year would end everybody's membership long ago.
FARTHEST = datetime.timedelta(days=366)


class TransferRefused(Exception):
    """Nothing was changed; the message says why, to the person."""


def preview(file: TransferFile, effective_on: datetime.date) -> Plan:
    """What `apply` would do. Raises `TransferRefused`."""
    _refuse_day(effective_on)
    _refuse_again(file, effective_on)
    return judge(file.table, effective_on)


def apply(
    file: TransferFile,
    effective_on: datetime.date,
    *,
    by: User | None,
    expected: str | None = None,
) -> tuple[Plan, Transfer | None]:
    """Apply the whole file, or nothing of it: then without a transfer, and the plan says why.

    `expected` is the fingerprint of the plan that a person confirmed: where another one has come of
    it since, nothing is applied. Raises `TransferRefused`, also where it was applied already.
    """
    _refuse_day(effective_on)
    try:
        with transaction.atomic():
            hold_the_city()
            _refuse_again(file, effective_on)
            plan = judge(file.table, effective_on)
            plan.changed_meanwhile = expected is not None and expected != plan.fingerprint()
            if plan.faults or plan.changed_meanwhile:
                return plan, None
            return plan, _write(plan, file, by)
    except IntegrityError as error:
        raise TransferRefused(
            "反映する間に登録内容が変わったため、何も反映していません。もう一度確かめてください。"
        ) from error


def hold_the_city() -> None:
    """Until the transaction ends no other transfer is judged, and nobody changes who is where.

    Rows that only point to a department or a membership do not wait: whoever holds an account and
    writes such a row would wait for us, and we for the account.
    """
    for model in (Department, Membership):
        held = model._default_manager.select_for_update(no_key=True).order_by("pk")
        list(held.values_list("pk"))


def reason(transfer: Transfer) -> str:
    """What the history of every row that a transfer changes says of it."""
    day = transfer.effective_on
    return f"{day.year}年{day.month}月{day.day}日付けの人事異動({transfer.pk}番)"


def _refuse_day(effective_on: datetime.date) -> None:
    if abs(effective_on - timezone.localdate()) > FARTHEST:
        raise TransferRefused("異動日が1年以上離れています。日付を確かめてください。")


def _refuse_again(file: TransferFile, effective_on: datetime.date) -> None:
    there = Transfer.objects.filter(
        sha256=file.sha256, effective_on=effective_on, undone_at__isnull=True
    ).first()
    if there is not None:
        at = timezone.localtime(there.made_at)
        raise TransferRefused(
            f"このファイルは、同じ異動日で{at.year}年{at.month}月{at.day}日"
            f"{at.hour}時{at.minute:02}分に反映されています({there.pk}番)。"
        )


def _write(plan: Plan, file: TransferFile, by: User | None) -> Transfer:
    transfer = Transfer.objects.create(
        file_name=file.name, sha256=file.sha256, effective_on=plan.effective_on,
        lines=plan.lines, made_by=by,
    )  # fmt: skip
    recorded = {
        "batch_size": BATCH, "default_user": by, "default_change_reason": reason(transfer),
    }  # fmt: skip
    for closing in plan.closed:
        TransferredDepartment.objects.create(
            transfer=transfer, department=closing.department, successor=closing.successor,
            until_before=closing.department.valid_until,
        )  # fmt: skip
        closing.department.valid_until = plan.last_day
    closed = [closing.department for closing in plan.closed]
    bulk_update_with_history(closed, Department, ["valid_until"], **recorded)
    rows = [
        _row(transfer, ending.membership, until_before=ending.membership.valid_until)
        for ending in plan.ended
    ]
    ended = [ending.membership for ending in plan.ended]
    end_on(ended, plan.last_day, by, reason(transfer))
    begun = [
        Membership(
            user=beginning.user, department=beginning.department, role=beginning.role.value,
            valid_from=plan.effective_on,
        )
        for beginning in plan.begun
    ]  # fmt: skip
    made = bulk_create_with_history(begun, Membership, **recorded)
    rows += [_row(transfer, membership, begun=True) for membership in made]
    TransferredMembership.objects.bulk_create(rows, batch_size=BATCH)
    for consequence in CONSEQUENCES:
        consequence.apply(transfer, plan)
    return transfer


def end_on(
    memberships: list[Membership], day: datetime.date | None, by: User | None, because: str
) -> None:
    """Give all of them the same last day, with their history; None where they are to last."""
    for first in range(0, len(memberships), BATCH):
        batch = memberships[first : first + BATCH]
        # One value for all: a bulk update would spell out a case for each row.
        Membership.objects.filter(pk__in=[row.pk for row in batch]).update(valid_until=day)
        for row in batch:
            row.valid_until = day
    bulk_update_with_history(
        memberships, Membership, [], batch_size=BATCH, default_user=by,
        default_change_reason=because,
    )  # fmt: skip


def _row(
    transfer: Transfer,
    membership: Membership,
    *,
    begun: bool = False,
    until_before: datetime.date | None = None,
) -> TransferredMembership:
    return TransferredMembership(
        transfer=transfer, membership=membership, user_id=membership.user_id,
        department_id=membership.department_id, role=membership.role, begun=begun,
        until_before=until_before,
    )  # fmt: skip

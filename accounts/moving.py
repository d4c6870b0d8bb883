"""所管の移管: an account comes to another department on the day its transfer says, 3(1).

Its number, identity, history, policy and ledgers stay what they are; only who answers for it changes.
"""

from __future__ import annotations

import datetime
import logging

from django.db import transaction
from django.utils import timezone

from accounts.models import Account, AccountMove
from shinshiro_sns.history import acting
from staff.models import Transfer, User
from staff.transferring.applying import reason
from staff.transferring.plan import Plan

logger = logging.getLogger(__name__)


def carry_out(day: datetime.date) -> int:
    """Move every account whose day has come by `day`; says how many.

    Each in a transaction of its own and exactly once, however often and in however many processes at
    once this is called. One that fails stops no other; they are raised together at the end.
    """
    due = AccountMove.objects.pending().filter(effective_on__lte=day)
    moved, failures = 0, []
    for key, transfer in due.order_by("effective_on", "pk").values_list("pk", "transfer"):
        try:
            moved += _carry_out(key, transfer)
        except Exception as error:
            logger.error("Account move %s failed: %s", key, type(error).__name__)
            failures.append(error)
    if failures:
        raise ExceptionGroup(f"{len(failures)} account moves failed", failures)
    return moved


@transaction.atomic
def _carry_out(key: int, transfer: int) -> bool:
    # Also waits for who is just undoing the transfer.
    Transfer.objects.select_for_update().get(pk=transfer)
    move = AccountMove.objects.pending().filter(pk=key).first()
    if move is not None:
        _move(move)
    return move is not None


def record_moves(transfer: Transfer, plan: Plan) -> None:
    """Write down which accounts move, and move them if the day has come already."""
    moves = AccountMove.objects.bulk_create(
        AccountMove(
            account_id=moving.number, transfer=transfer, source=moving.source,
            target=moving.target, effective_on=plan.effective_on,
        )
        for moving in plan.moving
    )  # fmt: skip
    if plan.effective_on <= timezone.localdate():
        for move in moves:
            _move(move)


def hold(transfer: Transfer) -> None:
    """Until the transaction ends nobody changes whose its accounts are, or who shares them."""
    moves = transfer.account_moves.filter(moved_at__isnull=False).values("account")
    accounts = Account.objects.filter(pk__in=moves).select_for_update(of=("self",)).order_by("pk")
    partners = Account.partners.through.objects.filter(account__in=moves)
    for held in (accounts, partners.select_for_update(of=("self",)).order_by("pk")):
        list(held.values_list("pk"))


def why_not_back(transfer: Transfer) -> list[str]:
    """Accounts that somebody changed after they had moved, by name."""
    return [
        f"「{move.account}」の所管か共同利用が、移管した後に変わっています。"
        for move in _moved(transfer)
        if not _is_as_left(move)
    ]


def move_back(transfer: Transfer, by: User | None) -> None:
    """Every account that had moved is its former department's again, shared as it was."""
    for move in _moved(transfer):
        account = Account.objects.select_for_update(of=("self",)).get(pk=move.account_id)
        _because(account, f"{reason(transfer)}の取消し", by)
        account.department = move.source
        if move.shared_before is not None:
            for fact in _SHARING:
                setattr(account, fact, move.shared_before[fact])
            account.partners.set(move.shared_before["partners"])
        account.save()


def outcome(transfer: Transfer) -> str:
    """How many accounts move, and how many of them have."""
    moves = transfer.account_moves.all()
    return f"{moves.count()}件(うち移管済み{moves.filter(moved_at__isnull=False).count()}件)"


_SHARING = ("is_shared", "shared_theme", "shared_reason")


def _moved(transfer: Transfer) -> list[AccountMove]:
    moved = transfer.account_moves.filter(moved_at__isnull=False)
    return list(
        moved.select_related("account", "source", "target").prefetch_related("account__partners")
    )


def _is_as_left(move: AccountMove) -> bool:
    account = move.account
    if account.department_id != move.target_id:
        return False
    if move.shared_before is None:
        return True
    left = {key for key in move.shared_before["partners"] if key != move.target_id}
    return account.shared_department_ids == left and account.is_shared == bool(left)


def _because(account: Account, said: str, by: User | None) -> None:
    """What the history says of the next changes of the account."""
    acting(account, by)._change_reason = said


def _move(move: AccountMove) -> None:
    account = Account.objects.select_for_update(of=("self",)).get(pk=move.account_id)
    _because(account, reason(move.transfer), move.transfer.made_by)
    account.department = move.target
    partners = [partner.pk for partner in account.partners.all()]
    if move.target_id in partners:
        # Who manages it does not share it with himself; without partners it is shared no more.
        move.shared_before = {
            "partners": partners, **{fact: getattr(account, fact) for fact in _SHARING},
        }  # fmt: skip
        if partners == [move.target_id]:
            account.is_shared, account.shared_theme, account.shared_reason = False, "", ""
        account.partners.remove(move.target)
    account.save()
    move.moved_at = timezone.now()
    move.save(update_fields=["moved_at", "shared_before"])
    logger.info("Account %s moved to department %s.", account.pk, move.target_id)

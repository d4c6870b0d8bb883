"""What a transfer of staff (人事異動) leaves to the accounts: handovers, and accounts that move."""

from __future__ import annotations

import datetime

from django.db import models

from accounts.models.account import Account
from accounts.models.ledger import LedgerRow, together
from shinshiro_sns.days import start_of
from staff.models import Department, Transfer, User


class Handover(LedgerRow):
    """引継ぎ: what a person who joins a department takes over with one of its accounts, and confirms."""

    transfer = models.ForeignKey(
        Transfer, on_delete=models.PROTECT, related_name="handovers", verbose_name="人事異動"
    )
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="handovers", verbose_name="引き継ぐ人"
    )
    begins_on = models.DateField("異動日")
    confirmed_at = models.DateTimeField("確認日時", null=True, editable=False)
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="確認した人",
    )  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "引継ぎ"
        ordering = ["begins_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["transfer", "account", "person"], name="handed_over_once_a_transfer"
            ),
            models.CheckConstraint(
                condition=together("confirmed_by", "confirmed_at"),
                name="handover_confirmed_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.person}"

    @property
    def since(self) -> datetime.datetime:
        """The moment from which it waits for the person."""
        return start_of(self.begins_on)


class AccountMoveQuerySet(models.QuerySet["AccountMove"]):
    """Questions about moves."""

    def pending(self) -> AccountMoveQuerySet:
        """Those whose day has not come, or that nobody has carried out yet."""
        return self.filter(moved_at__isnull=True, transfer__undone_at__isnull=True)


class AccountMove(models.Model):
    """所管の移管: an account that came to another department, 3(1), with all its history."""

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="moves", verbose_name="アカウント"
    )
    transfer = models.ForeignKey(
        Transfer, on_delete=models.PROTECT, related_name="account_moves", verbose_name="人事異動"
    )
    source = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", verbose_name="移管元"
    )
    target = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", verbose_name="移管先"
    )
    effective_on = models.DateField("移管日")
    # None until the day has come: the department that hands over still answers for the account.
    moved_at = models.DateTimeField("移管日時", null=True, editable=False)
    # The sharing as it was, where the new manager had been a partner: to be put back by an undo.
    shared_before = models.JSONField("移管前の共同利用", null=True, editable=False)

    objects = AccountMoveQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "アカウントの移管"
        ordering = ["-effective_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "transfer"], name="moved_once_a_transfer"),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")), name="moved_to_another_department"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.source} → {self.target}"

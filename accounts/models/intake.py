"""What a table brought along from elsewhere: who took it in and when, and the mark on each entry.

An entry with the mark says what another register said. It is never the word of somebody here.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.account import Account
from accounts.models.ledger import LedgerRow
from staff.models import User


class Intake(models.Model):
    """表からの取込み: one table from which ledgers took over what was kept elsewhere."""

    file_name = models.CharField("ファイル名", max_length=200, blank=True)
    # None where the command took it in, whose operator no log-in names.
    taken_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="取り込んだ人"
    )
    taken_at = models.DateTimeField("取込日時", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "表からの取込み"
        ordering = ["-taken_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{timezone.localdate(self.taken_at)} {self.file_name}"

    @property
    def by(self) -> str:
        """Who took it in, as pages say it."""
        return f"{self.taken_by.name}さん" if self.taken_by else "サーバーの操作"


class TakenOver(models.Model):
    """An entry that may come from a table: then it names the table, and maybe nobody else."""

    taken_over: Any = models.ForeignKey(
        Intake, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="取り込んだ表",
    )  # fmt: skip

    class Meta:
        abstract = True


FROM_A_TABLE = Q(taken_over__isnull=False)
"""The condition that an entry came from a table."""


class Origin(LedgerRow):
    """取込元の記載: what the table said of an account that only a decision made here brings about."""

    account = models.OneToOneField(
        Account, on_delete=models.PROTECT, related_name="origin", verbose_name="アカウント"
    )
    intake = models.ForeignKey(
        Intake, on_delete=models.PROTECT, related_name="origins", verbose_name="取り込んだ表"
    )
    # The table's headings with what stood below them, word for word.
    said = models.JSONField("取込元の記載", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "取込元の記載"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.account} {self.intake}"

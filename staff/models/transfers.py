"""人事異動: one file of who leaves and who joins, applied and undone as one."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from staff.models.people import Department, Membership, User


class Transfer(models.Model):
    """One transfer of staff, with all it changed, so that it can be undone as one."""

    file_name = models.CharField("ファイル名", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    effective_on = models.DateField("異動日")
    lines = models.PositiveIntegerField("行数", editable=False)
    # None where the command applied it, whose operator no log-in names.
    made_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="反映した人",
    )  # fmt: skip
    made_at = models.DateTimeField("反映日時", default=timezone.now, editable=False)
    undone_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="取り消した人",
    )  # fmt: skip
    undone_at = models.DateTimeField("取消日時", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "人事異動"
        ordering = ["-made_at", "-pk"]
        default_permissions = ["view"]
        constraints = [
            # The same file for the same day, sent twice by a double click, is one transfer.
            models.UniqueConstraint(
                fields=["sha256", "effective_on"],
                condition=Q(undone_at__isnull=True),
                name="transferred_once",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=False) | Q(undone_by__isnull=True),
                name="transfer_undone_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.effective_on} {self.file_name}"

    @property
    def last_day_before(self) -> datetime.date:
        """The last day of what ends by this transfer."""
        return self.effective_on - datetime.timedelta(days=1)


class TransferredMembership(models.Model):
    """A membership that a transfer ended or began."""

    transfer = models.ForeignKey(
        Transfer, on_delete=models.PROTECT, related_name="memberships", verbose_name="人事異動"
    )
    # None once an undone transfer has taken back the membership it had begun.
    membership = models.ForeignKey(
        Membership,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="所属の記録",
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="職員")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", verbose_name="所属"
    )
    role = models.CharField("役割", max_length=10, choices=Membership.Role)
    begun = models.BooleanField("始まった")
    until_before = models.DateField("異動前の終了日", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "異動した所属の記録"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.department}"


class TransferredDepartment(models.Model):
    """A department that a transfer ended (組織改正)."""

    transfer = models.ForeignKey(
        Transfer, on_delete=models.PROTECT, related_name="departments", verbose_name="人事異動"
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", verbose_name="廃止した所属"
    )
    successor = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", verbose_name="引き継ぐ所属"
    )
    until_before = models.DateField("異動前の廃止日", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "廃止した所属"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.department} → {self.successor}"

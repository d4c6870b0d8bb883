"""The erasure of personal data at the end of its term (保存期間): proposed by one, approved by another."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from staff.models.people import Department, User


class ErasureQuerySet(models.QuerySet["Erasure"]):
    """Questions about erasures."""

    def waiting(self) -> ErasureQuerySet:
        """Those that wait for another person's approval, the oldest first."""
        rows = self.filter(approved_at__isnull=True, withdrawn_at__isnull=True)
        return rows.order_by("proposed_at", "pk")


class Erasure(models.Model):
    """One run of the table of terms: what it found when proposed, who approved, what it erased."""

    key = models.CharField("識別番号", max_length=36, unique=True, editable=False)
    until = models.DateField("基準日", editable=False)
    # Whose duty it is to see that it is approved; none where there was no PR division.
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="+", db_index=False,
        editable=False, verbose_name="広報主管課",
    )  # fmt: skip
    found = models.JSONField("見つかった件数", default=dict, editable=False)
    erased = models.JSONField("消去した件数", default=dict, editable=False)
    proposed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="起案者"
    )
    proposed_at = models.DateTimeField("起案日時", default=timezone.now, editable=False)
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="承認者",
    )  # fmt: skip
    approved_at = models.DateTimeField("承認日時", null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="取り下げた人",
    )  # fmt: skip
    withdrawn_at = models.DateTimeField("取下げ日時", null=True, editable=False)
    carried_out_at = models.DateTimeField("消去日時", null=True, editable=False)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "保存期間が過ぎた個人情報の消去"
        ordering = ["-proposed_at", "-pk"]
        default_permissions = ["view"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="erasure_approved_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
                name="erasure_withdrawn_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="erasure_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(carried_out_at__isnull=True) | Q(approved_at__isnull=False),
                name="erasure_carried_out_once_approved",
            ),
            models.UniqueConstraint(
                fields=["until"],
                condition=Q(carried_out_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_erasure_of_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.until} {self.key}"

    @property
    def total(self) -> int:
        """How many records are past their term."""
        return sum(self.found.values())

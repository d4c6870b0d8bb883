"""The keys by which a posting tool may ask for a check, 4(2), without anybody being logged in."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models.ledger import LedgerQuerySet, LedgerRow, together
from accounts.names import visible_only
from staff.models import User


class ToolKeyQuerySet(LedgerQuerySet):
    """Questions about keys."""

    def valid_on(self, day: datetime.date) -> ToolKeyQuerySet:
        """Those that open the door on `day`."""
        return self.filter(revoked_at__isnull=True, expires_on__gte=day)


class ToolKey(LedgerRow):
    """連携キー: lets one tool ask whether a draft may go out on one account. Only its hash is kept."""

    name = models.CharField("使うツール", max_length=100, validators=[visible_only])
    # How it begins, by which people know one from another; and what it is recognised by.
    begins_with = models.CharField("始まりの文字", max_length=12, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_on = models.DateField("有効期限")
    made_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="発行した人"
    )
    made_at = models.DateTimeField("発行日時", default=timezone.now, editable=False)
    revoked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="無効にした人",
    )  # fmt: skip
    revoked_at = models.DateTimeField("無効にした日時", null=True, editable=False)
    last_used_at = models.DateTimeField("最後に使われた日時", null=True, editable=False)
    # How often it was used in the minute that began then.
    minute = models.DateTimeField(null=True, editable=False)
    used_in_minute = models.PositiveIntegerField(default=0, editable=False)

    history = HistoricalRecords(
        verbose_name="連携キーの履歴",
        excluded_fields=["digest", "last_used_at", "minute", "used_in_minute"],
    )
    objects: ClassVar[Any] = ToolKeyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "連携キー"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=together("revoked_by", "revoked_at"), name="toolkey_revoked_by_whom"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("made_at")),
                name="toolkey_revoked_after_it_was_made",
            ),
            models.CheckConstraint(condition=~Q(digest=""), name="toolkey_is_recognised"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.name}"

    def is_valid_on(self, day: datetime.date) -> bool:
        """Whether it opens the door on `day`, as the queryset's method asks."""
        return self.revoked_at is None and self.expires_on >= day

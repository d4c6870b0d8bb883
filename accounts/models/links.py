"""The link back, 3(6): whether the account's own page names the city's page about it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.evidence import Evidence
from accounts.models.intake import TakenOver
from accounts.models.ledger import LedgerQuerySet, LedgerRow
from staff.models import User


class LinkCheckQuerySet(LedgerQuerySet):
    """Questions about looks at accounts' pages."""

    def decisive(self) -> LinkCheckQuerySet:
        """Those that saw whether the link is there. What a table tells of was another page's link:
        an account taken over has a new public page."""
        return self.filter(outcome__in=LinkCheck.DECISIVE).exclude(way=LinkCheck.Way.TABLE)


class LinkCheck(TakenOver, LedgerRow):
    """One look at the account's page: by hand with evidence, or by the portal itself."""

    class Way(models.TextChoices):
        """Who looked."""

        HAND = "hand", "職員が確かめた"
        AUTOMATIC = "automatic", "自動で確かめた"
        TABLE = "table", "表からの取込み"

    class Outcome(models.TextChoices):
        """What was seen. Only the first two decide anything."""

        LINKED = "linked", "リンクがある"
        MISSING = "missing", "リンクがない"
        UNREACHABLE = "unreachable", "ページを読めなかった"
        NOT_ALLOWED = "not_allowed", "運営者が自動の確認を認めていない"

    DECISIVE = (Outcome.LINKED, Outcome.MISSING)

    checked_on = models.DateField("確かめた日", default=timezone.localdate)
    checked_at = models.DateTimeField("記録日時", default=timezone.now, editable=False)
    way = models.CharField("確かめ方", max_length=10, choices=Way, editable=False)
    outcome = models.CharField("結果", max_length=12, choices=Outcome)
    detail = models.CharField("詳しい結果", max_length=300, blank=True, editable=False)
    checked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="確かめた人",
    )  # fmt: skip
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="証拠",
    )  # fmt: skip

    objects: ClassVar[Any] = LinkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "リンクの確認"
        ordering = ["-checked_on", "-pk"]
        indexes = [models.Index(fields=["account", "-checked_on"], name="link_check_by_account")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(way="hand") | Q(checked_by__isnull=False),
                name="link_checked_by_hand_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(way="table", taken_over__isnull=False)
                | ~Q(way="table") & Q(taken_over__isnull=True),
                name="link_check_from_a_table_says_so",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.checked_on} {self.get_outcome_display()}"

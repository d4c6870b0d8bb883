"""Certification by the operator, 3(4): kind, state, day and evidence, never a tick box."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models.account import Account
from accounts.models.evidence import Evidence
from accounts.models.intake import TakenOver
from accounts.models.ledger import LedgerRow
from shinshiro_sns.history import StepRecord


class Certification(TakenOver, LedgerRow):
    """認証: where the operator's certification of one account stands. A bought badge is none."""

    class Kind(models.TextChoices):
        """What the operator certifies by."""

        PUBLIC_BODY = "public_body", "公共機関向けの認証"
        APPLICATION = "application", "審査による認証"
        DOMAIN = "domain", "市のドメインによる証明"

    class State(models.TextChoices):
        """Where it stands."""

        POSSIBLE = "possible", "可能"
        APPLIED = "applied", "申請中"
        CERTIFIED = "certified", "認証済"
        NOT_OFFERED = "not_offered", "提供なし"
        REFUSED = "refused", "却下"
        LAPSED = "lapsed", "失効"

    account = models.OneToOneField(
        Account, on_delete=models.PROTECT, related_name="certification", verbose_name="アカウント"
    )
    kind = models.CharField("認証の種類", max_length=12, choices=Kind, blank=True, editable=False)
    state = models.CharField("状態", max_length=12, choices=State, editable=False)
    state_since = models.DateTimeField("状態の開始", default=timezone.now, editable=False)
    dated_on = models.DateField("日付", null=True, editable=False)
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="証拠",
    )  # fmt: skip
    has_paid_badge = models.BooleanField("有料のバッジ", default=False, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    history = HistoricalRecords(verbose_name="認証の履歴", bases=[StepRecord])

    class Meta:
        verbose_name = verbose_name_plural = "認証"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="certified") | (Q(dated_on__isnull=False) & ~Q(kind="")),
                name="certified_of_a_kind_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.get_state_display()}"

    @property
    def is_proven(self) -> bool:
        """Whether the city may say that the operator certified it: a table is no evidence of that."""
        return self.state == self.State.CERTIFIED and self.taken_over_id is None

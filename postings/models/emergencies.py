"""Declared emergencies, 4(1): for a named scope and time, posts may go out beside the hours."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models import Account
from accounts.models.ledger import together
from staff.models import Absence, Department, User

if TYPE_CHECKING:
    from collections.abc import Sequence


class EmergencyQuerySet(models.QuerySet["Emergency"]):
    """Questions about emergencies."""

    def holding(self, at: datetime.datetime) -> EmergencyQuerySet:
        """Those in which posting is open at `at`: each ends by itself."""
        not_ended = Q(ended_at__isnull=True) | Q(ended_at__gt=at)
        return self.filter(not_ended, begins_at__lte=at, ends_at__gt=at)

    def not_over(self, at: datetime.datetime) -> EmergencyQuerySet:
        """Those that hold at `at`, and those that are still to begin."""
        not_ended = Q(ended_at__isnull=True) | Q(ended_at__gt=at)
        return self.filter(not_ended, ends_at__gt=at)

    def touching(self, begins: datetime.datetime, ends: datetime.datetime) -> EmergencyQuerySet:
        """Those that held at some time from `begins` up to `ends`, the earliest first."""
        held = Q(ended_at__isnull=True) | Q(ended_at__gt=begins)
        rows = self.filter(held, begins_at__lt=ends, ends_at__gt=begins)
        return rows.order_by("begins_at", "pk")

    def over_department(self, key: int) -> EmergencyQuerySet:
        """Those that opened posting on an account of the department with this key."""
        named = Emergency.accounts.through.objects.filter(
            emergency=OuterRef("pk"), account__department=key
        )
        return self.filter(Q(is_for_all=True) | Exists(named))

    def awaiting_review(self) -> EmergencyQuerySet:
        """Those a deputy declared and the head has not looked at yet (後閲), the oldest first."""
        return self.filter(absence__isnull=False, reviewed_at__isnull=True).order_by(
            "declared_at", "pk"
        )


class Emergency(models.Model):
    """緊急時の宣言: posting is open for these accounts, or for all, from when until when, and why."""

    reason = models.TextField("理由", max_length=1000)
    is_for_all = models.BooleanField("すべての公式アカウント", default=False)
    accounts = models.ManyToManyField(
        Account, blank=True, related_name="emergencies", verbose_name="対象のアカウント"
    )
    # Whose head (or deputy) declared it; none where the PR division did, for whichever accounts.
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="宣言した所属",
    )  # fmt: skip
    begins_at = models.DateTimeField("始まり")
    ends_at = models.DateTimeField("終わり")
    declared_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="宣言した人"
    )
    declared_at = models.DateTimeField("宣言日時", default=timezone.now, editable=False)
    # Where a deputy declared it for the head (代決): in which absence, and that the head saw it (後閲).
    absence = models.ForeignKey(
        Absence, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="代決の根拠となる不在",
    )  # fmt: skip
    reviewed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="後閲した人",
    )  # fmt: skip
    reviewed_at = models.DateTimeField("後閲日時", null=True, editable=False)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="早く終えた人",
    )  # fmt: skip
    ended_at = models.DateTimeField("早く終えた日時", null=True, editable=False)
    end_reason = models.CharField("早く終えた理由", max_length=300, blank=True, editable=False)

    history = HistoricalRecords(verbose_name="緊急時の宣言の履歴", m2m_fields=["accounts"])
    objects = EmergencyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "緊急時の宣言"
        ordering = ["-begins_at", "-pk"]
        indexes = [models.Index(fields=["ends_at"], name="emergency_by_end")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")),
                name="emergency_ends_after_it_begins",
                violation_error_message="終わりは、始まりより後にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(begins_at__gte=F("declared_at")),
                name="emergency_opens_nothing_afterwards",
                violation_error_message="始まりを、過ぎた日時にはできません。",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="emergency_has_a_reason"),
            models.CheckConstraint(
                condition=Q(is_for_all=False) | Q(department__isnull=True),
                name="emergency_for_all_by_the_pr_division",
            ),
            models.CheckConstraint(
                condition=Q(absence__isnull=True) | Q(department__isnull=False),
                name="emergency_for_head_of_a_department",
            ),
            models.CheckConstraint(
                condition=together("reviewed_by", "reviewed_at"), name="emergency_reviewed_by_whom"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True) | Q(absence__isnull=False),
                name="emergency_reviewed_only_where_declared_for_head",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("declared_by")),
                name="emergency_not_reviewed_by_its_deputy",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True, ended_at__isnull=True, end_reason="")
                | Q(ended_by__isnull=False, ended_at__gte=F("declared_at")) & ~Q(end_reason=""),
                name="emergency_ended_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        local = timezone.localtime(self.begins_at)
        return f"{local:%Y-%m-%d %H:%M}からの緊急時の宣言"

    def get_absolute_url(self) -> str:
        """Its page on the desk."""
        return reverse("postings:emergency", args=[self.pk])

    @property
    def over_at(self) -> datetime.datetime:
        """When it ends, or ended early."""
        return min(self.ended_at, self.ends_at) if self.ended_at else self.ends_at

    def holds(self, at: datetime.datetime) -> bool:
        """Whether posting is open at `at`, as the queryset's method asks."""
        return self.begins_at <= at < self.over_at

    def standing(self, at: datetime.datetime) -> str:
        """In a word, where it stands at `at`."""
        if self.holds(at):
            return "宣言中"
        if at < self.begins_at and self.over_at > at:
            return "これから"
        return "早く終了" if self.ended_at and self.ended_at < self.ends_at else "終了"

    @property
    def scope_department_ids(self) -> set[int]:
        """Whose head declared it; what the PR division declared is nobody else's to end."""
        return {self.department_id} if self.department_id else set()


def covering(
    emergencies: Sequence[Emergency], accounts: Iterable[Account]
) -> dict[int, list[Emergency]]:
    """Which of `emergencies`, their accounts read beforehand, each account is within, by its key."""
    of_some = [(e, {account.pk for account in e.accounts.all()}) for e in emergencies]
    return {
        account.pk: [e for e, keys in of_some if e.is_for_all or account.pk in keys]
        for account in accounts
    }

"""What citizens report, 5(2): accounts they take for fakes, each once however often it is reported."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models.ledger import together
from incidents.models.incident import Incident
from incidents.models.others import OthersAccount
from shinshiro_sns.history import StepRecord
from staff.models import Department, User

# So soon somebody of the PR division looks at it. The city's own target for the guideline's 速やか.
TRIAGED_WITHIN = datetime.timedelta(days=1)
# What was found to be no fake may have become one since.
LOOKED_AT_ANEW_AFTER = datetime.timedelta(days=30)


class ReportedAccountQuerySet(models.QuerySet["ReportedAccount"]):
    """Questions about what was reported."""

    def waiting(self) -> ReportedAccountQuerySet:
        """Those at which nobody has looked, the oldest first."""
        return self.filter(state=ReportedAccount.State.WAITING).order_by("state_since", "pk")

    def counted(self) -> ReportedAccountQuerySet:
        """Each with how often it was reported, as `times`."""
        return self.annotate(times=Count("reports"))


class ReportedAccount(OthersAccount):
    """通報されたアカウント: one account that citizens take for a fake, by its canonical address."""

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", "未確認"
        INCIDENT = "incident", "事案で対応"
        CLOSED = "closed", "対応しない"

    identity = models.CharField("同一性", max_length=600, unique=True, editable=False)
    # The PR division, whose duty it is to look at it.
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name="確かめる所属",
    )  # fmt: skip
    state = models.CharField(
        "状態", max_length=10, choices=State, default=State.WAITING, editable=False
    )
    state_since = models.DateTimeField("状態の開始", default=timezone.now, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, null=True, editable=False, related_name="reported",
        verbose_name="事案",
    )  # fmt: skip
    reason = models.TextField("対応しない理由", max_length=1000, blank=True, editable=False)
    settled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name="確かめた人",
    )  # fmt: skip
    settled_at = models.DateTimeField("確かめた日時", null=True, editable=False)

    history = HistoricalRecords(verbose_name="通報されたアカウントの履歴", bases=[StepRecord])
    objects = ReportedAccountQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通報されたアカウント"
        ordering = ["-state_since", "-pk"]
        indexes = [models.Index(fields=["state", "state_since"], name="reported_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at=None, incident=None, reason="")
                | Q(state="incident", settled_at__isnull=False, incident__isnull=False)
                | Q(state="closed", settled_at__isnull=False, incident=None) & ~Q(reason=""),
                name="reported_settled_for_a_reason",
            ),
            models.CheckConstraint(
                condition=together("settled_by", "settled_at"), name="reported_settled_by_whom"
            ),
        ]

    def get_absolute_url(self) -> str:
        """Its page on the desk."""
        return reverse("incidents:reported", args=[self.pk])

    @property
    def scope_department_ids(self) -> set[int]:
        """The PR division: see `staff.roles`."""
        return {self.department_id} if self.department_id else set()


class FakeReport(models.Model):
    """通報: what one citizen wrote. Nothing says who he is but an address he gave himself."""

    reported = models.ForeignKey(
        ReportedAccount, on_delete=models.PROTECT, editable=False, related_name="reports",
        verbose_name="通報されたアカウント",
    )  # fmt: skip
    why = models.TextField("そう思った理由", max_length=1000, editable=False)
    mail = models.EmailField("結果を知らせるメールアドレス", blank=True, editable=False)
    received_at = models.DateTimeField("受け付けた日時", default=timezone.now, editable=False)
    answered_at = models.DateTimeField("結果を知らせた日時", null=True, editable=False)
    # The form it came with: one form is one report, however often it is sent.
    form = models.CharField(max_length=32, unique=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "通報"
        ordering = ["received_at", "pk"]
        indexes = [models.Index(fields=["received_at"], name="report_by_time")]
        constraints = [
            models.CheckConstraint(condition=~Q(why=""), name="report_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.reported} {self.received_at:%Y-%m-%d}"

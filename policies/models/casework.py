"""What happens to a policy on its way: consultations, returns, and the PR division's own notes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from policies.models.policy import OperatingPolicy
from shinshiro_sns.history import StepRecord
from staff.models import Absence, Department, User


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    """Questions about consultations."""

    def unanswered(self) -> ConsultationQuerySet:
        """Those that wait for an answer: of the policy's present submission, if it is one."""
        return self.filter(
            state=Consultation.State.ASKED,
            policy__state=OperatingPolicy.State.WITH_HEAD,
            round=F("policy__round"),
        )

    def of_round(self, policy: OperatingPolicy) -> ConsultationQuerySet:
        """Those of the policy's latest submission, each with its policy and department."""
        found = self.filter(policy=policy, round=policy.round)
        return found.select_related("policy", "department")

    def awaiting_review(self) -> ConsultationQuerySet:
        """Answered by a deputy, not yet looked at by the head (後閲), while the answer counts."""
        return self.filter(
            for_head=True, reviewed_at__isnull=True, round=F("policy__round")
        ).exclude(policy__state=OperatingPolicy.State.WITHDRAWN)


class Consultation(models.Model):
    """合議: what another department of a shared account says before the head sets the policy, 3(1)."""

    class State(models.TextChoices):
        """The answer."""

        ASKED = "asked", "回答待ち"
        AGREED = "agreed", "同意"
        OBJECTED = "objected", "異議あり"

    policy = models.ForeignKey(
        OperatingPolicy, on_delete=models.PROTECT, related_name="consultations",
        verbose_name="運用ポリシー",
    )  # fmt: skip
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="consultations",
        verbose_name="合議する所属",
    )  # fmt: skip
    round = models.PositiveIntegerField("提出回数")
    state = models.CharField("回答", max_length=10, choices=State, default=State.ASKED)
    state_since = models.DateTimeField("状態の開始", default=timezone.now)
    revision = models.PositiveIntegerField(default=0)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="回答者"
    )
    answered_at = models.DateTimeField("回答日時", null=True)
    comment = models.TextField("意見", max_length=2000, blank=True)
    for_head = models.BooleanField("代決", default=False)
    absence = models.ForeignKey(
        Absence, on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name="代決の根拠となる不在",
    )  # fmt: skip
    reviewed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="後閲した人"
    )
    reviewed_at = models.DateTimeField("後閲日時", null=True)

    history = HistoricalRecords(verbose_name="合議の履歴", bases=[StepRecord])
    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "合議"
        ordering = ["policy", "round", "department"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "department", "round"], name="consulted_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at__isnull=True, answered_by__isnull=True)
                | Q(
                    state__in=["agreed", "objected"],
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                ),
                name="consultation_answered_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(for_head=False, absence__isnull=True)
                | Q(for_head=True, absence__isnull=False, answered_at__isnull=False),
                name="consultation_answered_for_head_in_an_absence",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True, reviewed_at__isnull=True)
                | Q(for_head=True, reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="consultation_reviewed_only_where_answered_for_head",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("answered_by")),
                name="consultation_not_reviewed_by_its_deputy",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.department}"

    @property
    def is_needed(self) -> bool:
        """Whether the policy, as it was submitted last, is with the head and waits for this."""
        policy = self.policy
        return policy.state == OperatingPolicy.State.WITH_HEAD and policy.round == self.round

    @property
    def awaits_review(self) -> bool:
        """Whether a deputy answered, the head has not looked at it yet, and the answer counts."""
        return (
            self.for_head
            and self.reviewed_at is None
            and self.policy.round == self.round
            and self.policy.state != OperatingPolicy.State.WITHDRAWN
        )

    @property
    def standing(self) -> str:
        """The answer, or whether one is still wanted: 回答不要 once the submission was taken back."""
        if self.state == self.State.ASKED and not self.is_needed:
            return "回答不要"
        return self.get_state_display()

    @property
    def in_whose_place(self) -> str:
        """That a deputy answered, and whether the head has looked at it; "" where the head did."""
        if not self.for_head:
            return ""
        return f"所属の長の不在により代決、{'後閲済み' if self.reviewed_at else '後閲はまだ'}"

    @property
    def scope_department_ids(self) -> set[int]:
        """The department that is asked: see `staff.roles`."""
        return {self.department_id}


class PolicyReturn(models.Model):
    """差戻し: when, by whom, for which reasons, in whose words."""

    policy = models.ForeignKey(
        OperatingPolicy, on_delete=models.PROTECT, related_name="returns",
        verbose_name="運用ポリシー",
    )  # fmt: skip
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="差し戻した人"
    )
    by_pr_division = models.BooleanField("広報主管課による差戻し")
    at = models.DateTimeField("日時", default=timezone.now)
    round = models.PositiveIntegerField("提出回数")
    reasons = models.JSONField("理由", default=list)
    words = models.TextField("説明", max_length=2000, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "差戻し"
        ordering = ["policy", "-at"]

    def __str__(self) -> str:
        return f"{self.policy} {timezone.localtime(self.at):%Y-%m-%d}"


class InternalNote(models.Model):
    """What the PR division writes down for itself about a report; departments never see it."""

    policy = models.ForeignKey(
        OperatingPolicy, on_delete=models.PROTECT, related_name="internal_notes",
        verbose_name="運用ポリシー",
    )  # fmt: skip
    author = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="書いた人"
    )
    at = models.DateTimeField("日時", default=timezone.now)
    text = models.TextField("内部メモ", max_length=2000)

    class Meta:
        verbose_name = verbose_name_plural = "内部メモ"
        ordering = ["policy", "at"]

    def __str__(self) -> str:
        return self.text[:30]

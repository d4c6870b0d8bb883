"""What a head supervised, 4(4): a month of the department's posts, what was asked about one of them, and
what followed."""

from __future__ import annotations

import datetime
import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models.ledger import together
from staff.models import Absence, Department, User


class SupervisionQuerySet(models.QuerySet["Supervision"]):
    """Questions about confirmed months."""

    def awaiting_review(self) -> SupervisionQuerySet:
        """Those a deputy confirmed and the head has not looked at yet (後閲), the oldest first."""
        waiting = self.filter(absence__isnull=False, reviewed_at__isnull=True)
        return waiting.order_by("confirmed_at", "pk")


class Supervision(models.Model):
    """監督の確認: the head has looked through what the department sent out in one month, 4(4).

    It is never taken back: what there is to say afterwards is added as a `SupervisionRemark`.
    """

    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="supervisions", verbose_name="所属"
    )
    # A whole month; `next_on` no longer belongs to it, and the next one begins there.
    begins_on = models.DateField("期間の初日")
    next_on = models.DateField("次の期間の初日")
    # The figures as they stood, by their names in `postings.figures`.
    numbers = models.JSONField("件数", default=dict)
    note = models.TextField("所見", max_length=2000, blank=True)
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="確認した人"
    )
    confirmed_at = models.DateTimeField("確認日時", default=timezone.now)
    # Where a deputy confirmed it for the head (代決): in which absence, and that the head saw it (後閲).
    absence = models.ForeignKey(
        Absence, on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name="代決の根拠となる不在",
    )  # fmt: skip
    reviewed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="後閲した人"
    )
    reviewed_at = models.DateTimeField("後閲日時", null=True)

    history = HistoricalRecords(verbose_name="監督の確認の履歴")
    objects = SupervisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "監督の確認"
        ordering = ["-begins_on", "department"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "begins_on"], name="month_supervised_once"
            ),
            models.CheckConstraint(
                condition=Q(next_on__gt=F("begins_on")), name="supervised_month_has_an_end"
            ),
            models.CheckConstraint(
                condition=together("reviewed_by", "reviewed_at"),
                name="supervision_reviewed_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True) | Q(absence__isnull=False),
                name="supervision_reviewed_only_where_for_head",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("confirmed_by")),
                name="supervision_not_reviewed_by_its_deputy",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.begins_on.year}年{self.begins_on.month}月分"

    def get_absolute_url(self) -> str:
        """The month's page on the desk."""
        day = self.begins_on
        return reverse("postings:supervised", args=[self.department_id, day.year, day.month])

    @property
    def scope_department_ids(self) -> set[int]:
        """Whose head supervises: see `staff.roles`."""
        return {self.department_id}


class SupervisionRemark(models.Model):
    """追記: what is to be said of a month after it was confirmed."""

    # From the form, so that a button pressed twice adds one.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    supervision = models.ForeignKey(
        Supervision, on_delete=models.PROTECT, related_name="remarks", verbose_name="監督の確認"
    )
    text = models.TextField("追記", max_length=2000)
    written_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="書いた人"
    )
    written_at = models.DateTimeField("追記日時", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "監督の確認への追記"
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="remark_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.supervision} {timezone.localtime(self.written_at):%Y-%m-%d %H:%M}"


class SupervisionPrompt(models.Model):
    """確認の依頼: the PR division asks for a month whose time is over."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="supervision_prompts",
        verbose_name="所属",
    )  # fmt: skip
    # The first day of the month that was asked for.
    begins_on = models.DateField("期間の初日")
    text = models.TextField("依頼の言葉", max_length=1000, blank=True)
    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="依頼した人"
    )
    asked_at = models.DateTimeField("依頼日時", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "監督の確認の依頼"
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["department", "-asked_at"], name="prompt_by_department")]

    def __str__(self) -> str:
        return f"{self.department} {self.begins_on.year}年{self.begins_on.month}月分"


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    """Questions about inquiries."""

    def unanswered(self) -> InquiryQuerySet:
        """Those that still wait for an answer."""
        return self.filter(answered_at__isnull=True, withdrawn_at__isnull=True)


class Inquiry(models.Model):
    """照会: what is asked about a post that went out, 4(4), and what was answered."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    post = models.ForeignKey(
        "postings.Post", on_delete=models.PROTECT, related_name="inquiries",
        verbose_name="発信の記録",
    )  # fmt: skip
    question = models.TextField("照会の内容", max_length=2000)
    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="照会した人"
    )
    asked_at = models.DateTimeField("照会日時", default=timezone.now)
    # Its author: whose answer it is first, though a colleague may give it.
    addressee = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="照会の相手"
    )
    answer = models.TextField("回答", max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="回答した人"
    )
    answered_at = models.DateTimeField("回答日時", null=True)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="取り下げた人"
    )
    withdrawn_at = models.DateTimeField("取下げ日時", null=True)
    withdrawal_reason = models.CharField("取り下げる理由", max_length=300, blank=True)

    history = HistoricalRecords(verbose_name="照会の履歴")
    objects: ClassVar[Any] = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "照会"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(question=""), name="inquiry_asks_something"),
            models.CheckConstraint(
                condition=~Q(addressee=F("asked_by")), name="inquiry_asks_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True, answered_at__isnull=True, answer="")
                | Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer=""),
                name="inquiry_answered_by_whom_and_what",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("asked_by")),
                name="inquiry_not_answered_by_who_asks",
            ),
            models.CheckConstraint(
                condition=Q(
                    withdrawn_by__isnull=True, withdrawn_at__isnull=True, withdrawal_reason=""
                )
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False)
                & ~Q(withdrawal_reason=""),
                name="inquiry_withdrawn_by_whom_and_why",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="inquiry_answered_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post}への照会"

    def get_absolute_url(self) -> str:
        """Its page on the desk."""
        return reverse("postings:inquiry", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer, as the queryset's method asks."""
        return self.answered_at is None and self.withdrawn_at is None

    @property
    def due_on(self) -> datetime.date:
        """The last day for an answer: a week from the question."""
        return timezone.localdate(self.asked_at) + ANSWERED_WITHIN

    @property
    def state(self) -> str:
        """In a word, where it stands."""
        if self.is_open:
            return "回答待ち"
        return "回答済" if self.answered_at else "取下げ"

    @property
    def tone(self) -> str:
        """The colour of that word."""
        if self.is_open:
            return "info"
        return "success" if self.answered_at else "neutral"

    @property
    def scope_department_ids(self) -> set[int]:
        """The department of the post's account."""
        return set(self.post.scope_department_ids)


ANSWERED_WITHIN = datetime.timedelta(weeks=1)

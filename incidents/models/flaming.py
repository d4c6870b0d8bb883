"""What an incident of kind 炎上 adds, 5(3): replies that are the department's, and how far it spreads."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models.ledger import together
from incidents.models.incident import Incident
from shinshiro_sns.history import StepRecord
from staff.models import Absence, User


class ReplyQuerySet(models.QuerySet["Reply"]):
    """Questions about replies."""

    def open(self) -> ReplyQuerySet:
        """Those that are neither posted nor given up, in incidents that are running."""
        return self.filter(
            state__in=Reply.OPEN_STATES, incident__state=Incident.State.RUNNING
        ).order_by("state_since", "pk")


class Reply(models.Model):
    """所属としての投稿: drafted by one, approved by the head, posted as the department's. 5(3): nobody
    answers on his own."""

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "draft", "下書き"
        WITH_HEAD = "with_head", "所属長確認中"
        RETURNED = "returned", "差戻し"
        APPROVED = "approved", "承認済(投稿前)"
        POSTED = "posted", "投稿済"
        DROPPED = "dropped", "取りやめ"

    EDITABLE_STATES = (State.DRAFT, State.RETURNED)
    OPEN_STATES = (State.DRAFT, State.WITH_HEAD, State.RETURNED, State.APPROVED)

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="replies", verbose_name="事案"
    )
    answers = models.CharField("何に答えるか", max_length=300)
    answers_url = models.URLField("答える投稿のURL", max_length=500, blank=True)
    text = models.TextField("文", max_length=5000)
    state = models.CharField(
        "状態", max_length=10, choices=State, default=State.DRAFT, editable=False
    )
    state_since = models.DateTimeField("状態の開始", default=timezone.now, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    # Who wrote the text as it stands.
    written_by = models.ForeignKey(
        User, on_delete=models.PROTECT, editable=False, related_name="+", verbose_name="書いた人"
    )
    written_at = models.DateTimeField("書いた日時", default=timezone.now, editable=False)
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name="承認した人",
    )  # fmt: skip
    approved_at = models.DateTimeField("承認日時", null=True, editable=False)
    # Where a deputy approved for the head (代決): in which absence.
    absence = models.ForeignKey(
        Absence, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name="代決の根拠となる不在",
    )  # fmt: skip
    posted_at = models.DateTimeField("投稿日時", null=True, editable=False)
    url = models.URLField("投稿のURL", max_length=500, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name="投稿を記録した人",
    )  # fmt: skip
    recorded_at = models.DateTimeField("投稿を記録した日時", null=True, editable=False)

    history = HistoricalRecords(verbose_name="所属としての投稿の履歴", bases=[StepRecord])
    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "所属としての投稿"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(answers=""), name="reply_says_something"
            ),
            models.CheckConstraint(
                condition=together("approved_by", "approved_at"), name="reply_approved_by_whom"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("written_by")),
                name="reply_not_approved_by_its_author",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["approved", "posted"], approved_at__isnull=False)
                | Q(state="dropped")
                | Q(~Q(state__in=["approved", "posted", "dropped"]), approved_at__isnull=True),
                name="reply_goes_out_approved",
            ),
            models.CheckConstraint(
                condition=together("posted_at", "recorded_by", "recorded_at"),
                name="reply_recorded_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(state="posted", posted_at__isnull=False) & ~Q(url="")
                | ~Q(state="posted") & Q(posted_at__isnull=True, url=""),
                name="reply_posted_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(posted_at__isnull=True)
                | Q(posted_at__gte=F("approved_at"), posted_at__lte=F("recorded_at")),
                name="reply_posted_once_approved",
            ),
        ]

    def __str__(self) -> str:
        return self.answers

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("incidents:reply", args=[self.incident_id, self.pk])

    @property
    def is_editable(self) -> bool:
        """Whether its text may be changed as it stands."""
        return self.state in self.EDITABLE_STATES

    @property
    def scope_department_ids(self) -> set[int]:
        """The incident's department: see `staff.roles`."""
        return self.incident.scope_department_ids


class Spread(models.Model):
    """広がりの記録: what is being said, where, and how much of it, at a time. Never altered."""

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="spread", verbose_name="事案"
    )
    seen_at = models.DateTimeField("見た日時")
    what = models.CharField("何と言われているか", max_length=500)
    url = models.URLField("URL", max_length=500, blank=True)
    count = models.PositiveIntegerField("件数", null=True, blank=True)
    recorded_by: Any = models.ForeignKey(
        User, on_delete=models.PROTECT, editable=False, related_name="+", verbose_name="記録した人"
    )
    recorded_at = models.DateTimeField("記録した日時", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "広がりの記録"
        ordering = ["-seen_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(seen_at__lte=F("recorded_at")),
                name="spread_of_what_was_seen",
                violation_error_message="未来の日時は入力できません。",
            ),
            models.CheckConstraint(condition=~Q(what=""), name="spread_says_what"),
        ]

    def __str__(self) -> str:
        return self.what

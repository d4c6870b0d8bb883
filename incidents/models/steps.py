"""The steps of an incident, as its kind planned them when it opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from incidents.deadlines import Source, Unit
from incidents.kinds import Who
from incidents.models.incident import Incident
from shinshiro_sns.history import StepRecord
from staff.models import Absence, User

if TYPE_CHECKING:
    import datetime


class IncidentStepQuerySet(models.QuerySet["IncidentStep"]):
    """Questions about steps."""

    def open(self) -> IncidentStepQuerySet:
        """未了, in incidents that are running."""
        return self.filter(state=IncidentStep.State.OPEN, incident__state=Incident.State.RUNNING)

    def that_hold_open(self) -> IncidentStepQuerySet:
        """Required ones that are open: their incident cannot end."""
        return self.open().filter(is_required=True)


class IncidentStep(models.Model):
    """手順. Its words, whose it is and its deadline are a copy: a kind that changes later leaves it alone."""

    class State(models.TextChoices):
        """What has become of it."""

        OPEN = "open", "未了"
        DONE = "done", "済"
        WAIVED = "waived", "省略"

    Who = Who

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="steps", verbose_name="事案"
    )
    key = models.CharField("鍵", max_length=30, editable=False)
    order = models.PositiveSmallIntegerField("順番", editable=False)
    label = models.CharField("手順", max_length=100, editable=False)
    explanation = models.TextField("説明", editable=False)
    clause = models.CharField("条項", max_length=40, blank=True, editable=False)
    who = models.CharField("行う人", max_length=10, choices=Who, editable=False)
    is_required = models.BooleanField("必須", editable=False)
    evidence_wanted = models.CharField("残す証拠", max_length=200, blank=True, editable=False)
    text_key = models.CharField("文例の鍵", max_length=40, blank=True, editable=False)
    posts = models.BooleanField("アカウントで投稿する", default=False, editable=False)
    not_by = models.CharField("別の人が行う手順の鍵", max_length=30, blank=True, editable=False)

    # The deadline in force when the incident opened; `due_at` is empty until its trigger happens.
    deadline_key = models.CharField("期限の鍵", max_length=40, blank=True, editable=False)
    due_trigger = models.CharField("期限の起点", max_length=40, blank=True, editable=False)
    due_amount = models.PositiveSmallIntegerField("期限の長さ", null=True, editable=False)
    due_unit = models.CharField(
        "期限の単位", max_length=20, choices=Unit, blank=True, editable=False
    )
    due_by = models.CharField(
        "期限を定めるもの", max_length=10, choices=Source, blank=True, editable=False
    )
    due_source = models.CharField("期限の根拠", max_length=300, blank=True, editable=False)
    due_at = models.DateTimeField("期限", null=True, editable=False)

    state = models.CharField(
        "状態", max_length=10, choices=State, default=State.OPEN, editable=False
    )
    state_since = models.DateTimeField("状態の開始", default=timezone.now, editable=False)
    happened_at = models.DateTimeField("行った日時", null=True, editable=False)
    settled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name="記録した人",
    )  # fmt: skip
    settled_at = models.DateTimeField("記録した日時", null=True, editable=False)
    # Where a deputy did a head's step (代決): in which absence.
    absence = models.ForeignKey(
        Absence, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name="代決の根拠となる不在",
    )  # fmt: skip
    words = models.TextField("内容", max_length=5000, blank=True, editable=False)
    url = models.URLField("URL", max_length=500, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    history = HistoricalRecords(verbose_name="手順の履歴", bases=[StepRecord])
    objects = IncidentStepQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "事案の手順"
        ordering = ["incident", "order"]
        indexes = [models.Index(fields=["state", "due_at"], name="incident_step_due")]
        constraints = [
            models.UniqueConstraint(fields=["incident", "key"], name="incident_step_once"),
            models.CheckConstraint(
                condition=Q(
                    state="open", happened_at=None, settled_by=None, settled_at=None, absence=None
                )
                | Q(~Q(state="open"), happened_at__lte=F("settled_at"), settled_by__isnull=False),
                name="incident_step_settled_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="waived") | ~Q(words=""),
                name="incident_step_waived_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(due_trigger="", due_amount=None, due_unit="", due_by="", due_at=None)
                | ~Q(due_trigger="") & ~Q(due_unit="") & ~Q(due_by="")
                & Q(due_amount__isnull=False),
                name="incident_step_due_from_somewhere",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        """The step's own page."""
        return reverse("incidents:step", args=[self.incident_id, self.pk])

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state == self.State.OPEN

    @property
    def was_late(self) -> bool:
        """Whether it was done after its deadline."""
        return bool(self.due_at and self.happened_at and self.happened_at > self.due_at)

    def is_overdue(self, at: datetime.datetime) -> bool:
        """Whether it is open past its deadline at `at`."""
        return self.is_open and self.due_at is not None and self.due_at < at

    @property
    def scope_department_ids(self) -> set[int]:
        """The incident's department: see `staff.roles`."""
        return self.incident.scope_department_ids

"""What an incident leaves behind: its log, its files, and who was told that a deadline had passed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models.evidence import StoredFile, evidence_storage, somewhere
from incidents.models.incident import Incident
from incidents.models.steps import IncidentStep
from staff.models import User


class IncidentEntry(models.Model):
    """経過: one line of the log. Added to and never altered; a correction is a line of its own."""

    class Kind(models.TextChoices):
        """What the line tells. The second group is written by the portal itself."""

        NOTE = "note", "気づいたこと"
        CONTACT = "contact", "連絡・問い合わせ"
        DECISION = "decision", "判断"
        POST = "post", "投稿・公表"
        STEP = "step", "手順"
        STATE = "state", "事案の状態"
        FACTS = "facts", "内容の変更"
        EVIDENCE = "evidence", "証拠"
        ESCALATED = "escalated", "期限超過の連絡"
        MOVED = "moved", "所管の移管"

    BY_HAND = (Kind.NOTE, Kind.CONTACT, Kind.DECISION, Kind.POST)

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="entries", verbose_name="事案"
    )
    kind = models.CharField("種類", max_length=10, choices=Kind, default=Kind.NOTE)
    happened_at = models.DateTimeField("日時", default=timezone.now)
    text = models.TextField("内容", max_length=5000)
    url = models.URLField("URL", max_length=500, blank=True)
    step = models.ForeignKey(
        IncidentStep, on_delete=models.PROTECT, null=True, blank=True, related_name="entries",
        verbose_name="手順",
    )  # fmt: skip
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="correction",
        verbose_name="訂正する記録",
    )  # fmt: skip
    # Nobody where the portal itself wrote it.
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name="記録した人",
    )  # fmt: skip
    recorded_at = models.DateTimeField("記録した日時", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "経過"
        ordering = ["happened_at", "pk"]
        indexes = [models.Index(fields=["incident", "happened_at"], name="incident_log")]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="incident_entry_says_something"),
            models.CheckConstraint(
                condition=Q(happened_at__lte=F("recorded_at")),
                name="incident_entry_of_what_has_happened",
                violation_error_message="未来の日時は入力できません。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["escalated", "moved"]) | Q(recorded_by__isnull=False),
                name="incident_entry_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:50]


class IncidentEvidence(StoredFile):
    """事案の証拠: one file as it was taken in and, of a picture that told more than it shows (where and
    with what it was taken), a copy beside it without that."""

    incident: Any = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="evidence", verbose_name="事案"
    )
    step = models.ForeignKey(
        IncidentStep, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence",
        verbose_name="手順",
    )  # fmt: skip
    copy = models.FileField(
        "位置情報などを除いた写し", upload_to=somewhere, storage=evidence_storage, max_length=100,
        blank=True, editable=False,
    )  # fmt: skip
    copy_sha256 = models.CharField(
        "写しのSHA-256", max_length=64, blank=True, editable=False,
        validators=[RegexValidator(r"^[0-9a-f]{64}\Z")],
    )  # fmt: skip
    copy_size = models.PositiveIntegerField("写しの大きさ(バイト)", null=True, editable=False)

    objects: ClassVar[Any] = models.Manager()

    class Meta(StoredFile.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "事案の証拠"
        ordering = ["pk"]
        permissions = [("view_original_incidentevidence", "位置情報などを除く前の証拠を取り出す")]
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gt=0) & ~Q(sha256=""), name="incident_evidence_is_measured"
            ),
            models.CheckConstraint(
                condition=Q(copy="", copy_sha256="", copy_size=None)
                | ~Q(copy="") & ~Q(copy_sha256="") & Q(copy_size__gt=0),
                name="incident_evidence_copy_is_measured",
            ),
            models.UniqueConstraint(
                fields=["incident", "sha256"], condition=Q(erased_at__isnull=True),
                name="incident_evidence_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.shows}({self.name})"

    @property
    def scope_department_ids(self) -> set[int]:
        """The incident's department: see `staff.roles`."""
        return set(self.incident.scope_department_ids)


class Escalation(models.Model):
    """期限超過の連絡: that a step's deadline passed was told to those on one level, once."""

    step = models.ForeignKey(
        IncidentStep, on_delete=models.PROTECT, related_name="escalations", verbose_name="手順"
    )
    due_at = models.DateTimeField("過ぎた期限")
    level = models.PositiveSmallIntegerField("段階")
    told_at = models.DateTimeField("連絡した日時", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "期限超過の連絡"
        ordering = ["told_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["step", "due_at", "level"], name="incident_escalated_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.level}"

"""An incident, 5: what happened to whom, since when it is known, where it stands."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models import Account
from accounts.models.ledger import together
from accounts.names import visible_only
from accounts.services import SERVICES
from incidents.kinds import CHOICES, KINDS, Kind
from shinshiro_sns.history import StepRecord
from shinshiro_sns.text import fold_for_search
from staff import authority
from staff.models import Department, User


class Severity(models.TextChoices):
    """How grave it is; `MEANINGS` says when to choose which."""

    GRAVE = "grave", "重大"
    SERIOUS = "serious", "中"
    MINOR = "minor", "軽微"


MEANINGS = {
    Severity.GRAVE: "命や財産、個人情報に関わる。または、報道や多くの市民に広がっている。",
    Severity.SERIOUS: "市民が誤った行動をとるおそれがある。または、批判や問い合わせが続いている。",
    Severity.MINOR: "誤字など、見た人が困らない。",
}


class IncidentQuerySet(models.QuerySet["Incident"]):
    """Questions about incidents."""

    def visible_to(self, user: User) -> IncidentQuerySet:
        """Those `user` may read: his departments' own, or all."""
        held = authority.reach(user, "incidents.view_incident")
        return self.filter(held.as_condition("department"))

    def running(self) -> IncidentQuerySet:
        """対応中."""
        return self.filter(state=Incident.State.RUNNING)

    def overdue(self, at: datetime.datetime) -> IncidentQuerySet:
        """Running ones with a step past its deadline."""
        from incidents.models.steps import IncidentStep  # noqa: PLC0415  (it stands on this one)

        late = IncidentStep.objects.open().filter(incident=OuterRef("pk"), due_at__lt=at)
        return self.running().filter(Exists(late))

    def search(self, text: str) -> IncidentQuerySet:
        """Those in which every word of `text` occurs, whatever its width, case or kana."""
        found = self
        for word in fold_for_search(text).split():
            found = found.filter(search_text__contains=word)
        return found


class Incident(models.Model):
    """事案: one case of 誤記・被害等. Moved by `incidents.workflow` alone; nothing of it is deleted."""

    class State(models.TextChoices):
        """Where it stands."""

        RUNNING = "running", "対応中"
        ENDED = "ended", "終結"
        CANCELLED = "cancelled", "取消し"

    Severity = Severity

    kind = models.CharField("種類", max_length=20, choices=CHOICES)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="incidents", verbose_name="所属"
    )
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="incidents",
        verbose_name="アカウント",
    )  # fmt: skip
    # Where it happens: of an impersonation the fake's service, which need not be the account's.
    service = models.CharField("起きているサービス", max_length=20, blank=True)
    title = models.CharField("件名", max_length=100, validators=[visible_only])
    known = models.TextField("分かっていること", max_length=5000)
    discovered_at = models.DateTimeField("気づいた日時")
    discovered_how = models.CharField("どのように気づいたか", max_length=200, blank=True)
    severity = models.CharField("重さ", max_length=10, choices=Severity, default=Severity.SERIOUS)
    state = models.CharField(
        "状態", max_length=10, choices=State, default=State.RUNNING, editable=False
    )
    state_since = models.DateTimeField("状態の開始", default=timezone.now, editable=False)
    # The one at whom the threads come together, where somebody has taken it on.
    lead = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name="対応の中心になる人",
    )  # fmt: skip
    opened_by = models.ForeignKey(
        User, on_delete=models.PROTECT, editable=False, related_name="+", verbose_name="開いた人"
    )
    opened_at = models.DateTimeField("開いた日時", default=timezone.now, editable=False)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name="終結した人",
    )  # fmt: skip
    ended_at = models.DateTimeField("終結した日時", null=True, editable=False)
    learnt = models.TextField("分かったこと・教訓", max_length=5000, blank=True)
    changes_that_follow = models.TextField(
        "運用ポリシーや手順の見直し", max_length=2000, blank=True
    )
    search_text = models.TextField(editable=False, default="")
    revision = models.PositiveIntegerField(default=0, editable=False)

    history = HistoricalRecords(
        verbose_name="事案の履歴", bases=[StepRecord], excluded_fields=["search_text"]
    )
    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "事案"
        ordering = ["-discovered_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "department"], name="incident_by_department"),
            models.Index(fields=["account", "state"], name="incident_by_account"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(discovered_at__lte=F("opened_at")),
                name="incident_discovered_before_it_opened",
                violation_error_message="気づいた日時に、未来の日時は入力できません。",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) & ~Q(learnt="")
                | ~Q(state="ended") & Q(ended_at__isnull=True),
                name="incident_ended_with_what_was_learnt",
            ),
            models.CheckConstraint(
                condition=together("ended_by", "ended_at"), name="incident_ended_by_whom"
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(known=""), name="incident_says_what_it_is"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}「{self.title}」"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the folded text that `IncidentQuerySet.search` looks into."""
        self.search_text = fold_for_search(
            f"{self.title} {self.known} {self.get_kind_display()} {self.department} "
            f"{self.account or ''}"
        )
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The incident's page on the desk."""
        return reverse("incidents:incident", args=[self.pk])

    @property
    def kind_info(self) -> Kind:
        """The kind's line in the table, as it is today."""
        return KINDS[self.kind]

    @property
    def service_name(self) -> str:
        """The service it happens on, by its name; empty where none is named."""
        return SERVICES[self.service].name if self.service in SERVICES else ""

    @property
    def is_running(self) -> bool:
        """Whether something is still to be done."""
        return self.state == self.State.RUNNING

    @property
    def account_is_gone(self) -> bool:
        """Whether nothing can be posted with its account any more: it was closed meanwhile, 6(1)."""
        return self.account is not None and self.account.status == Account.Status.CLOSED

    @property
    def meaning_of_severity(self) -> str:
        """What its gravity means, in words."""
        return MEANINGS[Severity(self.severity)]

    @property
    def scope_department_ids(self) -> set[int]:
        """The department that deals with it: see `staff.roles`."""
        return {self.department_id}

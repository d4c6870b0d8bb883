"""What an incident of kind なりすまし adds, 5(2): the account that poses as the city, and what its
operator was asked."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models import Notice
from accounts.models.ledger import together
from accounts.names import visible_only
from incidents.models.incident import Incident
from incidents.models.others import OthersAccount
from shinshiro_sns.history import StepRecord
from staff.models import User

if TYPE_CHECKING:
    from accounts.profiles import Profile

# 5(2): somebody looks again whether it still deserves the name.
REVIEWED_EVERY = datetime.timedelta(days=30)
# So long one that is gone is watched before its warning ends.
WATCHED_FOR = datetime.timedelta(days=30)


class FakeQuerySet(models.QuerySet["Fake"]):
    """Questions about fakes."""

    def public(self) -> FakeQuerySet:
        """Those that the city calls fakes in public now, the newest first. A notice that was taken
        back accuses nobody, whatever else is said."""
        shown = self.filter(state=Fake.State.PUBLIC, notice__correction=None)
        return shown.order_by("-notice__published_at", "-pk")

    def accusing(self) -> FakeQuerySet:
        """Those of which a notice stands that has not been taken back, still watched for or not."""
        return self.filter(
            state__in=[Fake.State.PUBLIC, Fake.State.LIFTED], notice__correction=None
        )

    def open(self) -> FakeQuerySet:
        """Those that somebody deals with, or that are public."""
        return self.filter(state__in=Fake.OPEN_STATES)

    def of(self, profile: Profile) -> FakeQuerySet:
        """Those that `profile` names, also by the number that its service never changes."""
        same = Q(identity=profile.identity)
        if profile.permanent_id:
            same |= Q(service=profile.service, permanent_id=profile.permanent_id)
        return self.filter(same)

    def reviewed_before(self, moment: datetime.datetime) -> FakeQuerySet:
        """Public ones at which nobody has looked since `moment`, the longest first."""
        return self.filter(state=Fake.State.PUBLIC, reviewed_at__lt=moment).order_by("reviewed_at")


class Fake(OthersAccount):
    """偽のアカウント: one account that poses as the city. Suspected first; called a fake in public
    after the head's report and two people of the PR division. Moved by `incidents.accusing` alone."""

    class State(models.TextChoices):
        """Where it stands."""

        SUSPECTED = "suspected", "疑い(公表前)"
        PUBLIC = "public", "公表中"
        LIFTED = "lifted", "掲載終了"
        WITHDRAWN = "withdrawn", "取下げ"
        DISMISSED = "dismissed", "公表しない"

    OPEN_STATES = (State.SUSPECTED, State.PUBLIC)
    ACCUSED_STATES = (State.PUBLIC, State.LIFTED, State.WITHDRAWN)

    incident = models.OneToOneField(
        Incident, on_delete=models.PROTECT, related_name="fake", verbose_name="事案"
    )
    name = models.CharField("表示名", max_length=100, blank=True, validators=[visible_only])
    # Since when it is this account that is meant: what was decided before was decided of another.
    identified_at = models.DateTimeField("登録日時", default=timezone.now, editable=False)
    identified_by = models.ForeignKey(
        User, on_delete=models.PROTECT, editable=False, related_name="+", verbose_name="登録した人"
    )
    state = models.CharField(
        "状態", max_length=10, choices=State, default=State.SUSPECTED, editable=False
    )
    state_since = models.DateTimeField("状態の開始", default=timezone.now, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    notice = models.OneToOneField(
        Notice, on_delete=models.PROTECT, null=True, editable=False, related_name="fake",
        verbose_name="公表した周知",
    )  # fmt: skip
    reported_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name="報告した所属の長",
    )  # fmt: skip
    checked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name="確かめた人",
    )  # fmt: skip
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name="もう一度確かめた別の人",
    )  # fmt: skip
    reviewed_at = models.DateTimeField("見直した日時", null=True, editable=False)
    reviewed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name="見直した人",
    )  # fmt: skip
    gone_since = models.DateTimeField("消えたことを確かめた日時", null=True, editable=False)

    history = HistoricalRecords(verbose_name="偽のアカウントの履歴", bases=[StepRecord])
    objects = FakeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "偽のアカウント"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["service", "permanent_id"], name="fake_by_permanent_id")]
        constraints = [
            models.UniqueConstraint(
                fields=["identity"], condition=Q(state__in=["suspected", "public"]),
                name="fake_dealt_with_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["public", "lifted", "withdrawn"], notice__isnull=False,
                    reported_by__isnull=False, checked_by__isnull=False,
                    confirmed_by__isnull=False, reviewed_at__isnull=False,
                ) & ~Q(checked_by=F("confirmed_by"))
                | Q(state__in=["suspected", "dismissed"], notice=None),
                name="fake_called_so_by_two_people",
            ),
            models.CheckConstraint(
                condition=together("reviewed_at", "reviewed_by"), name="fake_reviewed_by_whom"
            ),
            models.CheckConstraint(
                condition=~Q(url="") & ~Q(identity=""), name="fake_has_an_address"
            ),
        ]  # fmt: skip

    def get_absolute_url(self) -> str:
        """Its page on the desk."""
        return reverse("incidents:fake", args=[self.incident_id])

    @property
    def is_suspected(self) -> bool:
        """Whether nobody has been accused yet."""
        return self.state == self.State.SUSPECTED

    @property
    def is_accusing(self) -> bool:
        """Whether a notice of it is public that has not been taken back."""
        return self.state in (self.State.PUBLIC, self.State.LIFTED)

    @property
    def review_due_on(self) -> datetime.date | None:
        """The day by which somebody looks at it again; None where nothing is public."""
        if self.state != self.State.PUBLIC or self.reviewed_at is None:
            return None
        return timezone.localdate(self.reviewed_at + REVIEWED_EVERY)

    @property
    def scope_department_ids(self) -> set[int]:
        """The incident's department: see `staff.roles`."""
        return self.incident.scope_department_ids


class TakedownRequest(models.Model):
    """削除依頼: that the operator was asked to delete the fake, by which way, and what it answered."""

    class Way(models.TextChoices):
        """By which way."""

        FORM = "form", "運営者の通報フォーム"
        MAIL = "mail", "メール"
        LETTER = "letter", "郵送"
        OTHER = "other", "そのほか(電話、窓口など)"

    class Right(models.TextChoices):
        """Whose right is infringed: what operators and the law ask."""

        NAME = "name", "市の名称と信用(市になりすましている)"
        COPYRIGHT = "copyright", "市の著作権(市のロゴ、写真、文章を使っている)"
        PERSON = "person", "職員や市民の権利(名前、肖像、個人情報を使っている)"
        FRAUD = "fraud", "市民の財産(だまして、お金や情報を取ろうとしている)"

    class Answer(models.TextChoices):
        """What became of it."""

        REMOVED = "removed", "削除された"
        REFUSED = "refused", "断られた"
        MORE = "more", "追加の資料を求められた"

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="takedowns", verbose_name="事案"
    )
    number = models.PositiveSmallIntegerField("何回目", editable=False)
    asked_at = models.DateTimeField("依頼した日時")
    way = models.CharField("依頼の方法", max_length=10, choices=Way)
    right = models.CharField("侵害されている権利", max_length=10, choices=Right)
    demanded = models.TextField("依頼した内容", max_length=5000)
    receipt = models.CharField("受付番号", max_length=100, blank=True)
    # The law's clock for the answer, as it stood when it was asked; none where none applies.
    due_at = models.DateTimeField("回答の期限", null=True, editable=False)
    due_source = models.CharField("期限の根拠", max_length=300, blank=True, editable=False)
    answer = models.CharField("運営者の回答", max_length=10, choices=Answer, blank=True)
    answered_at = models.DateTimeField("回答の日時", null=True)
    answer_words = models.TextField("回答の内容", max_length=5000, blank=True)
    recorded_by: Any = models.ForeignKey(
        User, on_delete=models.PROTECT, editable=False, related_name="+", verbose_name="記録した人"
    )
    recorded_at = models.DateTimeField("記録した日時", default=timezone.now, editable=False)

    history = HistoricalRecords(verbose_name="削除依頼の履歴")

    class Meta:
        verbose_name = verbose_name_plural = "削除依頼"
        ordering = ["incident", "number"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="takedown_numbered_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | ~Q(answer="") & Q(answered_at__gte=F("asked_at")),
                name="takedown_answered_after_it_was_asked",
            ),
            models.CheckConstraint(
                condition=Q(asked_at__lte=F("recorded_at")), name="takedown_asked_in_the_past"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident} {self.number}回目の削除依頼"

    @property
    def is_overdue(self) -> bool:
        """Whether the law's time for an answer is over, and there is none."""
        return not self.answer and self.due_at is not None and self.due_at < timezone.now()

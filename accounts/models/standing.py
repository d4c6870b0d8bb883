"""That an account is still the city's, 3(6), and its suspension, resumption and closure with their notices, 6."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, cast

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.models.account import Account, HandleFate
from accounts.models.intake import FROM_A_TABLE, TakenOver
from accounts.models.ledger import LedgerQuerySet, LedgerRow, together
from staff.models import Absence, Department, User


class Attestation(TakenOver, LedgerRow):
    """確認: the department says in a quarter that the account is still its own and still used."""

    attested_on = models.DateField("確認日", default=timezone.localdate, editable=False)
    attested_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="確認した人",
    )  # fmt: skip
    last_post_on = models.DateField("最終投稿日", null=True, blank=True)
    followers = models.PositiveIntegerField("フォロワー数", null=True, blank=True)
    recorded_at = models.DateTimeField("記録日時", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "四半期ごとの確認"
        ordering = ["-attested_on", "-pk"]
        indexes = [models.Index(fields=["account", "-attested_on"], name="attestation_by_account")]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_post_on__isnull=True) | Q(last_post_on__lte=F("attested_on")),
                name="last_post_seen_before_the_attestation",
                violation_error_message="最終投稿日に、未来の日付は入力できません。",
            ),
            models.CheckConstraint(
                condition=Q(attested_by__isnull=False) | FROM_A_TABLE, name="attested_by_whom"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.attested_on}"


# 6(2): the account says it too, as soon as on the city's site.
ANNOUNCED_WITHIN = datetime.timedelta(days=3)
# An operator may take a month to delete a handle; the city sees that it is gone.
DELETED_WITHIN = datetime.timedelta(days=30)


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Questions about notices."""

    def public(self) -> NoticeQuerySet:
        """Those the public reads, the newest first, each with what took it back and its earlier
        wordings."""
        rows = self.select_related("correction").prefetch_related("wordings")
        return rows.order_by("-published_at", "-pk")

    def urgent(self) -> NoticeQuerySet:
        """Those that top every public page now, the newest first."""
        return self.public().filter(urgent_until__gt=timezone.now(), correction=None)

    def unannounced(self) -> NoticeQuerySet:
        """Those of an account's own steps whose announcement by it is not recorded, 6(2), the oldest
        first."""
        own = self.filter(kind__in=Notice.STANDING, announcement__isnull=True)
        return own.order_by("published_at", "pk")


class Notice(models.Model):
    """周知: what the city announces on its own site, 5(2), 6(2). Published as it is made, never deleted.

    One that was wrong is taken back by another one, which `corrects` it; the public reads that
    instead. Where only its words were wrong they are put right, and the earlier ones stay below.
    """

    class Kind(models.TextChoices):
        """What it tells of."""

        SUSPENDED = "suspended", "停止"
        RESUMED = "resumed", "再開"
        CLOSED = "closed", "廃止"
        # 5(2): of somebody else's account, and that it was wrong to call it a fake or is no more.
        FAKE = "fake", "なりすまし注意"
        # 5: of an account of the city's own that somebody else has taken over.
        WARNING = "warning", "乗っ取り注意"
        TAKEN_BACK = "taken_back", "訂正"

    STANDING = (Kind.SUSPENDED, Kind.RESUMED, Kind.CLOSED)

    # None where somebody poses as the city as such: then `department` speaks for it.
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="notices",
        verbose_name="アカウント",
    )  # fmt: skip
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="+", db_index=False,
        verbose_name="所属",
    )  # fmt: skip
    kind = models.CharField("種類", max_length=10, choices=Kind)
    title = models.CharField("題名", max_length=100)
    body = models.TextField("本文", max_length=2000)
    published_at = models.DateTimeField("公開日時", default=timezone.now, editable=False)
    published_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="公開した人"
    )
    urgent_until = models.DateTimeField("緊急として掲げる期限", null=True, editable=False)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="correction",
        verbose_name="訂正する周知",
    )  # fmt: skip

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "周知"
        permissions = [("correct_notice", "周知を訂正できる")]
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(body=""), name="notice_says_something"
            ),
            models.CheckConstraint(
                condition=Q(account__isnull=False, department=None)
                | Q(
                    account=None,
                    department__isnull=False,
                    kind__in=["fake", "taken_back", "warning"],
                ),
                name="notice_of_an_account_or_of_the_city",
            ),
            models.CheckConstraint(
                condition=Q(kind="taken_back", corrects__isnull=False)
                | ~Q(kind="taken_back") & Q(corrects=None),
                name="notice_takes_back_another",
            ),
            models.CheckConstraint(
                condition=Q(urgent_until=None) | Q(urgent_until__gt=F("published_at")),
                name="notice_urgent_for_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The notice's public page."""
        return reverse("publication:notice", args=[self.pk])

    @property
    def speaker(self) -> Department:
        """The department that answers for it: the account's, or its own where there is no account."""
        # One of the two is there, by a constraint.
        return cast(Department, self.account.department if self.account else self.department)

    @property
    def is_taken_back(self) -> bool:
        """Whether another one took it back: the public reads its words no more."""
        return hasattr(self, "correction")

    @property
    def public_title(self) -> str:
        """What the public reads as its title: one taken back must not go on accusing by its name."""
        if self.is_taken_back:
            return f"取り下げたお知らせ({timezone.localdate(self.published_at):%Y年%-m月%-d日}公開)"
        return self.title

    @property
    def public_body(self) -> str:
        """What the public reads below it; of one taken back what was said instead."""
        return str(self.correction.body) if self.is_taken_back else self.body

    @property
    def changed_at(self) -> datetime.datetime:
        """When what the public reads of it last changed."""
        if self.is_taken_back:
            return self.correction.published_at
        return max([self.published_at, *(earlier.replaced_at for earlier in self.wordings.all())])

    @property
    def announcement_due_on(self) -> datetime.date:
        """The day by which the account announces it too, 6(2)."""
        return timezone.localdate(self.published_at) + ANNOUNCED_WITHIN

    @property
    def scope_department_ids(self) -> set[int]:
        """The department that answers for it: see `staff.roles`."""
        return {self.speaker.pk}


class NoticeWording(models.Model):
    """周知の訂正前の文: what a notice said until it was put right, and why it was. Never altered."""

    notice = models.ForeignKey(
        Notice, on_delete=models.PROTECT, related_name="wordings", verbose_name="周知"
    )
    title = models.CharField("題名", max_length=100)
    body = models.TextField("本文", max_length=2000)
    reason = models.CharField("訂正した理由", max_length=300)
    replaced_at = models.DateTimeField("訂正日時", default=timezone.now, editable=False)
    replaced_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="訂正した人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "周知の訂正前の文"
        ordering = ["-replaced_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="notice_put_right_for_a_reason"),
        ]

    def __str__(self) -> str:
        return self.title


class Announcement(models.Model):
    """アカウントでの周知: the account's own post about a notice, 6(2), or why there can be none."""

    notice = models.OneToOneField(
        Notice, on_delete=models.PROTECT, related_name="announcement", verbose_name="周知"
    )
    url = models.URLField("投稿のURL", max_length=500, blank=True)
    why_not = models.CharField("投稿できない理由", max_length=200, blank=True)
    announced_on = models.DateField("投稿した日", default=timezone.localdate)
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="記録した人"
    )
    recorded_at = models.DateTimeField("記録日時", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "アカウントでの周知"
        constraints = [
            models.CheckConstraint(
                condition=(Q(url="") & ~Q(why_not="")) | (~Q(url="") & Q(why_not="")),
                name="announcement_has_an_address_or_a_reason",
                violation_error_message="投稿のURLか、投稿できない理由のどちらか一つを入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.url or self.why_not}"


class StandingChangeQuerySet(LedgerQuerySet):
    """Questions about suspensions, resumptions and closures."""

    def awaiting_deletion(self) -> StandingChangeQuerySet:
        """Closures whose handle nobody has seen deleted yet, 6(1), the oldest first."""
        rows = self.filter(handle_fate=HandleFate.DELETED, handle_done_on__isnull=True)
        decided_on = Coalesce("deletion_decided_on", "effective_on")
        dated: StandingChangeQuerySet = rows.annotate(to_be_deleted_since=decided_on)
        return dated.order_by("to_be_deleted_since", "pk")

    def awaiting_review(self) -> StandingChangeQuerySet:
        """Those a deputy decided and the head has not looked at yet (後閲), the oldest first."""
        return self.filter(absence__isnull=False, reviewed_at__isnull=True).order_by(
            "decided_at", "pk"
        )


class StandingChange(LedgerRow):
    """停止・再開・廃止の記録: one step, with its day, its reason and the notice it published."""

    step = models.CharField(
        "手続き", max_length=10, choices=[(kind.value, kind.label) for kind in Notice.STANDING],
        editable=False,
    )  # fmt: skip
    effective_on = models.DateField("実施日")
    reason = models.TextField("理由", max_length=1000)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="決定した人"
    )
    decided_at = models.DateTimeField("決定日時", default=timezone.now, editable=False)
    # Where a deputy decided for the head (代決): in which absence, and that the head saw it (後閲).
    absence = models.ForeignKey(
        Absence, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="代決の根拠となる不在",
    )  # fmt: skip
    reviewed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="後閲した人",
    )  # fmt: skip
    reviewed_at = models.DateTimeField("後閲日時", null=True, editable=False)
    notice = models.OneToOneField(
        Notice, on_delete=models.PROTECT, related_name="change", editable=False, verbose_name="周知"
    )
    handle_fate = models.CharField(
        "廃止後のアカウント", max_length=10, choices=HandleFate, blank=True
    )
    handle_reason = models.TextField("そうする理由", max_length=1000, blank=True)
    # Where it was first guarded, and its deletion decided afterwards.
    deletion_reason = models.TextField(
        "削除に改めた理由", max_length=1000, blank=True, default="", db_default=""
    )
    deletion_decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="削除に改めることを決めた人",
    )  # fmt: skip
    deletion_decided_on = models.DateField("削除に改めた日", null=True, editable=False)
    handle_done_on = models.DateField("運営者による削除を確かめた日", null=True, editable=False)
    handle_done_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="削除を確かめた人",
    )  # fmt: skip
    credentials_settled = models.BooleanField(
        "ログイン手段(端末、連携アプリ、復旧用の連絡先)を整理した", default=False
    )

    objects: ClassVar[Any] = StandingChangeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "停止・再開・廃止の記録"
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(step="closed", credentials_settled=True)
                & ~Q(handle_fate="")
                & ~Q(handle_reason="")
                | ~Q(step="closed") & Q(handle_fate="", handle_reason=""),
                name="closure_says_what_becomes_of_the_handle",
            ),
            models.CheckConstraint(
                condition=together("handle_done_by", "handle_done_on"),
                name="handle_deletion_seen_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(deletion_reason="", deletion_decided_by=None, deletion_decided_on=None)
                | Q(
                    handle_fate="deleted",
                    deletion_decided_by__isnull=False,
                    deletion_decided_on__isnull=False,
                )
                & ~Q(deletion_reason=""),
                name="handle_deletion_decided_by_whom",
            ),
            models.CheckConstraint(
                condition=together("reviewed_by", "reviewed_at"),
                name="standing_change_reviewed_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.get_step_display()} {self.effective_on}"

    @property
    def deletion_due_on(self) -> datetime.date:
        """The day by which the deletion of the handle is to be seen."""
        return (self.deletion_decided_on or self.effective_on) + DELETED_WITHIN

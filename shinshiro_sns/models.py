"""What the project keeps beside its applications: the mails it owes and has sent, and the days on
which the city is closed."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

# What stands in the place of an address that is forgotten.
NO_ADDRESS = "erased@invalid"


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    """Questions about mails."""

    def waiting(self, longer_than: datetime.timedelta | None = None) -> OutgoingMailQuerySet:
        """送信待ち; with `longer_than` only those queued before that span."""
        mails = self.filter(state=OutgoingMail.State.WAITING)
        if longer_than is None:
            return mails
        return mails.filter(queued_at__lt=timezone.now() - longer_than)

    def undeliverable(self) -> OutgoingMailQuerySet:
        """送信できません: given up until someone looks at them, unless nobody knows to whom any more."""
        return self.filter(state=OutgoingMail.State.UNDELIVERABLE).exclude(address=NO_ADDRESS)

    def due(self, at: datetime.datetime) -> OutgoingMailQuerySet:
        """Mails to be sent at `at` or before, the longest due first; none that is being sent."""
        return self.waiting().filter(due_at__lte=at).order_by("due_at", "pk")


class OutgoingMail(models.Model):
    """メール. One message to one person, queued with what it tells of and delivered later.

    While a deliverer holds a mail, `due_at` is the end of its lease: who dies holding it lets it
    become due again by that alone. See decision 0003.
    """

    class State(models.TextChoices):
        """What has become of the mail."""

        WAITING = "waiting", "送信待ち"
        SENT = "sent", "送信済み"
        UNDELIVERABLE = "undeliverable", "送信できません"

    key = models.CharField("重複を防ぐための値", max_length=400, unique=True, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="宛先の職員",
    )
    address = models.CharField("宛先", max_length=254)
    subject = models.CharField("件名", max_length=255)
    body = models.TextField("本文", blank=True)
    message_id = models.CharField("メールの識別番号", max_length=255, unique=True)
    state = models.CharField("状態", max_length=13, choices=State, default=State.WAITING)
    queued_at = models.DateTimeField("受付日時", default=timezone.now)
    due_at = models.DateTimeField("次に送る日時", default=timezone.now)
    attempts = models.PositiveSmallIntegerField("送信を試した回数", default=0)
    last_error = models.TextField("送れなかった理由", blank=True)
    sent_at = models.DateTimeField("送信日時", null=True, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "送信メール"
        ordering = ["-pk"]
        default_permissions = ["view"]
        permissions = [("resend_outgoingmail", "送れなかったメールをもう一度送る")]
        indexes = [
            models.Index(fields=["state", "due_at"], name="outgoing_mail_due"),
            models.Index(fields=["sent_at"], name="outgoing_mail_sent"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sent", "undeliverable"]),
                name="outgoing_mail_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="outgoing_mail_sent_at_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="undeliverable") | ~Q(last_error=""),
                name="outgoing_mail_undeliverable_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}({self.address})"


class ClosureQuerySet(models.QuerySet["Closure"]):
    """Questions about closures."""

    def within(self, first: datetime.date, last: datetime.date) -> ClosureQuerySet:
        """Those that hold on some day from `first` to `last`."""
        return self.filter(starts_on__lte=last, ends_on__gte=first, is_cancelled=False)


class Closure(models.Model):
    """市の休業日: days on which the city's offices are closed beside weekends, holidays and year-end."""

    # A year mistyped would close the city for decades.
    LONGEST = datetime.timedelta(days=31)

    name = models.CharField(
        "名称", max_length=50, help_text="例:庁舎の停電点検。閉じている理由として画面に出ます。"
    )
    starts_on = models.DateField("最初の日")
    ends_on = models.DateField("最後の日", help_text="1日だけのときは、最初の日と同じ日にします。")
    is_cancelled = models.BooleanField(
        "取消し", default=False, help_text="取り消した休業日も、記録として残ります。"
    )
    created_at = models.DateTimeField("登録日時", default=timezone.now, editable=False)

    history = HistoricalRecords(verbose_name="市の休業日の履歴")
    objects = ClosureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "市の休業日"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="closure_ends_after_it_begins",
                violation_error_message="最後の日は、最初の日か、それより後の日にしてください。",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="closure_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuses more days than any closure of all offices lasts."""
        if self.starts_on and self.ends_on and self.ends_on - self.starts_on >= self.LONGEST:
            raise ValidationError(
                {
                    "ends_on": f"一度に登録できるのは{self.LONGEST.days}日までです。年を確かめてください。"
                }
            )

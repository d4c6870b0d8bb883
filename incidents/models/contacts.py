"""Whom to call: who is on duty, and whom else when a department does not answer."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.names import visible_only
from staff.models import Department, User

TELEPHONE = Department._meta.get_field("telephone").validators


class DutyRosterQuerySet(models.QuerySet["DutyRoster"]):
    """Questions about duties."""

    def at(self, moment: datetime.datetime) -> DutyRosterQuerySet:
        """Those on duty at `moment`."""
        return self.filter(begins_at__lte=moment, ends_at__gt=moment, is_cancelled=False)


class DutyRoster(models.Model):
    """当番: who is to be reached for a department from when until when."""

    LONGEST = datetime.timedelta(days=31)

    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="duty_roster", verbose_name="所属"
    )
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="当番の職員"
    )
    telephone = models.CharField(
        "当番の電話番号", max_length=20, validators=TELEPHONE,
        help_text="当番の間に出る電話です。公用の携帯電話など。",
    )  # fmt: skip
    begins_at = models.DateTimeField("始まり")
    ends_at = models.DateTimeField("終わり")
    is_cancelled = models.BooleanField(
        "取消し", default=False, help_text="取り消した当番も、記録として残ります。"
    )
    created_at = models.DateTimeField("登録日時", default=timezone.now, editable=False)

    history = HistoricalRecords(verbose_name="当番の履歴")
    objects = DutyRosterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "当番"
        ordering = ["-begins_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")),
                name="duty_ends_after_it_begins",
                violation_error_message="終わりは、始まりより後にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.person}"

    def clean(self) -> None:
        """Refuses a duty longer than anybody is on call: a month mistyped would hide everybody else."""
        if self.begins_at and self.ends_at and self.ends_at - self.begins_at > self.LONGEST:
            raise ValidationError(
                {
                    "ends_at": f"一度に登録できるのは{self.LONGEST.days}日までです。年と月を確かめてください。"
                }
            )

    @property
    def scope_department_ids(self) -> set[int]:
        """See `staff.roles`."""
        return {self.department_id}


class Contact(models.Model):
    """緊急連絡先: whom to call when a department does not answer, in this order."""

    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="所属", help_text="空のままにすると、どの所属の事案でも使う連絡先になります。",
    )  # fmt: skip
    name = models.CharField(
        "名前または役割", max_length=100, validators=[visible_only], help_text="例:企画部長、宿直室"
    )
    telephone = models.CharField("電話番号", max_length=20, validators=TELEPHONE)
    email = models.EmailField("メールアドレス", blank=True)
    order = models.PositiveSmallIntegerField("順番", default=1, help_text="小さい順に連絡します。")
    note = models.CharField("使うとき", max_length=200, blank=True, help_text="例:夜間と休日だけ")
    is_active = models.BooleanField(
        "使っている", default=True, help_text="外すと、画面に出なくなります。記録は残ります。"
    )
    created_at = models.DateTimeField("登録日時", default=timezone.now, editable=False)

    history = HistoricalRecords(verbose_name="緊急連絡先の履歴")

    class Meta:
        verbose_name = verbose_name_plural = "緊急連絡先"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

"""The credentials ledger, 3(7): who can log in, by what means, and when the password was changed.

No password is ever stored, and no field here invites one: every text is short and says what it is for.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models.account import Account
from accounts.models.intake import FROM_A_TABLE, TakenOver
from accounts.models.ledger import LedgerQuerySet, LedgerRow, together
from staff.models import Department, User


class AccessQuerySet(LedgerQuerySet):
    """Questions about who can log in."""

    def current(self) -> AccessQuerySet:
        """Those that are named today."""
        return self.filter(until__isnull=True)


class Access(TakenOver, LedgerRow):
    """A person whom the policy in force names, 3(3)イ: from its receipt until one that no longer does.
    Before there is a policy, whom the register named that the account was taken over from."""

    class Kind(models.TextChoices):
        """What the policy names the person as."""

        USER = "user", "アカウント利用者"
        ADMINISTRATOR = "administrator", "アカウント管理者"

    person = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="accesses", verbose_name="職員"
    )
    kind = models.CharField("区分", max_length=13, choices=Kind)
    since = models.DateField("開始日", default=timezone.localdate)
    until = models.DateField("終了日", null=True, blank=True)

    objects: ClassVar[Any] = AccessQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "アカウントを利用する職員"
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "person", "kind"],
                condition=Q(until__isnull=True),
                name="one_open_access_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="access_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.get_kind_display()} {self.person}"


class CredentialChange(TakenOver, LedgerRow):
    """パスワード変更記録: one change of password, 3(7). Never the password itself."""

    class Reason(models.TextChoices):
        """Why it was changed."""

        FIRST = "first", "最初の設定"
        INTERVAL = "interval", "定期の変更"
        STAFF = "staff", "担当者等の変更"
        SUSPICION = "suspicion", "漏えいや不正利用の疑い"

    changed_on = models.DateField("変更日")
    changed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="変更した人"
    )
    reason = models.CharField("変更の理由", max_length=10, choices=Reason)
    is_hard_to_guess = models.BooleanField("推測されにくいものにした")
    is_kept_secret = models.BooleanField("市の関係者以外のだれにも知られていない")
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="記録した人",
    )  # fmt: skip
    recorded_at = models.DateTimeField("記録日時", default=timezone.now, editable=False)
    recorded_on = models.DateField(default=timezone.localdate, editable=False)
    cancelled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="取り消した人",
    )  # fmt: skip
    cancelled_at = models.DateTimeField("取消日時", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "パスワード変更記録"
        ordering = ["-changed_on", "-pk"]
        indexes = [models.Index(fields=["account", "-changed_on"], name="change_by_account")]
        constraints = [
            models.CheckConstraint(
                condition=Q(changed_on__lte=F("recorded_on")),
                name="password_changed_before_it_is_recorded",
                violation_error_message="変更日に、未来の日付は入力できません。",
            ),
            models.CheckConstraint(
                condition=Q(is_hard_to_guess=True, is_kept_secret=True) | FROM_A_TABLE,
                name="password_change_is_confirmed",
                violation_error_message="推測されにくく、関係者以外のだれにも知られていないことを確かめてください。",
            ),
            models.CheckConstraint(
                condition=together("cancelled_by", "cancelled_at"),
                name="password_change_cancelled_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(changed_by__isnull=False, recorded_by__isnull=False) | FROM_A_TABLE,
                name="password_changed_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.changed_on}"


class Credentials(TakenOver, LedgerRow):
    """What guards the account beside its password, as it is today: 3(7) and beyond."""

    class TwoFactor(models.TextChoices):
        """How a second factor is asked for."""

        NONE = "none", "設定していない"
        APP = "app", "認証アプリ"
        KEY = "key", "セキュリティキー"
        PASSKEY = "passkey", "パスキー"
        SMS = "sms", "SMS(電話番号)"
        MAIL = "mail", "メール"
        NOT_OFFERED = "not_offered", "運営者が提供していない"

    account = models.OneToOneField(
        Account, on_delete=models.PROTECT, related_name="credentials", verbose_name="アカウント"
    )
    two_factor = models.CharField("二要素認証", max_length=12, choices=TwoFactor, blank=True)
    recovery_address = models.CharField(
        "復旧用の連絡先", max_length=254, blank=True,
        help_text="パスワードを忘れたときに運営者が連絡する、メールアドレスまたは電話番号です。",
    )  # fmt: skip
    recovery_department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="復旧用の連絡先を管理する所属",
    )  # fmt: skip
    recovery_person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="復旧用の連絡先を管理する職員",
    )  # fmt: skip
    checked_on = models.DateField("確かめた日", null=True, editable=False)
    checked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="確かめた人",
    )  # fmt: skip
    revision = models.PositiveIntegerField(default=0, editable=False)

    history = HistoricalRecords(verbose_name="管理体制の履歴")

    class Meta:
        verbose_name = verbose_name_plural = "アカウントの管理体制"
        constraints = [
            models.CheckConstraint(
                condition=Q(recovery_department__isnull=True) | Q(recovery_person__isnull=True),
                name="recovery_address_has_one_owner",
                violation_error_message="復旧用の連絡先を管理するのは、所属か職員のどちらか一つです。",
            ),
            models.CheckConstraint(
                condition=together("checked_by", "checked_on") | FROM_A_TABLE,
                name="credentials_checked_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}の管理体制"


class _Holding(TakenOver, LedgerRow):
    """Something through which the account can be reached, from one day until another."""

    name = models.CharField("名前", max_length=100)
    added_on = models.DateField("開始日", default=timezone.localdate)
    added_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="記録した人",
    )  # fmt: skip
    removed_on = models.DateField("終了日", null=True, editable=False)
    removed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="終了を記録した人",
    )  # fmt: skip

    class Meta:
        abstract = True
        ordering = ["removed_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(added_by__isnull=False) | FROM_A_TABLE, name="%(class)s_added_by_whom"
            ),
            models.CheckConstraint(
                condition=together("removed_by", "removed_on"), name="%(class)s_removed_by_whom"
            ),
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True) | Q(removed_on__gte=F("added_on")),
                name="%(class)s_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Device(_Holding):
    """A device that stays logged in to the account."""

    class Kind(models.TextChoices):
        """What it is."""

        COMPUTER = "computer", "パソコン"
        PHONE = "phone", "スマートフォン"
        TABLET = "tablet", "タブレット"

    kind = models.CharField("種類", max_length=8, choices=Kind)
    is_private = models.BooleanField("職員個人のもの", default=False)
    keeper = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="管理する職員",
    )  # fmt: skip

    class Meta(_Holding.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "ログインしている端末"


class ConnectedApp(_Holding):
    """Another service or program that may act for the account."""

    purpose = models.CharField("使う目的", max_length=200)

    class Meta(_Holding.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "連携しているアプリ"

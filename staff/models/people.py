"""Who there is: departments, users, their memberships and recorded absences."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from shinshiro_sns.text import fold_for_search


def valid_on(day: datetime.date, prefix: str = "") -> Q:
    """The condition that a row with `valid_from` and `valid_until` holds on `day`, both inclusive."""
    return Q(**{f"{prefix}valid_from__lte": day}) & (
        Q(**{f"{prefix}valid_until__isnull": True}) | Q(**{f"{prefix}valid_until__gte": day})
    )


class DepartmentQuerySet(models.QuerySet["Department"]):
    """Questions about departments."""

    def current(self, day: datetime.date | None = None) -> DepartmentQuerySet:
        """Departments that exist on `day` (today by default)."""
        return self.filter(valid_on(day or timezone.localdate()))

    def pr_division(self) -> Department | None:
        """広報主管課, the one that receives reports; None while the set-up names none."""
        return self.filter(is_pr_division=True).first()


class Department(models.Model):
    """所属. Clause 3(1) gives each account to one of them; one is the PR division of 3(2)."""

    code = models.CharField(
        "所属コード",
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^[0-9A-Za-z_-]+\Z", "半角の英数字で入力してください。")],
    )
    name = models.CharField("所属名", max_length=100)
    kana = models.CharField("よみ", max_length=200, blank=True)
    telephone = models.CharField(
        "電話番号",
        max_length=20,
        blank=True,
        validators=[
            RegexValidator(
                r"^[0-9-]+\Z", "半角の数字とハイフンで入力してください(例:0536-23-7623)。"
            )
        ],
    )
    order = models.PositiveIntegerField("並び順", default=0)
    valid_from = models.DateField("設置日", default=datetime.date(2000, 4, 1))
    valid_until = models.DateField("廃止日", null=True, blank=True)
    is_pr_division = models.BooleanField(
        "広報主管課",
        default=False,
        help_text="運用ポリシーの報告を受ける所属です。市に一つだけです。",
    )

    search_text = models.TextField(editable=False, default="")

    history = HistoricalRecords(verbose_name="所属の履歴", excluded_fields=["search_text"])
    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "所属"
        ordering = ["order", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_pr_division"],
                condition=Q(is_pr_division=True),
                name="only_one_pr_division",
                violation_error_message="広報主管課は一つだけです。先に今の広報主管課の指定を外してください。",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="department_ends_after_it_begins",
                violation_error_message="廃止日は設置日より後にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(is_pr_division=False) | Q(valid_until__isnull=True),
                name="pr_division_has_no_end",
                violation_error_message="広報主管課には廃止日を付けられません。先に別の所属を指定してください。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the folded text that searches look into."""
        self.search_text = fold_for_search(f"{self.name} {self.kana}")
        super().save(*args, **kwargs)

    @property
    def scope_department_ids(self) -> set[int]:
        """What is done for all of it is its own: see `staff.roles`."""
        return {self.pk}


class UserManager(BaseUserManager["User"]):
    """Creates users by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user who can log in with `email`; without `password` only after a reset."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """The first administrator, for `manage.py createsuperuser`."""
        return self.create_user(email, password, is_administrator=True, **fields)

    def get_by_natural_key(self, email: str | None) -> User:
        """The user with this address, whatever its case."""
        return self.get(email__iexact=email)


class UserQuerySet(models.QuerySet["User"]):
    """Questions about users."""

    def members_of(
        self, departments: Any, roles: Iterable[str] | None = None, day: datetime.date | None = None
    ) -> UserQuerySet:
        """Active users with a membership on `day`, optionally of certain roles."""
        memberships = Membership.objects.current(day).filter(department__in=departments)
        if roles is not None:
            memberships = memberships.filter(role__in=roles)
        return self.filter(is_active=True, pk__in=memberships.values("user"))


class User(AbstractBaseUser):
    """職員. What a person may do follows from memberships and two marks: see `staff.roles`."""

    email = models.EmailField(
        "メールアドレス",
        unique=True,
        error_messages={"unique": "このメールアドレスはすでに登録されています。"},
    )
    name = models.CharField("氏名", max_length=100)
    kana = models.CharField("よみ", max_length=200, blank=True)
    is_active = models.BooleanField(
        "在職中", default=True, help_text="外すとログインできなくなります。記録は残ります。"
    )
    is_auditor = models.BooleanField(
        "監査", default=False, help_text="すべてを見ることができ、何も変更できません。"
    )
    is_administrator = models.BooleanField(
        "システム管理者", default=False, help_text="所属・職員・権限を管理します。"
    )
    date_joined = models.DateTimeField("登録日時", default=timezone.now, editable=False)

    history = HistoricalRecords(
        verbose_name="職員の履歴", excluded_fields=["password", "last_login"]
    )
    objects = UserManager.from_queryset(UserQuerySet)()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = verbose_name_plural = "職員"
        ordering = ["kana", "name", "pk"]
        constraints = [
            # Who audits must not be able to change what is audited.
            models.CheckConstraint(
                condition=Q(is_auditor=False) | Q(is_administrator=False),
                name="auditor_is_no_administrator",
                violation_error_message="監査とシステム管理者は兼ねられません。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Addresses are kept in lower case, so that one person cannot be registered twice."""
        super().clean()
        self.email = (self.email or "").lower()

    def get_full_name(self) -> str:
        """The name as mails and the admin's greeting show it."""
        return self.name

    get_short_name = get_full_name

    # Django's admin and allauth ask these; the answers come from the one table of roles.

    @property
    def is_staff(self) -> bool:
        """Whether `/admin/` is open to this person."""
        from staff.authority import may_enter_admin  # noqa: PLC0415  (it reads these models)

        return self.is_active and may_enter_admin(self)

    @property
    def is_superuser(self) -> bool:
        """Nobody is beyond the table of roles, administrators included."""
        return False

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Whether the table of roles grants `perm`, on `obj` where one is given."""
        from staff.authority import can  # noqa: PLC0415

        return can(self, perm, obj)

    def has_perms(self, perms: list[str], obj: models.Model | None = None) -> bool:
        """Whether all of `perms` are granted."""
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        """Whether anything of `app_label` is granted, for the admin's index."""
        from staff.authority import permissions_of  # noqa: PLC0415

        return any(perm.startswith(f"{app_label}.") for perm in permissions_of(self))


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Questions about memberships."""

    def current(self, day: datetime.date | None = None) -> MembershipQuerySet:
        """Memberships that hold on `day` (today by default), in departments that exist then."""
        on = day or timezone.localdate()
        return self.filter(valid_on(on)).filter(valid_on(on, "department__"))


class Membership(models.Model):
    """A person's place in a department; several at once are 兼務."""

    class Role(models.TextChoices):
        """What a member is in the department."""

        OFFICER = "officer", "担当者"
        HEAD = "head", "所属の長"
        DEPUTY = "deputy", "代決者"

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="memberships", verbose_name="職員"
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="memberships", verbose_name="所属"
    )
    role = models.CharField("役割", max_length=10, choices=Role, default=Role.OFFICER)
    valid_from = models.DateField("開始日", default=timezone.localdate)
    valid_until = models.DateField("終了日", null=True, blank=True)

    history = HistoricalRecords(verbose_name="所属の記録の履歴")
    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "所属の記録"
        ordering = ["department", "role", "user"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="membership_ends_after_it_begins",
                violation_error_message="終了日は開始日より後にしてください。",
            ),
            models.UniqueConstraint(
                fields=["user", "department", "role"],
                condition=Q(valid_until__isnull=True),
                name="one_open_membership_of_a_kind",
                violation_error_message="この職員は、すでにこの所属で同じ役割に就いています。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.get_role_display()} {self.user}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Questions about absences."""

    def covering(self, day: datetime.date) -> AbsenceQuerySet:
        """Absences that hold on `day`."""
        return self.filter(starts_on__lte=day, ends_on__gte=day, cancelled_at__isnull=True)


class Absence(models.Model):
    """所属の長の不在. Only while one is recorded may a deputy act for the head (代決, 3(2))."""

    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="absences", verbose_name="所属"
    )
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="absences", verbose_name="所属の長"
    )
    starts_on = models.DateField("不在の初日")
    ends_on = models.DateField("不在の最終日")
    reason = models.CharField("理由", max_length=200, help_text="例:出張、休暇")
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="記録した人"
    )
    recorded_at = models.DateTimeField("記録日時", default=timezone.now, editable=False)
    cancelled_at = models.DateTimeField("取消日時", null=True, blank=True, editable=False)
    cancelled_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="取り消した人",
    )

    history = HistoricalRecords(verbose_name="不在の履歴")
    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "所属の長の不在"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="absence_ends_after_it_begins",
                violation_error_message="不在の最終日は初日より後にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="absence_cancelled_by_someone_at_some_time",
            ),
            models.UniqueConstraint(
                fields=["person", "department", "starts_on", "ends_on"],
                condition=Q(cancelled_at__isnull=True),
                name="absence_recorded_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.starts_on}〜{self.ends_on}"

    @property
    def is_past(self) -> bool:
        """Whether the last day lies behind us."""
        return self.ends_on < timezone.localdate()

    @property
    def scope_department_ids(self) -> set[int]:
        """The department whose members this concerns: see `staff.roles`."""
        return {self.department_id}

    def clean(self) -> None:
        """Refuses an absence of someone who is not a head of the department."""
        super().clean()
        if self.person_id and self.department_id:
            heads = User.objects.members_of([self.department_id], [Membership.Role.HEAD])
            if not heads.filter(pk=self.person_id).exists():
                raise ValidationError({"person": "この所属の長を選んでください。"})

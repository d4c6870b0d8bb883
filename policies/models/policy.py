"""The operating policy: one version of the filing for one account, with the five items of 3(3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models import Account, AccountFacts
from policies import hours
from shinshiro_sns.history import StepRecord
from staff import authority
from staff.models import Absence, User

if TYPE_CHECKING:
    from policies.models.casework import PolicyReturn


def checked_hours(stored: Any) -> None:
    """Refuses hours that `policies.hours` cannot read."""
    try:
        hours.read_spans(stored)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _paired(person: str, time: str) -> Q:
    """Who and when stand together or not at all."""
    return Q(**{f"{person}__isnull": True, f"{time}__isnull": True}) | Q(
        **{f"{person}__isnull": False, f"{time}__isnull": False}
    )


class OperatingPolicyQuerySet(models.QuerySet["OperatingPolicy"]):
    """Questions about policies."""

    def visible_to(self, user: User) -> OperatingPolicyQuerySet:
        """Those `user` may read: the managing department's, the sharing ones', or all."""
        held = authority.reach(user, "policies.view_operatingpolicy")
        if held.everywhere:
            return self
        sharing = OperatingPolicy.partners.through.objects.filter(department__in=held.shared)
        return self.filter(
            Q(account__department__in=held.own)
            | Q(pk__in=sharing.values("operatingpolicy"))
            | Q(account__in=Account.objects.visible_to(user).filter(is_shared=True))
        )

    def open(self) -> OperatingPolicyQuerySet:
        """Those on their way: neither in force, nor past, nor given up."""
        return self.filter(state__in=OperatingPolicy.OPEN_STATES)

    def in_force(self) -> OperatingPolicyQuerySet:
        """The one per account that the PR division received last."""
        return self.filter(state=OperatingPolicy.State.IN_FORCE)

    def readable(self) -> OperatingPolicyQuerySet:
        """What the public reads of accounts it may see. Before receipt only where the setting says
        so, decision 0004."""
        readable = Q(state=OperatingPolicy.State.IN_FORCE)
        if settings.OFFICIAL_BEFORE_RECEIPT:
            received = OperatingPolicy.objects.in_force().filter(account=OuterRef("account"))
            readable |= Q(Q(state=OperatingPolicy.State.REPORTED), ~Exists(received))
        return self.filter(readable)

    def public(self) -> OperatingPolicyQuerySet:
        """What the public reads, at most one per account."""
        return self.readable().filter(account__in=Account.objects.public())

    def awaiting_receipt(self) -> OperatingPolicyQuerySet:
        """The PR division's queue, the longest waiting first."""
        return self.filter(state=OperatingPolicy.State.REPORTED).order_by("state_since", "pk")

    def unassigned(self) -> OperatingPolicyQuerySet:
        """Those that nobody of the PR division has taken on, who is still of it."""
        there = authority.holders("policies.receive_operatingpolicy", [])
        return self.exclude(assignee__in=there.values("pk"))

    def awaiting_review(self) -> OperatingPolicyQuerySet:
        """Set by a deputy, not yet looked at by the head (後閲)."""
        return self.filter(set_for_head=True, reviewed_at__isnull=True).exclude(
            state=OperatingPolicy.State.WITHDRAWN
        )


class OperatingPolicy(AccountFacts):
    """運用ポリシー: one version of the filing for one account, with the five items of 3(3)."""

    class State(models.TextChoices):
        """Where a version stands on its way."""

        DRAFT = "draft", "作成中"
        WITH_HEAD = "with_head", "所属長確認中"
        REPORTED = "reported", "報告済"
        RETURNED = "returned", "差戻し"
        IN_FORCE = "in_force", "受理(施行中)"
        SUPERSEDED = "superseded", "旧版"
        WITHDRAWN = "withdrawn", "取下げ"

    class Reply(models.TextChoices):
        """How opinions and questions are handled, 3(3)エ."""

        NONE = "none", "個別には返信しない"
        SOME = "some", "必要に応じて返信する"
        ALL = "all", "原則として返信する"

    class PostRecord(models.TextChoices):
        """Of which posts a record is asked for, 4(1)."""

        OUTSIDE = "outside", "運用時間の外に発信したとき"
        ALWAYS = "always", "発信したときはいつも"

    # The workflow's steps that send it back: a history row bears the name of its step.
    RETURN_BY_PR_DIVISION = "return"
    RETURNING_STEPS = (RETURN_BY_PR_DIVISION, "return_to_officer", "return_for_head")
    OPEN_STATES = (State.DRAFT, State.WITH_HEAD, State.REPORTED, State.RETURNED)
    EDITABLE_STATES = (State.DRAFT, State.RETURNED)

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="policies", verbose_name="アカウント"
    )
    version = models.PositiveIntegerField("版", default=1)
    state = models.CharField(
        "状態", max_length=12, choices=State, default=State.DRAFT, editable=False
    )
    state_since = models.DateTimeField("状態の開始", default=timezone.now, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    round = models.PositiveIntegerField("提出回数", default=0, editable=False)

    users = models.ManyToManyField(
        User, blank=True, related_name="policies_as_user", verbose_name="アカウント利用者"
    )
    administrators = models.ManyToManyField(
        User, blank=True, related_name="policies_as_administrator", verbose_name="アカウント管理者"
    )
    purpose = models.TextField("情報発信の目的", max_length=2000, blank=True)
    content = models.TextField("発信する内容", max_length=2000, blank=True)
    hours = models.JSONField("運用時間", default=list, blank=True, validators=[checked_hours])
    closed_on_holidays = models.BooleanField("祝日は運用しない", default=True)
    closed_at_year_end = models.BooleanField("年末年始(12月29日〜1月3日)は運用しない", default=True)
    reply = models.CharField("意見や質問への返信", max_length=4, choices=Reply, blank=True)
    reply_handling = models.TextField("意見や質問への対応方法", max_length=2000, blank=True)
    # By the database too: a portal of the version before may still write while it is migrated.
    post_record = models.CharField(
        "発信の記録を残すとき", max_length=10, choices=PostRecord,
        default=PostRecord.OUTSIDE, db_default=PostRecord.OUTSIDE.value,
    )  # fmt: skip
    post_approval = models.BooleanField(
        "発信する前に、ほかの職員の承認を受ける", default=False, db_default=False
    )
    personal_information = models.TextField("個人情報の取扱い", max_length=3000, blank=True)

    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="作成者"
    )
    created_at = models.DateTimeField("作成日時", default=timezone.now, editable=False)
    edited_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="最後に編集した人",
    )  # fmt: skip
    edited_at = models.DateTimeField("最後に編集した日時", null=True, editable=False)
    submitted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="提出者",
    )  # fmt: skip
    submitted_at = models.DateTimeField("提出日時", null=True, editable=False)
    set_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="決定者",
    )  # fmt: skip
    set_at = models.DateTimeField("決定日時", null=True, editable=False)
    set_for_head = models.BooleanField("代決", default=False, editable=False)
    absence = models.ForeignKey(
        Absence, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="代決の根拠となる不在",
    )  # fmt: skip
    reviewed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="後閲した人",
    )  # fmt: skip
    reviewed_at = models.DateTimeField("後閲日時", null=True, editable=False)
    received_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="受理者",
    )  # fmt: skip
    received_at = models.DateTimeField("受理日時", null=True, editable=False)
    assignee = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="assigned_policies",
        editable=False, verbose_name="受付担当",
    )  # fmt: skip

    history = HistoricalRecords(
        verbose_name="運用ポリシーの履歴",
        bases=[StepRecord],
        m2m_fields=["partners", "users", "administrators"],
    )
    objects = OperatingPolicyQuerySet.as_manager()

    class Meta(AccountFacts.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "運用ポリシー"
        ordering = ["account", "-version"]
        indexes = [
            models.Index(fields=["state", "state_since"], name="policy_by_state"),
            models.Index(fields=["account", "state"], name="policy_by_account"),
            models.Index(
                fields=["account"],
                condition=Q(set_for_head=True, reviewed_at__isnull=True),
                name="policy_awaiting_review",
            ),
        ]
        constraints = [
            *AccountFacts.Meta.constraints,
            models.UniqueConstraint(fields=["account", "version"], name="policy_version_once"),
            models.UniqueConstraint(
                fields=["account"], condition=Q(state="in_force"), name="one_policy_in_force"
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(state__in=["draft", "with_head", "reported", "returned"]),
                name="one_policy_on_its_way",
                violation_error_message="このアカウントには、手続き中の運用ポリシーがあります。",
            ),
            models.CheckConstraint(
                condition=_paired("submitted_by", "submitted_at"), name="policy_submitted_by_whom"
            ),
            models.CheckConstraint(
                condition=_paired("set_by", "set_at"), name="policy_set_by_whom"
            ),
            models.CheckConstraint(
                condition=_paired("reviewed_by", "reviewed_at"), name="policy_reviewed_by_whom"
            ),
            models.CheckConstraint(
                condition=_paired("received_by", "received_at"), name="policy_received_by_whom"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["reported", "in_force", "superseded"])
                | Q(set_at__isnull=False),
                name="policy_reported_only_once_set",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in_force", "superseded"]) | Q(received_at__isnull=False),
                name="policy_in_force_only_once_received",
            ),
            models.CheckConstraint(
                condition=Q(received_by__isnull=True) | ~Q(received_by=F("set_by")),
                name="policy_not_received_by_its_reporter",
            ),
            models.CheckConstraint(
                condition=Q(set_for_head=False) | Q(set_at__isnull=False, absence__isnull=False),
                name="policy_set_for_head_in_an_absence",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True) | Q(set_for_head=True),
                name="policy_reviewed_only_where_set_for_head",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("set_by")),
                name="policy_not_reviewed_by_its_deputy",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}(第{self.version}版)"

    def get_absolute_url(self) -> str:
        """The filing's page on the desk."""
        return reverse("policies:policy", args=[self.pk])

    @property
    def scope_department_ids(self) -> set[int]:
        """The account's managing department: see `staff.roles`."""
        return {self.account.department_id}

    @property
    def shared_department_ids(self) -> set[int]:
        """The departments that share the account by this version or by the one in force."""
        return {d.pk for d in self.partners.all()} | self.account.shared_department_ids

    @property
    def is_editable(self) -> bool:
        """Whether its items may be changed now."""
        return self.state in self.EDITABLE_STATES

    @property
    def is_resubmission(self) -> bool:
        """Whether the PR division sees it again, having returned it before."""
        return any(sent_back.by_pr_division for sent_back in self.returns.all())

    @property
    def said_hours(self) -> str:
        """The operating hours in one Japanese phrase."""
        return hours.describe(
            self.hours,
            closed_on_holidays=self.closed_on_holidays,
            closed_at_year_end=self.closed_at_year_end,
        )

    def previous_in_force(self) -> OperatingPolicy | None:
        """The version this one would replace or has replaced, None for the first."""
        before = self.account.policies.filter(version__lt=self.version, received_at__isnull=False)
        return before.order_by("-version").first()

    def last_return(self) -> PolicyReturn | None:
        """The latest time it was sent back."""
        return self.returns.order_by("-at", "-pk").first()


def next_version(account: Account) -> int:
    """The number of the account's next policy version."""
    last = account.policies.aggregate(last=models.Max("version"))["last"]
    return (last or 0) + 1

"""What went out, or is about to: the draft, what was found in it, who decided, and where it stands."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models import Account
from accounts.models.ledger import LedgerQuerySet, LedgerRow, together
from incidents.models import Incident
from postings.models.emergencies import Emergency
from postings.models.supervision import Supervision
from shinshiro_sns.history import StepRecord
from staff import authority
from staff.models import User

# Longer than any service takes: what is refused by its length alone would be lost to its author.
LONGEST_TEXT = 100_000
EXCERPT = 60


class Ground(models.TextChoices):
    """Why a post may go out beside its hours, 4(1)."""

    CORRECTION = "correction", "誤記の訂正"
    HARM = "harm", "被害への対応"
    DISASTER = "disaster", "災害"
    OTHER = "other", "その他の緊急"


class Rights(models.TextChoices):
    """By what right an image is used, 4(3)."""

    OWN = "own", "市が作ったもの"
    PERMITTED = "permitted", "使う許しを得たもの"
    FREE = "free", "利用の条件が示されていて、それに従うもの"


class Portrait(models.TextChoices):
    """Whom an image shows, 4(3)."""

    NOBODY = "nobody", "だれか分かる人は写っていない"
    CONSENTED = "consented", "写っている人(子どもは保護者も)の承諾を得た"
    OBSCURED = "obscured", "だれか分からないように加工した"


class PostQuerySet(LedgerQuerySet):
    """Questions about posts."""

    def readable_by(self, user: User) -> PostQuerySet:
        """Those `user` may read: of the department's accounts, of those it shares, or all."""
        held = authority.reach(user, "postings.view_post")
        if held.everywhere:
            return self
        sharing = Account.partners.through.objects.filter(department__in=held.shared)
        return self.filter(
            Q(account__department__in=held.own) | Q(account__in=sharing.values("account"))
        )

    def gone_out(self) -> PostQuerySet:
        """Those on record as posted, the latest first."""
        return self.filter(state=Post.State.POSTED).order_by("-posted_at", "-pk")

    def unsupervised(self) -> PostQuerySet:
        """Those that went out and stand in no confirmed month yet, 4(4)."""
        return self.gone_out().filter(supervision__isnull=True)

    def excepted(self) -> PostQuerySet:
        """Those that went out beside their hours, 4(1): on a ground, or in an emergency."""
        return self.gone_out().filter(Q(allowed=False) | Q(emergency__isnull=False))

    def awaiting_approval(self) -> PostQuerySet:
        """Those that wait for a second pair of eyes, the longest waiting first."""
        return self.filter(state=Post.State.AWAITING).order_by("state_since", "pk")

    def to_go_out(self) -> PostQuerySet:
        """Those that may go out, or have gone out and nobody has said so yet."""
        return self.filter(state__in=Post.READY_STATES).order_by("state_since", "pk")


class Post(LedgerRow):
    """発信の記録: one text for one account, from its draft to the address at which it stands."""

    class State(models.TextChoices):
        """Where it stands on its way out."""

        DRAFT = "draft", "下書き"
        AWAITING = "awaiting", "承認待ち"
        RETURNED = "returned", "差戻し"
        CHECKED = "checked", "発信前(確認済)"
        APPROVED = "approved", "発信前(承認済)"
        POSTED = "posted", "発信済"
        DROPPED = "dropped", "取りやめ"

    EDITABLE_STATES = (State.DRAFT, State.RETURNED)
    READY_STATES = (State.CHECKED, State.APPROVED)
    OPEN_STATES = (*EDITABLE_STATES, State.AWAITING, *READY_STATES)

    # From the form, so that a button pressed twice makes one record.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.TextField("本文", max_length=LONGEST_TEXT)
    services = models.JSONField("確かめたサービス", default=list, editable=False)
    images = models.JSONField("画像など", default=list, blank=True, editable=False)
    rights = models.CharField("画像などの権利", max_length=10, choices=Rights, blank=True)
    rights_note = models.CharField("許しを得た相手や利用の条件", max_length=300, blank=True)
    portrait = models.CharField("写っている人の承諾", max_length=10, choices=Portrait, blank=True)
    # What was found when somebody last decided about it, each with what he decided.
    findings = models.JSONField("確認の結果", default=list, blank=True, editable=False)
    state = models.CharField(
        "状態", max_length=10, choices=State, default=State.DRAFT, editable=False
    )
    state_since = models.DateTimeField("状態の開始", default=timezone.now, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    copied_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="copies", editable=False,
        verbose_name="元にした原稿",
    )  # fmt: skip
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="作成者"
    )
    created_at = models.DateTimeField("作成日時", default=timezone.now, editable=False)
    edited_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False,
        verbose_name="最後に書いた人",
    )  # fmt: skip
    edited_at = models.DateTimeField("最後に書いた日時", default=timezone.now, editable=False)
    checked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="確認した人",
    )  # fmt: skip
    checked_at = models.DateTimeField("確認日時", null=True, editable=False)
    # How many of them are errors that were kept with a reason: a list of posts is asked for these.
    kept_errors = models.PositiveSmallIntegerField(default=0, editable=False)
    # What was answered for `answered_for`: as it was checked, and at last as it went out.
    allowed = models.BooleanField("発信できるか", null=True, editable=False)
    answer = models.CharField("発信できるかの答え", max_length=500, blank=True, editable=False)
    answered_for = models.DateTimeField("いつの発信についての答えか", null=True, editable=False)
    # The declared emergency by which it might go out beside its hours, 4(1).
    emergency = models.ForeignKey(
        Emergency, on_delete=models.PROTECT, null=True, related_name="posts", editable=False,
        verbose_name="緊急時の宣言",
    )  # fmt: skip
    ground = models.CharField(
        "運用時間の外に発信する事由", max_length=10, choices=Ground, blank=True
    )
    ground_reason = models.TextField("やむを得ない理由", max_length=500, blank=True)
    # 4(1): what it answers, where somebody deals with an error, harm or flaming.
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, null=True, blank=True, related_name="posts",
        db_index=False, verbose_name="関係する事案",
    )  # fmt: skip
    needs_approval = models.BooleanField("発信前の承認を受ける", default=False, editable=False)
    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="承認を依頼した人",
    )  # fmt: skip
    asked_at = models.DateTimeField("承認を依頼した日時", null=True, editable=False)
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="承認した人",
    )  # fmt: skip
    approved_at = models.DateTimeField("承認日時", null=True, editable=False)
    posted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="発信を記録した人",
    )  # fmt: skip
    posted_at = models.DateTimeField("発信日時", null=True)
    recorded_at = models.DateTimeField("発信を記録した日時", null=True, editable=False)
    urls = models.TextField("投稿のURL", max_length=5000, blank=True)
    no_url_reason = models.CharField("URLがない理由", max_length=200, blank=True)
    # In which confirmed month the head saw it, 4(4): at first the one it went out in, a later one where
    # it was recorded after that.
    supervision = models.ForeignKey(
        Supervision, on_delete=models.PROTECT, null=True, related_name="posts", editable=False,
        verbose_name="監督の確認",
    )  # fmt: skip

    history = HistoricalRecords(
        verbose_name="発信の記録の履歴", bases=[StepRecord], excluded_fields=["supervision"]
    )
    objects: ClassVar[Any] = PostQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "発信の記録"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["account", "-created_at"], name="post_by_account"),
            models.Index(fields=["account", "-posted_at"], name="post_gone_out"),
            models.Index(fields=["state", "state_since"], name="post_by_state"),
            models.Index(
                fields=["account", "posted_at"],
                condition=Q(supervision__isnull=True, posted_at__isnull=False),
                name="post_not_supervised",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="post_says_something"),
            models.CheckConstraint(
                condition=together("checked_by", "checked_at"), name="post_checked_by_whom"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "dropped"]) | Q(checked_at__isnull=False),
                name="post_goes_on_only_once_checked",
            ),
            models.CheckConstraint(
                condition=Q(allowed__isnull=True, answered_for__isnull=True, answer="")
                | (Q(allowed__isnull=False, answered_for__isnull=False) & ~Q(answer="")),
                name="post_answer_says_of_when",
            ),
            models.CheckConstraint(
                condition=Q(ground="") | ~Q(ground_reason=""), name="post_ground_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(ground__in=["", *Ground.values]), name="post_ground_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["awaiting", "checked", "approved", "posted"])
                | Q(allowed=True)
                | (Q(allowed=False) & ~Q(ground="")),
                name="post_outside_its_hours_has_a_ground",
            ),
            models.CheckConstraint(
                condition=together("asked_by", "asked_at"), name="post_approval_asked_by_whom"
            ),
            models.CheckConstraint(
                condition=~Q(state="awaiting") | Q(asked_at__isnull=False),
                name="post_awaits_approval_only_once_asked",
            ),
            models.CheckConstraint(
                condition=together("approved_by", "approved_at"), name="post_approved_by_whom"
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True)
                | Q(asked_at__isnull=False, state__in=["approved", "posted", "dropped"]),
                name="post_approval_ends_with_its_text",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_at__isnull=False),
                name="post_approved_only_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["checked", "posted"], needs_approval=True)
                | Q(approved_at__isnull=False),
                name="post_goes_out_approved_where_asked_for",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | ~Q(approved_by=F("asked_by"))
                & ~Q(approved_by=F("edited_by"))
                & ~Q(approved_by=F("created_by")),
                name="post_not_approved_by_its_author",
            ),
            models.CheckConstraint(
                condition=together("posted_by", "posted_at", "recorded_at"),
                name="post_recorded_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(state="posted", posted_at__isnull=False)
                | (~Q(state="posted") & Q(posted_at__isnull=True)),
                name="post_gone_out_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(posted_at__isnull=True) | Q(posted_at__lte=F("recorded_at")),
                name="post_recorded_once_it_went_out",
                violation_error_message="発信日時に、これからの時刻は入力できません。",
            ),
            models.CheckConstraint(
                condition=Q(supervision__isnull=True) | Q(state="posted"),
                name="post_supervised_once_it_went_out",
            ),
            models.CheckConstraint(
                condition=~Q(state="posted")
                | (~Q(urls="") & Q(no_url_reason=""))
                | (Q(urls="") & ~Q(no_url_reason="")),
                name="post_has_an_address_or_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.excerpt}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the number of kept errors beside what was found, until it has gone out."""
        if self.state != self.State.POSTED:
            kept = [row for row in self.findings if row["level"] == "error" and row["decision"]]
            self.kept_errors = len(kept)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The record's page on the desk."""
        return reverse("postings:post", args=[self.account_id, self.pk])

    @property
    def excerpt(self) -> str:
        """What a list calls it: how its text begins, on one line."""
        line = " ".join(self.text[: EXCERPT * 2].split())
        return line if len(line) <= EXCERPT else line[:EXCERPT] + "…"

    @property
    def is_editable(self) -> bool:
        """Whether its text may be changed as it stands."""
        return self.state in self.EDITABLE_STATES

    @property
    def authors(self) -> set[int]:
        """Who may not approve it: whoever began it, wrote it last, or asks for it."""
        return {pk for pk in (self.created_by_id, self.edited_by_id, self.asked_by_id) if pk}

    @property
    def addresses(self) -> list[str]:
        """The addresses at which it stands."""
        return self.urls.split()


class WorkingCopy(models.Model):
    """書きかけ: what a person has typed and not saved, so that a lost session loses no word of it.

    His own alone; it ends when he saves the draft, and after some days by itself.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    # Of the post it is to become, or of the one it changes.
    key = models.UUIDField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "書きかけの原稿"
        ordering = ["-saved_at", "-pk"]
        indexes = [models.Index(fields=["saved_at"], name="working_copy_by_age")]
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="one_working_copy_of_a_post"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {timezone.localtime(self.saved_at):%Y-%m-%d %H:%M}"

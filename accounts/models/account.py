"""The register of accounts: clauses 2, 3(1), 3(5), 3(6), 6."""

from __future__ import annotations

import datetime
import functools
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.names import visible_only
from accounts.profiles import display_handle
from accounts.quarters import due_on, oldest_that_holds, quarter_of
from accounts.services import SERVICES, Service
from shinshiro_sns.history import StepRecord
from shinshiro_sns.text import fold_for_search
from staff import authority
from staff.models import Department, User


# Whoever lists the register asks it of every account, and where a page stands never changes.
@functools.lru_cache(maxsize=100_000)
def _public_page(pk: int) -> str:
    return reverse("publication:account", args=[pk])


class Category(models.TextChoices):
    """What an account is about, for readers who look for a subject."""

    CITY = "city", "市政情報"
    SAFETY = "safety", "防災・安全"
    LIVING = "living", "くらし・手続き"
    FAMILY = "family", "子育て・教育"
    HEALTH = "health", "健康・福祉"
    CULTURE = "culture", "文化・スポーツ"
    TOURISM = "tourism", "観光・イベント"
    BUSINESS = "business", "産業・しごと"
    SETTLING = "settling", "移住・定住"
    FACILITY = "facility", "図書館・施設"
    OTHER = "other", "その他"


class HandleFate(models.TextChoices):
    """What becomes of the handle when an account is closed, 6(1): a deleted one can be taken by others."""

    GUARDED = "guarded", "削除せずに管理を続ける"
    DELETED = "deleted", "運営者に削除してもらう"


class AccountFacts(models.Model):
    """What a filing says of an account. A policy version carries the facts the head sets; on receipt
    they become the account's own, so that a draft never alters what the public sees."""

    name = models.CharField("表示名", max_length=100, blank=True, validators=[visible_only])
    handle = models.CharField("アカウント名", max_length=200, blank=True)
    url = models.URLField("URL", max_length=500, blank=True)
    identity = models.CharField("同一性の鍵", max_length=600, blank=True, editable=False)
    service_account_id = models.CharField("運営者が付けた固有の番号", max_length=100, blank=True)
    category = models.CharField("分野", max_length=10, choices=Category, blank=True)
    registration_email = models.EmailField("登録に使うメールアドレス", blank=True)
    registration_email_reason = models.CharField(
        "市のドメインを使わない理由", max_length=300, blank=True
    )
    is_shared = models.BooleanField("複数の所属で共同利用する", default=False)
    shared_theme = models.CharField("共通するテーマ", max_length=200, blank=True)
    shared_reason = models.TextField("利用者の便宜のために必要な理由", max_length=1000, blank=True)
    partners = models.ManyToManyField(
        Department, blank=True, related_name="shared_%(class)ss", verbose_name="共同で利用する所属"
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(is_shared=True) | Q(shared_theme="", shared_reason=""),
                name="%(class)s_theme_only_where_shared",
                violation_error_message="テーマと理由は、共同利用する場合だけ入力できます。",
            ),
        ]

    FACTS = (
        "name", "handle", "url", "identity", "service_account_id", "category",
        "registration_email", "registration_email_reason",
        "is_shared", "shared_theme", "shared_reason",
    )  # fmt: skip

    @property
    def uses_city_domain(self) -> bool:
        """3(5): whether the registration address lies in one of the city's domains."""
        domain = self.registration_email.rpartition("@")[2].lower()
        return any(
            domain == city or domain.endswith(f".{city}") for city in settings.CITY_EMAIL_DOMAINS
        )

    def take_facts_of(self, other: AccountFacts) -> None:
        """Copy every fact but the partners, which `take_partners_of` copies once this row is saved."""
        for fact in self.FACTS:
            setattr(self, fact, getattr(other, fact))

    def take_partners_of(self, other: AccountFacts) -> None:
        """Copy the departments that share the account."""
        self.partners.set(other.partners.all())


class AccountQuerySet(models.QuerySet["Account"]):
    """Questions about accounts."""

    def visible_to(self, user: User) -> AccountQuerySet:
        """Those whose filing `user` may read."""
        held = authority.reach(user, "accounts.view_account")
        if held.everywhere:
            return self
        # A sub-select rather than a join on the partners: no row comes out twice.
        shared = Account.partners.through.objects.filter(department__in=held.shared)
        return self.filter(Q(department__in=held.own) | Q(pk__in=shared.values("account")))

    def public(self) -> AccountQuerySet:
        """Those the public list names: official ones, and what became of former ones, 3(6), 6(2)."""
        return self.filter(status__in=[s for s in Account.Status if s is not s.PREPARING])

    def vouched(self) -> AccountQuerySet:
        """Those of which the city says today that they are its own: official, and in no doubt."""
        return self.filter(status=Account.Status.OFFICIAL, doubted_since=None)

    def not_vouched(self) -> AccountQuerySet:
        """Those that the public list names without vouching for them: suspended or closed ones, and
        those that somebody else may hold."""
        public = [Account.Status.SUSPENDED, Account.Status.CLOSED]
        return self.filter(
            Q(status__in=public) | Q(status=Account.Status.OFFICIAL, doubted_since__isnull=False)
        )

    def living(self) -> AccountQuerySet:
        """Those that are run or may be run again: official and suspended ones."""
        return self.filter(status__in=[Account.Status.OFFICIAL, Account.Status.SUSPENDED])

    def to_guard(self) -> AccountQuerySet:
        """Those whose log-in the city must keep safe: living ones, and closed ones that are kept
        guarded or that nobody has seen deleted yet, 6(1)."""
        undeleted = Account.objects.filter(
            standingchange_rows__handle_fate=HandleFate.DELETED,
            standingchange_rows__handle_done_on__isnull=True,
        )
        return self.filter(
            Q(status__in=[Account.Status.OFFICIAL, Account.Status.SUSPENDED])
            | Q(status=Account.Status.CLOSED, handle_fate=HandleFate.GUARDED)
            | Q(status=Account.Status.CLOSED, pk__in=undeleted.order_by().values("pk"))
        )

    def answered_for(self) -> AccountQuerySet:
        """Those that need a department with people: being prepared, run, or still to be guarded."""
        return self.filter(
            Q(status=Account.Status.PREPARING) | Q(pk__in=Account.objects.to_guard())
        )

    def to_attest(self, day: datetime.date) -> AccountQuerySet:
        """Official ones that nobody has attested yet in the quarter of `day`, 3(6)."""
        return self._attested_before(quarter_of(day))

    def attestation_overdue(self, day: datetime.date) -> AccountQuerySet:
        """Those whose last attestation holds no more on `day`: 確認期限切れ."""
        return self._attested_before(oldest_that_holds(day))

    def _attested_before(self, day: datetime.date) -> AccountQuerySet:
        never = Q(attested_on__isnull=True) | Q(attested_on__lt=day)
        return self.filter(never, status=Account.Status.OFFICIAL, official_since__lt=day)

    def search(self, text: str) -> AccountQuerySet:
        """Accounts in which every word of `text` occurs, whatever its width, case or kana."""
        found = self
        for word in fold_for_search(text).split():
            # The few departments first: a join would look into one's text for every account.
            departments = Department.objects.filter(search_text__contains=word)
            found = found.filter(
                Q(search_text__contains=word) | Q(department__in=departments.values("pk"))
            )
        return found


class Account(AccountFacts):
    """アカウント: what is in force today. 3(1): one department obtains and runs it."""

    class Status(models.TextChoices):
        """Where an account stands."""

        PREPARING = "preparing", "準備中"
        OFFICIAL = "official", "運用中"
        SUSPENDED = "suspended", "停止中"
        CLOSED = "closed", "廃止"

    service = models.CharField("種類", max_length=20, db_index=True)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="accounts", verbose_name="管理する所属"
    )
    status = models.CharField(
        "状態", max_length=10, choices=Status, default=Status.PREPARING, editable=False
    )
    state_since = models.DateTimeField("状態の開始", default=timezone.now, editable=False)
    opened_on = models.DateField("開設日", null=True, blank=True)
    official_since = models.DateField("公式となった日", null=True, blank=True, editable=False)
    # Copies of what the ledgers say last, each written by the one call that writes its ledger: the
    # lists of the public and of the duties ask for them on every row.
    password_changed_on = models.DateField("パスワードの最終変更日", null=True, editable=False)
    attested_on = models.DateField("最終確認日", null=True, editable=False)
    last_post_on = models.DateField("最終投稿日", null=True, editable=False)
    # Since when somebody else may hold it, 5; nobody is told meanwhile that it is the city's.
    doubted_since = models.DateTimeField("乗っ取りのおそれがある日時", null=True, editable=False)
    handle_fate = models.CharField(
        "廃止後のアカウント", max_length=10, choices=HandleFate, blank=True, editable=False,
        # By the database too: a portal of the version before may still write while it is migrated.
        default="", db_default="",
    )  # fmt: skip
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="predecessors",
        verbose_name="後継のアカウント",
    )  # fmt: skip
    note = models.TextField("備考(庁内)", max_length=2000, blank=True)
    search_text = models.TextField(editable=False, default="")
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField("登録日時", default=timezone.now, editable=False)

    history = HistoricalRecords(
        verbose_name="アカウントの履歴",
        bases=[StepRecord],
        m2m_fields=["partners"],
        excluded_fields=["search_text", "password_changed_on", "attested_on", "last_post_on"],
    )
    objects = AccountQuerySet.as_manager()

    class Meta(AccountFacts.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "アカウント"
        ordering = ["department__order", "department__code", "name", "pk"]
        indexes = [
            models.Index(fields=["status", "service"], name="account_by_service"),
            models.Index(fields=["status", "department", "name"], name="account_by_department"),
        ]
        constraints = [
            *AccountFacts.Meta.constraints,
            models.UniqueConstraint(
                fields=["identity"],
                name="account_registered_once",
                violation_error_message="このアカウントはすでに登録されています。",
            ),
            models.UniqueConstraint(
                fields=["service", "service_account_id"],
                condition=~Q(service_account_id=""),
                name="account_permanent_id_registered_once",
                violation_error_message="この固有の番号のアカウントはすでに登録されています。",
            ),
            models.CheckConstraint(condition=~Q(identity=""), name="account_has_identity"),
            models.CheckConstraint(
                condition=Q(status="preparing") | Q(official_since__isnull=False),
                name="account_official_since_a_day",
            ),
            models.CheckConstraint(
                condition=Q(status="closed") | Q(handle_fate="", successor__isnull=True),
                name="account_handle_fate_only_where_closed",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("id")),
                name="account_does_not_succeed_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_info.name} {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the folded text that `AccountQuerySet.search` looks into."""
        self.search_text = self.folded()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The account's public page, whose address never changes."""
        return _public_page(self.pk)

    def folded(self) -> str:
        """The text a search looks into."""
        return fold_for_search(
            " ".join(
                (
                    self.name, self.handle, self.url, self.service_info.name,
                    self.get_category_display(), self.shared_theme,
                )
            )
        )  # fmt: skip

    @property
    def service_info(self) -> Service:
        """The service's line in the table."""
        return SERVICES[self.service]

    @property
    def title(self) -> str:
        """What every page calls it: the name it shows; before there is one, handle or address."""
        return self.name or self.display_handle or self.url

    @property
    def display_handle(self) -> str:
        """The handle as the service shows it, with its prefix."""
        return display_handle(self.service, self.handle) if self.handle else ""

    @property
    def scope_department_ids(self) -> set[int]:
        """The managing department: see `staff.roles`."""
        return {self.department_id}

    @property
    def shared_department_ids(self) -> set[int]:
        """The departments that share the account."""
        return {department.pk for department in self.partners.all()}

    @property
    def is_public(self) -> bool:
        """Whether the public list names it."""
        return self.status != self.Status.PREPARING

    @property
    def is_vouched_for(self) -> bool:
        """Whether the city says to machines too that it is its own, 3(6): what is suspended or
        closed may be someone else's tomorrow."""
        return self.shown_status == self.Status.OFFICIAL and self.url.startswith(
            ("https://", "http://")
        )

    @property
    def is_in_doubt(self) -> bool:
        """Whether somebody else may hold it, 5: the public is told so until that is settled."""
        return self.status == self.Status.OFFICIAL and self.doubted_since is not None

    @property
    def shown_status(self) -> Account.Status:
        """Where it stands for the public: one that is in doubt is as good as suspended."""
        return self.Status.SUSPENDED if self.is_in_doubt else self.Status(self.status)

    def get_shown_status_display(self) -> str:
        """The same in words."""
        return str(self.shown_status.label)

    @property
    def attestation_due_on(self) -> datetime.date | None:
        """The last day on which its last attestation holds, 3(6); None where none is asked for."""
        if self.status != self.Status.OFFICIAL or self.official_since is None:
            return None
        return due_on(max(self.official_since, self.attested_on or self.official_since))

    def attestation_overdue(self, day: datetime.date) -> bool:
        """Whether nobody attested it in time, as the queryset's method of this name asks."""
        due = self.attestation_due_on
        return due is not None and due < day

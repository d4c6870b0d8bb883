"""What the register's table says of each account's ledgers: the last entry of each, column by column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.columns import Cell, several
from accounts.dates import NEVER
from accounts.models import (
    Access,
    Account,
    Attestation,
    ConnectedApp,
    CredentialChange,
    Device,
    LinkCheck,
    StandingChange,
)

# Where an entry is made by hand, by the name of its ledger: the titles of the account's pages.
PLACES = {
    "password": "パスワードとログイン手段",
    "means": "パスワードとログイン手段",
    "devices": "パスワードとログイン手段",
    "apps": "パスワードとログイン手段",
    "access": "運用ポリシー",
    "certification": "運営者による認証",
    "link": "プロフィールのリンク",
    "attestation": "四半期ごとの確認",
}
_PERSON = "職員のメールアドレスか氏名。"
_SEVERAL = "1行に1つ書き、中は「|」で区切ります。"


def _copied(name: str) -> Callable[[Any], Any]:
    return lambda account: getattr(account, name)


def _of(row: str, name: str) -> Callable[[Any], Any]:
    """`name` of a one-to-one `row`, where there is one."""

    def value(account: Any) -> Any:
        found = getattr(account, row, None)
        said = getattr(found, name, "")
        return said() if callable(said) else said

    return value


def _last(rows: str, name: str) -> Callable[[Any], Any]:
    """`name` of the one row that was asked for as `rows`, where there is one."""

    def value(account: Any) -> Any:
        found = getattr(account, rows)
        said = getattr(found[0], name) if found else ""
        return said() if callable(said) else said

    return value


def _address(of: Callable[[Any], Any]) -> Callable[[Any], str]:
    return lambda account: getattr(of(account), "email", "")


def _people(kind: Access.Kind) -> Callable[[Any], str]:
    return lambda account: several(
        (row.person.email, row.since, row.until) for row in account.accesses if row.kind == kind
    )


def _count(*kinds: Access.Kind) -> Callable[[Any], str]:
    def number(account: Any) -> str:
        there = {
            row.person_id
            for row in account.accesses
            if row.until is None and (not kinds or row.kind in kinds)
        }
        return str(len(there) or "")

    return number


def _devices(account: Any) -> str:
    return several(
        (
            row.name, row.get_kind_display(), row.added_on, getattr(row.keeper, "email", ""),
            row.is_private,
        )
        for row in account.devices
    )  # fmt: skip


def _apps(account: Any) -> str:
    return several((row.name, row.purpose, row.added_on) for row in account.apps)


def _origin(account: Any) -> str:
    return several(account.origin.said.items()) if hasattr(account, "origin") else ""


CERTIFICATION = (
    Cell("認証の状態", _of("certification", "get_state_display"),
         name="certification_state", ledger="certification"),
    Cell("認証の種類", _of("certification", "get_kind_display"),
         name="certification_kind", ledger="certification"),
    Cell("認証の日付", _of("certification", "dated_on"),
         name="certification_date", ledger="certification"),
    Cell("有料のバッジ", _of("certification", "has_paid_badge"),
         name="paid_badge", ledger="certification", hint="あるなら「はい」。"),
)  # fmt: skip
PASSWORDS = (
    Cell("パスワードの最終変更日", _copied("password_changed_on"),
         name="password_changed_on", ledger="password",
         hint="日付だけ。パスワードは書かないでください。"),
    Cell("パスワードを変更した人", _address(_last("last_change", "changed_by")),
         name="password_changed_by", ledger="password", hint=_PERSON),
    Cell("パスワードを変更した理由", _last("last_change", "get_reason_display"),
         name="password_reason", ledger="password"),
    Cell("二要素認証", _of("credentials", "get_two_factor_display"),
         name="two_factor", ledger="means"),
    Cell("復旧用の連絡先", _of("credentials", "recovery_address"),
         name="recovery_address", ledger="means"),
    Cell("復旧用の連絡先を管理する所属コード",
         lambda account: getattr(_of("credentials", "recovery_department")(account), "code", ""),
         name="recovery_department", ledger="means"),
    Cell("復旧用の連絡先を管理する職員", _address(_of("credentials", "recovery_person")),
         name="recovery_person", ledger="means", hint=_PERSON),
    Cell("ログイン手段を確かめた日", _of("credentials", "checked_on"),
         name="means_checked_on", ledger="means"),
    Cell("ログイン手段を確かめた人", _address(_of("credentials", "checked_by")),
         name="means_checked_by", ledger="means", hint=_PERSON),
    Cell("アカウント利用者", _people(Access.Kind.USER), name="access_users", ledger="access",
         hint=f"{_PERSON}開始日と終了日も書けます。{_SEVERAL}"),
    Cell("アカウント管理者", _people(Access.Kind.ADMINISTRATOR), name="access_administrators",
         ledger="access", hint=f"{_PERSON}開始日と終了日も書けます。{_SEVERAL}"),
    Cell("利用する職員の数", _count()),
    Cell("管理者の数", _count(Access.Kind.ADMINISTRATOR)),
    Cell("ログインしている端末", _devices, name="logged_in_devices", ledger="devices",
         hint=f"名前、種類、開始日、管理する職員、私物なら「はい」。{_SEVERAL}"),
    Cell("連携しているアプリ", _apps, name="connected_apps", ledger="apps",
         hint=f"名前、使う目的、開始日。{_SEVERAL}"),
)  # fmt: skip
LINK = (
    Cell("リンクの最終確認日", _last("last_look", "checked_on"), name="link_checked_on",
         ledger="link"),
    Cell("リンクの結果", _last("last_look", "get_outcome_display"), name="link_outcome",
         ledger="link"),
    Cell("リンクを確かめた人", _address(_last("last_look", "checked_by")),
         name="link_checked_by", ledger="link", hint=_PERSON),
)  # fmt: skip
ATTESTATION = (
    Cell("最終確認日", _copied("attested_on"), name="attested_on", ledger="attestation"),
    Cell("確認した人", _address(_last("last_attestation", "attested_by")), name="attested_by",
         ledger="attestation", hint=_PERSON),
    Cell("最終投稿日", _copied("last_post_on"), name="last_post_on", ledger="attestation"),
    Cell("フォロワー数", _copied("followers"), name="followers", ledger="attestation"),
)  # fmt: skip
_WORDS = "取込元の記載として残します。"
# Only a receipt or a head's decision brings these about, 3(2), 6(1): an import keeps the words.
DECIDED = (
    Cell("状態", lambda account: account.get_status_display(), name="status", hint=_WORDS),
    Cell("公式となった日", _copied("official_since"), name="official_since", hint=_WORDS),
    Cell("停止・再開・廃止した日", _last("last_step", "effective_on"), name="standing_on",
         hint=_WORDS),
    Cell("停止・再開・廃止の理由", _last("last_step", "reason"), name="standing_reason",
         hint=_WORDS),
    Cell("廃止後のアカウント", lambda account: account.get_handle_fate_display(),
         name="handle_fate", hint=_WORDS),
    Cell("後継のアカウントの番号", _copied("successor_id"), name="successor_number", hint=_WORDS),
    Cell("後継のアカウントのURL", lambda account: getattr(account.successor, "url", ""),
         name="successor_url", hint=_WORDS),
)  # fmt: skip
# What was kept so when the account came here travels on with it.
ORIGIN = Cell("取込元の記載", _origin, name="origin_words", hint=f"見出しと内容。{_SEVERAL}")
LEDGERS = (
    *DECIDED[:2], *CERTIFICATION, *PASSWORDS, *LINK, *ATTESTATION, *DECIDED[2:], ORIGIN,
)  # fmt: skip
ENTRIES = tuple(cell for cell in LEDGERS if cell.ledger)


def cells_of(ledger: str) -> list[Cell]:
    """The columns of one ledger."""
    return [cell for cell in ENTRIES if cell.ledger == ledger]


def with_ledgers(accounts: QuerySet[Account]) -> QuerySet[Any]:
    """`accounts` with all that the columns ask of them: as many queries for all as for one."""
    changes = CredentialChange.objects.filter(account=OuterRef("account"), cancelled_at=None)
    # An own look before what a table tells of, whatever their days.
    looks = LinkCheck.objects.filter(
        account=OuterRef("account"), outcome__in=LinkCheck.DECISIVE
    ).order_by(F("taken_over").asc(nulls_first=True), "-checked_on", "-pk")
    attestations = Attestation.objects.filter(account=OuterRef("account"))
    steps = StandingChange.objects.filter(account=OuterRef("account"))
    followers = Attestation.objects.filter(account=OuterRef("pk"), followers__isnull=False)
    # Who left since the last change of password still makes it due, 3(7).
    changed_on = Coalesce("account__password_changed_on", NEVER)
    accesses = Access.objects.filter(Q(until=None) | Q(until__gte=changed_on))
    return accounts.select_related(
        "department", "successor", "origin", "certification", "credentials__recovery_department",
        "credentials__recovery_person", "credentials__checked_by",
    ).prefetch_related(
        Prefetch("access_rows", accesses.select_related("person").order_by("pk"), "accesses"),
        _only(CredentialChange, changes.order_by("-changed_on", "-pk"), "last_change", "changed_by"),
        _only(LinkCheck, looks, "last_look", "checked_by"),
        _only(
            Attestation, attestations.order_by("-attested_on", "-pk"), "last_attestation",
            "attested_by",
        ),
        _only(StandingChange, steps.order_by("-decided_at", "-pk"), "last_step"),
        Prefetch(
            "device_rows",
            Device.objects.filter(removed_on=None).select_related("keeper").order_by("pk"),
            "devices",
        ),
        Prefetch(
            "connectedapp_rows", ConnectedApp.objects.filter(removed_on=None).order_by("pk"),
            "apps",
        ),
    ).annotate(
        followers=Subquery(
            followers.order_by("-attested_on", "-pk").values("followers")[:1]
        )
    )  # fmt: skip


def _only(model: Any, rows: QuerySet[Any], name: str, *people: str) -> Prefetch[Any]:
    """Of each account the first of `rows`, with its `people`."""
    first = model.objects.filter(pk=Subquery(rows.values("pk")[:1]))
    first = first.select_related(*people) if people else first
    return Prefetch(f"{model.__name__.lower()}_rows", first, name)

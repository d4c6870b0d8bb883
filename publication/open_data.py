"""The register as open data, 3(6): one table of columns, read as JSON, as CSV, as schema and as words.

What is not official stays in it, marked: whoever keeps an old link has to learn that it is old.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account, AccountQuerySet, Category, StandingChange
from accounts.services import SERVICES
from publication.addresses import absolute
from publication.cards import certified_on, is_overdue
from shinshiro_sns.tables import escaped

LICENCE = "https://creativecommons.org/licenses/by/4.0/deed.ja"
LICENCE_NAME = "クリエイティブ・コモンズ 表示 4.0 国際(CC BY 4.0)"
# A cell holds one line, and nothing that is no text.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
# Japanese open data begins with these three, whatever follows (自治体標準オープンデータセット).
FIXED = ("全国地方公共団体コード", "ID", "地方公共団体名")

Status = Account.Status


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True)
class Column:
    """One fact of an account. `key` is its name in JSON and in the schema, `heading` its column in
    the CSV, `schema` what a value may be; `value` makes it and `said` writes it into a cell."""

    key: str
    heading: str
    about: str
    schema: dict[str, Any]
    value: Callable[[Account], Any]
    said: Callable[[Any], str] = _plain

    @property
    def is_optional(self) -> bool:
        """Whether an account may have no such fact: null in JSON, an empty cell in the CSV."""
        return "null" in self.schema["type"]


TEXT = {"type": "string"}
ADDRESS = {"type": "string", "format": "uri"}
DAY = {"type": ["string", "null"], "format": "date"}


def _one_of(values: Iterable[str], *, optional: bool = False) -> dict[str, Any]:
    kinds = ["string", "null"] if optional else "string"
    return {"type": kinds, "enum": [*values, None] if optional else list(values)}


def status_since(account: Any) -> str:
    """The day its notice names; where there is none, that of the record."""
    if account.is_in_doubt:
        return str(timezone.localdate(account.doubted_since))
    return str(account.stands_since or timezone.localdate(account.state_since))


def _due_on(account: Account) -> str | None:
    return None if account.is_in_doubt else _iso(account.attestation_due_on)


def _overdue(account: Account) -> bool | None:
    return is_overdue(account) if account.shown_status == Status.OFFICIAL else None


def _partners(account: Account) -> list[str]:
    # Most have none, and each would cost a query set, even of what was fetched before.
    return [partner.name for partner in account.partners.all()] if account.is_shared else []


def successor(account: Account) -> int | None:
    """The number of the account that took its place, as far as the public may know of it."""
    follower = account.successor
    return follower.pk if follower and follower.is_public else None


def _iso(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None


def _yes_or_no(value: bool | None) -> str:
    return {True: "はい", False: "いいえ", None: ""}[value]


def _listed(values: list[str]) -> str:
    return "、".join(values)


COLUMNS: tuple[Column, ...] = (
    Column(
        "id", "ID", "アカウントに付けた番号です。ずっと変わらず、ほかのアカウントに使い回しません。",
        {"type": "integer", "minimum": 1}, lambda account: account.pk,
    ),
    Column(
        "status", "状態",
        "official(運用中)、suspended(停止中)、closed(廃止)のいずれかです。市の公式アカウントは、"
        "運用中のものだけです。停止中と廃止のものは、別の人が使っているおそれがあります。",
        _one_of([each.value for each in Status if each is not Status.PREPARING]),
        lambda account: account.shown_status.value, lambda status: Status(status).label,
    ),
    Column(
        "status_since", "状態の開始日", "その状態になった日です。", {"type": "string", "format": "date"},
        status_since,
    ),
    Column(
        "service", "種類", "ソーシャルメディアの種類です。JSONでは半角の名前で表します。",
        _one_of(SERVICES), lambda account: account.service, lambda key: SERVICES[key].name,
    ),
    Column("name", "表示名", "アカウントが表示する名前です。", TEXT, lambda account: account.title),
    Column(
        "handle", "アカウント名",
        "登録した名前です。先頭の@は含みません。名前のない種類では空です。", TEXT,
        lambda account: account.handle,
    ),
    Column("url", "URL", "アカウントのページです。", TEXT, lambda account: account.url),
    Column(
        "department", "管理する所属", "アカウントを取得し、管理・運用する所属です。", TEXT,
        lambda account: account.department.name,
    ),
    Column(
        "department_code", "所属コード", "所属に付けたコードです。", TEXT,
        lambda account: account.department.code,
    ),
    Column(
        "category", "分野", "アカウントの分野です。JSONでは半角の名前で表します。",
        _one_of(Category.values, optional=True), lambda account: account.category or None,
        lambda key: Category(key).label if key else "",
    ),
    Column(
        "shared_theme", "共通するテーマ", "複数の所属で共同利用するアカウントだけに書かれます。",
        {"type": ["string", "null"]}, lambda account: account.shared_theme or None,
    ),
    Column(
        "partners", "共同で利用する所属", "管理する所属のほかに、共同で利用する所属です。",
        {"type": "array", "items": TEXT},
        _partners, _listed,
    ),
    Column(
        "official_since", "公式となった日", "運用ポリシーの手続きが終わった日です。",
        {"type": "string", "format": "date"}, lambda account: _iso(account.official_since),
    ),
    Column(
        "certified_on", "認証された日",
        "運営者から公共機関のアカウントとして認証されている場合の日付です。有料のバッジは含みません。",
        DAY, lambda account: _iso(certified_on(account)),
    ),
    Column(
        "attested_on", "最終確認日", "今も市が使っていることを、所属が最後に確認した日です。",
        DAY, lambda account: _iso(account.attested_on),
    ),
    Column("attestation_due_on", "確認の期限", "次の確認の期限です。運用中のものだけにあります。", DAY, _due_on),
    Column(
        "overdue", "確認期限切れ", "確認が期限までに行われていない場合、JSONではtrue、CSVでは「はい」です。",
        {"type": ["boolean", "null"]}, _overdue, _yes_or_no,
    ),
    Column(
        "successor", "後継のアカウントのID", "廃止したアカウントを引き継いだアカウントの番号です。",
        {"type": ["integer", "null"], "minimum": 1}, successor,
    ),
    Column(
        "page", "市のページ",
        "このアカウントについての市のページです。今の状態と運用ポリシーを確かめられます。", ADDRESS,
        lambda account: absolute(account.get_absolute_url()),
    ),
)  # fmt: skip


def with_their_days(accounts: AccountQuerySet) -> AccountQuerySet:
    """The accounts with the day that `status_since` reads."""
    # Of an official one there is no such row; it stands since it was opened or resumed.
    changes = StandingChange.objects.filter(account=OuterRef("pk"), step=OuterRef("status"))
    newest = changes.order_by("-decided_at", "-pk").values("effective_on")
    return accounts.annotate(stands_since=Subquery(newest[:1]))


def register() -> Iterator[Account]:
    """Every account the public list names, by number: few queries, bounded memory."""
    return (
        with_their_days(Account.objects.public())
        .order_by("pk")
        .select_related("department", "certification", "successor")
        .prefetch_related("partners")
        .iterator(chunk_size=2000)
    )


def as_json(accounts: Iterable[Account]) -> dict[str, Any]:
    """The whole document, as its schema has it."""
    return {
        "$schema": absolute(reverse("publication:accounts_schema")),
        "title": f"{settings.CITY_NAME} SNS公式アカウント一覧",
        "publisher": {
            "code": settings.CITY_CODE, "name": settings.CITY_NAME, "url": settings.CITY_URL,
        },
        "license": LICENCE,
        "documentation": absolute(reverse("publication:open_data")),
        "accounts": [
            {column.key: column.value(account) for column in COLUMNS} for account in accounts
        ],
    }  # fmt: skip


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the document. What it does not name may be added one day."""
    account = {
        "type": "object",
        "required": [column.key for column in COLUMNS],
        "properties": {
            column.key: {"title": column.heading, "description": column.about, **column.schema}
            for column in COLUMNS
        },
    }
    publisher = {
        "type": "object",
        "required": ["code", "name", "url"],
        "properties": {
            "code": {"title": FIXED[0], "type": "string", "pattern": "^[0-9]{6}$"},
            "name": {"title": FIXED[2], **TEXT},
            "url": ADDRESS,
        },
    }
    properties = {
        "$schema": ADDRESS, "title": TEXT, "publisher": publisher, "license": ADDRESS,
        "documentation": ADDRESS, "accounts": {"type": "array", "items": account},
    }  # fmt: skip
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": absolute(reverse("publication:accounts_schema")),
        "title": f"{settings.CITY_NAME} SNS公式アカウント一覧",
        "type": "object",
        "required": list(properties),
        "properties": properties,
    }


def headings() -> list[str]:
    """The header row of the CSV."""
    return [*FIXED, *(column.heading for column in COLUMNS if column.heading not in FIXED)]


def cell(text: str) -> str:
    """`text` as one line that no spreadsheet runs; a sign before it is all that is ever added."""
    return escaped(" ".join(_UNWRITABLE.sub("", text).split()))


def as_csv(accounts: Iterable[Account]) -> bytes:
    """The table: UTF-8 with its mark, one header row, one line an account."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    head = headings()
    writer.writerow(head)
    for account in accounts:
        said = {each.heading: each.said(each.value(account)) for each in COLUMNS}
        said |= {FIXED[0]: settings.CITY_CODE, FIXED[2]: settings.CITY_NAME}
        writer.writerow([cell(said[heading]) for heading in head])
    return out.getvalue().encode("utf-8-sig")

"""The register as a table: what `import_accounts` takes in again, and beside it what the ledgers say."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from accounts.models import Access, Account, LinkCheck
from shinshiro_sns.tables import escaped
from staff import roles
from staff.models import User

# What no table carries, and a reader of tables refuses.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
YES = "はい"


@dataclass(frozen=True)
class Cell:
    """One column: its heading, what stands in it, and the field it is read back into, if any."""

    heading: str
    value: Callable[[Any], Any]
    field: str = ""


def _attribute(name: str) -> Callable[[Any], Any]:
    return lambda account: getattr(account, name)


def _of(row: str, name: str) -> Callable[[Any], Any]:
    """`name` of a one-to-one `row`, where there is one."""

    def value(account: Any) -> Any:
        found = getattr(account, row, None)
        said = getattr(found, name, "")
        return said() if callable(said) else said

    return value


def _partners(account: Account) -> str:
    return "、".join(sorted(department.code for department in account.partners.all()))


FACTS = (
    Cell("種類", lambda account: account.service_info.name),
    Cell("表示名", _attribute("name"), "name"),
    Cell("アカウント名", _attribute("handle")),
    Cell("URL", _attribute("url")),
    Cell("固有の番号", _attribute("service_account_id"), "service_account_id"),
    Cell("管理する所属", lambda account: account.department.name),
    Cell("所属コード", lambda account: account.department.code),
    Cell("分野", lambda account: account.get_category_display(), "category"),
    Cell("登録に使うメールアドレス", _attribute("registration_email"), "registration_email"),
    Cell(
        "市のドメインを使わない理由", _attribute("registration_email_reason"),
        "registration_email_reason",
    ),
    Cell("共同利用", _attribute("is_shared")),
    Cell("共通するテーマ", _attribute("shared_theme")),
    Cell("共同利用の理由", _attribute("shared_reason")),
    Cell("共同で利用する所属コード", _partners),
    Cell("開設日", _attribute("opened_on"), "opened_on"),
    Cell("備考", _attribute("note"), "note"),
)  # fmt: skip
NUMBER = Cell("番号", _attribute("pk"))
PASSWORDS = (
    Cell("パスワードの最終変更日", _attribute("password_changed_on")),
    Cell("二要素認証", _of("credentials", "get_two_factor_display")),
    Cell("利用する職員の数", _attribute("people")),
    Cell("管理者の数", _attribute("administrators")),
)
LEDGERS = (
    Cell("状態", lambda account: account.get_status_display()),
    Cell("公式となった日", _attribute("official_since")),
    Cell("認証の状態", _of("certification", "get_state_display")),
    Cell("認証の種類", _of("certification", "get_kind_display")),
    Cell("認証の日付", _of("certification", "dated_on")),
    Cell("有料のバッジ", _of("certification", "has_paid_badge")),
    *PASSWORDS,
    Cell("リンクの最終確認日", _attribute("link_on")),
    Cell(
        "リンクの結果",
        lambda account: dict(LinkCheck.Outcome.choices).get(account.link_outcome or "", ""),
    ),
    Cell("最終確認日", _attribute("attested_on")),
    Cell("最終投稿日", _attribute("last_post_on")),
    Cell("廃止後のアカウント", lambda account: account.get_handle_fate_display()),
    Cell("後継のアカウントの番号", _attribute("successor_id")),
)


def said(value: Any) -> str:
    """`value` as it stands in a table."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else ""
    if isinstance(value, datetime.date):
        return value.isoformat()
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return _UNREADABLE.sub("", text).strip()


def seal(account: Account) -> str:
    """The same as long as every fact in the account's row is the same."""
    facts = repr((account.pk, account.status, [said(cell.value(account)) for cell in FACTS]))
    return hashlib.sha256(facts.encode("utf-8", "replace")).hexdigest()[:16]


# The seal tells a mass change whether the row is still as it was written.
SEAL = Cell("照合番号", seal)
EVERYTHING = (NUMBER, SEAL, *FACTS, *LEDGERS)


def cells_for(user: User) -> tuple[Cell, ...]:
    """The columns `user` may read: those of the ledger of passwords only with the ledger itself."""
    may_read = roles.reach(user, "accounts.view_credentials").everywhere
    return tuple(cell for cell in EVERYTHING if may_read or cell not in PASSWORDS)


def register(accounts: QuerySet[Account]) -> Iterator[Account]:
    """`accounts` by number, with all that the columns ask of them: bounded memory, few queries."""
    looks = LinkCheck.objects.filter(account=OuterRef("pk"), outcome__in=LinkCheck.DECISIVE)
    latest = looks.order_by("-checked_on", "-pk")
    return (
        accounts.order_by("pk")
        .select_related("department", "credentials", "certification")
        .prefetch_related("partners")
        .annotate(
            link_on=Subquery(latest.values("checked_on")[:1]),
            link_outcome=Subquery(latest.values("outcome")[:1]),
            people=_counted(),
            administrators=_counted(kind=Access.Kind.ADMINISTRATOR),
        )
        .iterator(chunk_size=2000)
    )


def _counted(**only: Any) -> Subquery:
    """How many people have access to an account today."""
    rows = Access.objects.current().filter(account=OuterRef("pk"), **only).order_by()
    counts = rows.values("account").annotate(n=Count("person", distinct=True))
    return Subquery(counts.values("n"))


def table(accounts: Iterable[Account], cells: tuple[Cell, ...] = EVERYTHING) -> Iterator[list[str]]:
    """The headings and one row an account; nothing in them is run by a spreadsheet."""
    yield [cell.heading for cell in cells]
    for account in accounts:
        yield [escaped(said(cell.value(account))) for cell in cells]


def as_csv(rows: Iterable[list[str]]) -> bytes:
    """For every spreadsheet of today: UTF-8 with its mark."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def as_workbook(rows: Iterable[list[str]]) -> bytes:
    """A workbook of one sheet in which every cell is text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("アカウント")
    for row in rows:
        sheet.append([_text(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text(sheet: Any, value: str) -> Any:
    cell = WriteOnlyCell(sheet, value)
    # "#N/A" is what someone wrote, and no error.
    cell.data_type = "s"
    return cell


WRITERS = {".csv": as_csv, ".xlsx": as_workbook}

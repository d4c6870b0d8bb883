"""The register as a table: what `import_accounts` takes in again, and beside it what the ledgers say."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from accounts.columns import Cell, said
from accounts.ledger_columns import LEDGERS, PASSWORDS, with_ledgers
from accounts.models import Account
from shinshiro_sns.tables import escaped
from staff import authority
from staff.models import User


def _attribute(name: str) -> Callable[[Any], Any]:
    return lambda account: getattr(account, name)


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


def seal(account: Account) -> str:
    """The same as long as every fact in the account's row is the same."""
    facts = repr((account.pk, account.status, [said(cell.value(account)) for cell in FACTS]))
    return hashlib.sha256(facts.encode("utf-8", "replace")).hexdigest()[:16]


# The seal tells a mass change whether the row is still as it was written.
SEAL = Cell("照合番号", seal)
EVERYTHING = (NUMBER, SEAL, *FACTS, *LEDGERS)


def cells_for(user: User) -> tuple[Cell, ...]:
    """The columns `user` may read: those of the ledger of passwords only with the ledger itself."""
    hidden = () if may_read_passwords(user) else PASSWORDS
    return tuple(cell for cell in EVERYTHING if cell not in hidden)


def may_read_passwords(user: User | None) -> bool:
    """Whether the columns of 3(7) are open: to who may read that ledger everywhere, and on the server."""
    return user is None or authority.reach(user, "accounts.view_credentials").everywhere


def register(accounts: QuerySet[Account]) -> Iterator[Any]:
    """`accounts` by number, with all that the columns ask of them: bounded memory, few queries."""
    rows = with_ledgers(accounts.order_by("pk").prefetch_related("partners"))
    return rows.iterator(chunk_size=1000)


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

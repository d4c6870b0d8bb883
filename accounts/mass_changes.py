"""Changing many accounts at once from an edited export: judged row by row, applied all or nothing.

Facts that the head sets belong to a version of the policy, 3(2): they may be changed here only
while an account has none. Until then a ledger that is still empty takes over what the table says, as
at an import. Whatever else was edited in the table is named, never silently left.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import intake, taking_over
from accounts.columns import Cell, said
from accounts.exporting import FACTS, NUMBER, SEAL, cells_for, register, seal
from accounts.import_departments import Departments
from accounts.import_facts import read_category, read_opened
from accounts.import_people import People
from accounts.ledger_columns import PLACES, cells_of
from accounts.models import Account, AccountFacts
from accounts.taken_row import TakenRow
from shinshiro_sns.admin import is_key
from shinshiro_sns.days import read_day
from shinshiro_sns.history import acting
from shinshiro_sns.importing import Column, Columns
from shinshiro_sns.tables import Table, UnreadableTable
from staff.models import User

REASON = "表による一括変更"
# What the ledgers that were taken over say last: see the fields.
COPIES = ("password_changed_on", "attested_on", "last_post_on")
_READ: dict[str, Callable[[str], Any]] = {
    "opened_on": read_opened,
    "category": read_category,
}


@dataclass(frozen=True)
class Change:
    """One field of one account."""

    heading: str
    before: str
    after: str


@dataclass
class Judged:
    """One row of the table: the account it names, what it would change, and what is wrong."""

    line: int
    label: str = ""
    account: Account | None = None
    changes: list[Change] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    # By ledger the cells that differ, and what an empty ledger takes over of them.
    differing: dict[str, list[Cell]] = field(default_factory=dict)
    taken: TakenRow | None = None

    @property
    def remarks(self) -> list[str]:
        """What is worth a look."""
        return self.taken.remarks if self.taken is not None else []


@dataclass
class Plan:
    """What a table would change. `changed_meanwhile`: it is no longer what was confirmed."""

    rows: list[Judged]
    written: bool = False
    changed_meanwhile: bool = False

    @property
    def changing(self) -> list[Judged]:
        """The rows that change something."""
        return [row for row in self.rows if row.changes and not row.faults]

    @property
    def wrong(self) -> list[Judged]:
        """The rows with something wrong: while there are any, nothing is applied."""
        return [row for row in self.rows if row.faults]

    def fingerprint(self) -> str:
        """The same for the same plan."""
        facts = [(row.line, row.label, row.changes, row.faults) for row in self.rows]
        return hashlib.sha256(repr(facts).encode("utf-8", "replace")).hexdigest()


def change_accounts(
    table: Table, *, by: User, write: bool = False, expected: str = "", count: int = -1
) -> Plan:
    """Judge every row and, with `write`, apply all that changes something, in one transaction.

    `expected` is the fingerprint and `count` the number of accounts that the person confirmed: where
    they differ, nothing is written. Raises `UnreadableTable`.
    """
    cells = cells_for(by)
    columns = _columns(table, cells)
    try:
        with transaction.atomic():
            plan = _judged(table, columns, cells, lock=write)
            plan.changed_meanwhile = write and expected != plan.fingerprint()
            if (
                write
                and not plan.changed_meanwhile
                and not plan.wrong
                and count == len(plan.changing)
            ):
                for row in plan.changing:
                    _apply(row, by)
                taken = [row.taken for row in plan.changing if row.taken is not None]
                intake.write(taken, by, table.name)
                plan.written = True
    except IntegrityError:
        raise UnreadableTable(
            "変更する間に、ほかの人がアカウントを変更しました。何も変更していません。"
            "もう一度書き出した表で行ってください。"
        ) from None
    return plan


def _columns(table: Table, cells: tuple[Cell, ...]) -> Columns:
    known = Columns(table, [Column(cell.heading, (cell.heading,)) for cell in cells])
    missing = [cell.heading for cell in (NUMBER, SEAL) if cell.heading not in known.at]
    if missing:
        raise UnreadableTable(
            f"「{'」と「'.join(missing)}」の列がありません。このポータルから書き出した表を使ってください。"
        )
    strange = [
        heading
        for at, heading in enumerate(table.headings)
        if heading and at not in known.at.values()
    ]
    if strange:
        names = "」「".join(strange[:10])
        raise UnreadableTable(
            f"「{names[:300]}」という列は、書き出した表にありません。消してください。"
        )
    return known


def _judged(table: Table, columns: Columns, cells: tuple[Cell, ...], *, lock: bool) -> Plan:
    read = [(row, *columns.read(row)) for row in table.rows]
    numbers = Counter(values.get(NUMBER.heading, "") for _, values, _ in read)
    accounts = _accounts({key for key in numbers if is_key(key)}, lock=lock)
    people, departments = People(), Departments(create=False)
    rows = []
    for row, values, faults in read:
        judged = Judged(row.line, faults=list(faults))
        rows.append(judged)
        if not faults:
            _judge(judged, values, columns, cells, accounts, numbers)
        if judged.differing:
            _take_over(judged, values, people, departments)
    _once_each(rows)
    return Plan(rows)


def _accounts(keys: set[str], *, lock: bool) -> dict[str, Account]:
    """The accounts by number, as the export reads them; without a policy, `is_free`."""
    wanted = Account.objects.filter(pk__in=keys)
    if lock:
        list(wanted.select_for_update().order_by("pk").values_list("pk", flat=True))
    bound = set(wanted.filter(policies__isnull=False).values_list("pk", flat=True))
    found = {}
    for account in register(wanted):
        preparing = account.status == Account.Status.PREPARING
        account.is_free = preparing and account.pk not in bound
        found[str(account.pk)] = account
    return found


def _judge(
    judged: Judged,
    values: dict[str, str],
    columns: Columns,
    cells: tuple[Cell, ...],
    accounts: dict[str, Account],
    numbers: Counter[str],
) -> None:
    number = values[NUMBER.heading]
    account = accounts.get(number)
    if account is None:
        judged.faults.append(f"番号「{number[:30]}」のアカウントはありません。")
        return
    judged.account, judged.label = account, account.title
    if numbers[number] > 1:
        judged.faults.append(f"番号「{number}」の行が{numbers[number]}つあります。")
        return
    if values[SEAL.heading] != seal(account):
        judged.faults.append(
            "書き出した後に、このアカウントの内容が変わりました。もう一度書き出した表で行ってください。"
        )
        return
    for cell in cells:
        if cell.heading in columns.at and cell not in (NUMBER, SEAL):
            _compare(judged, account, cell, values[cell.heading])
    if judged.changes and not judged.faults:
        judged.faults += _wrong_with(account)


def _compare(judged: Judged, account: Account, cell: Cell, text: str) -> None:
    """Take one cell into the account in memory, or say why it must not be changed."""
    before, after = said(cell.value(account)), said(text)
    if before == after or _same_day(before, after):
        return
    if cell.ledger and getattr(account, "is_free", False):
        judged.differing.setdefault(cell.ledger, []).append(cell)
        judged.changes.append(Change(cell.heading, before, after))
        return
    if not cell.field:
        place = PLACES.get(cell.ledger, "")
        elsewhere = f"アカウントの「{place}」で記録してください。" if place else ""
        judged.faults.append(
            f"「{cell.heading}」は、この表では変更できません({before} → {after[:60]})。{elsewhere}"
        )
        return
    if cell.field in AccountFacts.FACTS and not account.is_free:  # type: ignore[attr-defined]
        judged.faults.append(
            f"「{cell.heading}」は、運用ポリシーで定める内容です。次の版を作成して変更してください(3(2))。"
        )
        return
    try:
        setattr(account, cell.field, _READ.get(cell.field, str)(after))
    except ValueError as error:
        judged.faults.append(f"{cell.heading}:{error}")
        return
    judged.changes.append(Change(cell.heading, before, said(cell.value(account))))


def _take_over(
    judged: Judged, values: dict[str, str], people: People, departments: Departments
) -> None:
    """What the ledgers that differ take over: each only while nothing is on record in it."""
    account: Any = judged.account
    for ledger, cells in judged.differing.items():
        if any(said(cell.value(account)) for cell in cells_of(ledger)):
            headings = "」「".join(cell.heading for cell in cells)
            judged.faults.append(
                f"「{headings}」には、すでに記録があります。"
                f"アカウントの「{PLACES[ledger]}」で記録してください。"
            )
    if judged.faults:
        return
    wanted = {
        cell.name: values.get(cell.heading, "")
        for ledger in judged.differing
        for cell in cells_of(ledger)
    }
    there = account.scope_department_ids | account.shared_department_ids
    judged.taken = taking_over.read(TakenRow(account, there, wanted, people, departments))
    judged.faults += judged.taken.faults
    # Words that no ledger can take are kept at an import alone.
    judged.faults += [f"「{heading}」だけでは記録できません。" for heading in judged.taken.said]


def _same_day(before: str, after: str) -> bool:
    """A spreadsheet writes the days it knows in a way of its own."""
    try:
        return read_day(before) == read_day(after)
    except ValueError:
        return False


def _wrong_with(account: Account) -> list[str]:
    limit = Account._meta.get_field("note").max_length or 0
    wrong = []
    if len(account.note) > limit:
        wrong.append(f"備考が長すぎます({len(account.note)}文字。{limit}文字まで)。")
    try:
        account.clean_fields(exclude=["department", "successor"])
        account.validate_constraints()
    except ValidationError as error:
        names = {field.name: field.verbose_name for field in Account._meta.fields}
        for name, messages in error.message_dict.items():
            wrong += [f"{names[name]}:{text}" if name in names else text for text in messages]
    return wrong


def _once_each(rows: list[Judged]) -> None:
    """Two rows must not come to bear one permanent number of a service."""
    lines: dict[tuple[str, str], list[Judged]] = {}
    for row in rows:
        if row.account is not None and row.account.service_account_id:
            key = (row.account.service, row.account.service_account_id)
            lines.setdefault(key, []).append(row)
    for same in lines.values():
        for row in same if len(same) > 1 else []:
            others = "、".join(f"{other.line}行目" for other in same if other is not row)
            row.faults.append(f"固有の番号が{others}と同じです。")


def _apply(row: Judged, by: User) -> None:
    account: Any = acting(row.account, by)
    account._change_reason = REASON
    account.revision += 1
    changed = [cell.field for cell in FACTS if cell.heading in {c.heading for c in row.changes}]
    copies = COPIES if row.taken is not None else ()
    account.save(update_fields=[*changed, *copies, "revision", "search_text"])

"""What a line of a transfer's file says, before anybody asks whether it can be."""

from __future__ import annotations

import enum
import hashlib
from dataclasses import dataclass

from shinshiro_sns.importing import Column, Columns
from shinshiro_sns.tables import Table, fold_heading, read_table
from staff.models import Membership


class Kind(enum.Enum):
    """What moves."""

    PERSON = "職員"
    DEPARTMENT = "所属"
    ACCOUNT = "アカウント"


COLUMNS = (
    Column("kind", ("区分",), hint="職員、所属(組織改正)、アカウント。書かなければ職員。"),
    Column("email", ("メールアドレス", "メール"), hint="職員のもの。所属とアカウントの行では空欄。"),
    Column("name", ("氏名", "職員名"), hint="書けば、メールアドレスの職員と同じか確かめます。"),
    Column("source", ("異動元", "異動元の所属コード"), required=True,
           hint="所属コード。異動日の前日で終わります。新しく加わる職員は空欄。"),
    Column("target", ("異動先", "異動先の所属コード"), required=True,
           hint="所属コード。異動日に始まります。退職などで所属を離れる職員は空欄。"),
    Column("role", ("役割",), hint="担当者、所属の長、代決者。書かなければ担当者。"),
    Column("account", ("番号", "アカウントの番号"), hint="アカウントの行だけに書きます。"),
)  # fmt: skip
# What the sample shows: one line of each kind of change.
SAMPLE = (
    ("職員", "yamada@city.shinshiro.example", "山田 太郎", "kanko", "bosai", "担当者", ""),
    ("職員", "suzuki@city.shinshiro.example", "鈴木 花子", "kanko", "kanko", "所属の長", ""),
    ("職員", "sato@city.shinshiro.example", "佐藤 一郎", "bosai", "", "", ""),
    ("職員", "tanaka@city.shinshiro.example", "田中 春子", "", "kanko", "担当者", ""),
    ("所属", "", "", "shoko", "kanko", "", ""),
    ("アカウント", "", "", "kanko", "bosai", "", "12"),
)
LONGEST_NUMBER = 18


@dataclass(frozen=True)
class Line:
    """One line, read: codes and addresses as written, `role` None where the cell is empty."""

    number: int
    kind: Kind
    email: str
    name: str
    source: str
    target: str
    role: Membership.Role | None
    account: int | None


@dataclass(frozen=True)
class TransferFile:
    """A file as it came: its name, by what it is known again, and what it holds."""

    name: str
    sha256: str
    table: Table


def read_file(data: bytes, name: str) -> TransferFile:
    """The file in `data`. Raises `UnreadableTable` where it is no table with the columns needed."""
    table = read_table(data)
    Columns(table, COLUMNS)
    return TransferFile(name[:200], hashlib.sha256(data).hexdigest(), table)


def read_lines(table: Table) -> tuple[list[Line], dict[int, list[str]]]:
    """Every line that can be read; and by line what is wrong with the others."""
    columns = Columns(table, COLUMNS)
    lines, faults = [], {}
    for row in table.rows:
        values, wrong = columns.read(row)
        if wrong:
            faults[row.line] = list(wrong)
            continue
        reasons: list[str] = []
        kind = _kind(values["kind"], reasons)
        role = _role(values["role"], reasons)
        number = _number(values["account"], reasons)
        if not reasons:
            reasons += _misplaced(kind, values)
        if reasons:
            faults[row.line] = reasons
            continue
        email, name = values["email"].lower(), values["name"]
        source, target = values["source"], values["target"]
        lines.append(Line(row.line, kind, email, name, source, target, role, number))
    return lines, faults


def _kind(text: str, reasons: list[str]) -> Kind:
    folded = fold_heading(text)
    for kind in Kind:
        if folded == fold_heading(kind.value):
            return kind
    if folded:
        kinds = "、".join(kind.value for kind in Kind)
        reasons.append(f"「{text[:20]}」という区分はありません({kinds})。")
    return Kind.PERSON


def _role(text: str, reasons: list[str]) -> Membership.Role | None:
    folded = fold_heading(text)
    for role in Membership.Role:
        if folded in (role.value, fold_heading(role.label)):
            return role
    if folded:
        roles = "、".join(role.label for role in Membership.Role)
        reasons.append(f"「{text[:20]}」という役割はありません({roles})。")
    return None


def _number(text: str, reasons: list[str]) -> int | None:
    folded = fold_heading(text)
    if not folded:
        return None
    if folded.isascii() and folded.isdecimal() and len(folded) <= LONGEST_NUMBER:
        return int(folded)
    reasons.append(f"番号「{text[:20]}」は、アカウントの番号ではありません。")
    return None


def _misplaced(kind: Kind, values: dict[str, str]) -> list[str]:
    """Cells that a line of this kind needs, or cannot have."""
    headings = {column.name: column.heading for column in COLUMNS}
    needed, barred = {
        Kind.PERSON: (("email",), ("account",)),
        Kind.DEPARTMENT: (("source", "target"), ("email", "name", "role", "account")),
        Kind.ACCOUNT: (("account", "target"), ("email", "name", "role")),
    }[kind]
    found = [f"「{headings[name]}」を書いてください。" for name in needed if not values[name]]
    if kind is Kind.PERSON and not (values["source"] or values["target"]):
        found.append("「異動元」か「異動先」を書いてください。")
    if kind is Kind.PERSON and values["role"] and not values["target"]:
        found.append("異動先がないときは、「役割」を空欄にしてください。")
    found += [
        f"区分が「{kind.value}」の行では、「{headings[name]}」を空欄にしてください。"
        for name in barred
        if values[name]
    ]
    return found

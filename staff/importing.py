"""Departments, users and memberships from a table, and as one. Known rows change, none goes.

django-import-export reads, compares and saves each row; what it lacks stands here: the file's own
lines, words for people, and one confirmation that does what was previewed or nothing.
"""

from __future__ import annotations

import datetime
import logging
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import DatabaseError, transaction
from import_export.fields import Field
from import_export.results import RowResult
from import_export.widgets import Widget
from tablib import Dataset

from shinshiro_sns.days import read_day
from shinshiro_sns.importing import Column, Columns, Outcome, Report, Verdict
from shinshiro_sns.table_admin import TableResource
from shinshiro_sns.tables import Table, UnreadableTable, fold_heading
from staff.models import Department, Membership, User

logger = logging.getLogger(__name__)

YES = {"はい", "○", "〇", "1", "true", "有", "在職", "在職中"}
NO = {"いいえ", "×", "0", "false", "無", "退職", "-"}


class DayWidget(Widget):  # type: ignore[misc]
    """A day, read in any usual writing and written in ISO's."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> datetime.date | None:
        """None for an empty cell."""
        return read_day(value) if value else None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """2026-04-01."""
        return value.isoformat() if value else ""


class YesWidget(Widget):  # type: ignore[misc]
    """はい or いいえ."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        """Refuses what is neither."""
        word = fold_heading(value)
        if word not in YES | NO:
            raise ValueError("「はい」か「いいえ」で書いてください。")
        return word in YES

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """はい or いいえ."""
        return "はい" if value else "いいえ"


class RoleWidget(Widget):  # type: ignore[misc]
    """A role under the name people use."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Refuses what is no role."""
        for role in Membership.Role:
            if fold_heading(value) in (role.value, fold_heading(role.label)):
                return role.value
        roles = "、".join(role.label for role in Membership.Role)
        raise ValueError(f"「{value[:20]}」という役割はありません({roles})。")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """担当者."""
        return str(Membership.Role(value).label)


class AddressWidget(Widget):  # type: ignore[misc]
    """An e-mail address as it is kept: in lower case."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Lower case."""
        return str(value).strip().lower()


class PersonWidget(AddressWidget):
    """A person by his address."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> User:  # type: ignore[override]
        """Refuses an address that nobody has."""
        found = User.objects.filter(email=super().clean(value)).first()
        if found is None:
            raise ValueError(f"「{value[:60]}」の職員は登録されていません。")
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The address."""
        return str(value.email) if value else ""


class DepartmentWidget(Widget):  # type: ignore[misc]
    """A department by its code."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Department:
        """Refuses a code that none has."""
        found = Department.objects.filter(code=str(value).strip()).first()
        if found is None:
            raise ValueError(f"所属コード「{value[:40]}」の所属は登録されていません。")
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The code."""
        return str(value.code) if value else ""


class StaffTable(TableResource):
    """What the three tables have in common."""

    COLUMNS: tuple[Column, ...] = ()
    # Left as it is, or as a new row has it by default, where the cell is empty.
    KEPT_WHERE_EMPTY: frozenset[str] = frozenset()

    def __init__(self, by: User | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.by = by
        self.changes: list[str] = []

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """An empty cell does not empty what needs a value."""
        for heading in self.KEPT_WHERE_EMPTY:
            if row.get(heading) == "":
                del row[heading]

    def skip_row(
        self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None
    ) -> bool:
        """Nothing to do where nothing differs; else the headings are kept for the preview."""
        fields = [field for field in self.get_import_fields() if field.column_name in row]
        self.changes = [
            field.column_name
            for field in fields
            if original.pk is None or field.export(instance) != field.export(original)
        ]
        return not import_validation_errors and not self.changes

    def after_import_row(self, row: Any, row_result: Any, **kwargs: Any) -> None:
        """Hands on what would change."""
        row_result.changes = self.changes


class DepartmentTable(StaffTable):
    """所属. Which one is the PR division is said in the admin alone."""

    code = Field("code", "所属コード")
    name = Field("name", "所属名")
    kana = Field("kana", "よみ")
    telephone = Field("telephone", "電話番号")
    order = Field("order", "並び順")
    valid_from = Field("valid_from", "設置日", DayWidget())
    valid_until = Field("valid_until", "廃止日", DayWidget())

    COLUMNS = (
        Column("code", ("所属コード", "コード"), required=True, hint="半角の英数字。"),
        Column("name", ("所属名", "名称", "所属"), required=True),
        Column("kana", ("よみ", "ふりがな")),
        Column("telephone", ("電話番号", "電話"), hint="例:0536-23-7623"),
        Column("order", ("並び順",), hint="数字。小さいものから並びます。"),
        Column("valid_from", ("設置日",)),
        Column("valid_until", ("廃止日",)),
    )
    KEPT_WHERE_EMPTY = frozenset({"並び順", "設置日"})

    class Meta:
        model = Department
        fields = export_order = (
            "code", "name", "kana", "telephone", "order", "valid_from", "valid_until",
        )  # fmt: skip
        import_id_fields = ("code",)
        clean_model_instances = report_skipped = use_transactions = True


class UserTable(StaffTable):
    """職員. Marks and passwords are given in the admin, one person at a time."""

    email = Field("email", "メールアドレス", AddressWidget())
    name = Field("name", "氏名")
    kana = Field("kana", "よみ")
    is_active = Field("is_active", "在職中", YesWidget())

    COLUMNS = (
        Column("email", ("メールアドレス", "メール", "Eメール"), required=True),
        Column("name", ("氏名", "名前", "職員名"), required=True),
        Column("kana", ("よみ", "ふりがな")),
        Column("is_active", ("在職中", "在職"), hint="はい、いいえ。書かなければ「はい」。"),
    )
    KEPT_WHERE_EMPTY = frozenset({"在職中"})

    class Meta:
        model = User
        fields = export_order = ("email", "name", "kana", "is_active")
        import_id_fields = ("email",)
        clean_model_instances = report_skipped = use_transactions = True

    def init_instance(self, row: Any = None) -> User:
        """Who is new logs in only after setting a password of his own."""
        user: User = super().init_instance(row)
        user.set_unusable_password()
        return user

    def before_save_instance(self, instance: User, row: Any, **kwargs: Any) -> None:
        """An administrator cannot lock himself out by a line in a file."""
        if self.by and instance.pk == self.by.pk and not instance.is_active:
            raise ValueError("自分自身の「在職中」は外せません。")


class MembershipTable(StaffTable):
    """所属の記録. An open one of the same kind is changed, which is how a table ends it."""

    user = Field("user", "メールアドレス", PersonWidget())
    department = Field("department", "所属コード", DepartmentWidget())
    role = Field("role", "役割", RoleWidget())
    valid_from = Field("valid_from", "開始日", DayWidget())
    valid_until = Field("valid_until", "終了日", DayWidget())

    COLUMNS = (
        Column("user", ("メールアドレス", "職員"), required=True, hint="登録済みの職員のもの。"),
        Column("department", ("所属コード", "所属"), required=True),
        Column("role", ("役割",), required=True, hint="担当者、所属の長、代決者。"),
        Column("valid_from", ("開始日",), hint="書かなければ今日。"),
        Column("valid_until", ("終了日",), hint="最後の日。続いている間は空欄。"),
    )
    KEPT_WHERE_EMPTY = frozenset({"開始日"})

    class Meta:
        model = Membership
        fields = export_order = ("user", "department", "role", "valid_from", "valid_until")
        import_id_fields = ("user", "department", "role")
        clean_model_instances = report_skipped = use_transactions = True

    def get_instance(self, instance_loader: Any, row: Any) -> Membership | None:
        """The open one of its kind, else the one that began the same day."""
        kind = {name: self.fields[name].clean(row) for name in self._meta.import_id_fields}
        same = Membership.objects.filter(**kind)
        if row.get("開始日") and (known := same.filter(valid_from=read_day(row["開始日"])).first()):
            return known
        return same.filter(valid_until=None).first()


def import_staff(
    resource: type[StaffTable],
    table: Table,
    mapping: dict[str, str],
    *,
    by: User,
    skip_errors: bool,
    write: bool,
    expected: str | None,
) -> Report:
    """Judge every row; with `write` take in what is right, all or nothing unless `skip_errors`.

    `expected` as in `accounts.importing`. Raises `UnreadableTable`.
    """
    columns = Columns(table, resource.COLUMNS, mapping)
    with transaction.atomic():
        report, good = _judged(resource, table, columns, by)
        report.remarks += table.remarks
        report.changed_meanwhile = expected is not None and expected != report.fingerprint()
        refused = report.changed_meanwhile or (report.failed and not skip_errors)
        if not write or refused or not report.imported:
            return report
        try:
            result = resource(by=by).import_data(good, dry_run=False)
        except DatabaseError as error:
            raise UnreadableTable(_NOT_TAKEN) from error
        if result.has_errors() or result.has_validation_errors():
            transaction.set_rollback(True)
            raise UnreadableTable(_NOT_TAKEN)
        report.written = True
        return report


_NOT_TAKEN = (
    "取り込む間に登録内容が変わったため、何も取り込んでいません。もう一度確かめてください。"
)


def _judged(
    resource: type[StaffTable], table: Table, columns: Columns, by: User
) -> tuple[Report, Dataset]:
    """What would become of every row, found by doing and undoing it; and the rows worth doing."""
    names = [column for column in resource.COLUMNS if column.name in columns.at]
    headings = [resource.fields[column.name].column_name for column in names]
    whole, good = Dataset(headers=headings), Dataset(headers=headings)
    report, lines = Report(), []
    seen: dict[tuple[str, ...], int] = {}
    for row in table.rows:
        values, faults = columns.read(row)
        key = tuple(fold_heading(values.get(n, "")) for n in _key(resource))
        label = " ".join(filter(None, (values.get(column.name, "") for column in names[:2])))[:80]
        if not faults and key in seen:
            faults = (f"{seen[key]}行目と同じものが書かれています。",)
        if faults:
            report.outcomes.append(Outcome(row.line, Verdict.FAILED, label, reasons=faults))
            continue
        seen[key] = row.line
        whole.append([values[column.name] for column in names])
        lines.append((row.line, label))
    if lines:
        result = resource(by=by).import_data(whole, dry_run=True)
        if result.base_errors:
            raise UnreadableTable("表を読み取れません。見出しを確かめてください。")
        for at, ((line, label), row_result) in enumerate(zip(lines, result.rows, strict=True)):
            outcome = _outcome(resource, line, label, row_result)
            report.outcomes.append(outcome)
            if outcome.verdict is Verdict.IMPORTED:
                good.append(whole[at])
    report.outcomes.sort(key=lambda outcome: outcome.line)
    return report, good


def _key(resource: type[StaffTable]) -> tuple[str, ...]:
    key: tuple[str, ...] = resource._meta.import_id_fields
    return (*key, "valid_from") if resource is MembershipTable else key


def _outcome(resource: type[StaffTable], line: int, label: str, row: Any) -> Outcome:
    if row.errors:
        for error in row.errors:
            if not isinstance(error.error, ValueError):
                logger.error("Line %s of a table cannot be taken in.", line, exc_info=error.error)
        reasons = tuple(
            str(error.error) if isinstance(error.error, ValueError) else "この行は取り込めません。"
            for error in row.errors
        )
        return Outcome(line, Verdict.FAILED, label, reasons=reasons)
    if row.validation_error is not None:
        reasons = tuple(
            message if name == NON_FIELD_ERRORS else f"{_said(resource, name)}:{message}"
            for name, found in row.validation_error.message_dict.items()
            for message in found
        )
        return Outcome(line, Verdict.FAILED, label, reasons=reasons)
    if row.import_type == RowResult.IMPORT_TYPE_SKIP:
        reasons = ("登録されている内容と同じです。",)
        return Outcome(line, Verdict.SKIPPED, label, reasons=reasons)
    if row.import_type == RowResult.IMPORT_TYPE_NEW:
        return Outcome(line, Verdict.IMPORTED, label, "新しく登録")
    return Outcome(line, Verdict.IMPORTED, label, f"変更:{'、'.join(row.changes)}")


def _said(resource: type[StaffTable], name: str) -> str:
    field = resource.fields.get(name)
    return (
        field.column_name if field else str(resource._meta.model._meta.get_field(name).verbose_name)
    )

"""Taking a register that was kept elsewhere into this one: contract `import_accounts`, clause 3(1).

The command and the admin both call `import_accounts`. Whatever a table says of its state, an
account enters as 準備中: it becomes official through its policy alone, 3(2). What a ledger may take
over becomes an entry of it that says so; the rest is kept word for word, so that nothing is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from simple_history.utils import bulk_create_with_history

from accounts import credentials, intake, taking_over
from accounts.exporting import NUMBER, SEAL, may_read_passwords
from accounts.import_columns import COLUMNS
from accounts.import_departments import Departments, UnknownDepartment
from accounts.import_facts import read_opened, take_facts
from accounts.import_people import People
from accounts.import_profiles import note_of, profile_of
from accounts.ledger_columns import PASSWORDS
from accounts.models import Account
from accounts.profiles import UnreadableProfile
from accounts.taken_row import TakenRow
from shinshiro_sns.history import acting
from shinshiro_sns.importing import Columns, Outcome, Report, Verdict
from shinshiro_sns.tables import Table, UnreadableTable, fold_heading
from staff.models import Department, User

BATCH = 500


@dataclass(frozen=True)
class Options:
    """How to read a table: `mapping` is field → heading, `department` the code for rows without."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    department: str = ""
    create_departments: bool = False
    skip_errors: bool = False


class _Failed(Exception):
    """What is wrong with a row, every reason at once."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = reasons


def import_accounts(
    table: Table,
    options: Options,
    *,
    by: User | None,
    write: bool,
    expected: str | None = None,
) -> Report:
    """Judge every row of `table` and, with `write`, take in what is right: all or nothing unless
    `skip_errors`, in one transaction.

    `expected` is the fingerprint of the report a person confirmed: where the register has changed
    since, nothing is written and the new report says so. Raises `UnreadableTable`.
    """
    for last_try in (False, True):
        try:
            with transaction.atomic():
                return _Import(table, options, by).run(write=write, expected=expected)
        except IntegrityError:
            # Someone registered one of the accounts in between: judged again, it is a repetition.
            if last_try:
                raise UnreadableTable(
                    "取り込む間に、ほかの人が同じアカウントや所属を登録しました。"
                    "何も取り込んでいません。もう一度行ってください。"
                ) from None
    raise AssertionError  # pragma: no cover


@dataclass(frozen=True)
class _Entry:
    """An account that is known already: where it stands, and what would contradict it."""

    where: str
    identity: str
    department: str


class _Import:
    """One reading of one table against the register as it now is."""

    def __init__(self, table: Table, options: Options, by: User | None) -> None:
        self.table = table
        self.options = options
        self.by = by
        self.columns = Columns(table, COLUMNS, options.mapping)
        if not {"url", "handle"} & set(self.columns.at):
            raise UnreadableTable(
                "「URL」の列も「アカウント名」の列も見つかりません。見出しを確かめるか、"
                f"列の対応を指定してください(ファイルの見出し:{'、'.join(table.headings)[:300]})。"
            )
        self.departments = Departments(create=options.create_departments)
        self.default = self._default_department()
        self.known: dict[str, _Entry] = {}
        self.permanent: dict[tuple[str, str], _Entry] = {}
        self.people = People()
        self.kept_from = set() if may_read_passwords(by) else {cell.name for cell in PASSWORDS}
        self.rows: list[TakenRow] = []
        self.partners: list[tuple[Account, list[Department]]] = []
        for account in Account.objects.order_by().select_related("department").iterator():
            where = f"登録済みの{account.pk}番「{account.title}」"
            entry = _Entry(where, account.identity, account.department.name)
            self._remember(entry, account.service, account.service_account_id)

    @property
    def accounts(self) -> list[Account]:
        """Those to be taken in."""
        return [row.account for row in self.rows]

    def run(self, *, write: bool, expected: str | None) -> Report:
        report = Report([self._judge(row_at) for row_at in range(len(self.table.rows))])
        report.remarks = [*self.table.remarks, *self._remarks(report)]
        if not write:
            return report
        report.changed_meanwhile = expected is not None and expected != report.fingerprint()
        if report.changed_meanwhile or (report.failed and not self.options.skip_errors):
            return report
        self.departments.save(self.by, {account.department.code for account in self.accounts})
        bulk_create_with_history(
            self.accounts, Account, batch_size=BATCH, default_user=self.by,
            default_change_reason=intake.REASON,
        )  # fmt: skip
        for account, partners in self.partners:
            acting(account, self.by).partners.set(partners)
        intake.write(self.rows, self.by, self.table.name)
        report.written = True
        return report

    def _default_department(self) -> Department | None:
        code = self.options.department
        if code:
            try:
                return self.departments.by_code(code)
            except UnknownDepartment as error:
                raise UnreadableTable(str(error)) from error
        if "department" not in self.columns.at:
            raise UnreadableTable(
                "「管理する所属」の列が見つかりません。列の対応を指定するか、"
                "所属が書かれていない行の所属を指定してください。"
            )
        return None

    def _judge(self, row_at: int) -> Outcome:
        row = self.table.rows[row_at]
        values, faults = self.columns.read(row)
        label = " ".join(
            (values.get("name") or values.get("url") or values.get("handle", "")).split()
        )
        label = label[:80]
        try:
            if faults:
                raise _Failed(*faults)
            return self._take(row.line, label, values)
        except _Failed as failed:
            return Outcome(row.line, Verdict.FAILED, label, reasons=failed.reasons)

    def _take(self, line: int, label: str, values: dict[str, str]) -> Outcome:
        reasons: list[str] = []
        remarks: list[str] = []
        profile = department = opened_on = None
        try:
            profile = profile_of(values, remarks)
        except UnreadableProfile as error:
            reasons.append(str(error))
        try:
            department, others = self._department(values)
        except UnknownDepartment as error:
            reasons.append(str(error))
        try:
            opened_on = read_opened(values["opened_on"])
        except ValueError as error:
            reasons.append(f"開設日:{error}")
        if profile is None or department is None or reasons:
            raise _Failed(*reasons, *remarks)
        if others:
            remarks.append(
                f"所属が{len(others) + 1}つ書かれています。"
                f"最初の「{department.name}」の管理としました。"
            )
        account = Account(
            service=profile.service,
            name=" ".join(values["name"].splitlines()),
            handle=profile.handle,
            url=profile.url,
            identity=profile.identity,
            service_account_id=profile.permanent_id,
            department=department,
            opened_on=opened_on,
            note=note_of(values, profile, others),
        )
        partners, wrong = take_facts(account, values, self.departments, remarks)
        if not wrong and (repeated := self._repeats(account)):
            return Outcome(line, Verdict.SKIPPED, label, reasons=(repeated,))
        account.search_text = account.folded()
        row = self._ledgers(account, partners, values)
        if wrong := [*wrong, *_wrong_with(account), *row.faults]:
            raise _Failed(*wrong)
        self.rows.append(row)
        if partners:
            self.partners.append((account, partners))
        self._remember(
            _Entry(f"{line}行目", profile.identity, department.name),
            profile.service, account.service_account_id,
        )  # fmt: skip
        detail = (
            f"{account.service_info.name} {profile.display_handle or profile.url}"
            f"({department.name})"
        )
        if row.words:
            detail += f" 記録:{'、'.join(row.words)}"
        remarks += row.remarks
        return Outcome(line, Verdict.IMPORTED, label, detail, remarks=tuple(remarks))

    def _ledgers(
        self, account: Account, partners: list[Department], values: dict[str, str]
    ) -> TakenRow:
        """What the ledgers take over, and what is kept as the table says it."""
        there = {department.pk for department in (account.department, *partners)}
        readable = {name: text for name, text in values.items() if name not in self.kept_from}
        row = TakenRow(account, there, readable, self.people, self.departments)
        taking_over.read(row)
        intake.keep_words(row)
        return row

    def _remember(self, entry: _Entry, service: str, permanent_id: str) -> None:
        self.known[entry.identity] = entry
        if permanent_id:
            self.permanent[service, permanent_id] = entry

    def _department(self, values: dict[str, str]) -> tuple[Department, list[str]]:
        if values["department_code"]:
            return self.departments.by_code(values["department_code"]), []
        if values["department"]:
            return self.departments.named(values["department"])
        if self.default is None:
            raise UnknownDepartment("管理する所属が書かれていません。")
        return self.default, []

    def _repeats(self, account: Account) -> str:
        """Which row or account this one repeats; raises where it contradicts one."""
        if entry := self.known.get(account.identity):
            differs = ""
            if entry.department != account.department.name:
                stated = f"この行の「{account.department.name}」"
                differs = f"(管理する所属は「{entry.department}」で、{stated}と違います)"
            return f"{entry.where}と同じアカウントです{differs}。"
        conflicting = self.permanent.get((account.service, account.service_account_id))
        if account.service_account_id and conflicting:
            raise _Failed(
                f"運営者が付けた固有の番号「{account.service_account_id}」が{conflicting.where}と同じですが、"
                "アカウント名が違います。どちらが正しいか確かめてください。"
            )
        return ""

    def _remarks(self, report: Report) -> list[str]:
        said = []
        created = self.departments.created({account.department.code for account in self.accounts})
        if created:
            said.append(
                f"所属を新しく{len(created)}件登録します。所属の長と担当者の登録が必要です。"
            )
        if report.imported:
            said.append(
                "取り込むアカウントは、運用ポリシーが受理されるまで、すべて「準備中」です。"
                "表に書かれた状態は取込元の記載として、目的は備考に残します。"
            )
        headings = {fold_heading(heading) for heading in self.table.headings}
        if {fold_heading(cell.heading) for cell in (NUMBER, SEAL)} & headings:
            said.append(
                "番号と照合番号は、書き出したポータルのものです。取り込むと、新しい番号を付けます。"
            )
        if self.kept_from & set(self.columns.at):
            said.append(
                "パスワードとログイン手段の列は、その記録を見られる広報主管課の職員だけが取り込めます。"
                "この取込みでは読み取りません。"
            )
        for at, heading in enumerate(self.table.headings):
            if at not in self.columns.at.values() and credentials.hints_at_a_password(heading):
                said.append(
                    f"「{heading[:40]}」の列は読み取りません。パスワードそのものは、表にも書かず、"
                    "書いてあるファイルは消してください。"
                )
        if report.skipped:
            said.append("登録済みのアカウントは、「表でまとめて変更する」で変えられます。")
        return said


def _wrong_with(account: Account) -> list[str]:
    """What the register itself refuses, field by field."""
    limit = Account._meta.get_field("note").max_length or 0
    wrong = []
    if len(account.note) > limit:
        # A model leaves the length of a long text to its forms.
        wrong.append(
            f"備考が長すぎます(目的などを含めて{len(account.note)}文字。{limit}文字まで)。"
        )
    try:
        account.clean_fields(exclude=["department"])
    except ValidationError as error:
        names = {field.name: field.verbose_name for field in Account._meta.fields}
        wrong += [
            f"{names[name]}:{message}"
            for name, messages in error.message_dict.items()
            for message in messages
        ]
    return wrong

"""Taking a register that was kept elsewhere into this one: contract `import_accounts`, clause 3(1).

The command and the admin both call `import_accounts`. Whatever a table says of its state, an
account enters as 準備中: it becomes official through its policy alone, 3(2). What has no field of
its own yet (purpose, stated state) is kept in the note, so that nothing is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from simple_history.utils import bulk_create_with_history

from accounts.import_departments import Departments, UnknownDepartment
from accounts.import_facts import read_opened, take_facts
from accounts.models import Account
from accounts.profiles import Profile, UnreadableProfile, display_handle, read_profile
from accounts.services import Service, find_service
from shinshiro_sns.history import acting
from shinshiro_sns.importing import Column, Columns, Outcome, Report, Verdict
from shinshiro_sns.tables import Table, UnreadableTable
from staff.models import Department, User

COLUMNS = (
    Column("service", ("種類", "サービス"), hint="Xなど。なければURLから読み取ります。"),
    Column("name", ("表示名", "名称")),
    Column("handle", ("アカウント名", "アカウント", "ID名"), hint="URLがあれば省けます。"),
    Column("url", ("URL", "リンク"), hint="プロフィールのページのURL。"),
    Column("department", ("管理する所属", "所属", "担当課", "所属コード"), hint="コードか名前。"),
    Column("department_code", ("所属コード",), hint="所属の名前より優先します。"),
    Column("purpose", ("目的", "情報発信の目的"), hint="備考に残します。"),
    Column("opened_on", ("開設日",), hint="例:2024-04-01、令和6年4月1日"),
    Column("status", ("状態",), hint="備考に残します。"),
    Column("note", ("備考", "備考(庁内)")),
    Column("service_account_id", ("固有の番号",), hint="運営者が付けた番号。"),
    Column("category", ("分野",)),
    Column("registration_email", ("登録に使うメールアドレス",)),
    Column("registration_email_reason", ("市のドメインを使わない理由",)),
    Column("shared", ("共同利用",), hint="共同で利用するなら「はい」。"),
    Column("shared_theme", ("共通するテーマ",)),
    Column("shared_reason", ("共同利用の理由",)),
    Column("partners", ("共同で利用する所属コード",), hint="複数なら「、」で区切ります。"),
)  # fmt: skip

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
                return _Import(table, options).run(by, write=write, expected=expected)
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

    def __init__(self, table: Table, options: Options) -> None:
        self.table = table
        self.options = options
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
        self.accounts: list[Account] = []
        self.partners: list[tuple[Account, list[Department]]] = []
        for account in Account.objects.order_by().select_related("department").iterator():
            where = f"登録済みの{account.pk}番「{account.title}」"
            entry = _Entry(where, account.identity, account.department.name)
            self._remember(entry, account.service, account.service_account_id)

    def run(self, by: User | None, *, write: bool, expected: str | None) -> Report:
        report = Report([self._judge(row_at) for row_at in range(len(self.table.rows))])
        report.remarks = [*self.table.remarks, *self._remarks(report)]
        if not write:
            return report
        report.changed_meanwhile = expected is not None and expected != report.fingerprint()
        if report.changed_meanwhile or (report.failed and not self.options.skip_errors):
            return report
        self.departments.save(by, {account.department.code for account in self.accounts})
        bulk_create_with_history(
            self.accounts, Account, batch_size=BATCH, default_user=by,
            default_change_reason="表からの取込み",
        )  # fmt: skip
        for account, partners in self.partners:
            acting(account, by).partners.set(partners)
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
            profile = _profile(values, remarks)
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
            note=_note(values, profile, others),
        )
        partners, wrong = take_facts(account, values, self.departments)
        if not wrong and (repeated := self._repeats(account)):
            return Outcome(line, Verdict.SKIPPED, label, reasons=(repeated,))
        account.search_text = account.folded()
        if wrong := [*wrong, *_wrong_with(account)]:
            raise _Failed(*wrong)
        self.accounts.append(account)
        if partners:
            self.partners.append((account, partners))
        self._remember(
            _Entry(f"{line}行目", profile.identity, department.name),
            profile.service, account.service_account_id,
        )  # fmt: skip
        detail = f"{account.service_info.name} {profile.display_handle or profile.url}"
        return Outcome(
            line, Verdict.IMPORTED, label, f"{detail}({department.name})", remarks=tuple(remarks)
        )

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
                "表に書かれた状態と目的は、備考に残します。"
            )
        return said


def _profile(values: dict[str, str], remarks: list[str]) -> Profile:
    """The account a row means: by its URL, else by its handle; says where the two disagree."""
    service = _service(values["service"])
    key = service.key if service else None
    url, handle = values["url"], values["handle"]
    if not url and not handle:
        raise UnreadableProfile("URLもアカウント名も書かれていません。")
    if not url:
        return read_profile(handle, key)
    profile = read_profile(url, key)
    if handle and not _same(handle, url, profile):
        shown = display_handle(profile.service, profile.handle) or profile.url
        remarks.append(
            f"アカウント名「{handle[:60]}」とURL({shown[:100]})が一致しません。URLを優先します。"
        )
    return profile


def _service(text: str) -> Service | None:
    if not text:
        return None
    found = find_service(text)
    if found is None:
        raise UnreadableProfile(
            f"「{text[:40]}」という種類のソーシャルメディアは登録されていません"
            "(一覧にないものは「その他」と書いてください)。"
        )
    return found


def _same(handle: str, url: str, profile: Profile) -> bool:
    """Whether a stated handle is the one of the URL, or is at least written in it."""
    if handle in (profile.handle, profile.display_handle):
        return True
    stated = handle.strip().strip("@＠").casefold()
    parts = {part.strip("@").casefold() for part in url.replace("?", "/").split("/")}
    if stated in parts or stated in {part.casefold() for part in profile.handle.split("/")}:
        return True
    try:
        return read_profile(handle, profile.service).identity == profile.identity
    except UnreadableProfile:
        return False


def _note(values: dict[str, str], profile: Profile, others: list[str]) -> str:
    """The stated note, and below it what the table says that has no field of its own."""
    lines = [values["note"]]
    handle = values["handle"]
    if handle and not _same(handle, values["url"] or handle, profile):
        lines.append(f"取込元のアカウント名:{handle}")
    if others:
        lines.append(f"取込元のほかの所属:{'、'.join(others)}")
    if values["status"] not in ("", Account.Status.PREPARING.label):
        lines.append(f"取込元の状態:{values['status']}")
    if values["purpose"]:
        lines.append(f"取込元の目的:{values['purpose']}")
    return "\n".join(filter(None, lines))


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

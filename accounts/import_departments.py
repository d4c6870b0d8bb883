"""Which department a row of a foreign register means, and making those that are missing."""

from __future__ import annotations

import re
from collections import defaultdict

from django.db.models import Max
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from shinshiro_sns.text import fold_for_search
from staff.models import Department, User

# A list of records as one system writes it into a cell: [{"id"=>1, "name"=>"A", …}, …]
_RECORDS = re.compile(r"\A\s*\[\s*\{.*\}\s*\]\s*\Z", re.DOTALL)
_NAME = re.compile(r'[\'":]?name[\'"]?\s*(?:=>|:)\s*"((?:[^"\\]|\\.)*)"')
NAME_LIMIT = 100


class UnknownDepartment(Exception):
    """No one department is meant; the message says why, to the person."""


class Departments:
    """The departments by code and name, asked of the database once."""

    def __init__(self, *, create: bool) -> None:
        """`create`: a name that is unknown becomes a new department."""
        self.create = create
        self.codes: dict[str, Department] = {}
        self.names: dict[str, list[Department]] = defaultdict(list)
        self.new: list[Department] = []
        self.today = timezone.localdate()
        for department in Department.objects.order_by("pk"):
            self._add(department)
        self.order = Department.objects.aggregate(last=Max("order"))["last"] or 0
        self.number = 0

    def by_code(self, code: str) -> Department:
        """The one with this code, if it exists today. Raises `UnknownDepartment`."""
        return self._current(self.known(code))

    def known(self, code: str) -> Department:
        """The one with this code, whether or not it exists today. Raises `UnknownDepartment`."""
        found = self.codes.get(code.strip().casefold())
        if found is None:
            raise UnknownDepartment(f"所属コード「{code[:40]}」の所属は登録されていません。")
        return found

    def named(self, text: str) -> tuple[Department, list[str]]:
        """The one that `text` means by code or name, and the other names where it lists several.

        Raises `UnknownDepartment`.
        """
        first, *others = self._names_in(text)
        if found := self.codes.get(first.casefold()):
            return self._current(found), others
        same_name = self.names.get(fold_for_search(first), [])
        current = [department for department in same_name if self.exists(department)]
        if len(current) > 1:
            codes = "、".join(department.code for department in current)
            raise UnknownDepartment(
                f"「{first}」という所属が{len(current)}つあります。所属コード({codes})で書いてください。"
            )
        if current:
            return current[0], others
        if same_name:
            return self._current(same_name[0]), others
        if not self.create:
            raise UnknownDepartment(f"所属「{first[:60]}」は登録されていません。")
        return self._make(first), others

    def created(self, used: set[str]) -> list[Department]:
        """The new ones among `used`, which are codes."""
        return [department for department in self.new if department.code in used]

    def save(self, by: User | None, used: set[str]) -> None:
        """Write the new ones among `used`, with their history."""
        bulk_create_with_history(
            self.created(used), Department, default_user=by,
            default_change_reason="アカウントの表からの取込み",
        )  # fmt: skip

    def _names_in(self, text: str) -> list[str]:
        names = [text]
        if _RECORDS.match(text):
            names = [re.sub(r"\\(.)", r"\1", name) for name in _NAME.findall(text)]
        names = list(dict.fromkeys(filter(None, (" ".join(name.split()) for name in names))))
        if not names:
            raise UnknownDepartment(f"所属の欄から所属の名前を読み取れません({text[:60]})。")
        return names

    def _make(self, name: str) -> Department:
        if len(name) > NAME_LIMIT:
            raise UnknownDepartment(
                f"所属の名前が長すぎます({len(name)}文字。{NAME_LIMIT}文字まで)。"
            )
        while True:
            self.number += 1
            code = f"import-{self.number:04d}"
            if code not in self.codes:
                break
        made = Department(
            code=code, name=name, order=self.order + self.number, search_text=fold_for_search(name)
        )
        self.new.append(made)
        self._add(made)
        return made

    def _add(self, department: Department) -> None:
        self.codes[department.code.casefold()] = department
        self.names[fold_for_search(department.name)].append(department)

    def exists(self, department: Department) -> bool:
        """Whether it exists today."""
        return department.valid_from <= self.today and (
            department.valid_until is None or department.valid_until >= self.today
        )

    def _current(self, department: Department) -> Department:
        if not self.exists(department):
            raise UnknownDepartment(
                f"所属「{department.name}」({department.code})は、今は存在しない所属です。"
            )
        return department

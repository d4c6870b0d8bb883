"""One account's ledger cells of a table, read one by one into what they mean, or into what is wrong."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.columns import read_several
from accounts.import_departments import Departments
from accounts.import_people import People
from accounts.ledger_columns import DECIDED, ENTRIES, ORIGIN
from accounts.models import Account
from shinshiro_sns.days import read_day
from staff.models import User

HEADINGS = {cell.name: cell.heading for cell in (*DECIDED, *ENTRIES, ORIGIN)}


class Wrong(Exception):
    """What is wrong with one cell, in a sentence that names it."""


@dataclass
class TakenRow:
    """One account's cells, read: its entries (unsaved), and what is to be said of them."""

    account: Account
    departments_of: set[int]
    values: Mapping[str, str]
    people: People
    departments: Departments
    entries: list[Any] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def today(self) -> datetime.date:
        """The day on which the table is read."""
        return timezone.localdate()

    def text(self, name: str) -> str:
        """What stands in a cell."""
        return self.values.get(name, "")

    def any(self, *names: str) -> bool:
        """Whether something stands in one of the cells."""
        return any(self.text(name) for name in names)

    def add(self, word: str, *entries: Any) -> None:
        """Take these over, which the report calls `word`."""
        for entry in entries:
            _refuse_unclean(entry)
        self.entries += entries
        self.words.append(word)

    def day(self, name: str, text: str | None = None) -> datetime.date | None:
        """The day in a cell, or in a part of one: it may not lie ahead."""
        text = self.text(name) if text is None else text
        if not text:
            return None
        try:
            day = read_day(text)
        except ValueError as error:
            raise Wrong(f"{HEADINGS[name]}:{error}") from None
        if day > self.today:
            raise Wrong(f"{HEADINGS[name]}:未来の日付は取り込めません。")
        return day

    def choice(self, name: str, choices: Any, text: str | None = None) -> str:
        """The key of what a cell names by its label or key."""
        said = self.text(name) if text is None else text
        keys = {str(word): str(key) for key, label in choices.choices for word in (label, key)}
        if said and said not in keys:
            labels = "、".join(map(str, choices.labels))
            raise Wrong(f"{HEADINGS[name]}「{said[:30]}」はありません({labels})。")
        return keys.get(said, "")

    def person(self, name: str, text: str | None = None) -> User | None:
        """The person in a cell: somebody of the city. Who never belonged here is worth a word."""
        text = self.text(name) if text is None else text
        if not text:
            return None
        try:
            found = self.people.called(text)
        except ValueError as error:
            raise Wrong(f"{HEADINGS[name]}:{error}") from None
        if not self.people.ever_in(found, self.departments_of):
            self.remarks.append(
                f"{HEADINGS[name]}の{found.name}さんは、このアカウントの所属にいたことがありません。"
            )
        return found

    def items(self, name: str, text: str | None = None) -> list[list[str]]:
        """The several things in a cell."""
        try:
            return read_several(self.text(name) if text is None else text)
        except ValueError as error:
            raise Wrong(f"{HEADINGS[name]}:{error}") from None


def _refuse_unclean(entry: Any) -> None:
    """What the model itself refuses, but for its links, which were looked up, and what is unknown."""
    linked = {f.name for f in entry._meta.fields if f.is_relation}
    unknown = {f.name for f in entry._meta.fields if getattr(entry, f.attname) in ("", None)}
    try:
        entry.clean_fields(exclude=linked | unknown)
    except ValidationError as error:
        names = {f.name: f.verbose_name for f in entry._meta.fields}
        raise ValidationError(
            [
                f"{entry._meta.verbose_name}の{names[name]}:{message}"
                for name, messages in error.message_dict.items()
                for message in messages
            ]
        ) from None

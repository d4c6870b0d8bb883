"""What every import of a table has in common: its columns, what became of each row, the report."""

from __future__ import annotations

import enum
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shinshiro_sns.tables import Row, Table, UnreadableTable, fold_heading


@dataclass(frozen=True)
class Column:
    """One field that an import reads: its name for `--map`, the headings it is known by.

    The first heading is the one the portal's own export writes.
    """

    name: str
    headings: tuple[str, ...]
    required: bool = False
    hint: str = ""

    @property
    def heading(self) -> str:
        """What people call it."""
        return self.headings[0]


class Verdict(enum.Enum):
    """What became of a row."""

    IMPORTED = "取り込む"
    SKIPPED = "取り込まない"
    FAILED = "誤り"


@dataclass(frozen=True)
class Outcome:
    """One row: its line, what became of it, what it is about, why, and what to look at.

    `detail` says as what it was read.
    """

    line: int
    verdict: Verdict
    label: str = ""
    detail: str = ""
    reasons: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """All that is to be said of it."""
        return " ".join((*self.reasons, *self.remarks))


@dataclass
class Report:
    """What an import did, or would do. `written` says whether it did."""

    outcomes: list[Outcome] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    written: bool = False
    changed_meanwhile: bool = False

    def count(self, verdict: Verdict) -> int:
        """How many rows came to `verdict`."""
        return self._counts()[verdict]

    def _counts(self) -> Counter[Verdict]:
        return Counter(outcome.verdict for outcome in self.outcomes)

    @property
    def imported(self) -> int:
        """Rows that were, or would be, taken in."""
        return self.count(Verdict.IMPORTED)

    @property
    def skipped(self) -> int:
        """Rows that are in the register already, or repeat another."""
        return self.count(Verdict.SKIPPED)

    @property
    def failed(self) -> int:
        """Rows with something wrong."""
        return self.count(Verdict.FAILED)

    def by_weight(self) -> list[Outcome]:
        """Every row: failures, then repetitions, then what wants a look, then the rest."""
        order = (Verdict.FAILED, Verdict.SKIPPED, Verdict.IMPORTED)
        return sorted(
            self.outcomes,
            key=lambda row: (order.index(row.verdict), not row.remarks, row.line),
        )

    def fingerprint(self) -> str:
        """The same for the same outcome: tells whether what was previewed is what would be done."""
        digest = hashlib.sha256()
        for outcome in self.outcomes:
            digest.update(repr((outcome.line, outcome.verdict.name, outcome.detail)).encode())
            digest.update(repr((outcome.reasons, outcome.remarks)).encode())
        return digest.hexdigest()


class Columns:
    """Which column of a table holds which field."""

    def __init__(
        self, table: Table, columns: Iterable[Column], mapping: Mapping[str, str] | None = None
    ) -> None:
        """Finds them by `mapping` (field → heading), then by known headings.

        Raises `UnreadableTable` naming what was asked for and is not there.
        """
        self.columns = tuple(columns)
        self.at: dict[str, int] = {}
        known = {column.name for column in self.columns}
        headings = [fold_heading(heading) for heading in table.headings]
        for name, heading in (mapping or {}).items():
            if name not in known:
                names = "、".join(column.name for column in self.columns)
                raise UnreadableTable(f"「{name}」という項目はありません(使える項目:{names})。")
            places = [at for at, h in enumerate(headings) if h == fold_heading(heading)]
            self.at[name] = self._only(places, heading, table)
        for column in self.columns:
            if column.name in self.at or column.name in (mapping or {}):
                continue
            for heading in (*column.headings, column.name):
                places = [at for at, h in enumerate(headings) if h == fold_heading(heading)]
                free = [at for at in places if at not in self.at.values()]
                if free:
                    self.at[column.name] = self._only(free, heading, table)
                    break
        missing = [c.heading for c in self.columns if c.required and c.name not in self.at]
        if missing:
            there = "、".join(filter(None, table.headings[:20])) or "(なし)"
            raise UnreadableTable(
                f"{'、'.join(f'「{heading}」' for heading in missing)}の列が見つかりません"
                f"(ファイルの見出し:{there[:300]})。"
            )

    @staticmethod
    def _only(places: list[int], heading: str, table: Table) -> int:
        if not places:
            there = "、".join(filter(None, table.headings[:20])) or "(なし)"
            raise UnreadableTable(
                f"「{heading}」という列がありません(ファイルの見出し:{there[:300]})。"
            )
        if len(places) > 1:
            raise UnreadableTable(
                f"「{heading}」という列が{len(places)}つあります。見出しを変えてください。"
            )
        return places[0]

    def read(self, row: Row) -> tuple[dict[str, str], tuple[str, ...]]:
        """The row's fields by name, and what is wrong with the cells they stand in."""
        if row.fault:
            return {}, (row.fault,)
        values = {column.name: "" for column in self.columns}
        faults = []
        for column in self.columns:
            at = self.at.get(column.name)
            if at is None:
                continue
            values[column.name] = row.cells[at]
            if at in row.faults:
                faults.append(f"「{column.heading}」に{row.faults[at]}")
        return values, tuple(faults)

"""How long personal data is kept (保存期間), record by record: declared once by each app.

The table is shown to those who propose and approve an erasure, printed into `docs/retention.md`,
and carried out by `staff.erasing`. A new record with personal data is one new `Term`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, TextField, Value, When

BATCH = 1000
ERASED = "(保存期間が過ぎたため消去しました)"
APRIL = 4


def _by_itself(*args: Any) -> Any:
    raise LookupError("The portal erases this by itself, day by day.")


@dataclass(frozen=True)
class Term:
    """One line of the table.

    `rows` gives what still holds personal data and was over before a day; `erase` erases it in the
    caller's transaction and says how many rows it was. There is neither where the portal erases by
    itself, day by day. `sweep` is called once all is committed, and again whenever one likes.
    `to_confirm` marks a term that the city's own rules on documents decide.
    """

    name: str
    record: str
    personal: str
    years: int
    counted_from: str
    basis: str
    at_the_end: str
    rows: Callable[[datetime.date], QuerySet[Any]] = _by_itself
    erase: Callable[[QuerySet[Any]], int] = _by_itself
    sweep: Callable[[], None] | None = None
    to_confirm: bool = True
    kept: str = ""

    @property
    def said(self) -> str:
        """How long, in words."""
        return self.kept or f"{self.years}年"

    def before(self, day: datetime.date) -> datetime.date:
        """What was over before this day is past its term on `day`.

        As the city counts the terms of documents: from the first of April that follows.
        """
        began = day.year if day.month >= APRIL else day.year - 1
        return datetime.date(began - self.years, APRIL, 1)

    def select(self, before: datetime.date) -> QuerySet[Any]:
        """The rows that were over before that day and still hold personal data."""
        return self.rows(before)

    def carry_out(self, before: datetime.date) -> int:
        """Erase them, in the caller's transaction; how many."""
        return self.erase(self.select(before))


TERMS: list[Term] = []


def declare(terms: Iterable[Term]) -> None:
    """Add an app's lines, once, when the app is ready."""
    known = {term.name for term in TERMS}
    TERMS.extend(term for term in terms if term.name not in known)


def erasable() -> list[Term]:
    """The lines that two people approve; the portal carries out the others by itself."""
    return [term for term in TERMS if term.erase is not _by_itself]


def in_batches(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """The keys of `rows`, as many at a time as any database takes in one condition.

    In the caller's transaction: each batch is locked and asked for again, so that nothing is erased
    that somebody has taken up again in the meantime.
    """
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        held = rows.model._base_manager.filter(pk__in=some).select_for_update().order_by("pk")
        list(held.values_list("pk", flat=True))
        yield list(rows.filter(pk__in=some).order_by("pk").values_list("pk", flat=True))


def words_left(*fields: str) -> Q:
    """The rows in one of whose text `fields` what somebody wrote still stands."""
    found = Q(pk__in=[])
    for name in fields:
        found |= Q(**{f"{name}__isnull": False}) & ~Q(**{f"{name}__in": ["", ERASED]})
    return found


def without_words(*fields: str) -> dict[str, Any]:
    """For `update`: what was written goes, what was left empty stays so."""
    return {
        name: Case(
            When(Q(**{name: ""}) | Q(**{f"{name}__isnull": True}), then=F(name)),
            default=Value(ERASED),
            output_field=TextField(),
        )
        for name in fields
    }


def texts(
    model: Any, over: Callable[[datetime.date], Q], fields: Sequence[str],
    of: Mapping[Any, tuple[str, Sequence[str]]] | None = None, **more: Any,
) -> dict[str, Any]:  # fmt: skip
    """`rows` and `erase` of a `Term` for what people wrote into `fields`, their history included.

    `over` says which rows were over before a day. `of` has, by model, rows that go with them: the path
    from one to its row, and its fields. `more` is what the row itself is given beside that.
    """
    with_them = {model: ("pk", fields), **(of or {})}

    def past(each: Any, path: str, names: Sequence[str]) -> list[tuple[QuerySet[Any], str]]:
        """Where such words stand: in the table, and in its history; with the path to the row."""
        stand = [(each._base_manager.filter(words_left(*names)), path)]
        if hasattr(each, "history"):
            history = each.history.filter(words_left(*names, "history_change_reason"))
            stand.append((history, "id" if path == "pk" else path))
        return stand

    def rows(before: datetime.date) -> QuerySet[Any]:
        found: Any = Q(pk__in=[])
        for each, (path, names) in with_them.items():
            for standing, key in past(each, path, names):
                found |= Exists(standing.filter(**{key: OuterRef("pk")}))
        asked: QuerySet[Any] = model._base_manager.filter(over(before)).filter(found)
        return asked

    def erase(asked: QuerySet[Any]) -> int:
        erased = 0
        for keys in in_batches(asked):
            erased += len(keys)
            for each, (path, names) in with_them.items():
                for standing, key in past(each, path, names):
                    is_history = standing.model is not each
                    gone = without_words(*names, *(["history_change_reason"] * is_history))
                    standing.filter(**{f"{key}__in": keys}).update(**gone)
            if more:
                model._base_manager.filter(pk__in=keys).update(**more)
        return erased

    return {"rows": rows, "erase": erase}


def document() -> str:
    """The document `docs/retention.md`, printed from the table."""
    lines = "".join(
        f"| {term.record} | {term.personal} | {term.said} | {term.counted_from} "
        f"| {term.basis}{' **要確認**' if term.to_confirm else ''} | {term.at_the_end} |\n"
        for term in TERMS
    )
    return HEAD + lines


HEAD = """# 個人情報の保存期間

Printed by `manage.py draw_terms` from the terms that each app declares in its `terms.py`; a test
compares the two. How an erasure is proposed, approved and applied again after a restore stands in
[decision 0015](decisions/0015-retention.md).

アカウントの記録は消しません。期間が過ぎたら、その中の個人情報だけを消します。「要確認」の期間は、
市の文書管理の定めに合わせて、運用を始める前に市が確かめてください。期間は年度で数えます。
たとえば5年は、起算日の次の4月1日から5年です。

| 記録 | 個人情報 | 保存期間 | 起算日 | 根拠 | 期間が過ぎたら |
|---|---|---|---|---|---|
"""

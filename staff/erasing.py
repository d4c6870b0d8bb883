"""Erasing what is past its term: proposed by one person, approved by another, then carried out.

Each line of the table is erased in a transaction of its own together with its count, so that a run
that is cut off goes on where it was. What was carried out is also written down outside the
database: a backup is older than that file, and what it brings back is erased again.
"""

from __future__ import annotations

import datetime
import json
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from shinshiro_sns.retention import Term, erasable
from staff import notices
from staff.models import Department, Erasure, User


class NotNow(Exception):
    """The erasure cannot go on as asked; the message says why."""


@dataclass(frozen=True)
class Line:
    """One line of the table with what stands in it for a day: found, and once it is done erased."""

    term: Term
    before: datetime.date
    found: int
    erased: int | None = None


def found_on(day: datetime.date) -> list[Line]:
    """What is past its term on `day`, line by line."""
    return [
        Line(term, term.before(day), term.select(term.before(day)).count()) for term in erasable()
    ]


def lines_of(erasure: Erasure) -> list[Line]:
    """What an erasure found and did, as the table stands now."""
    return [
        Line(
            term, term.before(erasure.until), erasure.found.get(term.name, 0),
            erasure.erased.get(term.name),
        )
        for term in erasable()
    ]  # fmt: skip


def propose(by: User) -> Erasure:
    """Propose to erase what is past its term today. Raises `NotNow`, `PermissionDenied`."""
    if not by.has_perm("staff.propose_erasure"):
        raise PermissionDenied
    day = timezone.localdate()
    found = {line.term.name: line.found for line in found_on(day)}
    if not any(found.values()):
        raise NotNow("保存期間が過ぎた個人情報はありません。")
    try:
        with transaction.atomic():
            if _open().exists():
                raise NotNow(
                    "承認を待っている消去があります。先にそれを承認するか、取り下げてください。"
                )
            erasure = Erasure.objects.create(
                key=str(uuid.uuid4()),
                until=day,
                found=found,
                proposed_by=by,
                department=Department.objects.pr_division(),
            )
            notices.erasure_proposed(erasure)
    except IntegrityError:
        raise NotNow("ほかの人が、今日の分をすでに起案しています。") from None
    return erasure


def withdraw(erasure: Erasure, by: User) -> None:
    """Give it up before it is approved. Raises `NotNow`, `PermissionDenied`."""
    if not by.has_perm("staff.propose_erasure"):
        raise PermissionDenied
    changed = Erasure.objects.filter(
        pk=erasure.pk, approved_at__isnull=True, withdrawn_at__isnull=True
    ).update(withdrawn_by=by, withdrawn_at=timezone.now())
    if not changed:
        raise NotNow("この消去は、すでに承認されたか、取り下げられています。")


def may_approve(erasure: Erasure, person: User) -> bool:
    """Whether `person` is one who approves, and not the one who proposed it."""
    return person.has_perm("staff.approve_erasure") and person.pk != erasure.proposed_by_id


def approve(erasure: Erasure, by: User, total: int) -> Erasure:
    """Approve it and carry it out. `total` is the number of records that the person has read.

    Raises `NotNow`, and `PermissionDenied` for whoever proposed it.
    """
    if not may_approve(erasure, by):
        raise PermissionDenied
    recounted = ""
    with transaction.atomic():
        erasure = Erasure.objects.select_for_update().get(pk=erasure.pk)
        if erasure.withdrawn_at or erasure.approved_at:
            raise NotNow("この消去は、すでに承認されたか、取り下げられています。")
        found = {line.term.name: line.found for line in found_on(erasure.until)}
        if found != erasure.found:
            recounted = (
                "起案の後で件数が変わりました。今の件数を確かめて、もう一度承認してください。"
            )
            erasure.found = found
        elif total != sum(found.values()):
            raise NotNow("入力した件数が、消去する件数の合計と違います。")
        else:
            erasure.approved_by, erasure.approved_at = by, timezone.now()
        erasure.save()
    if recounted:
        raise NotNow(recounted)
    return carry_out(erasure)


def carry_out(erasure: Erasure) -> Erasure:
    """Erase line by line what is not erased yet. Raises `NotNow` where it is not approved."""
    if erasure.approved_at is None:
        raise NotNow("この消去は、まだ承認されていません。")
    for term in erasable():
        with transaction.atomic():
            erasure = Erasure.objects.select_for_update().get(pk=erasure.pk)
            if term.name not in erasure.erased:
                erasure.erased[term.name] = term.carry_out(term.before(erasure.until))
                erasure.save(update_fields=["erased"])
    _sweep()
    if erasure.carried_out_at is None:
        # First the file: what the database calls carried out is always in it.
        _write_down(erasure)
        erasure.carried_out_at = timezone.now()
        erasure.save(update_fields=["carried_out_at"])
    return erasure


@dataclass(frozen=True)
class Entry:
    """One erasure as the file outside the database knows it. Nobody is named in it."""

    key: str
    until: datetime.date
    before: dict[str, datetime.date]
    erased: dict[str, int]


def entries() -> list[Entry]:
    """What the file says, each erasure once, in its order. Raises `NotNow` for a file that is none."""
    path = Path(settings.ERASURE_LOG)
    if not path.exists():
        return []
    found: dict[str, Entry] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            entry = _entry(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise NotNow(f"消去の記録ファイルの{number}行目を読み取れません。") from None
        found[entry.key] = entry
    return list(found.values())


def log_is_there() -> bool:
    """Whether there is a file at all: where nothing was ever erased, there is none."""
    return Path(settings.ERASURE_LOG).exists()


def known() -> list[Entry]:
    """What the file says and, after it, what only the database says was carried out."""
    found = entries()
    in_file = {entry.key for entry in found}
    done = Erasure.objects.filter(carried_out_at__isnull=False).order_by("pk")
    return found + [_entry_of(erasure) for erasure in done if erasure.key not in in_file]


def again(entry: Entry) -> dict[str, int]:
    """Erase what a restored backup brought back of `entry`; how much, line by line."""
    erased = {}
    for term in erasable():
        if term.name in entry.before:
            with transaction.atomic():
                erased[term.name] = term.carry_out(entry.before[term.name])
    _sweep()
    return erased


def _open() -> Any:
    return Erasure.objects.filter(carried_out_at__isnull=True, withdrawn_at__isnull=True)


def _sweep() -> None:
    for term in erasable():
        if term.sweep is not None:
            term.sweep()


def _write_down(erasure: Erasure) -> None:
    entry = _entry_of(erasure)
    line = json.dumps(
        {
            "key": entry.key,
            "until": entry.until.isoformat(),
            "before": {name: day.isoformat() for name, day in entry.before.items()},
            "erased": entry.erased,
        }
    )
    path = Path(settings.ERASURE_LOG)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as file:
        file.write(f"{line}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def _entry_of(erasure: Erasure) -> Entry:
    before = {line.term.name: line.before for line in lines_of(erasure)}
    return Entry(erasure.key, erasure.until, before, erasure.erased)


def _entry(read: dict[str, Any]) -> Entry:
    return Entry(
        str(read["key"]),
        datetime.date.fromisoformat(read["until"]),
        {name: datetime.date.fromisoformat(day) for name, day in read["before"].items()},
        {name: int(count) for name, count in read["erased"].items()},
    )

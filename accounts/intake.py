"""Putting on record what a table told of accounts' ledgers: with who took it in, and when.

What only a decision made here brings about is kept beside the account, word for word.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from simple_history.utils import bulk_create_with_history

from accounts.ledger_columns import DECIDED
from accounts.models import Account, Certification, Credentials, Intake, Origin
from accounts.taken_row import TakenRow
from staff.models import User

REASON = "表からの取込み"
BATCH = 500
_WITH_HISTORY = (Certification, Credentials)


def keep_words(row: TakenRow) -> None:
    """What only a decision made here brings about is kept as the table says it."""
    kept = {
        cell.heading: text
        for cell in DECIDED
        if (text := row.text(cell.name)) and text != Account.Status.PREPARING.label
    }
    row.said |= kept
    if kept:
        named = "、".join(f"「{heading}」" for heading in kept)
        row.remarks.append(
            f"{named}は、受理または所属の長の決定によってだけ変わるため、取込元の記載として残します。"
        )


def write(rows: Iterable[TakenRow], by: User | None, file_name: str) -> None:
    """Put the entries on record, for accounts that are saved, in the caller's transaction."""
    rows = [row for row in rows if row.entries or row.said]
    if not rows:
        return
    intake = Intake.objects.create(file_name=file_name[:200], taken_by=by)
    by_model: dict[Any, list[Any]] = {}
    for row in rows:
        for entry in row.entries:
            # Given again: an account that is new had no key when the entry was made.
            entry.account, entry.taken_over = row.account, intake
            for recorder in ("recorded_by", "added_by"):
                if hasattr(entry, f"{recorder}_id"):
                    setattr(entry, recorder, by)
            by_model.setdefault(type(entry), []).append(entry)
    for model, entries in by_model.items():
        if model in _WITH_HISTORY:
            bulk_create_with_history(
                entries, model, batch_size=BATCH, default_user=by, default_change_reason=REASON
            )
        else:
            model.objects.bulk_create(entries, batch_size=BATCH)
    Origin.objects.bulk_create(
        (Origin(account=row.account, intake=intake, said=row.said) for row in rows if row.said),
        batch_size=BATCH,
    )

"""The timeline of a post, read from the history that every step and every saved edit leaves behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from policies.history import Entry, done
from postings.models import Post
from postings.workflow import post_workflow

Row = Any


def timeline(post: Post) -> list[Entry]:
    """Everything that happened to `post`, the newest first; one query."""
    rows: Iterable[Row] = post.history.select_related("history_user", "edited_by").order_by(
        "history_id"
    )
    return list(reversed(list(_entries(rows))))


def _entries(rows: Iterable[Row]) -> Iterator[Entry]:
    before: Row = None
    pending: Entry | None = None
    for row in rows:
        entry = _entry(row, before)
        # What one person edited in a row comes together, as of the last time.
        if pending and not (_is_edit(entry) and _is_edit(pending) and entry.who == pending.who):
            yield pending
        pending, before = entry, row
    if pending:
        yield pending


EDITED = "下書きを直しました"


def _is_edit(entry: Entry) -> bool:
    return entry.what == EDITED


def _entry(row: Row, before: Row) -> Entry:
    who = (row.history_user or row.edited_by).name
    if before is None:
        return Entry(row.history_date, who, "下書きを作りました")
    step = post_workflow.steps.get(row.step)
    if step is None:
        return Entry(row.history_date, who, EDITED)
    lines = [f"{step.note_label}:{row.history_change_reason}"] if row.history_change_reason else []
    if step.name in ("ready", "ask") and row.answer:
        lines.append(row.answer)
    if step.name in ("ready", "ask", "post") and row.allowed is False:
        lines.append(f"事由:{row.get_ground_display()} — {row.ground_reason}")
    if step.name == "amend" and before.urls != row.urls:
        lines.append(f"前のURL:{before.urls or 'なし'}")
    return Entry(row.history_date, who, done(step.label), "\n".join(lines))

"""Posts for tests, brought to a state by their own steps."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import timezone

from accounts.models import Account
from postings import drafting
from postings.decisions import look, points
from postings.models import Post
from postings.workflow import post_workflow
from staff.models import User

WAYS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "awaiting": ("ask",),
    "returned": ("ask", "return"),
    "checked": ("ready",),
    "approved": ("ask", "approve"),
    "posted": ("ready", "post"),
    "dropped": ("drop",),
}


def written(
    on: Account, text: str = "本日、図書館は開館します。", **fields: Any
) -> drafting.Written:
    """What somebody wrote, with all that was found decided; with a ground, for whatever the clock says."""
    given = {"ground": "disaster", "ground_reason": "大雨のため", **fields}
    if "decisions" not in given:
        found = look(on, text, given.get("images", ()), given.get("services", ()))
        given["decisions"] = {point.key: "確かめました" for point in points(found, {})}
    return drafting.Written(text, **given)


def sent(on: Account, **fields: Any) -> dict[str, Any]:
    """What recording that a post went out asks for, as `post_workflow.take` wants it."""
    return {"posted_at": timezone.now(), "urls": f"{on.url}/status/1", **fields}


def post(
    on: Account, by: User, state: str = "draft", *, approver: User | None = None,
    text: str = "本日、図書館は開館します。", key: uuid.UUID | None = None, **fields: Any,
) -> Post:  # fmt: skip
    """A post brought to `state` by its own steps."""
    made = drafting.begun(on, written(on, text, **fields), by, key or uuid.uuid4())
    for step in WAYS[state]:
        other = step in ("approve", "return")
        extra = sent(on) if step == "post" else {}
        made = post_workflow.take(
            made, step, by=approver if other and approver else by,
            note="日付を直してください" if step == "return" else "", **extra,
        )  # fmt: skip
    return made

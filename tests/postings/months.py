"""Posts that went out in some month, laid down without their way: for what a head looks at."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Account
from postings.models import Post
from postings.periods import Period, next_period, posts_in
from postings.supervising import confirm, seal
from shinshiro_sns.days import read_day
from staff.models import Department, User

TOKYO = ZoneInfo("Asia/Tokyo")
KEPT_ERROR = {"key": "k", "level": "error", "decision": "引用のため"}


def at(text: str) -> datetime.datetime:
    """2026-10-05 12:00, in Tokyo; noon where no time is named."""
    day, _, clock = text.partition(" ")
    time = datetime.time.fromisoformat(clock) if clock else datetime.time(12)
    return datetime.datetime.combine(read_day(day), time, TOKYO)


def went_out(on: Account, by: User, posted: str, **fields: Any) -> Post:
    """A post that went out then, and was recorded at once."""
    moment = at(posted)
    recorded = at(fields.pop("recorded", posted))
    given = {
        "account": on, "text": "本日、図書館は開館します。", "state": "posted", "created_by": by,
        "edited_by": by, "checked_by": by, "checked_at": moment, "allowed": True,
        "answer": "発信できます。", "answered_for": moment, "posted_by": by, "posted_at": moment,
        "recorded_at": recorded, "urls": f"{on.url}/status/1", "created_at": moment,
        "edited_at": moment, "state_since": recorded, **fields,
    }  # fmt: skip
    return Post.objects.create(**given)


def outside(ground: str = "disaster", reason: str = "大雨のため") -> dict[str, Any]:
    """What a post carries that went out beside its hours."""
    return {
        "allowed": False, "answer": "発信できません。", "ground": ground, "ground_reason": reason
    }  # fmt: skip


def period(department: Department, month: str) -> Period:
    """2026-10 of a department."""
    return Period(department, read_day(f"{month}-01"))


def confirmed(of: Period, by: User, **given: Any) -> Any:
    """A month confirmed by who has seen all that it takes in."""
    posts = posts_in(of, None, next_period(of.department))
    return confirm(of, by, **{"note": "", "seen": seal(keys_of(posts)), **given})


def keys_of(posts: Any) -> Iterable[int]:
    """The keys of the posts a page would show."""
    return posts.values_list("pk", flat=True)

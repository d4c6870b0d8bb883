"""What posts and declared emergencies leave to be done: clauses 4(1), 4(2)."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from postings.conditions import APPROVE
from postings.declaring import REVIEW
from postings.models import Emergency, Post
from shinshiro_sns.duties import Duty, late_since
from staff.actors import Author, Holders

# A post is of its day: what waits for it waits until the next at most.
WITHIN = datetime.timedelta(days=1)


def _posts(rows: Any) -> QuerySet[Any]:
    found: QuerySet[Any] = rows.select_related("account__department")
    return found.order_by("state_since", "pk")


def to_approve(day: datetime.date) -> QuerySet[Any]:
    """Those that wait for a second pair of eyes."""
    return _posts(Post.objects.awaiting_approval())


def to_record(day: datetime.date) -> QuerySet[Any]:
    """Checked or approved, and nobody has said yet that they went out, or that they will not."""
    return _posts(Post.objects.to_go_out())


def to_mend(day: datetime.date) -> QuerySet[Any]:
    """Sent back by whoever looked at them."""
    return _posts(Post.objects.filter(state=Post.State.RETURNED))


def emergencies_to_review(day: datetime.date) -> QuerySet[Emergency]:
    """Those a deputy declared for the head, who has not looked at them yet (後閲)."""
    return Emergency.objects.awaiting_review().select_related("department")


def _label(post: Post) -> str:
    return f"{post.account} — {post.excerpt}"


def _declared(emergency: Emergency) -> str:
    return f"{emergency}({emergency.department})"


def _due(post: Post) -> datetime.date:
    return timezone.localdate(post.state_since) + WITHIN


_LATE = late_since("state_since", WITHIN)
_AUTHOR = Author("postings.add_post", "edited_by")

DUTIES = (
    Duty("approve_post", "4(2)", "発信の承認を待っている原稿", "内容を確かめる", to_approve,
         Holders(APPROVE, not_by=("created_by", "edited_by", "asked_by")),
         _label, lambda post: post.state_since, Post.get_absolute_url, _due, overdue=_LATE),
    Duty("mend_post", "4(2)", "差し戻された原稿", "直して依頼する", to_mend, _AUTHOR,
         _label, lambda post: post.state_since, Post.get_absolute_url, _due, overdue=_LATE),
    Duty("record_post", "4(1)", "発信したことを記録していない原稿", "記録する", to_record, _AUTHOR,
         _label, lambda post: post.state_since, Post.get_absolute_url, _due, overdue=_LATE),
    Duty("review_emergency", "4(1)", "後閲を待っている緊急時の宣言", "内容を確かめる",
         emergencies_to_review, Holders(REVIEW, not_by="declared_by"), _declared,
         lambda emergency: emergency.declared_at, Emergency.get_absolute_url,
         department="department", account="", overdue=late_since("declared_at")),
)  # fmt: skip

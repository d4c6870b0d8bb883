"""What supervision leaves to be done, 4(4): months to confirm, questions to answer, and what the PR
division asks for where a month's time is over."""

from __future__ import annotations

import datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from postings.inquiring import ANSWER
from postings.models import Inquiry, Supervision, SupervisionPrompt
from postings.models.supervision import ANSWERED_WITHIN
from postings.periods import MONTH, late_on, month_of, months_open, next_of, open_on
from postings.supervising import FOR_HEAD, PROMPT, REVIEW, SUPERVISE
from shinshiro_sns.days import start_of
from shinshiro_sns.duties import WAITING, Duty, late_since
from staff.actors import Author, Holders
from staff.standing_in import absences_that_count


def to_supervise(day: datetime.date) -> QuerySet[Any]:
    """Departments with a month that is over and not confirmed."""
    return open_on(day)


def to_supervise_for_head(day: datetime.date) -> QuerySet[Any]:
    """The same where the head's absence is on record, for a deputy."""
    return open_on(day).filter(pk__in=absences_that_count(day).values("department"))


def _late(rows: QuerySet[Any], day: datetime.date) -> QuerySet[Any]:
    late: QuerySet[Any] = rows.filter(open_from__lt=month_of(day) - MONTH)
    return late


def _label(department: Any) -> str:
    more = months_open(department, timezone.localdate()) - 1
    return f"{department} {next_of(department)}" + (f"(ほか{more}か月)" if more > 0 else "")


def to_prompt(day: datetime.date) -> QuerySet[Any]:
    """Departments whose month is late, and which nobody has asked for it in this month."""
    asked = SupervisionPrompt.objects.filter(department=OuterRef("pk")).order_by("-asked_at")
    rows = late_on(day).annotate(asked_at=Subquery(asked.values("asked_at")[:1]))
    this_month = start_of(month_of(day))
    open_ones: QuerySet[Any] = rows.filter(Q(asked_at__isnull=True) | Q(asked_at__lt=this_month))
    return open_ones


def _to_prompt_since(department: Any) -> datetime.datetime:
    """Since it was late, or since the month after it was last asked for."""
    since = next_of(department).due_on + relativedelta(days=1)
    if department.asked_at:
        since = max(since, month_of(timezone.localdate(department.asked_at)) + MONTH)
    return start_of(since)


def _long_unprompted(rows: QuerySet[Any], day: datetime.date) -> QuerySet[Any]:
    before = day - WAITING - datetime.timedelta(days=1)
    return rows.filter(pk__in=to_prompt(before).order_by().values("pk"))


def to_answer(day: datetime.date) -> QuerySet[Any]:
    """Questions without an answer, the oldest first."""
    waiting: QuerySet[Any] = Inquiry.objects.unanswered().order_by("asked_at", "pk")
    return waiting.select_related("post__account__department", "addressee")


def to_review(day: datetime.date) -> QuerySet[Supervision]:
    """Confirmed by a deputy in the head's absence (後閲)."""
    return Supervision.objects.awaiting_review().select_related("department")


def _page(department: Any) -> str:
    return next_of(department).get_absolute_url()


def _since(department: Any) -> datetime.datetime:
    return start_of(next_of(department).next_on)


def _due(department: Any) -> datetime.date:
    return next_of(department).due_on


DUTIES = (
    Duty("supervise", "4(4)", "発信の監督を確認していない月", "発信を見て確認する", to_supervise,
         Holders(SUPERVISE), _label, _since, _page, _due,
         department="pk", account="", overdue=_late),
    Duty("supervise_for_head", "4(4)", "発信の監督の、代決による確認を待っている月",
         "発信を見て確認する", to_supervise_for_head, Holders(FOR_HEAD, rather=SUPERVISE),
         _label, _since, _page, _due, department="pk", account="", overdue=_late),
    Duty("prompt_supervision", "4(4)", "発信の監督の確認が期限を過ぎ、依頼していない所属",
         "所属の長に依頼する", to_prompt, Holders(PROMPT), _label, _to_prompt_since,
         lambda department: reverse("postings:prompt_supervision", args=[department.pk]),
         department="pk", account="", overdue=_long_unprompted),
    Duty("review_supervision", "4(4)", "発信の監督の後閲を待っている月", "内容を確かめる", to_review,
         Holders(REVIEW, not_by="confirmed_by"), str, lambda row: row.confirmed_at,
         Supervision.get_absolute_url, department="department", account="",
         overdue=late_since("confirmed_at")),
    Duty("answer_inquiry", "4(4)", "回答していない照会", "回答する", to_answer,
         Author(ANSWER, "addressee"), lambda row: f"{row.post.account} — {row.post.excerpt}",
         lambda row: row.asked_at, Inquiry.get_absolute_url, lambda row: row.due_on,
         department="post__account__department", account="post__account",
         overdue=late_since("asked_at", ANSWERED_WITHIN)),
)  # fmt: skip

"""A head supervises what his department sends out, 4(4): the one place that confirms a month, and writes
what follows.

A confirmation stays: nobody takes it back, and what is to be said afterwards is added to it.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from postings import figures, notices
from postings.models import (
    Inquiry,
    Post,
    Supervision,
    SupervisionPrompt,
    SupervisionRemark,
)
from postings.periods import CLAUSE, Period, late_on, next_of, next_period, posts_in
from shinshiro_sns.history import acting
from shinshiro_sns.steps import CHANGED, StepNotMet, StepOvertaken, Unmet
from staff.models import Absence, Department, Membership, User
from staff.standing_in import absences_that_count

READ = "postings.view_supervision"
SUPERVISE, FOR_HEAD = "postings.add_supervision", "postings.add_supervision_for_head"
REVIEW, PROMPT = "postings.review_supervision", "postings.add_supervisionprompt"
BATCH = 500


def absence_today(period: Period) -> Absence | None:
    """The absence of the head in which a deputy may act today."""
    counting = absences_that_count(timezone.localdate())
    return counting.filter(department=period.department).first()


def heads_of(department: Department) -> set[int]:
    """The heads whose own posts are marked, by their keys."""
    heads = Membership.objects.current().filter(department=department, role=Membership.Role.HEAD)
    return set(heads.values_list("user", flat=True))


def scene_of(period: Period, supervision: Supervision | None, by: User) -> figures.Scene:
    """What the figures of a month depend on: beside the heads' own posts, those of who confirmed it,
    or of `by` where he is to confirm it, are marked."""
    own = heads_of(period.department)
    if supervision is not None:
        own.add(supervision.confirmed_by_id)
    elif may_confirm(by, period.department):
        own.add(by.pk)
    return figures.Scene(period.moments[0], own)


def may_confirm(user: User, department: Department) -> bool:
    """Whether it is `user`'s to confirm its months, now or in an absence of the head."""
    return any(user.has_perm(permission, department) for permission in (SUPERVISE, FOR_HEAD))


def lacking(period: Period, by: User, posts: Any) -> list[Unmet]:
    """What confirming a month waits for."""
    unmet = []
    if not by.has_perm(SUPERVISE, period.department) and absence_today(period) is None:
        sentence = "今日は所属の長の不在が記録されていないため、代決できません。"
        unmet.append(Unmet(sentence, CLAUSE, "absence"))
    if period.next_on > timezone.localdate():
        sentence = f"{period}は、月が終わってから確認します。"
        return [*unmet, Unmet(sentence, CLAUSE)]
    following = next_period(period.department)
    if following is not None and following.begins_on < period.begins_on:
        unmet.append(Unmet(f"先に{following}を確認してください。", CLAUSE, "following"))
    elif following != period:
        unmet.append(Unmet(f"{period}には、確認するものがありません。", CLAUSE))
    waiting = Inquiry.objects.unanswered().filter(post__in=posts.order_by().values("pk")).count()
    if waiting:
        sentence = f"まだ回答のない照会が{waiting}件あります。回答を待つか、照会を取り下げてから確認してください。"
        unmet.append(Unmet(sentence, CLAUSE, "inquiries"))
    return unmet


def seal(keys: Iterable[int]) -> str:
    """A mark of the posts that somebody saw, to tell whether others have come since."""
    return hashlib.sha256(",".join(map(str, sorted(keys))).encode()).hexdigest()[:32]


@transaction.atomic
def confirm(period: Period, by: User, *, note: str, seen: str) -> Supervision:
    """Confirm a month whose posts bear the seal `seen`.

    Raises PermissionDenied, StepNotMet, or StepOvertaken where somebody confirmed it before, or where
    posts have been recorded since `by` looked.
    """
    if not may_confirm(by, period.department):
        raise PermissionDenied
    # One at a time in a department: its months follow one on another.
    department = Department.objects.select_for_update(of=("self",)).get(pk=period.department.pk)
    before = Supervision.objects.filter(department=department, begins_on=period.begins_on).first()
    if before is not None:
        sentence = f"{period}は、すでに{before.confirmed_by.name}さんが確認しています。"
        raise StepOvertaken([Unmet(sentence, CLAUSE)], before)
    posts = posts_in(period, None, next_period(department))
    if unmet := lacking(period, by, posts):
        raise StepNotMet(unmet)
    keys = list(posts.values_list("pk", flat=True))
    if seal(keys) != seen:
        raise StepOvertaken([CHANGED])
    scene = scene_of(period, None, by)
    row = Supervision(
        department=department, begins_on=period.begins_on, next_on=period.next_on, note=note,
        numbers=figures.counted(posts, scene), confirmed_by=by, confirmed_at=timezone.now(),
        absence=None if by.has_perm(SUPERVISE, period.department) else absence_today(period),
    )  # fmt: skip
    acting(row, by).save()
    _take_in(row, keys)
    if row.absence is not None:
        notices.supervised_for_head(row)
    return row


def _take_in(row: Supervision, keys: list[int]) -> None:
    """The posts that were looked at, and none that came meanwhile."""
    for first in range(0, len(keys), BATCH):
        some = Post.objects.filter(pk__in=keys[first : first + BATCH], supervision__isnull=True)
        some.update(supervision=row)


@transaction.atomic
def review(supervision: Supervision, by: User) -> None:
    """後閲: the head has looked at what the deputy confirmed for him; not by that deputy himself."""
    row = Supervision.objects.select_for_update(of=("self",)).get(pk=supervision.pk)
    if not by.has_perm(REVIEW, row):
        raise PermissionDenied
    if row.absence_id is None or row.reviewed_at is not None or row.confirmed_by_id == by.pk:
        raise StepOvertaken([Unmet("今は後閲を行う必要がありません。", CLAUSE)], row)
    row.reviewed_by, row.reviewed_at = by, timezone.now()
    acting(row, by).save()


def remark(supervision: Supervision, by: User, *, text: str, key: uuid.UUID) -> SupervisionRemark:
    """Add to a confirmed month what is to be said of it now; sent twice it is one."""
    if not may_confirm(by, supervision.department):
        raise PermissionDenied
    row, _ = SupervisionRemark.objects.get_or_create(
        key=key, defaults={"supervision": supervision, "text": text, "written_by": by}
    )
    return row


@transaction.atomic
def prompt(department: Department, by: User, *, text: str, key: uuid.UUID) -> SupervisionPrompt:
    """The PR division asks the head for the month that is late the longest; sent twice it is one.

    Raises StepOvertaken where none is late (any more).
    """
    if not by.has_perm(PROMPT, department):
        raise PermissionDenied
    Department.objects.select_for_update(of=("self",)).get(pk=department.pk)
    if known := SupervisionPrompt.objects.filter(key=key).first():
        return known
    late: Any = late_on(timezone.localdate()).filter(pk=department.pk).first()
    if late is None:
        sentence = f"{department}には、期限を過ぎた監督の確認はありません。"
        raise StepOvertaken([Unmet(sentence, CLAUSE)])
    row = SupervisionPrompt.objects.create(
        key=key, department=department, begins_on=next_of(late).begins_on, text=text, asked_by=by
    )
    notices.supervision_prompted(row)
    return row

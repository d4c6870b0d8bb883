"""Set-ups in which nobody could complete a step: named when they arise, to those who mend them.

A membership that ends leaves its gap on the day after, so the next month is looked at too.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from staff.models import Department, Membership, User

DAYS_AHEAD = 31


@dataclass(frozen=True)
class Gap:
    """What is missing and what follows from it, with the name and address of where it is mended."""

    sentence: str
    place: str
    url: str


def gaps(today: datetime.date | None = None) -> list[Gap]:
    """Every gap there is today, the gravest first, then those that are to come within a month.

    The same few queries for each day on which something ends, however many rows.
    """
    today = today or timezone.localdate()
    found = list(_gaps_on(today))
    known = set(found)
    for day in _days_of_change(today):
        for gap in _gaps_on(day):
            if gap not in known:
                known.add(gap)
                said = f"{day.year}年{day.month}月{day.day}日から:{gap.sentence}"
                found.append(Gap(said, gap.place, gap.url))
    return found


@contextmanager
def naming_new_gaps(request: HttpRequest) -> Iterator[None]:
    """Says at once, as a message, which gaps the change within brings about."""
    before = set(gaps())
    yield
    for gap in gaps():
        if gap not in before:
            messages.warning(request, gap.sentence)


def _days_of_change(today: datetime.date) -> list[datetime.date]:
    """The days after something ends."""
    within = {"valid_until__gte": today, "valid_until__lt": today + datetime.timedelta(DAYS_AHEAD)}
    ends: set[datetime.date] = set()
    for model in (Membership, Department):
        rows = model._default_manager.filter(**within).order_by()
        ends.update(filter(None, rows.values_list("valid_until", flat=True).distinct()))
    return [end + datetime.timedelta(1) for end in sorted(ends)]


def _gaps_on(day: datetime.date) -> Iterator[Gap]:
    yield from _pr_division(day)
    yield from _administrators()
    yield from _heads(day)
    yield from _abolished(day)


def _pr_division(day: datetime.date) -> Iterator[Gap]:
    division = Department.objects.pr_division()
    if division is None:
        yield Gap(
            "広報主管課が決まっていないため、運用ポリシーの報告を受ける所属がありません。",
            "広報主管課を選ぶ",
            reverse("admin:staff_department_changelist"),
        )
        return
    people = User.objects.members_of([division], day=day).filter(is_auditor=False).count()
    if people < 2:
        there = "職員が1人しかいない" if people else "職員がいない"
        yield Gap(
            f"広報主管課の「{division}」に{there}ため、受理できない報告があります"
            "(報告した本人は受理できません)。2人以上必要です。",
            *_memberships(division),
        )


def _administrators() -> Iterator[Gap]:
    if not User.objects.filter(is_administrator=True, is_active=True).exists():
        yield Gap(
            "システム管理者がいないため、所属と職員を登録できる人がいません。",
            "職員の一覧",
            reverse("admin:staff_user_changelist"),
        )


def _waiting(own_only: bool = False) -> QuerySet[Department]:
    """Departments that manage an account that is not closed or, beside that, share one."""
    living = ("preparing", "official", "suspended")
    needed = Q(accounts__status__in=living)
    if not own_only:
        needed |= Q(shared_accounts__status__in=living)
        needed |= Q(
            shared_operatingpolicys__state__in=("draft", "with_head", "reported", "returned")
        )
    return Department.objects.filter(needed).order_by()


def _heads(day: datetime.date) -> Iterator[Gap]:
    heads = Membership.objects.current(day).filter(
        role=Membership.Role.HEAD, user__is_active=True, user__is_auditor=False
    )
    without = (
        Department.objects.current(day)
        .filter(pk__in=_waiting().values("pk"))
        .exclude(pk__in=heads.values("department"))
    )
    for department in without:
        yield Gap(
            f"「{department}」に所属の長がいないため、運用ポリシーの決定や合議の回答ができません。",
            *_memberships(department),
        )


def _abolished(day: datetime.date) -> Iterator[Gap]:
    gone = Department.objects.filter(pk__in=_waiting(own_only=True).values("pk")).exclude(
        pk__in=Department.objects.current(day).values("pk")
    )
    for department in gone:
        yield Gap(
            f"「{department}」は存在しない期間にアカウントを管理しています。廃止日を確かめるか、アカウントを引き継いでください。",
            "所属を確かめる",
            reverse("admin:staff_department_change", args=[department.pk]),
        )


def _memberships(department: Department) -> tuple[str, str]:
    address = reverse("admin:staff_membership_changelist")
    return "所属の記録を確かめる", f"{address}?department__id__exact={department.pk}"

"""Set-ups in which nobody could complete a step: named when they arise, to those who mend them.

A membership that ends leaves its gap on the day after, so the next month is looked at too.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from staff.models import Department, Membership, User

DAYS_AHEAD = 31
# As accounts and policies call it, which this app does not know.
LIVING = ("preparing", "official", "suspended")
# Closed, but nobody has seen it deleted: somebody must still keep its password, 6(1).
TO_GUARD = Q(accounts__handle_fate="guarded") | Q(
    accounts__standingchange_rows__handle_fate="deleted",
    accounts__standingchange_rows__handle_done_on__isnull=True,
)
ON_THEIR_WAY = ("draft", "with_head", "reported", "returned")


@dataclass(frozen=True)
class Gap:
    """What is missing and what follows from it, with the name and address of where it is mended."""

    sentence: str
    place: str
    url: str


def gaps(today: datetime.date | None = None) -> list[Gap]:
    """Every gap there is today, the gravest first, then those that are to come within a month.

    The same few queries, however many rows and days on which something ends.
    """
    today = today or timezone.localdate()
    set_up = _SetUp.read(today)
    found = list(_gaps_on(today, set_up))
    known = set(found)
    for day in set_up.days_of_change():
        for gap in _gaps_on(day, set_up):
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


def _holds(row: Department | Membership, day: datetime.date) -> bool:
    return row.valid_from <= day and (row.valid_until is None or row.valid_until >= day)


@dataclass(frozen=True)
class _SetUp:
    """What the gaps of today and of the coming month follow from, read at once."""

    today: datetime.date
    departments: list[Department]
    places: list[Membership]
    managing: frozenset[int]
    sharing: frozenset[int]
    has_administrator: bool

    @classmethod
    def read(cls, today: datetime.date) -> _SetUp:
        """Of today's database: departments, heads and the PR division's people, and who has accounts."""
        places = Membership.objects.filter(
            Q(role=Membership.Role.HEAD) | Q(department__is_pr_division=True),
            Q(valid_until__isnull=True) | Q(valid_until__gte=today),
            user__is_active=True,
            user__is_auditor=False,
        )
        return cls(
            today=today,
            departments=list(Department.objects.all()),
            places=list(places.order_by()),
            managing=_having(Q(accounts__status__in=LIVING) | TO_GUARD),
            sharing=_having(
                Q(shared_accounts__status__in=LIVING)
                | Q(shared_operatingpolicys__state__in=ON_THEIR_WAY)
            ),
            has_administrator=User.objects.filter(is_administrator=True, is_active=True).exists(),
        )

    def days_of_change(self) -> list[datetime.date]:
        """The days within the coming month after something ends."""
        rows: list[Department | Membership] = [*self.departments, *self.places]
        ends = {row.valid_until for row in rows if row.valid_until}
        last = self.today + datetime.timedelta(DAYS_AHEAD)
        return [end + datetime.timedelta(1) for end in sorted(ends) if self.today <= end < last]

    def people_of(self, department: Department, day: datetime.date) -> set[int]:
        """Whoever has one of the places read, in a department that exists on that day."""
        if not _holds(department, day):
            return set()
        there = (row for row in self.places if row.department_id == department.pk)
        return {row.user_id for row in there if _holds(row, day)}

    def with_head(self, day: datetime.date) -> set[int]:
        """The departments that have a head on `day`."""
        heads = (row for row in self.places if row.role == Membership.Role.HEAD)
        return {row.department_id for row in heads if _holds(row, day)}


def _having(condition: Q) -> frozenset[int]:
    return frozenset(Department.objects.filter(condition).order_by().values_list("pk", flat=True))


def _gaps_on(day: datetime.date, set_up: _SetUp) -> Iterator[Gap]:
    yield from _pr_division(day, set_up)
    if not set_up.has_administrator:
        yield Gap(
            "システム管理者がいないため、所属と職員を登録できる人がいません。",
            "職員の一覧",
            reverse("admin:staff_user_changelist"),
        )
    with_head = set_up.with_head(day)
    for department in set_up.departments:
        if department.pk not in set_up.managing | set_up.sharing:
            continue
        if not _holds(department, day):
            yield _abolished(department, set_up)
        elif department.pk not in with_head:
            yield Gap(
                f"「{department}」に所属の長がいないため、運用ポリシーの決定や合議の回答ができません。",
                *_memberships(department),
            )


def _pr_division(day: datetime.date, set_up: _SetUp) -> Iterator[Gap]:
    division = next((row for row in set_up.departments if row.is_pr_division), None)
    if division is None:
        yield Gap(
            "広報主管課が決まっていないため、運用ポリシーの報告を受ける所属がありません。",
            "広報主管課を選ぶ",
            reverse("admin:staff_department_changelist"),
        )
        return
    people = len(set_up.people_of(division, day))
    if people < 2:
        there = "職員が1人しかいない" if people else "職員がいない"
        yield Gap(
            f"広報主管課の「{division}」に{there}ため、受理できない報告があります"
            "(報告した本人は受理できません)。2人以上必要です。",
            *_memberships(division),
        )


def _abolished(department: Department, set_up: _SetUp) -> Gap:
    said = (
        "アカウントを管理しています。廃止日を確かめるか、アカウントを引き継いでください。"
        if department.pk in set_up.managing
        else "アカウントを共同で利用しています。廃止日を確かめるか、アカウントを管理する所属に、"
        "共同で利用する所属から外すよう頼んでください。"
    )
    return Gap(
        f"「{department}」は存在しない期間に{said}",
        "所属を確かめる",
        reverse("admin:staff_department_change", args=[department.pk]),
    )


def _memberships(department: Department) -> tuple[str, str]:
    address = reverse("admin:staff_membership_changelist")
    return "所属の記録を確かめる", f"{address}?department__id__exact={department.pk}"

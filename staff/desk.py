"""The desk: what is mine to do, soonest first, in one look."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shinshiro_sns.duties import Duty, Pile, Task, called, piles, rows_for
from staff import authority
from staff.models import User

# One duty over many accounts must not hide the others: the rest of it is one link away.
FIRST_FEW = 3
PER_PAGE = 50
# Up to how many days before its deadline something stands under which heading.
HORIZONS = (
    (-1, "期限を過ぎたもの"),
    (7, "7日以内のもの"),
    (30, "30日以内のもの"),
    (None, "それより後のもの"),
)


@dataclass(frozen=True)
class Group:
    """What one duty leaves to do within one part of the desk: the first few of it."""

    duty: Duty
    tasks: Sequence[Task]
    count: int
    is_folded: bool
    anchor: str


@dataclass(frozen=True)
class Part:
    """One part of the desk: how soon, and what."""

    title: str
    groups: list[Group]
    is_overdue: bool


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Every duty of the person, soonest first; who has no place is told whom to ask."""
    user = cast(User, request.user)
    places = authority.places_of(user)
    if places and all(place.role in authority.ADMIN_ROLES for place in places):
        return redirect("admin:index")
    day = timezone.localdate()
    mine = piles(user, day)
    context = {
        "parts": parts(mine, day),
        "count": sum(pile.count for pile in mine),
        "has_place": bool(places),
        "may_post": user.has_perm("postings.add_post"),
        "may_register": user.has_perm("accounts.add_account"),
    }
    return render(request, "desk/desk.html", context)


@require_safe
def duty(request: HttpRequest, name: str) -> HttpResponse:
    """All that one duty leaves to the person, soonest first."""
    try:
        chosen = called(name)
    except LookupError:
        raise Http404 from None
    rows = rows_for(cast(User, request.user), name)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"duty": chosen, "page": page, "tasks": [chosen.task(row) for row in page]}
    return render(request, "desk/duty.html", context)


def parts(mine: Sequence[Pile], day: datetime.date) -> list[Part]:
    """`mine` by how soon it is due; within a part what is grave comes first, then what is sooner."""
    by_part: dict[int, list[Group]] = {}
    for pile in mine:
        tasks = sorted(pile.tasks, key=lambda task: task.deadline)
        for number, own in groupby(tasks, key=lambda task: _horizon(task.deadline, day)):
            there = list(own)
            is_last_read = there[-1] is tasks[-1]
            folded = len(there) > FIRST_FEW or (is_last_read and pile.count > len(tasks))
            group = Group(
                pile.duty, there[:FIRST_FEW], pile.count, folded, f"{pile.duty.name}-{number}"
            )
            by_part.setdefault(number, []).append(group)
    return [
        Part(
            HORIZONS[number][1],
            sorted(groups, key=lambda group: (not group.duty.grave, group.tasks[0].deadline)),
            is_overdue=number == 0,
        )
        for number, groups in sorted(by_part.items())
    ]


def _horizon(deadline: datetime.date, day: datetime.date) -> int:
    left = (deadline - day).days
    return next(n for n, (days, _) in enumerate(HORIZONS) if days is None or left <= days)

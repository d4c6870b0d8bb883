"""所属の長の監督, 4(4): the departments, each one's months, and what the PR division asks for."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.views.permitted import account_for, person
from postings import supervising
from postings.models import Post
from postings.periods import (
    Period,
    every_department,
    late_on,
    month_of,
    months_open,
    next_of,
    open_on,
)
from postings.supervising import PROMPT, READ
from postings.supervising_forms import DepartmentFilter, PromptForm
from staff import authority
from staff.models import Department

PER_PAGE = 50
MONTHS_PER_PAGE = 24


def department_for(request: HttpRequest, pk: int, permission: str = READ) -> Department:
    """The department, if the person may see what it supervises (else 404) and holds `permission` (else 403)."""
    department = get_object_or_404(Department, pk=pk)
    if not person(request).has_perm(READ, department):
        raise Http404
    if not person(request).has_perm(permission, department):
        raise PermissionDenied
    return department


@require_safe
def departments(request: HttpRequest) -> HttpResponse:
    """Every department the person may see, the longest unsupervised first; his only one at once."""
    user = person(request)
    if not user.has_perm(READ):
        raise PermissionDenied
    held = authority.reach(user, READ)
    if not held.everywhere and len(held.own) == 1:
        return redirect("postings:supervision_of", *held.own)
    day = timezone.localdate()
    form = DepartmentFilter(request.GET)
    narrowing = {"open": open_on, "late": late_on}.get(form.asked("show"))
    rows: QuerySet[Any] = narrowing(day) if narrowing else every_department()
    rows = rows.filter(held.as_condition("pk"))
    if department := form.asked("department"):
        rows = rows.filter(pk=department.pk)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "page": page,
        "rows": [_standing(row, day) for row in page],
    }
    return render(request, "desk/supervision/departments.html", context)


def _standing(row: Any, day: datetime.date) -> dict[str, Any]:
    """Where a department stands: what is confirmed, and which month is next."""
    following = next_of(row) if row.open_from < datetime.date.max else None
    return {
        "department": row,
        "confirmed_until": row.confirmed_until and row.confirmed_until - datetime.timedelta(days=1),
        "following": following,
        "is_over": following is not None and following.next_on <= day,
        "open": months_open(row, day) if following else 0,
    }


@require_safe
def of_account(request: HttpRequest, pk: int) -> HttpResponse:
    """On to the department that runs the account."""
    return redirect("postings:supervision_of", account_for(request, pk, READ).department_id)


@require_safe
def department(request: HttpRequest, pk: int) -> HttpResponse:
    """One department: the month that is next, the one that runs, and every confirmed one."""
    chosen = department_for(request, pk)
    day = timezone.localdate()
    row: Any = every_department().filter(pk=pk).first()
    running = Period(chosen, month_of(day))
    late = Subquery(_late_posts().values("count"))
    months = chosen.supervisions.select_related("confirmed_by", "absence__person", "reviewed_by")
    page = Paginator(
        months.annotate(late_posts=Coalesce(late, 0)).order_by("-begins_on"), MONTHS_PER_PAGE
    ).get_page(request.GET.get("page"))
    context = {
        "department": chosen,
        "standing": _standing(row, day) if row else None,
        "running": running,
        "page": page,
        "prompts": chosen.supervision_prompts.select_related("asked_by")[:3],
        "may_prompt": person(request).has_perm(PROMPT, chosen)
        and late_on(day).filter(pk=pk).exists(),
        "sees_all": authority.reach(person(request), READ).everywhere,
    }
    return render(request, "desk/supervision/department.html", context)


def _late_posts() -> Any:
    """Of a supervision, how many posts of its month were recorded after it."""
    rows = Post.objects.gone_out().filter(
        account__department=OuterRef("department"), recorded_at__gt=OuterRef("confirmed_at")
    )
    rows = rows.annotate(day=TruncDate("posted_at"))
    within = rows.filter(day__gte=OuterRef("begins_on"), day__lt=OuterRef("next_on"))
    return within.order_by().values("account__department").annotate(count=Count("pk"))


def prompt(request: HttpRequest, pk: int) -> HttpResponse:
    """The PR division asks the head for the month that is late the longest."""
    chosen = department_for(request, pk, PROMPT)
    late: Any = late_on(timezone.localdate()).filter(pk=pk).first()
    form = PromptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        supervising.prompt(chosen, person(request), **form.cleaned_data)
        messages.success(request, f"{chosen}の所属の長に、監督の確認を依頼しました。")
        return redirect("postings:supervision_of", pk)
    if late is None:
        messages.info(request, f"{chosen}には、期限を過ぎた監督の確認はありません。")
        return redirect("postings:supervision_of", pk)
    context = {
        "department": chosen,
        "period": next_of(late),
        "form": form,
        "form_errors": form.is_bound,
    }
    status = 422 if form.is_bound else 200
    return render(request, "desk/supervision/prompt.html", context, status=status)


BASE = "supervision/<int:pk>"
urls = [
    path("supervision/", departments, name="supervision"),
    path("accounts/<int:pk>/supervision/", of_account, name="account_supervision"),
    path(f"{BASE}/", department, name="supervision_of"),
    path(f"{BASE}/prompt/", prompt, name="prompt_supervision"),
]

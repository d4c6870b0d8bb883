"""One month that a head supervises, 4(4): its figures, its posts, and what was asked about them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.views.permitted import person
from postings import figures, supervising
from postings.inquiring import ASK, unmet_to_ask
from postings.models import Emergency, Inquiry, Supervision
from postings.periods import Period, next_period, posts_in, recorded_after
from postings.supervised_rows import listed, month_as_csv
from postings.supervising import READ, REVIEW
from postings.supervising_forms import ConfirmForm, RemarkForm
from postings.views.supervision import BASE, PER_PAGE, department_for
from shinshiro_sns.days import YEARS
from shinshiro_sns.steps import StepRefused, Unmet
from staff.models import User


def _period_for(
    request: HttpRequest, pk: int, year: int, month: int, permission: str = READ
) -> Period:
    department = department_for(request, pk, permission)
    if year not in YEARS or month not in range(1, 13):
        raise Http404
    begins_on = datetime.date(year, month, 1)
    if begins_on > timezone.localdate():
        raise Http404
    return Period(department, begins_on)


def month(request: HttpRequest, pk: int, year: int, month: int) -> HttpResponseBase:
    """One month: its figures, its posts, what was asked about them, and the form to confirm it."""
    period = _period_for(request, pk, year, month)
    row = _confirmed(period)
    if request.GET.get("format") == "csv":
        return _as_csv(request, period, row)
    confirms = supervising.may_confirm(person(request), period.department)
    if request.method != "POST":
        return _page(request, period, row, ConfirmForm() if confirms else None)
    if not confirms:
        raise PermissionDenied
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _page(request, period, row, form, status=422)
    given = form.cleaned_data
    try:
        supervising.confirm(period, person(request), note=given["note"], seen=given["seen"])
    except StepRefused as refused:
        # With what has come since: his words stay, and he says anew that he has looked.
        again = ConfirmForm(initial={"note": given["note"]})
        return _page(request, period, _confirmed(period), again, refused.reasons, status=409)
    messages.success(request, f"{period}の監督を確認したことを記録しました。")
    following = next_period(period.department)
    if following is None or following.next_on > timezone.localdate():
        return redirect(period)
    messages.info(request, f"続けて、{following}を確認してください。")
    return redirect(following)


def _confirmed(period: Period) -> Supervision | None:
    rows = Supervision.objects.select_related("confirmed_by", "absence__person", "reviewed_by")
    return rows.filter(department=period.department, begins_on=period.begins_on).first()


def _as_csv(request: HttpRequest, period: Period, row: Supervision | None) -> HttpResponseBase:
    posts = posts_in(period, row, next_period(period.department))
    return month_as_csv(period, posts, supervising.scene_of(period, row, person(request)))


def _page(
    request: HttpRequest, period: Period, row: Supervision | None, form: ConfirmForm | None,
    refused: Sequence[Unmet] = (), *, status: int = 200,
) -> HttpResponse:  # fmt: skip
    user = person(request)
    following = next_period(period.department)
    posts = posts_in(period, row, following)
    scene = supervising.scene_of(period, row, user)
    numbers = figures.counted(posts, scene)
    shown = figures.BY_NAME.get(request.GET.get("show", ""), figures.FIGURES[0])
    rows = listed(posts.filter(shown.of(scene)), scene)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    emergencies = Emergency.objects.over_department(period.department.pk)
    inquiries = Inquiry.objects.filter(post__in=posts.order_by().values("pk"))
    context = {
        "period": period,
        "department": period.department,
        "supervision": row,
        "is_over": period.next_on <= timezone.localdate(),
        "is_next": period == following,
        **_figures(numbers, row),
        "shown": shown,
        "page": page,
        "posts": [
            {
                "post": post,
                "marks": figures.marks_of(post),
                "may_ask": user.has_perm(ASK, post) and not unmet_to_ask(post, user),
            }
            for post in page
        ],
        "inquiries": inquiries.select_related("post", "asked_by", "addressee", "answered_by")[
            :PER_PAGE
        ],
        "emergencies": emergencies.touching(*period.moments).select_related("declared_by"),
        "form_errors": status == 422,
        "refused": [_linked(one, following) for one in refused],
        **(_to_confirm(period, user, posts, form, following) if row is None else {}),
        **(_after(row, user, confirms=form is not None) if row is not None else {}),
    }
    return render(request, "desk/supervision/month.html", context, status=status)


def _figures(numbers: dict[str, int], row: Supervision | None) -> dict[str, Any]:
    """Each figure as it stood when the month was confirmed, and as it is now; and those of nothing."""
    found: list[dict[str, Any]] = []
    without = []
    for figure in figures.FIGURES:
        now = numbers[figure.name]
        then = row.numbers.get(figure.name, 0) if row else now
        line: dict[str, Any] = {"figure": figure, "now": now, "then": then, "parts": []}
        if figure.is_part:
            found[-1]["parts"] += [line] if then else []
        elif now or then or not found:
            found.append(line)
        else:
            without.append(figure)
    return {"figures": found, "without": without}


def _to_confirm(
    period: Period, user: User, posts: Any, form: ConfirmForm | None, following: Period | None
) -> dict[str, Any]:
    """What the page says beside the form; `posts` get the seal they will be confirmed by."""
    if form is None:
        return {}
    if not form.is_bound:
        form.initial["seen"] = supervising.seal(posts.values_list("pk", flat=True))
    return {
        "form": form,
        "unmet": [_linked(one, following) for one in supervising.lacking(period, user, posts)],
        "acts_for_head": not user.has_perm(supervising.SUPERVISE, period.department),
    }


def _after(row: Supervision, user: User, *, confirms: bool) -> dict[str, Any]:
    """What followed a confirmation, and what may still be done."""
    waits = row.absence_id is not None and row.reviewed_at is None
    return {
        "late": recorded_after(row).select_related("account", "supervision__department")[:PER_PAGE],
        "may_review": waits and row.confirmed_by_id != user.pk and user.has_perm(REVIEW, row),
        "remarks": row.remarks.select_related("written_by"),
        "remark_form": RemarkForm() if confirms else None,
    }


def _linked(unmet: Unmet, following: Period | None) -> dict[str, str]:
    urls = {
        "following": following.get_absolute_url() if following else "",
        "absence": reverse("staff:absences"),
        "inquiries": "#inquiries",
    }
    return {"sentence": unmet.sentence, "clause": unmet.clause, "url": urls.get(unmet.place, "")}


# --- Afterwards ----------------------------------------------------------------------------------


@require_POST
def review(request: HttpRequest, pk: int, year: int, month: int) -> HttpResponse:
    """後閲: the head has looked at what the deputy confirmed."""
    period = _period_for(request, pk, year, month, REVIEW)
    row = get_object_or_404(Supervision, department=pk, begins_on=period.begins_on)
    supervising.review(row, person(request))
    messages.success(request, "後閲しました。")
    return redirect(period)


@require_POST
def remark(request: HttpRequest, pk: int, year: int, month: int) -> HttpResponse:
    """What is to be said of a month after it was confirmed."""
    period = _period_for(request, pk, year, month)
    if not supervising.may_confirm(person(request), period.department):
        raise PermissionDenied
    row = get_object_or_404(Supervision, department=pk, begins_on=period.begins_on)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "period": period, "department": period.department}
        return render(request, "desk/supervision/remark.html", context, status=422)
    supervising.remark(row, person(request), **form.cleaned_data)
    messages.success(request, "追記しました。")
    return redirect(period)


MONTH = f"{BASE}/<int:year>/<int:month>"
urls = [
    path(f"{MONTH}/", month, name="supervised"),
    path(f"{MONTH}/review/", review, name="review_supervision"),
    path(f"{MONTH}/remarks/", remark, name="remark_supervision"),
]

"""全庁の状況: the pages on which the PR division, auditors and administrators see the whole city."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import areas, overview
from accounts.models import Account
from shinshiro_sns.csv_files import csv_file
from shinshiro_sns.duties import Duty, called
from shinshiro_sns.questions import QUESTIONS
from staff.models import Department, User

PER_PAGE = 50
AT_ONCE = 1000
ORDER = ("department__order", "department__code", "name", "pk")
TITLE = "全庁の状況"


class NarrowingForm(forms.Form):
    """What a list is narrowed to."""

    q = forms.CharField(label="アカウント名・表示名・所属・URL", required=False, max_length=200)
    department = forms.ModelChoiceField(
        Department.objects.all(), label="所属", required=False, empty_label="すべて"
    )

    def asked(self, name: str) -> Any:
        """What was asked for under `name`; nothing where it makes no sense."""
        self.is_valid()
        return self.cleaned_data.get(name)


def seen_by_those_who_may(view: Callable[..., HttpResponseBase]) -> Any:
    """`view` behind the admin's door, for those who may see everybody's duties."""

    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("staff.view_duties"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return admin.site.admin_view(require_safe(guarded))


def index(request: HttpRequest) -> HttpResponseBase:
    """Each duty and each question with its numbers."""
    day = timezone.localdate()
    form = NarrowingForm(request.GET)
    del form.fields["q"]
    department = form.asked("department")
    user = cast(User, request.user)
    lines = overview.duty_lines(day, department, areas.kept_from_overview(user))
    if _as_csv(request):
        headings = ("条項", "内容", "件数", "期限を過ぎたもの", "最も遅れている所属", "その期限")
        return csv_file(f"duties-{day}", headings, (
            (line.duty.clause, line.duty.title, line.open, line.late,
             line.latest_department or "", line.latest or "")
            for line in lines
        ))  # fmt: skip
    answers = overview.answers(day, overview.questions_for(user), department)
    return _page(
        request, "index", TITLE, form, answers=answers,
        lines=[line for line in lines if line.open],
        done=[line.duty for line in lines if not line.open],
    )  # fmt: skip


def duty(request: HttpRequest, name: str) -> HttpResponseBase:
    """Every open row of one duty, soonest first, with who could do it."""
    try:
        chosen = called(name)
    except LookupError:
        raise Http404 from None
    if name in areas.kept_from_overview(cast(User, request.user)):
        raise PermissionDenied
    day = timezone.localdate()
    form = NarrowingForm(request.GET)
    if not chosen.account:
        del form.fields["q"]
    department = form.asked("department")
    rows = chosen.open(day, Q(**{chosen.department: department}) if department else None)
    if words := form.asked("q"):
        found = Account.objects.search(words).values("pk")
        rows = rows.filter(**{f"{chosen.account}__in": found})
    if _as_csv(request):
        headings = ("条項", "内容", "対象", "所属", "期限", "過ぎた日数", "アカウントの番号")
        every = rows.iterator(chunk_size=AT_ONCE)
        return csv_file(f"duty-{name}-{day}", headings, (_row(chosen, row, day) for row in every))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return _page(
        request, "duty", chosen.title, form, duty=chosen, page=page,
        tasks=_with_people(chosen, page, day),
    )  # fmt: skip


def question(request: HttpRequest, name: str) -> HttpResponseBase:
    """The accounts of which one question is true."""
    asked = next((question for question in QUESTIONS if question.name == name), None)
    if asked is None:
        raise Http404
    if asked not in overview.questions_for(cast(User, request.user)):
        raise PermissionDenied
    day = timezone.localdate()
    form = NarrowingForm(request.GET)
    rows = _narrowed(asked.rows(day), form)
    if _as_csv(request):
        headings = ("番号", "アカウント", "種類", "URL", "所属", "状態")
        return csv_file(f"accounts-{name}-{day}", headings, (
            (a.pk, a.title, a.service_info.name, a.url, a.department, a.get_status_display())
            for a in rows.iterator(chunk_size=AT_ONCE)
        ))  # fmt: skip
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return _page(request, "question", asked.title, form, question=asked, page=page)


def clauses(request: HttpRequest) -> HttpResponseBase:
    """How each account stands by each clause."""
    day = timezone.localdate()
    form = NarrowingForm(request.GET)
    rows = _narrowed(Account.objects.all(), form)
    columns = overview.clauses_for(cast(User, request.user))
    if _as_csv(request):
        headings = ("番号", "アカウント", "所属", "状態", *columns)
        return csv_file(f"clauses-{day}", headings, (
            (a.pk, a, a.department, a.get_status_display(), *(cell.word for cell in cells))
            for some in _in_batches(rows.iterator(chunk_size=AT_ONCE))
            for a, cells in overview.by_clause(some, day, columns)
        ))  # fmt: skip
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    lines = list(overview.by_clause(list(page), day, columns))
    return _page(
        request, "clauses", "条項ごとの状況", form, page=page, lines=lines, columns=columns
    )


def _narrowed(rows: QuerySet[Any], form: NarrowingForm) -> QuerySet[Any]:
    if department := form.asked("department"):
        rows = rows.filter(department=department)
    if words := form.asked("q"):
        rows = rows.filter(pk__in=Account.objects.search(words).values("pk"))
    return rows.select_related("department").order_by(*ORDER)


def _with_people(chosen: Duty, page: Iterable[Any], day: datetime.date) -> list[dict[str, Any]]:
    rows = list(page)
    acting = chosen.who.people({chosen.department_id(row) for row in rows}, day)
    return [
        {
            "task": chosen.task(row),
            "department": chosen.department_of(row),
            "account": chosen.account_id(row),
            "people": acting(row, chosen.department_id(row)),
        }
        for row in rows
    ]


def _row(chosen: Duty, row: Any, day: datetime.date) -> Sequence[Any]:
    deadline = chosen.deadline(row)
    return (
        chosen.clause, chosen.title, chosen.label(row), chosen.department_of(row), deadline,
        max((day - deadline).days, 0), chosen.account_id(row),
    )  # fmt: skip


def _in_batches(rows: Iterator[Account]) -> Iterator[list[Account]]:
    while some := list(islice(rows, AT_ONCE)):
        yield some


def _as_csv(request: HttpRequest) -> bool:
    return request.GET.get("format") == "csv"


def _page(
    request: HttpRequest, template: str, title: str, form: NarrowingForm, **context: Any
) -> HttpResponse:
    narrowed = any(request.GET.get(name) for name in form.fields)
    context |= {
        **admin.site.each_context(request), "title": title, "overview_title": TITLE, "form": form,
        "narrowed": narrowed, "here": request.path,
    }  # fmt: skip
    return TemplateResponse(request, f"admin/overview/{template}.html", context)


app_name = "overview"
urlpatterns = [
    path("", seen_by_those_who_may(index), name="index"),
    path("duties/<slug:name>/", seen_by_those_who_may(duty), name="duty"),
    path("questions/<slug:name>/", seen_by_those_who_may(question), name="question"),
    path("clauses/", seen_by_those_who_may(clauses), name="clauses"),
]

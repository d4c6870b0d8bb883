"""The incidents one may see: what burns first, with search, filters and tabs; and what they add up to."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F, OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.views.permitted import account_for
from incidents import figures
from incidents.kinds import CHOICES
from incidents.models import Incident, IncidentQuerySet, IncidentStep
from incidents.turns import whose_turn
from incidents.views.permitted import person
from staff import authority
from staff.models import Department

READ = "incidents.view_incident"
PER_PAGE = 50
TABS = (
    ("running", "対応中"),
    ("overdue", "期限超過"),
    ("ended", "終結"),
    ("cancelled", "取消し"),
    ("all", "すべて"),
)


class NarrowingForm(forms.Form):
    """What the list is narrowed to."""

    tab = forms.ChoiceField(choices=TABS, widget=forms.HiddenInput, required=False)
    q = forms.CharField(label="件名・内容・アカウント・所属", required=False, max_length=200)
    kind = forms.ChoiceField(label="種類", choices=[("", "すべて"), *CHOICES], required=False)
    department = forms.ModelChoiceField(
        Department.objects.all(), label="所属", required=False, empty_label="すべて"
    )

    def asked(self, name: str) -> Any:
        """What was asked for under `name`; nothing where it makes no sense."""
        self.is_valid()
        return self.cleaned_data.get(name)


def _within(rows: IncidentQuerySet, tab: str, now: datetime.datetime) -> IncidentQuerySet:
    if tab == "overdue":
        return rows.overdue(now)
    return rows if tab == "all" else rows.filter(state=tab)


def _with_steps(rows: IncidentQuerySet) -> QuerySet[Any]:
    """Each with what is open of it, and the nearest deadline."""
    due = IncidentStep.objects.that_hold_open().filter(
        incident=OuterRef("pk"), due_at__isnull=False
    )
    waiting = IncidentStep.objects.that_hold_open().order_by("order")
    return (
        rows.annotate(nearest=Subquery(due.order_by("due_at").values("due_at")[:1]))
        .select_related("department", "account")
        .prefetch_related(Prefetch("steps", queryset=waiting, to_attr="waiting"))
    )


@require_safe
def incident_list(request: HttpRequest) -> HttpResponse:
    """The list: own departments', or the whole city's."""
    user, now = person(request), timezone.now()
    if not user.has_perm(READ):
        raise PermissionDenied
    form = NarrowingForm(_clean(request))
    sees_all = authority.reach(user, READ).everywhere
    if not sees_all:
        del form.fields["department"]
    narrowed = Incident.objects.visible_to(user).search(form.asked("q") or "")
    if kind := form.asked("kind"):
        narrowed = narrowed.filter(kind=kind)
    if department := form.asked("department"):
        narrowed = narrowed.filter(department=department)
    tab = form.asked("tab") or "running"
    rows = _with_steps(_within(narrowed, tab, now))
    if tab in ("running", "overdue"):
        rows = rows.order_by(F("nearest").asc(nulls_last=True), "-discovered_at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [(row, whose_turn(row.waiting, now)) for row in page],
        "form": form,
        "filtered": any(form.asked(name) for name in ("q", "kind", "department")),
        "tabs": [
            {
                "label": label,
                "url": _tab_url(request, key),
                "current": key == tab,
                "count": _within(narrowed, key, now).count(),
            }
            for key, label in TABS
        ],
        "reset_url": f"{reverse('incidents:incidents')}?tab={tab}",
        "sees_all": sees_all,
        "may_open": user.has_perm("incidents.add_incident"),
        "may_triage": user.has_perm("incidents.view_reportedaccount"),
    }
    return render(request, "desk/incidents/list.html", context)


def _clean(request: HttpRequest) -> Any:
    """Without the one sign that PostgreSQL cannot be asked for."""
    query = request.GET.copy()
    for name, values in request.GET.lists():
        query.setlist(name, [value.replace("\0", "") for value in values])
    return query


def _tab_url(request: HttpRequest, tab: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    query["tab"] = tab
    return f"?{query.urlencode()}"


@require_safe
def figures_page(request: HttpRequest) -> HttpResponse:
    """How many there were and how long a correction took, 5(1), department by department."""
    user = person(request)
    if not user.has_perm(READ):
        raise PermissionDenied
    this_year = figures.fiscal_year(timezone.localdate())
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else this_year
    year = min(max(year, this_year - 20), this_year)
    context = {
        "year": year,
        "years": range(this_year, this_year - 5, -1),
        "lines": figures.by_department(Incident.objects.visible_to(user), year),
        "by_kind": figures.by_kind(Incident.objects.visible_to(user), year),
    }
    return render(request, "desk/incidents/figures.html", context)


@require_safe
def of_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Those of one account, with the way to open one of it."""
    account = account_for(request, pk, READ)
    rows = Incident.objects.filter(account=account)
    context = {
        "account": account,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "may_open": person(request).has_perm("incidents.add_incident", account),
    }
    return render(request, "desk/incidents/of_account.html", context)


urls = [
    path("accounts/<int:pk>/incidents/", of_account, name="of_account"),
    path("incidents/", incident_list, name="incidents"),
    path("incidents/figures/", figures_page, name="figures"),
]

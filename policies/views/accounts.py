"""The department's accounts on the desk: the list, one account, and registering a new one."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import areas
from accounts.models import Account
from accounts.services import SERVICES
from policies import drafting
from policies.forms import RegisterForm
from policies.models import OperatingPolicy
from policies.views.common import person
from shinshiro_sns.duties import open_on, rows_for
from staff import authority
from staff.models import Department

PER_PAGE = 50


@require_safe
def account_list(request: HttpRequest) -> HttpResponse:
    """The accounts whose filing one may read, with where each stands."""
    user = person(request)
    if not user.has_perm("accounts.view_account"):
        raise PermissionDenied
    visible = Account.objects.visible_to(user)
    query = request.GET.get("q", "").replace("\0", "")[:200]
    status = request.GET.get("status", "")
    rows = visible.search(query)
    if status in Account.Status.values:
        rows = rows.filter(status=status)
    on_the_way = OperatingPolicy.objects.open()
    rows = rows.select_related("department").prefetch_related(
        Prefetch("policies", queryset=on_the_way, to_attr="on_the_way")
    )
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "query": query,
        "status": status,
        "statuses": Account.Status.choices,
        "filtered": bool(query or status),
        "may_register": user.has_perm("accounts.add_account"),
        "to_attest": rows_for(user, "attest").exists(),
        "sees_all": authority.reach(user, "accounts.view_account").everywhere,
    }
    return render(request, "desk/accounts.html", context)


@require_safe
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: what is open on it, its facts in force, its ledgers and its policy versions."""
    user = person(request)
    there = Account.objects.visible_to(user)
    row = get_object_or_404(there.select_related("department", "origin__intake__taken_by"), pk=pk)
    versions = list(row.policies.order_by("-version"))
    open_version = next((p for p in versions if p.state in OperatingPolicy.OPEN_STATES), None)
    today = timezone.localdate()
    open_tasks = open_on(row.pk, today, areas.kept_from(user, row))
    context = {
        "account": row,
        "open_tasks": open_tasks,
        "areas": areas.lines(row, user, open_tasks, today),
        "service": SERVICES[row.service],
        "versions": versions,
        "open_version": open_version,
        "in_force": next((p for p in versions if p.state == p.State.IN_FORCE), None),
        "copied_from": drafting.copied_from(row),
        "is_closed": row.status == Account.Status.CLOSED,
        "may_post": row.status != Account.Status.CLOSED and user.has_perm("postings.add_post", row),
        "may_draft": user.has_perm("policies.draft_operatingpolicy", row),
        "partners": Department.objects.filter(pk__in=row.shared_department_ids),
    }
    return render(request, "desk/account.html", context)


@require_POST
def begin_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the draft of the next version, or go on with the one there is."""
    user = person(request)
    row = get_object_or_404(Account.objects.visible_to(user), pk=pk)
    if not user.has_perm("policies.draft_operatingpolicy", row):
        raise PermissionDenied
    return redirect(drafting.begun(row, user))


def register(request: HttpRequest) -> HttpResponse:
    """Register an account: four answers, then the filing's task list."""
    user = person(request)
    if not user.has_perm("accounts.add_account"):
        raise PermissionDenied
    form = RegisterForm(request.POST or None, by=user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            filing = drafting.registered(data["profile"], data["department"], data["name"], user)
            if filing is not None:
                return redirect(filing)
            # Someone was quicker by a hair's breadth: asked anew, the form names the department.
            form = RegisterForm(request.POST, by=user)
            status = 409
    context = {"form": form, "form_errors": status != 200}
    return render(request, "desk/register.html", context, status=status)

"""Whom to call: the duty roster of one's departments, and the contacts in an emergency."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from incidents.contact_forms import DutyRosterForm
from incidents.models import Contact, DutyRoster
from incidents.views.permitted import person
from shinshiro_sns.history import acting
from staff import authority

READ = "incidents.view_incident"
ADD, CHANGE = "incidents.add_dutyroster", "incidents.change_dutyroster"
SHOWN = 100
# These everybody may have to call.
PR_DIVISION, THE_CITYS = Q(department__is_pr_division=True), Q(department__isnull=True)


def contacts(request: HttpRequest) -> HttpResponse:
    """Who is on duty now and next, whom else to call, and the form for who may plan duties."""
    user = person(request)
    if not user.has_perm(READ):
        raise PermissionDenied
    may_add = user.has_perm(ADD)
    if request.method == "POST" and not may_add:
        raise PermissionDenied
    form = DutyRosterForm(request.POST or None, by=user) if may_add else None
    if request.method == "POST" and form is not None and form.is_valid():
        made = form.save(commit=False)
        acting(made, user).save()
        messages.success(request, f"{made.person.name}さんの当番を登録しました。")
        return redirect("incidents:contacts")
    held = authority.reach(user, READ)
    now = timezone.now()
    duties = DutyRoster.objects.filter(
        held.as_condition("department") | PR_DIVISION, ends_at__gt=now, is_cancelled=False
    ).select_related("department", "person").order_by("begins_at", "pk")  # fmt: skip
    context = {
        "duties": [
            {"row": row, "now": row.begins_at <= now, "may_cancel": user.has_perm(CHANGE, row)}
            for row in duties[:SHOWN]
        ],
        "contacts": Contact.objects.filter(
            held.as_condition("department") | THE_CITYS, is_active=True
        ).select_related("department"),
        "form": form,
        "form_errors": form is not None and form.is_bound,
        "may_change_contacts": user.has_perm("incidents.change_contact"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/incidents/contacts.html", context, status=status)


@require_POST
def cancel_duty(request: HttpRequest, pk: int) -> HttpResponse:
    """A duty is called off; it stays on record."""
    user = person(request)
    held = authority.reach(user, CHANGE)
    row = get_object_or_404(DutyRoster.objects.filter(held.as_condition("department")), pk=pk)
    if not row.is_cancelled:
        row.is_cancelled = True
        acting(row, user).save()
        messages.success(request, f"{row.person.name}さんの当番を取り消しました。")
    return redirect("incidents:contacts")


urls = [
    path("incidents/contacts/", contacts, name="contacts"),
    path("incidents/contacts/duties/<int:pk>/cancel/", cancel_duty, name="cancel_duty"),
]

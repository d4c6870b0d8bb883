"""Handovers after a transfer of staff (人事異動): mine to confirm, and each account's whole state."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import handing_over
from accounts.duties.handover import due
from accounts.handed_over import open_tasks, parts
from accounts.handover_forms import HandoverForm
from accounts.models import Handover
from accounts.views.permitted import person

CONFIRM = "accounts.confirm_handover"
SHOWN = 50


@require_safe
def handovers(request: HttpRequest) -> HttpResponse:
    """What I take over: first what waits for me, then what is to come, then what I confirmed."""
    user = person(request)
    if not user.has_perm("accounts.view_credentials"):
        raise PermissionDenied
    rows = (
        Handover.objects.filter(person=user)
        .select_related("account__department", "transfer")
        .order_by("confirmed_at", "begins_on", "pk")
    )
    waiting = rows.filter(confirmed_at__isnull=True)
    page = Paginator(waiting, SHOWN).get_page(request.GET.get("page"))
    today = timezone.localdate()
    for row in page:
        row.due_on = due(row)  # type: ignore[attr-defined]
        row.is_open = (  # type: ignore[attr-defined]
            row.begins_on <= today and user.has_perm("accounts.view_credentials", row)
        )
    confirmed = rows.filter(confirmed_at__isnull=False).order_by("-confirmed_at", "-pk")
    context = {"page": page, "confirmed": confirmed[:SHOWN], "count": waiting.count()}
    return render(request, "desk/ledgers/handovers.html", context)


def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """One account as its new person needs to know it; he alone confirms it, from the day on."""
    user = person(request)
    seen = Handover.objects.visible_to(user, "accounts.view_credentials")
    row = get_object_or_404(seen.select_related("account__department", "person", "transfer"), pk=pk)
    is_mine = row.person_id == user.pk and user.has_perm(CONFIRM, row)
    may_confirm = is_mine and row.begins_on <= timezone.localdate()
    form = HandoverForm(request.POST or None) if may_confirm else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            if handing_over.confirm(row, by=user):
                messages.success(request, f"「{row.account}」の引継ぎを確認しました。")
            else:
                messages.info(request, f"「{row.account}」の引継ぎは、すでに確認しています。")
            return redirect("accounts:handovers")
    context = {
        "handover": row,
        "account": row.account,
        "due_on": due(row),
        "parts": parts(row.account),
        "tasks": open_tasks(row.account),
        "form": form if row.confirmed_at is None else None,
        "trail": _trail(row, is_mine),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/ledgers/handover.html", context, status=status)


def _trail(row: Handover, is_mine: bool) -> list[dict[str, str]]:
    mine = [{"label": "引継ぎの一覧", "url": reverse("accounts:handovers")}] if is_mine else []
    account = {
        "label": row.account.title,
        "url": reverse("policies:account", args=[row.account_id]),
    }
    return [*mine, account]


urls = [
    path("handovers/", handovers, name="handovers"),
    path("handovers/<int:pk>/", handover, name="handover"),
]

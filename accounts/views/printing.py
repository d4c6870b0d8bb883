"""廃止届: the closure of an account as a paper, 6(1) and 3(3)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Notice
from accounts.views.permitted import account_for
from shinshiro_sns import pdf
from staff.models import Department


@require_safe
def closing_paper(request: HttpRequest, pk: int, change: int) -> HttpResponse:
    """One closure as PDF; 404 for a suspension or a resumption."""
    account = account_for(request, pk, "accounts.view_account")
    rows = account.standingchange_rows.select_related(
        "notice__announcement", "decided_by", "absence"
    )
    row = get_object_or_404(rows, pk=change, step=Notice.Kind.CLOSED)
    context = {
        "account": account,
        "change": row,
        "announcement": getattr(row.notice, "announcement", None),
        "to": Department.objects.filter(is_pr_division=True).first(),
        "printed_at": timezone.now(),
    }
    return pdf.response(pdf.made("print/closing.html", context), f"廃止届_{account.title}")


urls: list[URLPattern] = [
    path(
        "accounts/<int:pk>/standing/changes/<int:change>/closing.pdf",
        closing_paper, name="closing_paper",
    ),
]  # fmt: skip

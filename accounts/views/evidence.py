"""Evidence: the files of an account, their list, and each of them to take away."""

from __future__ import annotations

from csp.decorators import csp_update
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from accounts import evidence
from accounts.evidence_forms import EvidenceForm
from accounts.models import Evidence
from accounts.views.permitted import account_for, person

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_list(request: HttpRequest, pk: int) -> HttpResponse:
    """What is on file for the account, and the form to add to it."""
    account = account_for(request, pk, "accounts.view_evidence")
    may_add = person(request).has_perm("accounts.add_evidence", account)
    form = EvidenceForm(request.POST or None, request.FILES or None) if may_add else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            file = form.cleaned_data["file"]
            made, is_new = evidence.keep(
                account, file, shows=form.cleaned_data["shows"], by=person(request)
            )
            messages.success(request, _said(file.name or "", made, is_new))
            return redirect("accounts:evidence", pk)
    rows = Evidence.objects.filter(account=account).select_related("uploaded_by")
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    context = {"account": account, "form": form, "page": page}
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/ledgers/evidence.html", context, status=status)


@require_safe
@cache_control(no_store=True)
@csp_update({"sandbox": True})  # type: ignore[arg-type]
def evidence_file(request: HttpRequest, pk: int, evidence_pk: int) -> HttpResponse:
    """One file, to be saved and never to be shown by the portal."""
    account = account_for(request, pk, "accounts.view_evidence")
    rows = Evidence.objects.filter(account=account, erased_at__isnull=True)
    row = get_object_or_404(rows, pk=evidence_pk)
    try:
        content = evidence.content_of(row)
    except evidence.Damaged as damaged:
        messages.error(
            request,
            f"「{row.name}」を取り出せません。{damaged}。システム管理者に知らせてください。",
        )
        return redirect("accounts:evidence", pk)
    disposition = content_disposition_header(as_attachment=True, filename=row.name)
    return HttpResponse(
        content, content_type=row.kind, headers={"Content-Disposition": disposition or "attachment"}
    )


def _said(called: str, made: Evidence, is_new: bool) -> str:
    if not is_new:
        return f"「{made.name}」は、すでに登録されています。"
    said = f"「{made.name}」を登録しました。"
    if called != made.name:
        said += f"中身は{made.get_kind_display()}です。ファイル名を整えて保存しました。"
    return said


urls = [
    path("accounts/<int:pk>/evidence/", evidence_list, name="evidence"),
    path("accounts/<int:pk>/evidence/<int:evidence_pk>/", evidence_file, name="evidence_file"),
]

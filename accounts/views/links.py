"""Links both ways, 3(6): the text for the profile, its QR code, and whether the account links back."""

from __future__ import annotations

import io

import segno
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from accounts import links as rules
from accounts.link_forms import LinkForm
from accounts.models import LinkCheck
from accounts.services import SERVICES
from accounts.views.permitted import account_for, person
from shinshiro_sns.steps import StepNotMet, Unmet

VIEW, RECORD = "accounts.view_account", "accounts.add_linkcheck"
SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest, pk: int) -> HttpResponse:
    """What to put into the profile, where the link back stands, and the form to record a look."""
    account = account_for(request, pk, VIEW)
    may_record = person(request).has_perm(RECORD, account)
    form = LinkForm(request.POST or None, account=account) if may_record else None
    status, unmet = 200, list[Unmet]()
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        status = 422
        if form.is_valid():
            try:
                _, is_new = rules.record_by_hand(account, person(request), **form.cleaned_data)
            except StepNotMet as refused:
                status, unmet = 409, refused.reasons
            else:
                said = (
                    "リンクの確認を記録しました。"
                    if is_new
                    else "この確認は、すでに記録しています。"
                )
                messages.success(request, said)
                return redirect("accounts:links", pk)
    rows = LinkCheck.objects.filter(account=account)
    rows = rows.select_related("checked_by", "evidence", "taken_over__taken_by")
    wordings = rules.wordings(account)
    context = {
        "account": account,
        "service": SERVICES[account.service],
        "wordings": wordings,
        "recommended": rules.recommended(wordings),
        "public_url": rules.public_url(account),
        "last": rules.last_decisive(account),
        "form": form,
        "unmet": unmet,
        "may_see_evidence": person(request).has_perm("accounts.view_evidence", account),
        "may_add_evidence": person(request).has_perm("accounts.add_evidence", account),
        "page": Paginator(rows, SHOWN).get_page(request.GET.get("page")),
    }
    return render(request, "desk/ledgers/links.html", context, status=status)


@require_safe
def qr(request: HttpRequest, pk: int) -> HttpResponse:
    """The QR code that leads to the account's public page."""
    account = account_for(request, pk, VIEW)
    drawing = io.BytesIO()
    code = segno.make(rules.public_url(account), error="m", micro=False)
    code.save(drawing, kind="svg", scale=8, light="white", svgclass=None, lineclass=None)
    return HttpResponse(drawing.getvalue(), content_type="image/svg+xml")


urls = [
    path("accounts/<int:pk>/links/", links, name="links"),
    path("accounts/<int:pk>/links/qr.svg", qr, name="link_qr"),
]

"""Certification by the operator, 3(4)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import certification as rules
from accounts.certification_forms import CertificationForm
from accounts.models import Certification
from accounts.services import SERVICES
from accounts.views.permitted import account_for, person
from shinshiro_sns.steps import CHANGED, Step, StepOvertaken, StepRefused, Unmet

VIEW = "accounts.view_account"


@require_safe
def certification(request: HttpRequest, pk: int) -> HttpResponse:
    """Where it stands, what to do, and what was recorded."""
    account = account_for(request, pk, VIEW)
    row = rules.standing(account)
    offers = rules.certification_workflow.offers(row, person(request))
    context = {
        "account": account,
        "service": SERVICES[account.service],
        "row": row,
        "tone": "warning" if rules.is_unproven(row) else rules.TONES[rules.State(row.state)],
        "to_do": rules.to_do(row),
        "buttons": [
            {
                "label": offer.step.label,
                "tone": offer.step.tone,
                "url": _step_url(row, offer.step),
            }
            for offer in offers
        ],
        "may_see_evidence": person(request).has_perm("accounts.view_evidence", account),
        "timeline": rules.timeline(row),
    }
    return render(request, "desk/ledgers/certification.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A page that says what a step does and asks what it needs, and the POST that takes it."""
    account = account_for(request, pk, rules.CHANGE)
    taken = rules.certification_workflow.steps.get(name)
    if taken is None:
        raise Http404
    row = rules.standing(account)
    form = CertificationForm(request.POST or None, step=taken, certification=row)
    if request.method != "POST":
        _refuse_stale(row, taken, request)
        return _page(request, row, taken, form, [], 200)
    if not form.is_valid():
        return _page(request, row, taken, form, [], 422)
    given: dict[str, Any] = {
        asked: form.cleaned_data.get(asked) for asked in ("dated_on", "kind", "evidence")
    }
    try:
        with transaction.atomic():
            rules.certification_workflow.take(
                rules.ensure(account, person(request)), name, by=person(request),
                seen=form.cleaned_data["revision"], note=form.cleaned_data["note"], **given,
            )  # fmt: skip
    except StepRefused as refused:
        return _page(request, row, taken, form, refused.reasons, 409)
    messages.success(request, "記録しました。")
    return redirect("accounts:certification", pk)


def _step_url(row: Certification, taken: Step) -> str:
    at = reverse("accounts:certification_step", args=[row.account_id, taken.name])
    return f"{at}?seen={row.revision}"


def _refuse_stale(row: Certification, taken: Step, request: HttpRequest) -> None:
    """Said before anything is asked, not after it was filled in."""
    if row.state not in taken.sources or not taken.offered(row, person(request)):
        raise StepOvertaken([Unmet(f"今は「{taken.label}」はできません。")], None)
    if request.GET.get("seen") not in (None, str(row.revision)):
        raise StepOvertaken([CHANGED], None)


def _page(
    request: HttpRequest, row: Certification, taken: Step, form: CertificationForm,
    unmet: list[Unmet], status: int,
) -> HttpResponse:  # fmt: skip
    context = {
        "account": row.account,
        "row": row,
        "step": taken,
        "form": form,
        "form_errors": status != 200,
        "unmet": unmet,
        "needs_evidence": taken.name in rules.DATED,
        "may_add_evidence": person(request).has_perm("accounts.add_evidence", row.account),
        "back": reverse("accounts:certification", args=[row.account_id]),
    }
    return render(request, "desk/ledgers/certification_step.html", context, status=status)


urls = [
    path("accounts/<int:pk>/certification/", certification, name="certification"),
    path("accounts/<int:pk>/certification/<slug:name>/", step, name="certification_step"),
]

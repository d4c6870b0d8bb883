"""The quarterly attestation: of one account, and of all of a department in one go."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone

from accounts.attesting_forms import AttestationForm, RowForm
from accounts.models import Account, AccountQuerySet
from accounts.views.permitted import account_for, person
from shinshiro_sns.admin import is_key
from shinshiro_sns.steps import StepRefused
from staff import authority
from staff.models import User

ATTEST = "accounts.add_attestation"
PER_PAGE = 50


def attestation(request: HttpRequest, pk: int) -> HttpResponse:
    """One account's attestations, and the form for this quarter's."""
    account = account_for(request, pk, "accounts.view_account")
    may_attest = person(request).has_perm(ATTEST, account)
    if request.method == "POST" and not may_attest:
        raise PermissionDenied
    form = AttestationForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        form.attest(person(request))
        messages.success(request, "四半期ごとの確認を記録しました。")
        if form.earlier:
            messages.warning(request, form.earlier)
        return redirect("accounts:attestation", pk)
    rows = account.attestation_rows.select_related("attested_by", "taken_over__taken_by")
    today = timezone.localdate()
    context = {
        "account": account,
        "form": form if may_attest and account.status == Account.Status.OFFICIAL else None,
        "form_errors": form.is_bound,
        "due": account.attestation_due_on,
        "overdue": account.attestation_overdue(today),
        "is_open": Account.objects.to_attest(today).filter(pk=pk).exists(),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/ledgers/attestation.html", context, status=status)


def _to_attest(user: User) -> AccountQuerySet:
    own = authority.reach(user, ATTEST).own
    waiting = Account.objects.to_attest(timezone.localdate()).filter(department__in=own)
    return waiting.select_related("department")


def attestations(request: HttpRequest) -> HttpResponse:
    """Every account of one's departments that is to be attested in this quarter, on one page.

    Each row stands for itself: what is right is recorded, what is not comes back as it was typed.
    """
    user = person(request)
    if not user.has_perm(ATTEST):
        raise PermissionDenied
    if request.method == "POST":
        return _attest_several(request, user)
    forms = [RowForm(account=account) for account in _to_attest(user)[:PER_PAGE]]
    return _several(request, user, forms)


def _attest_several(request: HttpRequest, user: User) -> HttpResponse:
    # What the page offered: by now others may have attested some of it, or more may be waiting.
    offered = {
        key
        for name in request.POST
        if name.startswith("account-") and is_key(key := name.split("-")[1])
    }
    own = authority.reach(user, ATTEST).own
    accounts = Account.objects.filter(pk__in=offered, department__in=own)
    done, failed, refused = 0, [], []
    for account in accounts.select_related("department"):
        form = RowForm(request.POST, account=account)
        if form.is_untouched:
            continue
        if not form.is_valid():
            failed.append(form)
            continue
        try:
            form.attest(user)
        except StepRefused as reasons:
            refused.append({"sentence": f"{account}:{reasons}", "clause": "", "url": ""})
            continue
        done += 1
        if form.earlier:
            messages.warning(request, form.earlier)
    if done:
        messages.success(request, f"{done}件の確認を記録しました。")
    if not failed and not refused:
        if not done:
            messages.info(request, "印を付けたアカウントがないため、何も記録していません。")
        return redirect("accounts:attestations")
    mended = {form.account.pk for form in failed}
    rest = [
        RowForm(account=account)
        for account in _to_attest(user)[:PER_PAGE]
        if account.pk not in mended
    ]
    return _several(request, user, [*failed, *rest], refused, status=422)


def _several(
    request: HttpRequest, user: User, forms: list[RowForm], refused: Any = (), *, status: int = 200
) -> HttpResponse:
    context = {
        "forms": forms,
        "count": _to_attest(user).count(),
        "refused": refused,
        "form_errors": status != 200,
        "today": timezone.localdate(),
    }
    return render(request, "desk/ledgers/attestations.html", context, status=status)


urls: list[URLPattern] = [
    path("accounts/<int:pk>/attestation/", attestation, name="attestation"),
    path("attestations/", attestations, name="attestations"),
]

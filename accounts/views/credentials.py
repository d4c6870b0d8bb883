"""Credentials, 3(7): password changes and what guards an account beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import credentials as rules
from accounts import log_in_means, passwords
from accounts.credentials_forms import HOLDINGS, MEANS, ChangeForm, MeansForm
from accounts.models import Access, Account, ConnectedApp, CredentialChange, Credentials, Device
from accounts.presence import departed
from accounts.views.permitted import account_for, person
from shinshiro_sns.steps import StepOvertaken

PER_PAGE = 20
FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def ledger(request: HttpRequest, pk: int) -> HttpResponse:
    """What is due and why, the changes, and everything else with which one can log in."""
    account = account_for(request, pk, rules.VIEW)
    user, today = person(request), timezone.localdate()
    changes = CredentialChange.objects.filter(account=account).select_related(
        "changed_by", "recorded_by", "cancelled_by", "taken_over__taken_by"
    )
    page = Paginator(changes, PER_PAGE).get_page(request.GET.get("page"))
    for change in page:
        change.account = account
    accesses = Access.objects.filter(account=account).current()
    accesses = accesses.select_related("person", "taken_over__taken_by")
    gone = {row.pk: row.on for row in departed(accesses, today)}
    found = log_in_means.with_findings(today).filter(pk=account.pk, found_on__lte=today).first()
    over = rules.is_over(account)
    due = passwords.due(account)
    context = {
        "account": account,
        "today": today,
        "due": due,
        "left": {row.person: row.gone_on for row in due.left} if due else {},
        "months": settings.PASSWORD_INTERVAL_MONTHS,
        "page": page,
        "changes": [(change, rules.may_cancel(change, user)) for change in page],
        "accesses": [(row, gone.get(row.pk)) for row in accesses],
        "findings": log_in_means.findings(found) if found else [],
        "row": _means(account),
        "devices": _holdings(Device, account).select_related("keeper"),
        "apps": _holdings(ConnectedApp, account),
        "may_record": not over and user.has_perm(rules.RECORD, account),
        "may_change": not over and user.has_perm(rules.CHANGE, account),
        "may_remove": user.has_perm(rules.CHANGE, account),
    }
    return render(request, "desk/ledgers/credentials.html", context)


@FORM
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the password was changed."""
    account = account_for(request, pk, rules.RECORD)
    form = ChangeForm(request.POST or None, account=account, by=person(request))

    def write(**values: Any) -> None:
        if rules.record_change(account, by=person(request), **values):
            messages.success(request, "パスワードの変更を記録しました。")
        else:
            messages.info(request, "この変更は、すでに記録しています。")

    return _answer(request, form, write, _RECORD)


@require_POST
def cancel(request: HttpRequest, pk: int, change: int) -> HttpResponse:
    """A record was a mistake: it is struck out, and what is due is reckoned anew."""
    account = account_for(request, pk, rules.RECORD)
    row = get_object_or_404(
        CredentialChange.objects.select_related("account"), account=account, pk=change
    )
    if row.cancelled_at is None and not rules.may_cancel(row, person(request)):
        raise PermissionDenied
    if rules.cancel_change(row, person(request)):
        messages.success(request, "変更の記録を取り消しました。取り消した記録も残ります。")
    return redirect("accounts:credentials", account.pk)


@FORM
def means(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down the second factor and the address for recovery, as seen today."""
    account = account_for(request, pk, rules.CHANGE)
    row = _means(account)
    form = MeansForm(request.POST or None, account=account, by=person(request), row=row)

    def write(**values: Any) -> None:
        rules.settle(account, person(request), **values)
        messages.success(request, "ログイン手段を確かめたことを記録しました。")

    return _answer(request, form, write, _MEANS)


def add(kind: type[Device] | type[ConnectedApp]) -> Callable[..., HttpResponse]:
    """The page on which one of `kind` is recorded."""

    @FORM
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        account = account_for(request, pk, rules.CHANGE)
        form = HOLDINGS[kind](request.POST or None, account=account, by=person(request))

        def write(**values: Any) -> None:
            if rules.add_holding(kind, account, person(request), **values):
                messages.success(request, "登録しました。")
            else:
                messages.info(request, "すでに登録しています。")

        return _answer(request, form, write, _ADD[kind])

    return view


def remove(kind: type[Device] | type[ConnectedApp]) -> Callable[..., HttpResponse]:
    """One of `kind` has no access any more; the row stays."""

    @require_POST
    def view(request: HttpRequest, pk: int, row: int) -> HttpResponse:
        account = account_for(request, pk, rules.CHANGE)
        held: Any = get_object_or_404(
            kind.objects.select_related("account"), account=account, pk=row
        )
        if rules.remove_holding(held, person(request)):
            messages.success(request, f"「{held.name}」の利用が終わったことを記録しました。")
        return redirect("accounts:credentials", account.pk)

    return view


_RECORD = {
    "title": "パスワードの変更を記録する",
    "lead": "先に、運営者の画面でパスワードを変更してください。ここには、変更したことだけを記録します。",
    "submit": "変更を記録する",
}
_MEANS = {
    "title": "ログイン手段を確かめる",
    "lead": "運営者の設定画面を開き、今の状態を見ながら記録してください。",
    "submit": "確かめて記録する",
}
_ADD = {
    Device: {
        "title": "端末を登録する",
        "lead": "アカウントにログインしたままになっている端末を登録します。",
        "submit": "登録する",
    },
    ConnectedApp: {
        "title": "連携しているアプリを登録する",
        "lead": "アカウントへのアクセスを許可しているサービスやアプリを登録します。",
        "submit": "登録する",
    },
}


def _answer(
    request: HttpRequest, form: Any, write: Callable[..., None], words: dict[str, str]
) -> HttpResponse:
    """The form, or what becomes of it once it is sent."""
    context = {"account": form.account, "form": form, "words": words}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                write(**form.cleaned_data)
                return redirect("accounts:credentials", form.account.pk)
            except ValidationError as error:
                form.refused(error)
            except StepOvertaken as overtaken:
                status = 409
                context["clashes"] = _clashes(form, overtaken.obj)
                context["stored"] = overtaken.obj
                form.data = form.data.copy()
                form.data["seen"] = str(getattr(overtaken.obj, "revision", 0))
    context["form_errors"] = status != 200
    return render(request, "desk/ledgers/credentials_form.html", context, status=status)


def _clashes(form: Any, stored: Any) -> list[dict[str, Any]]:
    mine = Credentials(**{name: form.cleaned_data[name] for name in MEANS})
    return [
        {"label": form.fields[name].label, "before": there, "after": here}
        for name in MEANS
        if (there := _in_words(stored, name)) != (here := _in_words(mine, name))
    ]


def _in_words(row: Any, name: str) -> str:
    if name == "two_factor":
        return str(row.get_two_factor_display())
    return str(getattr(row, name) or "なし")


def _means(account: Account) -> Credentials:
    rows = Credentials.objects.filter(account=account).select_related(
        "checked_by", "recovery_department", "recovery_person", "taken_over__taken_by"
    )
    return rows.first() or Credentials(account=account)


def _holdings(kind: type[Device] | type[ConnectedApp], account: Account) -> Any:
    rows = kind.objects.filter(account=account)
    return rows.select_related("removed_by", "taken_over__taken_by")


def _addresses(kind: type[Device] | type[ConnectedApp], name: str) -> list[Any]:
    base = f"accounts/<int:pk>/credentials/{name}s/"
    return [
        path(f"{base}add/", add(kind), name=f"add_{name}"),
        path(f"{base}<int:row>/remove/", remove(kind), name=f"remove_{name}"),
    ]


urls = [
    path("accounts/<int:pk>/credentials/", ledger, name="credentials"),
    path("accounts/<int:pk>/credentials/changes/add/", record, name="record_change"),
    path(
        "accounts/<int:pk>/credentials/changes/<int:change>/cancel/", cancel, name="cancel_change"
    ),
    path("accounts/<int:pk>/credentials/means/", means, name="credentials_means"),
    *_addresses(Device, "device"),
    *_addresses(ConnectedApp, "app"),
]

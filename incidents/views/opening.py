"""Opening an incident: of which kind, then what one knows. A minute, on a telephone."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from accounts.models import Account
from incidents import parts
from incidents.forms import ADD, OpeningForm
from incidents.kinds import KINDS
from incidents.models import Incident
from incidents.opening import open_incident
from incidents.views.permitted import person
from shinshiro_sns.admin import is_key
from shinshiro_sns.steps import StepRefused, Unmet


def new(request: HttpRequest) -> HttpResponse:
    """Which kind: in plain words, with what tells one from another."""
    user = person(request)
    if not user.has_perm(ADD):
        raise PermissionDenied
    account = _account(request)
    context = {"kinds": KINDS.values(), "account": account}
    return render(request, "desk/incidents/new.html", context)


def new_of_kind(request: HttpRequest, kind: str) -> HttpResponse:
    """What one knows, and it is open."""
    user = person(request)
    if not user.has_perm(ADD):
        raise PermissionDenied
    if kind not in KINDS:
        raise Http404
    account = _account(request)
    form_class = parts.opening_form(kind) or OpeningForm
    form = form_class(request.POST or None, kind=kind, by=user, initial={"account": account})
    if request.method == "POST" and form.is_valid():
        try:
            incident, is_new = open_incident(
                kind, by=user, after=form.after, is_same=form.is_of, **form.facts
            )
        except StepRefused as error:
            return _form_page(request, kind, form, account, error.reasons, status=409)
        if is_new:
            messages.success(
                request, "事案を開きました。広報主管課と所属の長に、メールで知らせました。"
            )
        else:
            messages.info(request, "同じ内容の事案を、少し前に開いています。")
        return redirect(incident)
    if (found := form.leads_to) and Incident.objects.visible_to(user).filter(pk=found.pk).exists():
        messages.info(request, "この偽のアカウントの事案は、すでに開かれています。")
        return redirect(found)
    status = 422 if request.method == "POST" else 200
    return _form_page(request, kind, form, account, [], status=status)


def _form_page(
    request: HttpRequest, kind: str, form: OpeningForm, account: Account | None,
    unmet: list[Unmet], *, status: int,
) -> HttpResponse:  # fmt: skip
    context = {
        "kind": KINDS[kind], "form": form, "form_errors": status != 200, "account": account,
        "unmet": [{"sentence": row.sentence, "clause": row.clause, "url": ""} for row in unmet],
    }  # fmt: skip
    return render(request, "desk/incidents/new_of_kind.html", context, status=status)


def _account(request: HttpRequest) -> Account | None:
    """The account that the page was opened from, if the person may open an incident of it."""
    key = request.GET.get("account", "")
    if not is_key(key):
        return None
    account = Account.objects.visible_to(person(request)).filter(pk=key).first()
    return account if account and person(request).has_perm(ADD, account) else None


urls = [
    path("incidents/new/", new, name="new"),
    path("incidents/new/<slug:kind>/", new_of_kind, name="new_of_kind"),
]

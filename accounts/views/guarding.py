"""The steps of a closed account that the city still guards, 6(1): one page each."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.guarding_forms import FORMS, GuardsForm
from accounts.models import Account
from accounts.views.permitted import account_for, person
from accounts.workflow import account_workflow
from shinshiro_sns.steps import Step, StepOvertaken, StepRefused, Unmet


def step(request: HttpRequest, pk: int, declared: Step) -> HttpResponse:
    """The form of `declared`; its POST takes the step."""
    account = account_for(request, pk, declared.permission)
    if account.status not in declared.sources or not declared.offered(account, person(request)):
        raise StepOvertaken(
            [Unmet(f"今は「{declared.label}」を行う必要がありません。", declared.clause)], account
        )
    form = FORMS[declared.name](request.POST or None, account=account)
    refused: list[Unmet] = []
    if request.method == "POST" and form.is_valid():
        answers = form.answers
        try:
            account_workflow.take(
                account, declared.name, by=person(request),
                seen=form.cleaned_data["revision"], note=answers.pop("note", ""), **answers,
            )  # fmt: skip
        except StepRefused as told:
            refused = told.reasons
            # Who has read what happened meanwhile may go on from there.
            now = Account.objects.get(pk=account.pk).revision
            data = cast(QueryDict, form.data).copy()
            data["revision"] = str(now)
            form.data = data
        else:
            messages.success(request, f"「{declared.label}」を記録しました。")
            if isinstance(form, GuardsForm) and len(answers["administrators"]) == 1:
                messages.warning(request, "管理する職員が1人だけです。2人以上をおすすめします。")
            return redirect("accounts:standing", pk)
    wrong = 409 if refused else 422
    context = {
        "account": account,
        "step": declared,
        "form": form,
        "unmet": refused,
        "back": reverse("accounts:standing", args=[pk]),
    }
    status = wrong if request.method == "POST" else 200
    return render(request, "desk/ledgers/guarding.html", context, status=status)

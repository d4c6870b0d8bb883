"""Taking a step: a page that says what it does and asks what it needs, and the POST that takes it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from policies.consulting import consultation_workflow
from policies.forms import StepForm
from policies.history import done
from policies.models import Consultation, OperatingPolicy
from policies.places import workplace
from policies.views.common import linked, person, visible_policy, way_to_mend
from policies.workflow import policy_workflow
from shinshiro_sns.steps import CHANGED, Step, StepOvertaken, StepRefused, Unmet
from shinshiro_sns.workflow import Workflow
from staff.models import User


def policy_step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A step of a policy."""
    user = person(request)
    policy = visible_policy(user, pk)
    return _step(request, user, policy_workflow, policy, policy, name)


def consultation_step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """An answer to a consultation."""
    user = person(request)
    rows = Consultation.objects.filter(
        policy__in=OperatingPolicy.objects.visible_to(user).values("pk")
    ).select_related("policy__account__department", "department")
    consultation = get_object_or_404(rows, pk=pk)
    return _step(request, user, consultation_workflow, consultation, consultation.policy, name)


def _step(
    request: HttpRequest,
    user: User,
    workflow: Workflow,
    obj: Any,
    policy: OperatingPolicy,
    name: str,
) -> HttpResponse:
    step = workflow.steps.get(name)
    if step is None or not step.permission:
        raise Http404
    if not user.has_perm(step.permission, obj):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = StepForm(
        data,
        step=step,
        with_reasons=name in OperatingPolicy.RETURNING_STEPS,
        initial={"revision": obj.revision},
    )
    if data is not None and form.is_valid():
        try:
            workflow.take(
                obj, name, by=user, seen=form.cleaned_data["revision"],
                note=form.cleaned_data.get("note", ""),
                reasons=form.cleaned_data.get("reasons", []),
            )  # fmt: skip
        except StepRefused as refused:
            return _page(request, user, obj, policy, step, form, refused.reasons, status=409)
        messages.success(request, f"{done(step.label)}。")
        return redirect(workplace(user, policy))
    status = 422 if data is not None else 200
    reasons = _unmet(workflow, obj, step, user, request.GET.get("seen"))
    return _page(request, user, obj, policy, step, form, reasons, status=status)


def _unmet(workflow: Workflow, obj: Any, step: Step, user: User, seen: str | None) -> list[Unmet]:
    """What stands in the way before anything is asked: shown with the page, not after the POST."""
    if getattr(obj, workflow.state_field) not in step.sources or not step.offered(obj, user):
        sentence = f"今は「{step.label}」はできません。手続きが先へ進んでいます。"
        raise StepOvertaken([Unmet(sentence)], obj)
    if seen is not None and seen != str(obj.revision):
        raise StepOvertaken([CHANGED], obj)
    return step.unmet(obj, user)


def _page(
    request: HttpRequest, user: User, obj: Any, policy: OperatingPolicy, step: Step,
    form: StepForm, unmet: list[Unmet], *, status: int,
) -> HttpResponse:  # fmt: skip
    context = {
        "policy": policy,
        "account": policy.account,
        "department": obj.department if isinstance(obj, Consultation) else None,
        "step": step,
        "form": form,
        "form_errors": status != 200,
        "unmet": linked(policy, unmet, user),
        "way": way_to_mend(policy, unmet, user),
        "back": workplace(user, policy),
    }
    return render(request, "desk/step.html", context, status=status)

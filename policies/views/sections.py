"""One section of a filing, one page of the form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from policies import drafting
from policies.forms import FORMS, SectionForm
from policies.items import BY_KEY, SECTIONS, Section
from policies.models import OperatingPolicy
from policies.views.common import linked, person, visible_policy
from shinshiro_sns.steps import StepOvertaken
from staff.models import User

DRAFT = "policies.draft_operatingpolicy"


def edit(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Show a section's form, or save it. Half a section is saved as well as a whole one."""
    user = person(request)
    policy = visible_policy(user, pk)
    if key not in BY_KEY:
        raise Http404
    if not user.has_perm(DRAFT, policy):
        raise PermissionDenied
    if request.method == "POST":
        return _save(request, user, pk, BY_KEY[key])
    drafting.refuse_unless_editable(policy)
    form = FORMS[key](instance=policy)
    return _page(request, policy, BY_KEY[key], form, seal=drafting.seal(policy, form))


def _save(request: HttpRequest, user: User, pk: int, section: Section) -> HttpResponse:
    seal = request.POST.get("seen", "")
    try:
        with transaction.atomic():
            policy = visible_policy(user, pk, lock=True)
            # A second copy: the form writes what was typed into its own.
            form = FORMS[section.key](request.POST, instance=visible_policy(user, pk))
            try:
                drafting.refuse_unless_editable(policy)
            except StepOvertaken as overtaken:
                reasons = linked(policy, overtaken.reasons, user)
                return _page(request, policy, section, form, overtaken=reasons, status=409)
            if not form.is_valid():
                return _page(request, policy, section, form, seal=seal, status=422)
            clashes, kept = drafting.merge(policy, form, drafting.unseal(seal))
            if clashes:
                rows = [{"label": c.label, "before": c.stored, "after": c.mine} for c in clashes]
                return _page(
                    request, policy, section, form, clashes=rows, status=409,
                    seal=drafting.seal(policy, form),
                )  # fmt: skip
            saved = drafting.save(policy, form, user)
    except IntegrityError:
        # Registered by someone else between our question and our answer: asked anew, the form
        # names the department. Anything else would be a mistake of ours, not to be hidden.
        form = FORMS[section.key](request.POST, instance=visible_policy(user, pk))
        if form.is_valid():
            raise
        return _page(request, policy, section, form, seal=seal, status=409)
    if kept:
        messages.info(
            request, f"ほかの人が先に保存した「{'」「'.join(kept)}」は、そのまま残しました。"
        )
    messages.success(request, f"「{section.title}」を保存しました。")
    return redirect(_next(saved, section) if "next" in request.POST else saved)


def _next(policy: OperatingPolicy, section: Section) -> str:
    following = SECTIONS[SECTIONS.index(section) + 1 :]
    if following:
        return reverse("policies:section", args=[policy.pk, following[0].key])
    return reverse("policies:check", args=[policy.pk])


def _page(
    request: HttpRequest,
    policy: OperatingPolicy,
    section: Section,
    form: SectionForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    number = SECTIONS.index(section) + 1
    context = {
        "policy": policy,
        "account": policy.account,
        "section": section,
        "form": form,
        "form_errors": status != 200,
        "number": number,
        "step_caption": f"運用ポリシー 第{policy.version}版 {number}/{len(SECTIONS)}",
        "is_last": number == len(SECTIONS),
        **more,
    }
    return render(request, "desk/section.html", context, status=status)

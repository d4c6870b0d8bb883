"""One filing: where it stands, whose turn it is, what it says, and what can be done."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from policies import items, summary, turns
from policies.consulting import consultation_workflow
from policies.forms import StepForm
from policies.history import timeline
from policies.models import Consultation, OperatingPolicy
from policies.reasons import BY_KEY as REASONS
from policies.views.common import blocked, buttons, linked, person, step_url, visible_policy
from policies.workflow import policy_workflow
from staff.models import User


@require_safe
def policy(request: HttpRequest, pk: int) -> HttpResponse:
    """The filing's page: a task list while it is written, the whole text afterwards."""
    user = person(request)
    filing = visible_policy(user, pk)
    may_draft = user.has_perm("policies.draft_operatingpolicy", filing)
    turn = turns.turn(filing)
    # The task list ends in the page of answers, from which it is submitted.
    offers = [o for o in policy_workflow.offers(filing, user) if o.step.name != "submit"]
    context = {
        "policy": filing,
        "account": filing.account,
        "heading_caption": f"{filing.account.service_info.name} 運用ポリシー 第{filing.version}版",
        "turn": turn,
        "mine": turn is not None and user in turn.people,
        "tasks": _tasks(filing) if filing.is_editable and may_draft else None,
        "unmet": linked(filing, items.missing(filing), user) if filing.is_editable else [],
        "parts": summary.parts(filing),
        "returned": _returned(filing),
        "since_return": summary.changes_since_return(filing),
        "since_force": summary.changes_since_force(filing),
        "consultations": _consultations(filing, user),
        "buttons": buttons(filing, offers),
        "blocked": blocked(filing, offers, user),
        "timeline": timeline(filing),
    }
    return render(request, "desk/policy.html", context)


@require_safe
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Every answer on one page before it is submitted, each with its way to change it."""
    user = person(request)
    filing = visible_policy(user, pk)
    step = policy_workflow.steps["submit"]
    if not user.has_perm(step.permission, filing):
        raise PermissionDenied
    if filing.state not in step.sources:
        return redirect(filing)
    context = {
        "policy": filing,
        "account": filing.account,
        "parts": [
            {
                "section": part.section,
                "rows": [
                    {
                        "label": row.label,
                        "value": row.value,
                        "missing": row.missing,
                        "letter": row.letter,
                        "change_url": ""
                        if row.field == "service"
                        else reverse("policies:section", args=[filing.pk, part.section.key]),
                    }
                    for row in part.rows
                ],
            }
            for part in summary.parts(filing)
        ],
        "unmet": linked(filing, step.unmet(filing, user), user),
        "since_return": summary.changes_since_return(filing),
        "since_force": summary.changes_since_force(filing),
        "step": step,
        "form": StepForm(step=step, with_reasons=False, initial={"revision": filing.revision}),
    }
    return render(request, "desk/check.html", context)


def _tasks(filing: OperatingPolicy) -> list[dict[str, Any]]:
    return [
        {
            "label": f"{section.letter} {section.title}".strip(),
            "hint": " ".join(unmet.sentence for unmet in lacking),
            "url": reverse("policies:section", args=[filing.pk, section.key]),
            "kind": "warning" if lacking else "done",
            "status": _status(section, filing, bool(lacking)),
        }
        for section in items.SECTIONS
        for lacking in [section.missing(filing)]
    ]


def _status(section: items.Section, filing: OperatingPolicy, is_lacking: bool) -> str:
    if not is_lacking:
        return "入力済み"
    return "未入力" if section.is_untouched(filing) else "不足あり"


def _returned(filing: OperatingPolicy) -> dict[str, Any] | None:
    sent_back = filing.last_return()
    if sent_back is None or filing.state != OperatingPolicy.State.RETURNED:
        return None
    reasons = [REASONS[key] for key in sent_back.reasons if key in REASONS]
    return {
        "by": sent_back.by,
        "at": sent_back.at,
        "from_pr_division": sent_back.by_pr_division,
        "words": sent_back.words,
        "reasons": [
            {
                "sentence": reason.sentence,
                "clause": reason.clause,
                "url": reverse("policies:section", args=[filing.pk, reason.section]),
            }
            for reason in reasons
        ],
    }


def _consultations(filing: OperatingPolicy, user: User) -> list[dict[str, Any]]:
    rows = Consultation.objects.of_round(filing).select_related("department", "answered_by")
    return [
        {
            "consultation": row,
            "kind": row.state,
            "buttons": [
                {
                    "label": offer.step.label,
                    "tone": offer.step.tone,
                    "url": step_url(row, offer.step),
                }
                for offer in consultation_workflow.offers(row, user)
            ],
        }
        for row in rows
    ]

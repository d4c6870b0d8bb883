"""One step on several reports: first the list of what would be done, then what became of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse

from policies.admin_queue import RELATED, STEPS
from policies.forms import StepForm
from policies.models import OperatingPolicy
from policies.views.common import person
from policies.workflow import policy_workflow
from shinshiro_sns.admin import chosen_keys, is_key
from shinshiro_sns.steps import Step, StepRefused, Unmet
from staff.models import User

# As many as a page of the queue shows: nobody has read more than that before he decides.
LIMIT = 50
FORBIDDEN = Unmet("この報告について、この手続きを行う権限がありません。")


class BulkForm(StepForm):
    """What a step asks of the person, asked once for all rows."""

    def __init__(self, *args: Any, step: Step, **kwargs: Any) -> None:
        super().__init__(
            *args, step=step, with_reasons=step.name in OperatingPolicy.RETURNING_STEPS, **kwargs
        )
        del self.fields["revision"]

    def clean(self) -> dict[str, Any]:
        """A return says why: by a reason, in words, or both."""
        cleaned = super().clean() or {}
        if "reasons" in self.fields and not (cleaned.get("reasons") or cleaned.get("note")):
            self.add_error("reasons", "差し戻す理由を選ぶか、説明を入力してください。")
        return cleaned


@dataclass(frozen=True)
class Outcome:
    """What became of one row; `reasons` say why where nothing was done."""

    policy: OperatingPolicy
    done: bool
    reasons: list[Unmet] = field(default_factory=list)


def answer(request: HttpRequest, name: str) -> dict[str, Any] | str:
    """What a POST of step `name` leads to: the context of a page, or a sentence for the list.

    `page` in the context is `confirm` until the person has confirmed, then `result`.
    """
    step = next((step for step in STEPS if step.name == name), None)
    if step is None:
        raise Http404
    user = person(request)
    if not user.has_perm(step.permission):
        raise PermissionDenied
    confirmed = "row" in request.POST
    rows = _confirmed(request, user) if confirmed else _chosen(request, user)
    if not rows:
        return f"「{step.label}」の対象を一覧で選んでから、もう一度押してください。"
    context = {"step": step, "list_url": list_url(request), "back": _back(request)}
    form = BulkForm(request.POST if confirmed else None, step=step)
    if not form.is_valid():
        title = f"{len(rows)}件をまとめて処理する前の確認"
        return {**context, "page": "confirm", "title": title, "rows": rows, "form": form,
                "errors": form.errors}  # fmt: skip
    outcomes = take_each(step, rows, user, **form.cleaned_data)
    done = [outcome for outcome in outcomes if outcome.done]
    refused = [outcome for outcome in outcomes if not outcome.done]
    return {
        **context, "page": "result", "title": "まとめて処理した結果",
        "done": done, "done_text": f"{len(done)}件の「{step.label}」が済みました。",
        "refused": refused, "refused_text": f"{len(refused)}件は処理できず、そのままです。",
    }  # fmt: skip


def list_url(request: HttpRequest) -> str:
    """The list the rows were chosen on, with its tab, search and filters."""
    back = _back(request)
    return reverse("admin:policies_operatingpolicy_changelist") + (f"?{back}" if back else "")


def _back(request: HttpRequest) -> str:
    return QueryDict(request.POST.get("back", "")[:1000]).urlencode()


def _chosen(request: HttpRequest, user: User) -> list[OperatingPolicy]:
    """The rows ticked on the list, as they are now."""
    return _rows(request.POST.getlist(ACTION_CHECKBOX_NAME), user)


def _confirmed(request: HttpRequest, user: User) -> list[OperatingPolicy]:
    """The rows of a confirmation page, each with the revision that stood there."""
    seen = [text.partition(":") for text in request.POST.getlist("row")]
    if not all(is_key(revision) for _, _, revision in seen):
        raise BadRequest
    rows = _rows([pk for pk, _, _ in seen], user)
    for policy, (_, _, revision) in zip(rows, seen, strict=True):
        policy.revision = int(revision)
    return rows


def _rows(keys: list[str], user: User) -> list[OperatingPolicy]:
    if len(chosen_keys(keys)) > LIMIT:
        raise BadRequest
    rows = OperatingPolicy.objects.visible_to(user).select_related(*RELATED).in_bulk(keys)
    if len(rows) != len(keys):
        raise Http404
    return [rows[int(pk)] for pk in keys]


def take_each(step: Step, rows: Iterable[OperatingPolicy], by: User, **said: Any) -> list[Outcome]:
    """Take `step` on each row in a transaction of its own; one that is refused stops no other.

    `said` goes to the step: `note`, and `reasons` where it is a return.
    """
    outcomes = []
    for policy in rows:
        try:
            policy_workflow.take(policy, step.name, by=by, seen=policy.revision, **said)
        except StepRefused as refused:
            outcomes.append(Outcome(policy, False, refused.reasons))
        except PermissionDenied:
            outcomes.append(Outcome(policy, False, [FORBIDDEN]))
        else:
            outcomes.append(Outcome(policy, True))
    return outcomes

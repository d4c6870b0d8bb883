"""One report as the PR division works on it: everything to decide by, on one page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404

from policies import summary, turns
from policies.history import timeline
from policies.models import Consultation, InternalNote, OperatingPolicy, PolicyReturn
from policies.reasons import BY_KEY as REASONS
from policies.views.common import blocked, step_url
from policies.workflow import policy_workflow
from shinshiro_sns.admin import is_key
from shinshiro_sns.steps import Offer
from staff.models import User

RELATED = (
    "account__department", "assignee", "submitted_by", "set_by", "absence__person",
    "reviewed_by", "received_by",
)  # fmt: skip
# Taken by one press: they ask for nothing, and the next press undoes them.
AT_ONCE = ("assign", "unassign")


class NoteForm(forms.ModelForm):
    """A note for the PR division's own eyes."""

    class Meta:
        model = InternalNote
        fields = ("text",)
        labels = {"text": "メモを書く"}
        help_texts = {"text": "広報主管課と監査だけが読みます。所属には見えません。"}
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}

    def save_once(self, policy: OperatingPolicy, by: User) -> None:
        """Keep the note; the very same one again, from a double click, is kept once."""
        last = policy.internal_notes.filter(author=by).order_by("-at", "-pk").first()
        if last is None or last.text != self.cleaned_data["text"]:
            policy.internal_notes.create(author=by, text=self.cleaned_data["text"])


def readable(user: User, pk: str | int) -> OperatingPolicy:
    """The report `user` may read, with all that its page names; else 404."""
    rows = OperatingPolicy.objects.visible_to(user).select_related(*RELATED)
    written = str(pk)
    return get_object_or_404(rows, pk=int(written) if is_key(written) else None)


def page(policy: OperatingPolicy, user: User, note_form: NoteForm | None = None) -> dict[str, Any]:
    """The context of a report's page, for `user`; the number of queries does not grow with it."""
    turn = turns.turn(policy)
    offers = policy_workflow.offers(policy, user)
    is_mine = turn is not None and user in turn.people and policy.assignee in (None, user)
    return {
        "page": "case",
        "title": f"{policy.account}(第{policy.version}版)",
        "errors": note_form.errors if note_form else None,
        "policy": policy,
        "account": policy.account,
        "turn": turn,
        "mine": is_mine,
        "facts": _facts(policy),
        "buttons": [_button(policy, offer) for offer in offers if not offer.unmet],
        "blocked": blocked(policy, offers, user),
        "parts": summary.parts(policy),
        "since_return": summary.changes_since_return(
            policy, (OperatingPolicy.RETURN_BY_PR_DIVISION,)
        ),
        "since_force": summary.changes_since_force(policy),
        "in_force": policy.previous_in_force(),
        "consultations": _consultations(policy),
        "returns": [_return(row) for row in policy.returns.select_related("by")],
        "notes": _notes(policy, user),
        "note_form": _note_form(policy, user, note_form),
        "timeline": timeline(policy),
    }


def _facts(policy: OperatingPolicy) -> list[dict[str, str]]:
    """Who brought it here, and whom to call about it."""
    department = policy.account.department
    telephone = f"(電話 {department.telephone})" if department.telephone else ""
    facts = [("管理する所属", f"{department}{telephone}")]
    if policy.submitted_by:
        facts.append(("提出した人", policy.submitted_by.name))
    if policy.set_by:
        facts.append(("報告した人", f"{policy.set_by.name}{_for_head(policy)}"))
    if policy.received_by:
        facts.append(("受理した人", policy.received_by.name))
    if policy.set_by and not policy.received_by:
        facts.append(("担当", policy.assignee.name if policy.assignee else "未割当"))
    facts.append(("提出回数", f"{policy.round}回"))
    return [{"label": label, "value": value} for label, value in facts]


def _for_head(policy: OperatingPolicy) -> str:
    if not policy.set_for_head or policy.absence is None:
        return ""
    by = policy.reviewed_by
    reviewed = f"{by.name}さんが後閲済み" if by else "後閲はまだ"
    absence = policy.absence
    return f"({absence.person.name}さんの不在により代決:{absence.reason}、{reviewed})"


def _button(policy: OperatingPolicy, offer: Offer) -> dict[str, Any]:
    button: dict[str, Any] = {
        "label": offer.step.label,
        "tone": offer.step.tone,
        "url": step_url(policy, offer.step),
    }
    if offer.step.name in AT_ONCE:
        button |= {"method": "post", "fields": [("revision", policy.revision)]}
    return button


def _consultations(policy: OperatingPolicy) -> list[Consultation]:
    rows = policy.consultations.select_related("department", "answered_by")
    return list(rows.order_by("-round", "department__order", "department__code"))


def _return(sent_back: PolicyReturn) -> dict[str, Any]:
    return {
        "row": sent_back,
        "from": "広報主管課" if sent_back.by_pr_division else "所属の長",
        "reasons": [REASONS[key] for key in sent_back.reasons if key in REASONS],
    }


def _notes(policy: OperatingPolicy, user: User) -> list[InternalNote] | None:
    if not user.has_perm("policies.view_internalnote", policy):
        return None
    return list(policy.internal_notes.select_related("author").order_by("-at", "-pk"))


def _note_form(policy: OperatingPolicy, user: User, filled: NoteForm | None) -> NoteForm | None:
    if not user.has_perm("policies.add_internalnote", policy):
        return None
    return filled or NoteForm()

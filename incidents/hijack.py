"""乗っ取り: posting waits until the head decides to go on, and the change of password is in the ledger too."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.credentials import RECORD, record_change
from accounts.models import CredentialChange
from incidents import log
from incidents.models import Incident, IncidentStep
from incidents.parts import Part, StepPart
from incidents.step_forms import DoneForm
from shinshiro_sns.steps import Taking

KIND, PASSWORD, RESUME = "hijack", "password", "resume"
BY_THE_DEPARTMENT = "パスワードの台帳への記録は、所属の職員が行ってください。"


def held_back(accounts: Iterable[int]) -> set[int]:
    """Which of these accounts, by their keys, somebody else may hold: until the head decides to resume."""
    waiting = IncidentStep.objects.filter(
        incident__kind=KIND, incident__state=Incident.State.RUNNING, key=RESUME,
        state=IncidentStep.State.OPEN, incident__account__in=list(accounts),
    )  # fmt: skip
    return set(waiting.values_list("incident__account", flat=True))


class PasswordForm(DoneForm):
    """That the password was changed, with what 3(7) asks of every change."""

    is_hard_to_guess = forms.BooleanField(
        label="推測されにくいものにした",
        error_messages={"required": "推測されにくいものにしたことを確かめてください。"},
    )
    is_kept_secret = forms.BooleanField(
        label="関係者のほかに、だれにも知られていない",
        error_messages={"required": "関係者以外のだれにも知られていないことを確かめてください。"},
    )


def changed(taking: Taking) -> None:
    """Into the account's ledger, so that 3(7) counts from it; the department's alone to write.

    What the ledger does not take (it knows of a later change) stops nobody who contains a hijack: the
    incident's log says so.
    """
    step, by = taking.obj, taking.by
    account = step.incident.account
    if account is None:
        return
    if not by.has_perm(RECORD, account):
        log.add(step.incident, log.Kind.NOTE, BY_THE_DEPARTMENT, by, step=step)
        return
    try:
        record_change(
            account, by=by, changed_on=timezone.localdate(taking.extra["happened_at"]),
            changed_by=by, reason=CredentialChange.Reason.SUSPICION, is_hard_to_guess=True,
            is_kept_secret=True,
        )  # fmt: skip
    except ValidationError as error:
        said = "パスワードの台帳には記録しませんでした。" + "".join(error.messages)
        log.add(step.incident, log.Kind.NOTE, said, by, step=step)


PARTS = (Part(KIND, steps={PASSWORD: StepPart(form=PasswordForm, effect=changed)}),)

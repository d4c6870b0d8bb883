"""乗っ取り: nobody vouches for the account and posting waits until the head decides to go on; the change
of password is in the ledger too; the public is warned on the city's own site."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import doubting
from accounts.credentials import RECORD, record_change
from accounts.models import Account, CredentialChange, Notice
from incidents import log, publishing
from incidents.models import Incident, IncidentStep
from incidents.notice_forms import PublicNoticeForm
from incidents.parts import Part, StepPart
from incidents.step_forms import DoneForm
from shinshiro_sns.steps import Taking
from staff.models import User

KIND, PASSWORD, WARN, RESUME = "hijack", "password", "warn", "resume"
BY_THE_DEPARTMENT = "パスワードの台帳への記録は、所属の職員が行ってください。"


def _waiting(accounts: Iterable[int]) -> Any:
    return IncidentStep.objects.filter(
        incident__kind=KIND, incident__state=Incident.State.RUNNING, key=RESUME,
        state=IncidentStep.State.OPEN, incident__account__in=list(accounts),
    )  # fmt: skip


def held_back(accounts: Iterable[int]) -> set[int]:
    """Which of these accounts, by their keys, somebody else may hold: until the head decides to resume."""
    return set(_waiting(accounts).values_list("incident__account", flat=True))


# --- What the public is told --------------------------------------------------------------------------


def taken_up(incident: Incident, by: User) -> None:
    """While the head has not decided to resume, nobody is told that the account is the city's."""
    step = incident.steps.filter(key=RESUME).first()
    if incident.account is not None and step is not None and step.is_open:
        doubting.doubt(incident.account, by)


def laid_down(incident: Incident, by: User) -> None:
    """The case is over: unless another one doubts the account, it is what it was."""
    if incident.account is not None:
        _trust(incident.account, incident, by)


def of_another_account(incident: Incident, before: Account | None, by: User) -> None:
    """It was not that account: nobody doubts it any more for this one's sake."""
    if before is not None:
        _trust(before, incident, by)
    taken_up(incident, by)


def _trust(account: Account, incident: Incident, by: User) -> None:
    others = _waiting([account.pk]).exclude(incident=incident)
    doubting.trust(account, by, unless=others.exists)


def resumed(taking: Taking) -> None:
    """The head decided to resume, or took that back."""
    step: IncidentStep = taking.obj
    (taken_up if step.is_open else laid_down)(step.incident, taking.by)


class WarningForm(PublicNoticeForm):
    """The warning of an account of the city's own."""

    def drafted_title(self) -> str:
        """Which account it is."""
        account = self.step.incident.account
        name = f"「{account.title}」" if account else ""
        return f"市のアカウント{name}が乗っ取られたおそれがあります"


def warned(taking: Taking) -> None:
    """The notice on the city's site."""
    step: Any = taking.obj
    notice = publishing.published(step.incident, Notice.Kind.WARNING, taking)
    step.url = publishing.address_of(notice)


# --- The ledger ---------------------------------------------------------------------------------------


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


PARTS = (
    Part(
        KIND,
        steps={
            PASSWORD: StepPart(form=PasswordForm, effect=changed),
            WARN: StepPart(form=WarningForm, effect=warned),
            RESUME: StepPart(moved=resumed),
        },
        laid_down=laid_down,
        taken_up=taken_up,
        of_another_account=of_another_account,
    ),
)

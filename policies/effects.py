"""What the steps of a policy's way bring about, beside the change of state."""

from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from accounts.access import name_people
from accounts.models import Account
from accounts.workflow import account_workflow
from policies.conditions import absence_today, closed, identity_taken
from policies.models import Consultation, OperatingPolicy, PolicyReturn
from policies.reasons import BY_KEY as REASONS
from shinshiro_sns.history import acting
from shinshiro_sns.steps import StepNotMet, Taking, Unmet


def submitted(taking: Taking) -> None:
    """The head has it; each sharing department is asked (合議), 3(1)."""
    policy: OperatingPolicy = taking.obj
    policy.submitted_by, policy.submitted_at = taking.by, taking.at
    policy.round += 1
    for department in policy.partners.all() if policy.is_shared else ():
        Consultation.objects.create(
            policy=policy, department=department, round=policy.round, state_since=taking.at
        )


def unsubmitted(taking: Taking) -> None:
    """引戻し by the officer: with nobody now; what was asked stays on record, needed no more."""
    policy: OperatingPolicy = taking.obj
    policy.submitted_by = policy.submitted_at = None


def was_set(taking: Taking) -> None:
    """The head, or the deputy for him, has set it: it is reported by that very step, 3(2)."""
    policy: OperatingPolicy = taking.obj
    policy.set_by, policy.set_at = taking.by, taking.at
    if taking.step.name == "set_for_head":
        policy.set_for_head, policy.absence = True, absence_today(policy)
    if settings.OFFICIAL_BEFORE_RECEIPT and policy.account.status == Account.Status.PREPARING:
        make_official(taking)


def unset(taking: Taking) -> None:
    """The decision no longer stands; an account it alone had opened is official no more."""
    policy: OperatingPolicy = taking.obj
    policy.set_by = policy.set_at = policy.absence = policy.assignee = None
    policy.set_for_head = False
    policy.reviewed_by = policy.reviewed_at = None
    account = policy.account
    if account.status == Account.Status.OFFICIAL and not account.policies.in_force().exists():
        account_workflow.take(account, "unopen", by=taking.by, follows=True)


def returned(taking: Taking) -> None:
    """差戻し, with its reasons; at least one reason or a word of explanation is needed."""
    policy: OperatingPolicy = taking.obj
    reasons = [key for key in taking.extra.get("reasons", ()) if key in REASONS]
    if not reasons and not taking.note:
        raise StepNotMet(
            [Unmet("差し戻す理由を選ぶか、説明を入力してください。", "3(2)", "reasons")]
        )
    PolicyReturn.objects.create(
        policy=policy, by=taking.by, at=taking.at, round=policy.round, words=taking.note,
        by_pr_division=taking.step.name == OperatingPolicy.RETURN_BY_PR_DIVISION, reasons=reasons,
    )  # fmt: skip
    if policy.set_at:
        unset(taking)


def withdrawn(taking: Taking) -> None:
    """取下げ: given up."""
    if taking.obj.set_at:
        unset(taking)


def assigned(taking: Taking) -> None:
    """A person of the PR division takes the report on."""
    taking.obj.assignee = taking.by


def unassigned(taking: Taking) -> None:
    """It goes back to everybody's queue."""
    taking.obj.assignee = None


def reviewed(taking: Taking) -> None:
    """後閲: the head has looked at what the deputy set for him."""
    taking.obj.reviewed_by, taking.obj.reviewed_at = taking.by, taking.at


def received(taking: Taking) -> None:
    """受理: in force from now on, in place of the version before."""
    policy: OperatingPolicy = taking.obj
    policy.received_by, policy.received_at = taking.by, taking.at
    for former in policy.account.policies.in_force():
        taking.workflow.take(former, "supersede", by=taking.by, follows=True)
    make_official(taking)


def make_official(taking: Taking) -> None:
    """The version's facts become the account's own, and it a 公式アカウント, 4(1)."""
    account = Account.objects.select_for_update(of=("self",)).get(pk=taking.obj.account_id)
    if unmet := closed(account):
        # Closed by someone else since the conditions were asked.
        raise StepNotMet(unmet, taking.obj)
    account.take_facts_of(taking.obj)
    try:
        with transaction.atomic():
            acting(account, taking.by).save()
    except IntegrityError:
        # Registered by someone else since the conditions were asked.
        raise StepNotMet(identity_taken(taking.obj), taking.obj) from None
    account.take_partners_of(taking.obj)
    name_people(
        account, taking.obj.users.all(), taking.obj.administrators.all(), localdate(taking.at)
    )
    if account.status == Account.Status.PREPARING:
        account_workflow.take(account, "open", by=taking.by, follows=True)


def answered(taking: Taking) -> None:
    """The answer to a consultation."""
    consultation: Consultation = taking.obj
    consultation.answered_by, consultation.answered_at = taking.by, taking.at
    consultation.comment = taking.note
    if taking.step.name.endswith("_for_head"):
        consultation.for_head, consultation.absence = True, absence_today(consultation)

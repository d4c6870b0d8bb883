"""Who is told what on a policy's way: one function per message, queued with the step itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from policies import turns
from policies.models import Consultation, OperatingPolicy
from policies.reasons import BY_KEY as REASONS
from shinshiro_sns import mail
from shinshiro_sns.steps import Taking
from staff import roles
from staff.models import User


def _tell(people: Iterable[User], notice: str, taking: Taking, **context: Any) -> None:
    """Queue `notice` to each person once for this very step, but not to who takes it himself."""
    obj = taking.obj
    policy: OperatingPolicy = obj.policy if isinstance(obj, Consultation) else obj
    for person in people:
        if person.pk == taking.by.pk:
            continue
        mail.queue(
            to=person,
            notice=f"policies/{notice}",
            context={
                "policy": policy,
                "account": policy.account,
                "by": taking.by,
                "note": taking.note,
                "path": policy.get_absolute_url(),
                **context,
            },
            key=f"{obj._meta.model_name} {obj.pk} revision {obj.revision}",
        )


def _officers_in_charge(policy: OperatingPolicy) -> Iterable[User]:
    """The officer who submitted it while he is there, else all who could take it up."""
    there = turns.officers(policy)
    submitter = there.filter(pk=policy.submitted_by_id or 0)
    return submitter if submitter.exists() else there


def submitted(taking: Taking) -> None:
    """To whom it is to: the departments consulted, or the head."""
    policy: OperatingPolicy = taking.obj
    asked = list(Consultation.objects.of_round(policy).select_related("department"))
    for consultation in asked:
        _tell(turns.consulted(consultation), "consulted", taking,
              department=consultation.department)  # fmt: skip
    if not asked:
        _tell(turns.deciders(policy), "submitted", taking)


def answered(taking: Taking) -> None:
    """An objection to the officer and the head; the last agreement to the head, whose turn it is."""
    consultation: Consultation = taking.obj
    policy = consultation.policy
    people = turns.deciders(policy)
    if consultation.state == Consultation.State.OBJECTED:
        _tell({*people, *_officers_in_charge(policy)}, "objected", taking,
              department=consultation.department)  # fmt: skip
        return
    others = Consultation.objects.of_round(policy).exclude(pk=consultation.pk)
    if not others.exclude(state=Consultation.State.AGREED).exists():
        _tell(people, "submitted", taking)


def recalled(taking: Taking) -> None:
    """To the head, from whom it was taken back."""
    _tell(turns.deciders(taking.obj), "recalled", taking)


def reported(taking: Taking) -> None:
    """To the PR division, whose turn it is, and to the officer that it went on."""
    policy: OperatingPolicy = taking.obj
    _tell(turns.receivers(policy), "reported", taking)
    _tell(_officers_in_charge(policy), "went_on", taking)


def set_for_head(taking: Taking) -> None:
    """To the head, who looks at it afterwards (後閲)."""
    heads = roles.holders("policies.review_operatingpolicy", taking.obj.scope_department_ids)
    _tell(heads, "set_for_head", taking)


def report_recalled(taking: Taking) -> None:
    """To the PR division, from whose queue it disappeared."""
    _tell(turns.receivers(taking.obj), "report_recalled", taking)


def returned(taking: Taking) -> None:
    """To the officer, with every reason in one message; to the head where the PR division did it."""
    policy: OperatingPolicy = taking.obj
    sent_back = policy.last_return()
    reasons = [REASONS[key] for key in sent_back.reasons] if sent_back else []
    people = set(_officers_in_charge(policy))
    if sent_back and sent_back.by_pr_division:
        people |= set(turns.deciders(policy))
    _tell(people, "returned", taking, reasons=reasons)


def received(taking: Taking) -> None:
    """To the officer and the head: the account is official."""
    policy: OperatingPolicy = taking.obj
    _tell({*_officers_in_charge(policy), *turns.deciders(policy)}, "received", taking)


def withdrawn(taking: Taking) -> None:
    """To who had it in hand: the head, and the PR division where it was reported."""
    policy: OperatingPolicy = taking.obj
    people: set[User] = set()
    if policy.submitted_at:
        people |= set(turns.deciders(policy))
    if taking.source == OperatingPolicy.State.REPORTED:
        people |= set(turns.receivers(policy))
    _tell(people, "withdrawn", taking)

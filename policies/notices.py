"""Who is told what on a policy's way: one function per message, queued with the step itself.

Who was told that something waits for him is told too when it is taken away from him.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accounts.models import Account
from policies import turns
from policies.models import Consultation, OperatingPolicy
from policies.places import workplace
from policies.reasons import BY_KEY as REASONS
from shinshiro_sns import mail
from shinshiro_sns.steps import Taking
from staff import authority
from staff.models import Department, User

State = OperatingPolicy.State
Answer = Consultation.State


def _tell(
    people: Iterable[User],
    notice: str,
    taking: Taking,
    department: Department | None = None,
    **context: Any,
) -> None:
    """Queue `notice` to each person once for this very step, but not to who takes it himself.

    Who is addressed for a `department` that is asked is told once for each.
    """
    obj = taking.obj
    policy: OperatingPolicy = obj.policy if isinstance(obj, Consultation) else obj
    as_whom = f" department {department.pk}" if department else ""
    for person in people:
        if person.pk == taking.by.pk:
            continue
        mail.queue(
            to=person,
            notice=f"policies/{notice}",
            context={
                "policy": policy,
                "account": policy.account,
                "department": department,
                "by": taking.by,
                "note": taking.note,
                "path": workplace(person, policy),
                **context,
            },
            key=f"{obj._meta.model_name} {obj.pk} revision {obj.revision}{as_whom}",
        )


def _officers_in_charge(policy: OperatingPolicy) -> Iterable[User]:
    """The officer who submitted it while he is there, else all who are to take it up."""
    there = list(turns.officers(policy))
    return [person for person in there if person.pk == policy.submitted_by_id] or there


def _everybody(consultations: Iterable[Consultation]) -> set[User]:
    """Those who may answer for any of the departments asked."""
    return {person for there in turns.consulted(consultations).values() for person in there}


def submitted(taking: Taking) -> None:
    """To whom it is to: the departments consulted, or the head."""
    policy: OperatingPolicy = taking.obj
    asked = list(Consultation.objects.of_round(policy))
    people = turns.consulted(asked)
    for consultation in asked:
        department = consultation.department
        _tell(people[department.pk], "consulted", taking, department)
    if not asked:
        _tell(turns.deciders(policy), "submitted", taking)


def answered(taking: Taking) -> None:
    """An objection to the officer and the head; the last agreement to the head, whose turn it is."""
    consultation: Consultation = taking.obj
    policy = consultation.policy
    people = turns.deciders(policy)
    if consultation.state == Answer.OBJECTED:
        everybody = {*people, *_officers_in_charge(policy)}
        _tell(everybody, "objected", taking, consultation.department)
        return
    others = Consultation.objects.of_round(policy).exclude(pk=consultation.pk)
    if not others.exclude(state=Answer.AGREED).exists():
        _tell(people, "agreed", taking, consultation.department)


def answered_for_head(taking: Taking) -> None:
    """To the head for whom a deputy answered, who looks at it afterwards (後閲)."""
    consultation: Consultation = taking.obj
    heads = authority.holders("policies.review_consultation", consultation.scope_department_ids)
    _tell(heads, "answered_for_head", taking, consultation.department)


def recalled(taking: Taking) -> None:
    """To whom it was submitted: the departments consulted, else the head."""
    policy: OperatingPolicy = taking.obj
    asked = list(Consultation.objects.of_round(policy))
    _tell(_everybody(asked) if asked else turns.deciders(policy), "recalled", taking)


def reported(taking: Taking) -> None:
    """To the PR division, whose turn it is, and to the officer that it went on."""
    policy: OperatingPolicy = taking.obj
    _tell(turns.receivers(policy), "reported", taking)
    _tell(_officers_in_charge(policy), "went_on", taking)


def set_for_head(taking: Taking) -> None:
    """To the head, who looks at it afterwards (後閲)."""
    heads = authority.holders("policies.review_operatingpolicy", taking.obj.scope_department_ids)
    _tell(heads, "set_for_head", taking)


def report_recalled(taking: Taking) -> None:
    """To the PR division, from whose queue it disappeared."""
    _tell(turns.receivers(taking.obj), "report_recalled", taking)


def returned(taking: Taking) -> None:
    """To the officer, with every reason in one message; to the head where the PR division did it.

    A department that has not answered yet is told that it need not any more.
    """
    policy: OperatingPolicy = taking.obj
    sent_back = policy.last_return()
    reasons = [REASONS[key] for key in sent_back.reasons] if sent_back else []
    people = set(_officers_in_charge(policy))
    if sent_back and sent_back.by_pr_division:
        people |= set(turns.deciders(policy))
    _tell(people, "returned", taking, reasons=reasons)
    silent = list(Consultation.objects.of_round(policy).filter(state=Answer.ASKED))
    _tell(_everybody(silent) - people, "no_longer_consulted", taking)


def received(taking: Taking) -> None:
    """To the officer and the head: it is in force, and the account as it now stands."""
    policy: OperatingPolicy = taking.obj
    people = {*_officers_in_charge(policy), *turns.deciders(policy)}
    _tell(people, "received", taking, account=Account.objects.get(pk=policy.account_id))


def withdrawn(taking: Taking) -> None:
    """To who had it in hand: the departments consulted, the head, and the PR division."""
    policy: OperatingPolicy = taking.obj
    if taking.source == State.DRAFT:
        return
    consultations = list(Consultation.objects.of_round(policy)) if policy.submitted_at else []
    people = _everybody(consultations)
    answers = {consultation.state for consultation in consultations}
    if (
        taking.source != State.WITH_HEAD
        or Answer.ASKED not in answers
        or Answer.OBJECTED in answers
    ):
        people |= set(turns.deciders(policy))
    sent_back = policy.last_return()
    if taking.source == State.REPORTED or (
        taking.source == State.RETURNED and sent_back and sent_back.by_pr_division
    ):
        people |= set(turns.receivers(policy))
    _tell(people, "withdrawn", taking)

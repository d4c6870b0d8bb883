"""Whose turn it is with a policy, since when, and what comes next; and who could take a step at all."""

from __future__ import annotations

import datetime

from django.db.models import QuerySet

from policies.conditions import absence_today, reporter
from policies.models import Consultation, OperatingPolicy
from shinshiro_sns.steps import Turn
from staff import roles
from staff.models import User

State = OperatingPolicy.State


def officers(policy: OperatingPolicy) -> QuerySet[User]:
    """Those who may submit it."""
    return roles.holders("policies.submit_operatingpolicy", policy.scope_department_ids)


def deciders(policy: OperatingPolicy) -> QuerySet[User]:
    """The head, and while an absence of his is on record the deputies too (代決)."""
    heads = roles.holders("policies.set_operatingpolicy", policy.scope_department_ids)
    if absence_today(policy) is None:
        return heads
    return heads | roles.holders(
        "policies.set_for_head_operatingpolicy", policy.scope_department_ids
    )


def consulted(consultation: Consultation) -> QuerySet[User]:
    """Those who may answer for the department asked."""
    heads = roles.holders("policies.answer_consultation", consultation.scope_department_ids)
    if absence_today(consultation) is None:
        return heads
    return heads | roles.holders(
        "policies.answer_for_head_consultation", consultation.scope_department_ids
    )


def receivers(policy: OperatingPolicy) -> QuerySet[User]:
    """The PR division without the one who reported it."""
    pr_division = roles.holders("policies.receive_operatingpolicy", policy.scope_department_ids)
    return pr_division.exclude(pk__in=reporter(policy))


def turn(policy: OperatingPolicy) -> Turn | None:
    """Whose turn it is; None where nobody has anything to do with it any more."""
    department = policy.account.department
    if policy.state in OperatingPolicy.EDITABLE_STATES:
        what = (
            "差戻しの理由を確かめて直し、所属の長に提出します。"
            if policy.state == State.RETURNED
            else "必要な項目を入力し、所属の長に提出します。"
        )
        return _turn(
            f"{department}の担当者", what, "所属の長が内容を確かめて決定します。",
            policy.state_since, list(officers(policy)),
            f"{department}に担当者がいません。システム管理者に、所属の記録への登録を頼んでください。",
        )  # fmt: skip
    if policy.state == State.WITH_HEAD:
        return _turn_before_the_head(policy)
    if policy.state == State.REPORTED:
        assigned = f"(担当:{policy.assignee.name}さん)" if policy.assignee else ""
        return _turn(
            f"広報主管課{assigned}", "報告の内容を確かめ、受理するか差し戻します。",
            "受理すると施行され、公式アカウントとして公開されます。",
            policy.state_since, list(receivers(policy)),
            "広報主管課に、受理できる人がいません(報告した本人は受理できません)。"
            "システム管理者に、広報主管課の職員の登録を頼んでください。",
        )  # fmt: skip
    return None


def _turn(
    who: str, what: str, then: str, since: datetime.datetime, people: list[User], dead_end: str
) -> Turn:
    return Turn(who, what, then, since, people, "" if people else dead_end)


def _turn_before_the_head(policy: OperatingPolicy) -> Turn:
    asked = [
        consultation
        for consultation in Consultation.objects.of_round(policy).select_related("department")
        if consultation.state == Consultation.State.ASKED
    ]
    if asked:
        silent = [c.department.name for c in asked if not consulted(c).exists()]
        people = {person for c in asked for person in consulted(c)}
        return Turn(
            "、".join(f"{c.department}の所属の長" for c in asked),
            "共同利用について、同意するか異議を述べます(合議)。",
            f"全員が同意すると、{policy.account.department}の所属の長が決定します。",
            policy.state_since, sorted(people, key=lambda person: person.kana),
            f"{'、'.join(silent)}に所属の長がいないため、合議が進みません。"
            "システム管理者に、所属の長の登録を頼んでください。" if silent else "",
        )  # fmt: skip
    department = policy.account.department
    in_place = "(不在のため代決者)" if absence_today(policy) else ""
    objected = Consultation.objects.of_round(policy).filter(state=Consultation.State.OBJECTED)
    return _turn(
        f"{department}の所属の長{in_place}",
        *(
            ("合議で異議があったため、担当者に差し戻して内容を直します。",
             "担当者が直して再び提出し、あらためて合議します。")
            if objected.exists()
            else ("内容を確かめ、決定するか差し戻します。",
                  "決定すると同時に、広報主管課へ報告されます。")
        ),
        policy.state_since, list(deciders(policy)),
        f"{department}に所属の長がいないため、決定できる人がいません。"
        "システム管理者に、所属の長の登録を頼んでください。",
    )  # fmt: skip

"""Whose turn it is with a policy, since when, and what comes next; and who could take a step at all."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from policies.conditions import absence_today, reporter
from policies.models import Consultation, OperatingPolicy
from shinshiro_sns.steps import Turn
from staff import authority
from staff.models import Membership, User
from staff.standing_in import absences_that_count

State = OperatingPolicy.State
Answer = Consultation.State
SUBMIT = "policies.submit_operatingpolicy"


def officers(policy: OperatingPolicy) -> QuerySet[User]:
    """Those who are to prepare it: the officers, and who began or submitted it himself.

    Head and deputies may do so as well, but it is theirs to do only where there is no officer.
    """
    able = authority.holders(SUBMIT, policy.scope_department_ids)
    members = User.objects.members_of(policy.scope_department_ids, [Membership.Role.OFFICER])
    there = able.filter(pk__in=members.values("pk"))
    if not there.exists():
        return able
    authors = [pk for pk in (policy.created_by_id, policy.submitted_by_id) if pk]
    return able.filter(Q(pk__in=there.values("pk")) | Q(pk__in=authors))


def deciders(policy: OperatingPolicy) -> QuerySet[User]:
    """The head, and while an absence of his is on record the deputies too (代決)."""
    heads = authority.holders("policies.set_operatingpolicy", policy.scope_department_ids)
    if absence_today(policy) is None:
        return heads
    return heads | authority.holders(
        "policies.set_for_head_operatingpolicy", policy.scope_department_ids
    )


def consulted(consultations: Iterable[Consultation]) -> dict[int, list[User]]:
    """Those who may answer for each department asked, by its key: as many queries for one as for all.

    The heads, and where all of them are away the deputies too (代決).
    """
    asked = {consultation.department_id for consultation in consultations}
    away = set(
        absences_that_count(localdate())
        .filter(department__in=asked)
        .values_list("department", flat=True)
    )
    heads = authority.holders_in("policies.answer_consultation", asked)
    deputies = authority.holders_in("policies.answer_for_head_consultation", away)
    return {pk: list(dict.fromkeys([*heads[pk], *deputies.get(pk, ())])) for pk in asked}


def receivers(policy: OperatingPolicy) -> QuerySet[User]:
    """The PR division without the one who reported it."""
    pr_division = authority.holders("policies.receive_operatingpolicy", policy.scope_department_ids)
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
            "受理すると施行されます。",
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
    consultations = list(Consultation.objects.of_round(policy))
    asked = [row for row in consultations if row.state == Answer.ASKED]
    if asked:
        people = consulted(asked)
        silent = [row.department.name for row in asked if not people[row.department_id]]
        everybody = {person for there in people.values() for person in there}
        return Turn(
            "、".join(f"{row.department}の所属の長" for row in asked),
            "共同利用について、同意するか異議を述べます(合議)。",
            f"全員が同意すると、{policy.account.department}の所属の長が決定します。",
            policy.state_since, sorted(everybody, key=lambda person: (person.kana, person.pk)),
            f"{'、'.join(silent)}に所属の長がいないため、合議が進みません。"
            "システム管理者に、所属の長の登録を頼んでください。" if silent else "",
        )  # fmt: skip
    department = policy.account.department
    in_place = "(不在のため代決者)" if absence_today(policy) else ""
    return _turn(
        f"{department}の所属の長{in_place}",
        *(
            ("合議で異議があったため、担当者に差し戻して内容を直します。",
             "担当者が直して再び提出し、あらためて合議します。")
            if any(row.state == Answer.OBJECTED for row in consultations)
            else ("内容を確かめ、決定するか差し戻します。",
                  "決定すると同時に、広報主管課へ報告されます。")
        ),
        policy.state_since, list(deciders(policy)),
        f"{department}に所属の長がいないため、決定できる人がいません。"
        "システム管理者に、所属の長の登録を頼んでください。",
    )  # fmt: skip

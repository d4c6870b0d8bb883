"""What the steps of a policy's way wait for, each as sentences that cite the clause."""

from __future__ import annotations

from django.db.models import Q
from django.utils.timezone import localdate

from accounts.models import Account
from policies import items
from policies.models import Consultation, OperatingPolicy
from shinshiro_sns.steps import Unmet
from staff.models import Absence, User
from staff.standing_in import absences_that_count

Answer = Consultation.State


def complete(policy: OperatingPolicy, by: User) -> list[Unmet]:
    """The account not closed, 6(1), all sections filled, and it nobody else's, 3(1), 3(3)."""
    return [*closed(policy.account), *items.missing(policy), *identity_taken(policy)]


def closed(account: Account) -> list[Unmet]:
    """A closed account never opens again: what is left of its policy's way is to withdraw it."""
    if account.status != Account.Status.CLOSED:
        return []
    sentence = "このアカウントは廃止されています。運用ポリシーの手続きは、取り下げてください。"
    return [Unmet(sentence, "6(1)")]


def identity_taken(policy: OperatingPolicy) -> list[Unmet]:
    """The same account stands in the register under another entry."""
    same = Q(identity=policy.identity)
    if policy.service_account_id:
        same |= Q(service=policy.account.service, service_account_id=policy.service_account_id)
    other = Account.objects.filter(same).exclude(pk=policy.account_id).first()
    if other is None:
        return []
    sentence = f"このアカウントは{other.department}が登録しています({other.get_status_display()})。"
    return [Unmet(sentence, "3(1)", "account")]


def agreed(policy: OperatingPolicy, by: User) -> list[Unmet]:
    """Every department that shares the account agreed, 3(1)."""
    said = {
        Answer.ASKED: "合議にまだ回答していません",
        Answer.OBJECTED: "合議で異議があると回答しています",
    }
    return [
        Unmet(f"{c.department}は、{said[Answer(c.state)]}。", "3(1)", "consultations")
        for c in Consultation.objects.of_round(policy)
        if c.state in said
    ]


def absence_today(policy: OperatingPolicy | Consultation) -> Absence | None:
    """The absence in which a deputy of the responsible department may act today."""
    counting = absences_that_count(localdate())
    return counting.filter(department__in=policy.scope_department_ids).first()


def head_absent(obj: OperatingPolicy | Consultation, by: User) -> list[Unmet]:
    """代決 needs an absence of the head that is on record today."""
    if absence_today(obj):
        return []
    return [
        Unmet("今日は所属の長の不在が記録されていないため、代決できません。", "3(2)", "absence")
    ]


def nobody_answered(policy: OperatingPolicy, by: User) -> list[Unmet]:
    """引戻し is possible until the next person acted."""
    answered = Consultation.objects.of_round(policy).exclude(state=Answer.ASKED)
    if not answered.exists():
        return []
    return [
        Unmet(
            "合議への回答が始まっているため、引き戻せません。所属の長に差戻しを頼んでください。",
            "3(2)",
        )
    ]


def another_person(policy: OperatingPolicy, by: User) -> list[Unmet]:
    """Nobody receives what he himself reported."""
    if by.pk not in reporter(policy):
        return []
    return [Unmet("ご自身が報告したものは受理できません。広報主管課の別の人が受理します。", "3(2)")]


def reporter(policy: OperatingPolicy) -> set[int]:
    """The person who may not receive it: the one who reported it."""
    return {policy.set_by_id} if policy.set_by_id else set()

"""What policies leave to be done: clauses 3(1), 3(2), 3(3)."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.models import Account
from policies import places, turns
from policies.models import Consultation, OperatingPolicy
from shinshiro_sns.duties import Duty
from staff import roles
from staff.models import User
from staff.standing_in import absences_that_count

State = OperatingPolicy.State


def _mine(user: User, permission: str) -> QuerySet[OperatingPolicy]:
    held = roles.reach(user, permission)
    return (
        OperatingPolicy.objects.filter(held.as_condition("account__department"))
        .select_related("account__department")
        .order_by("state_since", "pk")
    )


def _absent_departments() -> Any:
    return absences_that_count(localdate()).values("department")


def _unanswered() -> Exists:
    return Exists(Consultation.objects.unanswered().filter(policy=OuterRef("pk")))


def to_receive(user: User) -> QuerySet[OperatingPolicy]:
    """Reports that wait for the PR division, without one's own."""
    mine = _mine(user, "policies.receive_operatingpolicy").filter(state=State.REPORTED)
    others = OperatingPolicy.objects.unassigned()
    return mine.exclude(set_by=user).filter(Q(assignee=user) | Q(pk__in=others.values("pk")))


def to_set(user: User) -> QuerySet[OperatingPolicy]:
    """Submitted, agreed to, and waiting for the head."""
    ready = _mine(user, "policies.set_operatingpolicy").filter(state=State.WITH_HEAD)
    return ready.exclude(_unanswered())


def to_set_for_head(user: User) -> QuerySet[OperatingPolicy]:
    """The same for a deputy, while the head's absence is on record."""
    ready = _mine(user, "policies.set_for_head_operatingpolicy").filter(
        state=State.WITH_HEAD, account__department__in=_absent_departments()
    )
    # Who is head and deputy at once sees it under the head's own duty.
    own = roles.reach(user, "policies.set_operatingpolicy").own
    return ready.exclude(account__department__in=own).exclude(_unanswered())


def to_answer(user: User) -> QuerySet[Consultation]:
    """Consultations of the departments one answers for."""
    heads = roles.reach(user, "policies.answer_consultation").own
    deputies = roles.reach(user, "policies.answer_for_head_consultation").own
    return (
        Consultation.objects.unanswered()
        .filter(
            Q(department__in=heads)
            | Q(department__in=deputies) & Q(department__in=_absent_departments())
        )
        .select_related("policy__account__department", "department")
        .order_by("state_since", "pk")
    )


def to_review(user: User) -> QuerySet[OperatingPolicy]:
    """Set by a deputy in one's absence (後閲)."""
    waiting = OperatingPolicy.objects.awaiting_review()
    mine = _mine(user, "policies.review_operatingpolicy").filter(pk__in=waiting.values("pk"))
    return mine.exclude(set_by=user)


def to_review_answer(user: User) -> QuerySet[Consultation]:
    """Answered by a deputy in one's absence (後閲)."""
    heads = roles.reach(user, "policies.review_consultation").own
    return (
        Consultation.objects.awaiting_review()
        .filter(department__in=heads)
        .exclude(answered_by=user)
        .select_related("policy__account__department", "department")
        .order_by("answered_at", "pk")
    )


def _to_prepare(user: User) -> QuerySet[OperatingPolicy]:
    mine = turns.is_for_officer(user, "account__department")
    begun = Q(created_by=user) | Q(submitted_by=user)
    return _mine(user, turns.SUBMIT).filter(mine | begun)


def to_mend(user: User) -> QuerySet[OperatingPolicy]:
    """Returned by the head or by the PR division."""
    return _to_prepare(user).filter(state=State.RETURNED)


def to_finish(user: User) -> QuerySet[OperatingPolicy]:
    """Drafts not yet submitted."""
    return _to_prepare(user).filter(state=State.DRAFT)


def without_policy(user: User) -> QuerySet[Account]:
    """Accounts, imported ones say, for which nobody ever drafted a policy.

    Where one was withdrawn, the department has given the account up: nothing is left to be done.
    """
    drafted = OperatingPolicy.objects.filter(account=OuterRef("pk"))
    return (
        Account.objects.filter(turns.is_for_officer(user, "department"), ~Exists(drafted))
        .filter(status=Account.Status.PREPARING)
        .select_related("department")
        .order_by("created_at", "pk")
    )


def _filing(policy: OperatingPolicy) -> str:
    return f"{policy.account}({policy.account.department})"


def _since(row: Any) -> Any:
    return row.state_since


def _page(row: Any) -> str:
    return str(row.get_absolute_url())


def _page_of_asked(consultation: Consultation) -> str:
    return f"{consultation.policy.get_absolute_url()}#consultations"


DUTIES = (
    Duty("receive", "3(2)", "受理または差戻しを待っている報告", "内容を確かめる",
         to_receive, _filing, _since, places.case),
    Duty("set", "3(2)", "所属の長の決定を待っているもの", "内容を確かめる",
         to_set, _filing, _since, _page),
    Duty("set_for_head", "3(2)", "代決を待っているもの", "内容を確かめる",
         to_set_for_head, _filing, _since, _page),
    Duty("answer", "3(1)", "合議への回答を待っているもの", "内容を確かめる", to_answer,
         lambda c: f"{_filing(c.policy)} — {c.department}として回答", _since, _page_of_asked),
    Duty("review", "3(2)", "後閲を待っているもの", "内容を確かめる",
         to_review, _filing, lambda policy: policy.set_at, _page),
    Duty("review_answer", "3(1)", "合議の回答の後閲を待っているもの", "内容を確かめる",
         to_review_answer, lambda c: f"{_filing(c.policy)} — {c.department}の回答",
         lambda c: c.answered_at, _page_of_asked),
    Duty("mend", "3(2)", "差し戻されたもの", "直して提出する",
         to_mend, _filing, _since, _page, grave=True),
    Duty("finish", "3(3)", "作成中のもの", "続きを入力する",
         to_finish, _filing, _since, _page),
    Duty("draft", "3(2)", "運用ポリシーがまだないアカウント", "運用ポリシーを作成する",
         without_policy, lambda account: f"{account}({account.department})",
         lambda account: account.created_at,
         lambda account: reverse("policies:account", args=[account.pk])),
)  # fmt: skip

"""What policies leave to be done: clauses 3(1), 3(2), 3(3)."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from accounts.models import Account
from policies import places, turns
from policies.models import Consultation, OperatingPolicy
from shinshiro_sns.duties import Duty, late_since
from staff.actors import Holders, Officers
from staff.standing_in import absences_that_count

State = OperatingPolicy.State


def _policies() -> QuerySet[OperatingPolicy]:
    return OperatingPolicy.objects.select_related("account__department").order_by(
        "state_since", "pk"
    )


def _consultations() -> QuerySet[Consultation]:
    return Consultation.objects.select_related("policy__account__department", "department")


def _absent_departments(day: datetime.date) -> Any:
    return absences_that_count(day).values("department")


def to_receive(day: datetime.date) -> QuerySet[OperatingPolicy]:
    """Reports that wait for the PR division."""
    return _policies().filter(state=State.REPORTED)


def to_set(day: datetime.date) -> QuerySet[OperatingPolicy]:
    """Submitted, agreed to, and waiting for the head."""
    unanswered = Consultation.objects.unanswered().filter(policy=OuterRef("pk"))
    return _policies().filter(~Exists(unanswered), state=State.WITH_HEAD)


def to_set_for_head(day: datetime.date) -> QuerySet[OperatingPolicy]:
    """The same where the head's absence is on record, for a deputy."""
    return to_set(day).filter(account__department__in=_absent_departments(day))


def to_answer(day: datetime.date) -> QuerySet[Consultation]:
    """Consultations (合議) without an answer."""
    unanswered = Consultation.objects.unanswered()
    return _consultations().filter(pk__in=unanswered.values("pk")).order_by("state_since", "pk")


def to_answer_for_head(day: datetime.date) -> QuerySet[Consultation]:
    """The same where the head's absence is on record, for a deputy."""
    return to_answer(day).filter(department__in=_absent_departments(day))


def to_review(day: datetime.date) -> QuerySet[OperatingPolicy]:
    """Set by a deputy in the head's absence (後閲)."""
    waiting = OperatingPolicy.objects.awaiting_review()
    return _policies().filter(pk__in=waiting.values("pk")).order_by("set_at", "pk")


def to_review_answer(day: datetime.date) -> QuerySet[Consultation]:
    """Answered by a deputy in the head's absence (後閲)."""
    waiting = Consultation.objects.awaiting_review()
    return _consultations().filter(pk__in=waiting.values("pk")).order_by("answered_at", "pk")


def to_mend(day: datetime.date) -> QuerySet[OperatingPolicy]:
    """Returned by the head or by the PR division."""
    return _policies().filter(state=State.RETURNED)


def to_finish(day: datetime.date) -> QuerySet[OperatingPolicy]:
    """Drafts not yet submitted."""
    return _policies().filter(state=State.DRAFT)


def without_policy(day: datetime.date) -> QuerySet[Account]:
    """Accounts, imported ones say, for which nobody ever drafted a policy.

    Where one was withdrawn, the department has given the account up: nothing is left to be done.
    """
    drafted = OperatingPolicy.objects.filter(account=OuterRef("pk"))
    return (
        Account.objects.filter(~Exists(drafted), status=Account.Status.PREPARING)
        .select_related("department")
        .order_by("created_at", "pk")
    )


def _filing(policy: OperatingPolicy) -> str:
    return f"{policy.account}({policy.account.department})"


def _asked(consultation: Consultation) -> str:
    return f"{_filing(consultation.policy)} — {consultation.department}として回答"


def _since(row: Any) -> Any:
    return row.state_since


def _page(row: Any) -> str:
    return str(row.get_absolute_url())


def _page_of_asked(consultation: Consultation) -> str:
    return f"{consultation.policy.get_absolute_url()}#consultations"


_PREPARERS = Officers(turns.SUBMIT, begun_by=("created_by", "submitted_by"))
_WAITING = late_since("state_since")
_SET, _ANSWER = "policies.set_operatingpolicy", "policies.answer_consultation"

DUTIES = (
    Duty("receive", "3(2)", "受理または差戻しを待っている報告", "内容を確かめる", to_receive,
         Holders("policies.receive_operatingpolicy", not_by="set_by", assigned="assignee"),
         _filing, _since, places.case, overdue=_WAITING),
    Duty("set", "3(2)", "所属の長の決定を待っているもの", "内容を確かめる", to_set,
         Holders(_SET), _filing, _since, _page, overdue=_WAITING),
    Duty("set_for_head", "3(2)", "代決を待っているもの", "内容を確かめる", to_set_for_head,
         Holders("policies.set_for_head_operatingpolicy", rather=_SET), _filing, _since, _page,
         overdue=_WAITING),
    Duty("answer", "3(1)", "合議への回答を待っているもの", "内容を確かめる", to_answer,
         Holders(_ANSWER), _asked, _since, _page_of_asked,
         department="department", account="policy__account", overdue=_WAITING),
    Duty("answer_for_head", "3(1)", "合議への代決による回答を待っているもの", "内容を確かめる",
         to_answer_for_head, Holders("policies.answer_for_head_consultation", rather=_ANSWER),
         _asked, _since, _page_of_asked,
         department="department", account="policy__account", overdue=_WAITING),
    Duty("review", "3(2)", "後閲を待っているもの", "内容を確かめる", to_review,
         Holders("policies.review_operatingpolicy", not_by="set_by"),
         _filing, lambda policy: policy.set_at, _page, overdue=late_since("set_at")),
    Duty("review_answer", "3(1)", "合議の回答の後閲を待っているもの", "内容を確かめる",
         to_review_answer, Holders("policies.review_consultation", not_by="answered_by"),
         lambda c: f"{_filing(c.policy)} — {c.department}の回答", lambda c: c.answered_at,
         _page_of_asked, department="department", account="policy__account",
         overdue=late_since("answered_at")),
    Duty("mend", "3(2)", "差し戻されたもの", "直して提出する", to_mend, _PREPARERS,
         _filing, _since, _page, grave=True, overdue=_WAITING),
    Duty("finish", "3(3)", "作成中のもの", "続きを入力する", to_finish, _PREPARERS,
         _filing, _since, _page, overdue=_WAITING),
    Duty("draft", "3(2)", "運用ポリシーがまだないアカウント", "運用ポリシーを作成する",
         without_policy, Officers(turns.SUBMIT),
         lambda account: f"{account}({account.department})", lambda account: account.created_at,
         lambda account: reverse("policies:account", args=[account.pk]),
         department="department", account="pk", overdue=late_since("created_at")),
)  # fmt: skip

"""Certification by the operator, 3(4)."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.urls import reverse

from accounts.certification import CHANGE, CLAUSE
from accounts.dates import MonthsAfter
from accounts.models import Account, Certification
from accounts.services import SERVICES
from shinshiro_sns.days import start_of
from shinshiro_sns.duties import Duty, late_after, late_since
from staff.actors import Officers

State = Certification.State
OBTAIN_WITHIN = 1  # calendar months
ANSWERED_WITHIN = datetime.timedelta(days=60)
TRY_AGAIN_AFTER = 12  # calendar months

CERTIFYING = [s.key for s in SERVICES.values() if s.verification.is_possible]


def to_obtain(day: datetime.date) -> QuerySet[Account]:
    """Official accounts that could be certified and are not; nobody need have recorded anything."""
    nothing_recorded = Q(certification__isnull=True, service__in=CERTIFYING)
    since = F("official_since")
    # A certification found possible later is asked for from then on.
    asked_since = Greatest(since, Coalesce(TruncDate("certification__state_since"), since))
    return (
        Account.objects.filter(
            nothing_recorded | Q(certification__state=State.POSSIBLE),
            status=Account.Status.OFFICIAL,
        )
        .annotate(asked_since=asked_since)
        .annotate(obtain_by=MonthsAfter("asked_since", OBTAIN_WITHIN))
        .select_related("department")
        .order_by("obtain_by", "pk")
    )


def _certifications(state: State) -> Any:
    rows = Certification.objects.filter(state=state, account__status=Account.Status.OFFICIAL)
    return rows.select_related("account__department")


def to_ask_about(day: datetime.date) -> Any:
    """Applications that the operator has not answered."""
    long_ago = day - ANSWERED_WITHIN
    return _certifications(State.APPLIED).filter(dated_on__lte=long_ago).order_by("dated_on", "pk")


def to_renew(day: datetime.date) -> Any:
    """Certifications that lapsed."""
    return _certifications(State.LAPSED).order_by("state_since", "pk")


def to_try_again(day: datetime.date) -> Any:
    """Refused a year ago: what was wanting may be there by now, or will never be."""
    rows = _certifications(State.REFUSED).annotate(
        again_on=MonthsAfter("dated_on", TRY_AGAIN_AFTER),
        decide_by=MonthsAfter("dated_on", TRY_AGAIN_AFTER + OBTAIN_WITHIN),
    )
    return rows.filter(again_on__lte=day).order_by("dated_on", "pk")


def to_prove(day: datetime.date) -> Any:
    """Certified, as a table says, of which nobody has seen evidence since the account is official."""
    return (
        _certifications(State.CERTIFIED)
        .filter(taken_over__isnull=False)
        .annotate(prove_by=MonthsAfter("account__official_since", OBTAIN_WITHIN))
        .order_by("prove_by", "pk")
    )


def _label(row: Certification) -> str:
    return f"{row.account}({row.account.department})"


def _page(row: Any) -> str:
    account_id = row.pk if isinstance(row, Account) else row.account_id
    return reverse("accounts:certification", args=[account_id])


_OFFICERS = Officers(CHANGE)

DUTIES = (
    Duty("certify", CLAUSE, "運営者の認証を受けられるアカウント", "申請を記録する", to_obtain,
         _OFFICERS, lambda account: f"{account}({account.department})",
         lambda account: start_of(account.asked_since), _page,
         lambda account: account.obtain_by, department="department", account="pk",
         overdue=late_after("obtain_by")),
    Duty("certification_proof", CLAUSE, "表から取り込んだ認証で、証拠がないもの",
         "証拠を添えて記録する", to_prove, _OFFICERS, _label,
         lambda row: start_of(row.account.official_since), _page, lambda row: row.prove_by,
         overdue=late_after("prove_by")),
    Duty("certification_answer", CLAUSE, "認証の申請に60日以上回答がないもの", "結果を記録する",
         to_ask_about, _OFFICERS, _label, lambda row: row.state_since, _page,
         lambda row: row.dated_on + ANSWERED_WITHIN,
         overdue=lambda rows, day: rows.filter(dated_on__lt=day - ANSWERED_WITHIN)),
    Duty("certification_lapsed", CLAUSE, "運営者の認証が失効したもの", "もう一度申請する",
         to_renew, _OFFICERS, _label, lambda row: row.state_since, _page,
         grave=True, overdue=late_since("state_since")),
    Duty("certification_again", CLAUSE, "認証の申請が却下されて1年たったもの",
         "申請するか、提供なしと記録する", to_try_again, _OFFICERS, _label,
         lambda row: start_of(row.again_on), _page, lambda row: row.decide_by,
         overdue=late_after("decide_by")),
)  # fmt: skip

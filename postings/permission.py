"""May this account post now? Clause 4(1), answered with its reason and with when it may next.

Official accounts alone, by the hours of the policy that holds; beside them while a declared emergency
covers the account. What else 4(1) excepts (errors, harm, disasters) is no matter of the clock and is
not answered here.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Account
from incidents.hijack import held_back
from policies.hours import WEEKDAYS
from policies.models import OperatingPolicy
from postings.models import Emergency
from postings.models.emergencies import covering
from postings.openings import AHEAD, ONE_DAY, opening_hours
from shinshiro_sns import calendar
from shinshiro_sns.calendar import Calendar

CLAUSE = "4(1)"
_NOT_OFFICIAL = {
    Account.Status.PREPARING: "準備中のアカウントです。公式アカウントになるまでは発信できません。",
    Account.Status.SUSPENDED: "運用を停止しているアカウントです。再開するまでは発信できません。",
    Account.Status.CLOSED: "廃止したアカウントです。",
}
_NO_POLICY = "施行中の運用ポリシーがありません。運用ポリシーを定めて報告するまでは発信できません。"
_SOMEBODY_ELSE = (
    "乗っ取りの事案に対応しているアカウントです。所属の長が再開を決めるまでは発信できません。"
)
_OPEN = "公式アカウントで、運用時間の中です。"
_OUTSIDE_OFFICE_TIME = "市の執務時間の外ですので、勤務中の職員が発信してください。"
_IN_EMERGENCY = "緊急時の宣言により、運用時間の外でも発信できます。"
_NO_OPENING = f"この先{AHEAD.days}日の間に、発信できる時間はありません。"


@dataclass(frozen=True)
class Answer:
    """Whether an account may post at `at`, by which clause, and why.

    `until` is the first moment at which it no longer may, None if it may without an end. Where it may
    not, `next_opening` is when it next may, None if waiting alone will not open it; `by_clock` says
    that nothing but the hours stands against it, which 4(1) lets give way to an error, harm or a
    disaster. `emergency` is the key of the declared one by which it may beside its hours.
    """

    allowed: bool
    reason: str
    at: datetime.datetime
    until: datetime.datetime | None = None
    next_opening: datetime.datetime | None = None
    by_clock: bool = False
    emergency: int | None = None
    clause: str = CLAUSE

    def __str__(self) -> str:
        if self.allowed:
            return f"{self.word}({_said_end(self.until, self.at)})。"
        return f"{self.word}。{self.then}"

    @property
    def word(self) -> str:
        """The answer alone."""
        return "発信できます" if self.allowed else "発信できません"

    @property
    def then(self) -> str:
        """Where it may not: when it next may; empty where waiting alone will not open it."""
        opening = self.next_opening
        return f"次は{_said(opening, self.at)}からです。" if opening else ""


def may_post(account: Account, at: datetime.datetime | None = None) -> Answer:
    """Whether `account`, as it and its policy stand today, may post at `at` (now by default).

    Raises ValueError for a moment that does not know its time zone.
    """
    return may_post_many([account], at)[account.pk]


def may_post_many(
    accounts: Iterable[Account], at: datetime.datetime | None = None
) -> dict[int, Answer]:
    """The same for several accounts, by their keys: five queries, however many they are."""
    rows = list(accounts)
    moment = calendar.local(at or timezone.now())
    day = moment.date()
    days = calendar.between(day - ONE_DAY, day + AHEAD + ONE_DAY)
    policies = {
        policy.account_id: policy
        for policy in OperatingPolicy.objects.readable().filter(account__in=[r.pk for r in rows])
    }
    declared = list(Emergency.objects.holding(moment).prefetch_related("accounts"))
    within = covering(declared, rows)
    held = held_back(row.pk for row in rows)
    return {
        row.pk: _hijacked(moment)
        if row.pk in held and row.status == Account.Status.OFFICIAL
        else judged(row, policies.get(row.pk), days, moment, within[row.pk])
        for row in rows
    }


def _hijacked(at: datetime.datetime) -> Answer:
    return Answer(False, _SOMEBODY_ELSE, at, clause="5")


def judged(
    account: Account, policy: OperatingPolicy | None, days: Calendar, at: datetime.datetime,
    emergencies: Sequence[Emergency] = (),
) -> Answer:  # fmt: skip
    """The answer from what is known: asks the database nothing. `at` is by the city's clock;
    `emergencies` are those that hold then for the account."""
    if reason := _NOT_OFFICIAL.get(Account.Status(account.status)):
        return Answer(False, reason, at)
    if policy is None:
        return Answer(False, _NO_POLICY, at)
    hours = opening_hours(policy, days)
    found = hours.around(at)
    if found is not None and found.covers(at):
        reason = _OPEN if days.is_office_time(at) else _OPEN + _OUTSIDE_OFFICE_TIME
        until = found.end if found.end - at < hours.ahead else None
        return Answer(True, reason, at, until=until)
    why = hours.why_closed(at)
    if emergencies:
        # The one that ends last says for how long; into the hours that open meanwhile it leads on.
        last = max(emergencies, key=lambda emergency: emergency.over_at)
        return Answer(
            True, f"{_IN_EMERGENCY}{why}", at, until=calendar.local(last.over_at), emergency=last.pk
        )
    if found is None:
        return Answer(False, why + _NO_OPENING, at, by_clock=True)
    return Answer(False, why, at, next_opening=found.start, by_clock=True)


def _said(moment: datetime.datetime, seen_from: datetime.datetime) -> str:
    year = "" if moment.year == seen_from.year else f"{moment.year}年"
    weekday = WEEKDAYS[moment.weekday()]
    return f"{year}{moment.month}月{moment.day}日({weekday}){moment.hour}:{moment:%M}"


def _said_end(end: datetime.datetime | None, seen_from: datetime.datetime) -> str:
    if end is None:
        return "終わりの時刻はありません"
    if end.date() == seen_from.date():
        return f"{end.hour}:{end:%M}まで"
    if end == calendar.at_clock(seen_from.date(), 24 * 60):
        return "24:00まで"
    return f"{_said(end, seen_from)}まで"

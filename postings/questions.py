"""What an audit asks about posts: clause 4(4)."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import Account
from postings.periods import late_on, unseen_in_confirmed_months
from shinshiro_sns.questions import Question


def unsupervised(day: datetime.date) -> QuerySet[Any]:
    """Accounts that are run, of departments whose head has not confirmed a month in time."""
    late = late_on(day).order_by().values("pk")
    return Account.objects.living().filter(department__in=late)


def recorded_afterwards(day: datetime.date) -> QuerySet[Any]:
    """Accounts with posts that were recorded after their month was confirmed, and stand in none yet."""
    unseen = unseen_in_confirmed_months().order_by()
    return Account.objects.filter(pk__in=unseen.values("account"))


QUESTIONS = (
    Question("unsupervised", "4(4)", "所属の長の監督の確認が期限を過ぎているアカウント",
             "所属の長が、発信と例外を翌月の末までに見て確認していません。", unsupervised),
    Question("recorded_afterwards", "4(4)", "監督の確認の後に記録された発信があるアカウント",
             "次の月の確認に加わるまで、所属の長が見たことになりません。", recorded_afterwards),
)  # fmt: skip

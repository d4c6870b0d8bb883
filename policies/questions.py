"""What an audit asks about policies: clause 3(2)."""

from __future__ import annotations

import datetime

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Account
from policies.models import OperatingPolicy
from shinshiro_sns.questions import Question

State = OperatingPolicy.State


def without_policy_in_force(day: datetime.date) -> QuerySet[Account]:
    """Accounts that are not closed and have no policy in force; but not those given up before."""
    of_account = OperatingPolicy.objects.filter(account=OuterRef("pk"))
    on_the_way = of_account.exclude(state=State.WITHDRAWN)
    given_up = Exists(of_account) & ~Exists(on_the_way)
    return Account.objects.exclude(status=Account.Status.CLOSED).filter(
        ~Exists(of_account.filter(state=State.IN_FORCE)), ~given_up
    )


QUESTIONS = (
    Question("without_policy", "3(2)", "施行中の運用ポリシーがないアカウント",
             "準備中のものを含みます。公式アカウントは、運用ポリシーを定めてから開設します。",
             without_policy_in_force),
)  # fmt: skip

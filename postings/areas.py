"""What the account's page on the desk says of posting."""

from __future__ import annotations

import datetime

from accounts.areas import READ, Area, Fact
from accounts.models import Account
from postings.permission import CLAUSE, may_post


def _says(account: Account, day: datetime.date) -> list[Fact]:
    answer = may_post(account)
    return [Fact(f"いま{answer}"), Fact(answer.reason)]


AREAS = (Area(CLAUSE, "発信", "", READ, (), _says),)

"""What the account's page on the desk says of posting."""

from __future__ import annotations

import datetime

from django.utils import timezone

from accounts.areas import Area, Fact
from accounts.models import Account
from postings.duties import DUTIES
from postings.models import Post
from postings.permission import CLAUSE, may_post


def _says(account: Account, day: datetime.date) -> list[Fact]:
    answer = may_post(account)
    last = Post.objects.gone_out().filter(account=account).first()
    return [
        Fact(f"いま{answer}"), Fact(answer.reason),
        *([Fact("最後に記録した発信:", timezone.localdate(last.posted_at))] if last else []),
    ]  # fmt: skip


AREAS = (Area(CLAUSE, "発信", "postings:account_posts", "postings.view_post", DUTIES, _says),)

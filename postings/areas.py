"""What the account's page on the desk says of posting."""

from __future__ import annotations

import datetime

from django.utils import timezone

from accounts.areas import Area, Fact
from accounts.models import Account
from postings.duties import posts, supervision
from postings.models import Post
from postings.periods import Period, next_period
from postings.permission import CLAUSE, may_post
from postings.supervising import READ as SUPERVISION


def _says(account: Account, day: datetime.date) -> list[Fact]:
    answer = may_post(account)
    last = Post.objects.gone_out().filter(account=account).first()
    return [
        Fact(f"いま{answer}"), Fact(answer.reason),
        *([Fact("最後に記録した発信:", timezone.localdate(last.posted_at))] if last else []),
    ]  # fmt: skip


def _supervised(account: Account, day: datetime.date) -> list[Fact]:
    last = account.department.supervisions.order_by("-begins_on").first()
    following = next_period(account.department)
    said = (
        f"{Period(last.department, last.begins_on)}まで確認済"
        if last
        else "確認した月はまだありません"
    )
    due = []
    if following is not None and following.next_on <= day:
        due.append(Fact(f"次に確認する月:{following}(", following.due_on, "まで)"))
    return [Fact(said), *due]


AREAS = (
    Area(CLAUSE, "発信", "postings:account_posts", "postings.view_post", posts.DUTIES, _says),
    Area("4(4)", "所属の長の監督", "postings:account_supervision", SUPERVISION,
         supervision.DUTIES, _supervised),
)  # fmt: skip

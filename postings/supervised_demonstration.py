"""What the demonstration tells of supervision, 4(4): posts of the last months, which the heads looked at,
but for one department that is late and one head who has the last month before him.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Access, Account
from policies.demonstration.clock import standing_at, working_day
from postings import decisions, inquiring, supervising
from postings.drafting import Written, begun
from postings.models import Ground, Post
from postings.periods import MONTH, Period, month_of, next_of, posts_in, reckoned
from postings.permission import may_post
from postings.practice import practice_of
from postings.workflow import post_workflow
from shinshiro_sns.calendar import at_clock
from shinshiro_sns.days import start_of
from staff.demonstration import logins
from staff.models import Membership, User

SOON = datetime.timedelta(minutes=10)
QUESTION = "この電話番号を載せることは、主催者に確かめましたか。"
ANSWER = "主催者の発表にある番号で、電話で了承を得ています。"
WHY = "大会の主催者の発表をそのまま引用するため"


@dataclass(frozen=True)
class Told:
    """One post: on which day of its month, at what time, what it says, and what is special about it."""

    day: int
    hour: int
    text: str
    ground: str = ""
    reason: str = ""
    by_head: bool = False


POSTS = (
    Told(4, 10, "紅葉の見頃は、来週の初めになりそうです。足元に気を付けてお出かけください。"),
    Told(9, 20, "大雨のため、今夜の催しは中止します。明日の催しは、朝にもう一度お知らせします。",
         Ground.DISASTER, "大雨で、来場する方に当日の夜のうちに知らせる必要があったため"),
    Told(12, 11, "問い合わせは 090-1234-5678 へお願いします、と主催者が発表しています。"),
    Told(16, 15, "道の駅の駐車場は、工事のため半分だけ使えます。", by_head=True),
    Told(22, 9, "明日から、観光案内所の開館時間が変わります。朝9時から夕方5時までです。"),
)  # fmt: skip


def tell(today: datetime.date) -> None:
    """Posts of departments whose head can log in, then what each head confirmed: of the other ones the
    first is late."""
    mailboxes = {login.email for login in logins()}
    heads = _heads()
    for account in Account.objects.filter(status=Account.Status.OFFICIAL, service="x"):
        if heads.get(account.department_id) and heads[account.department_id].email in mailboxes:
            _ask(_posts(account, heads[account.department_id], today), today)
    last, late = month_of(today) - MONTH, 0
    for row in list(reckoned().order_by("order", "code")):
        head = heads.get(row.pk)
        if head is None:
            continue
        # Who can log in has the last month before him.
        until = last
        if head.email not in mailboxes:
            late = late or (0 if row.is_pr_division else row.pk)
            until = last - MONTH if row.pk == late else month_of(today)
        _confirm(next_of(row), head, until, today)


def _heads() -> dict[int, User]:
    places = Membership.objects.current().filter(role=Membership.Role.HEAD, user__is_active=True)
    return {place.department_id: place.user for place in places.select_related("user")}


def _posts(account: Account, head: User, today: datetime.date) -> list[Post]:
    """Those of the last two months and of this one, up to now."""
    writer = Access.objects.current().filter(
        account=account, kind=Access.Kind.USER,
        person__in=User.objects.members_of([account.department]),
    ).first()  # fmt: skip
    if writer is None or practice_of(account).needs_approval:
        return []
    made = []
    for ago in (2, 1, 0):
        month = month_of(today) - ago * MONTH
        for told in POSTS:
            moment = at_clock(month.replace(day=told.day), told.hour * 60)
            answer = may_post(account, moment)
            if not answer.allowed and not told.ground and answer.next_opening:
                moment = answer.next_opening + datetime.timedelta(minutes=40)
            if account.official_since and account.official_since < moment.date():
                by = head if told.by_head else writer.person
                made += [_post(account, told, by, moment)] if moment < timezone.now() - SOON else []
    return made


def _post(account: Account, told: Told, by: User, moment: datetime.datetime) -> Post:
    """A post on its way out: what was found is decided, and it is recorded ten minutes later."""
    found = decisions.points(decisions.look(account, told.text, ()), {})
    written = Written(
        told.text, ground=told.ground, ground_reason=told.reason,
        decisions={point.key: WHY for point in found},
    )  # fmt: skip
    with standing_at(moment - SOON if told.ground else moment):
        post = post_workflow.take(begun(account, written, by, uuid.uuid4()), "ready", by=by)
    with standing_at(moment + SOON):
        url = f"{account.url}/status/{post.pk}"
        posted: Post = post_workflow.take(post, "post", by=by, posted_at=moment, urls=url)
    return posted


def _ask(posts: list[Post], today: datetime.date) -> None:
    """One question about a month before, answered the next day, and one of this month, still open."""
    this_month = start_of(month_of(today))
    kept = [(post, post.posted_at) for post in posts if post.kept_errors and post.posted_at]
    last = [(post, at) for post, at in kept[-1:] if at >= this_month]
    for post, posted_at in [*kept[-2:-1], *last]:
        head = _heads()[post.account.department_id]
        with standing_at(posted_at + datetime.timedelta(hours=3)):
            asked = inquiring.ask(post, head, question=QUESTION, key=uuid.uuid4())
        if posted_at < this_month:
            with standing_at(posted_at + datetime.timedelta(days=1)):
                inquiring.answer(asked, asked.addressee, text=ANSWER)


def _confirm(period: Period, head: User, until: datetime.date, today: datetime.date) -> None:
    """Month by month, each in the first days of the next, up to the one that begins on `until`."""
    while period.begins_on < until and (day := working_day(-3, period.next_on)) < today:
        with standing_at(at_clock(day, 16 * 60)):
            seen = supervising.seal(posts_in(period, None, period).values_list("pk", flat=True))
            supervising.confirm(period, head, note="", seen=seen)
        period = Period(period.department, period.next_on)

"""What the demonstration tells of posts that are on their way: one in each state in which a post can be, on
an account whose policy wants a second pair of eyes, 4(2)."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Account
from policies.demonstration.clock import standing_at, working_day
from policies.models import OperatingPolicy
from postings import decisions
from postings.drafting import Written, begun
from postings.models import Post
from postings.workflow import post_workflow
from shinshiro_sns.calendar import at_clock
from staff.models import Membership, User

STEP = datetime.timedelta(minutes=20)
CONFIRMED = "担当者が確かめた"


@dataclass(frozen=True)
class Told:
    """One post: begun so many working days ago, what it says, and the steps it has taken since."""

    ago: int
    text: str
    steps: tuple[str, ...] = ()
    notes: dict[str, str] = field(default_factory=dict)


POSTS = (
    Told(1, "鳳来寺山の紅葉の写真を募集します。募集の期間は、まだ決まっていません。"),
    Told(1, "今週末の紅葉の見頃は、山の中ほどです。歩きやすい靴でお越しください。", ("ask",)),
    Told(2, "桜淵公園のライトアップの写真を載せます。", ("ask", "return"),
         {"return": "写真に写っている方の承諾を得たか、書き添えてください。"}),
    Told(2, "つくで手作り村の朝市は、朝8時から始まります。", ("ask", "approve")),
    Told(3, "湯谷温泉の足湯は、清掃のため午後から使えません。", ("ask", "approve", "post")),
    Told(4, "道の駅の催しのご案内です。", ("drop",), {"drop": "催しが中止になったため"}),
)  # fmt: skip
READY = Told(1, "明日の夕方、四谷の千枚田で撮影会を行います。", ("ready",))


def tell(today: datetime.date) -> None:
    """On the first official account whose policy in force wants an approval, by its two officers' hands."""
    policies = OperatingPolicy.objects.readable().filter(
        post_approval=True, account__status=Account.Status.OFFICIAL
    )
    policy = policies.order_by("account").first()
    if policy is None:
        return
    account = policy.account
    officers = User.objects.members_of([account.department], [Membership.Role.OFFICER])
    writers = list(officers.order_by("pk")[:2])
    heads = User.objects.members_of([account.department], [Membership.Role.HEAD])
    approver = heads.first()
    if approver is None or not writers:
        return
    for number, told in enumerate(POSTS):
        _post(account, told, writers[number % len(writers)], approver, today)
    # Looked through, and not recorded yet: on one that is posted to without an approval.
    others = OperatingPolicy.objects.readable().filter(
        post_approval=False, account__status=Account.Status.OFFICIAL,
        account__department=account.department,
    )  # fmt: skip
    if other := others.order_by("account").first():
        _post(other.account, READY, writers[0], approver, today)


def _post(account: Account, told: Told, by: User, approver: User, today: datetime.date) -> None:
    """By its own steps, twenty minutes from one to the next."""
    moment = at_clock(working_day(told.ago, today), 10 * 60)
    found = decisions.points(decisions.look(account, told.text, ()), {})
    written = Written(
        told.text, ground="other", ground_reason="運用時間の外になったときのため",
        decisions={point.key: CONFIRMED for point in found},
    )  # fmt: skip
    with standing_at(moment):
        post: Post = begun(account, written, by, uuid.uuid4())
    for name in told.steps:
        moment += STEP
        extra: dict[str, Any] = {}
        if name == "post":
            extra = {"posted_at": moment, "urls": f"{account.url}p/example{post.pk}/"}
        who = approver if name in ("approve", "return") else by
        with standing_at(moment):
            post = post_workflow.take(post, name, by=who, note=told.notes.get(name, ""), **extra)

"""What the demonstration tells of posts: an emergency that is over."""

from __future__ import annotations

import datetime

from django.utils import timezone

from accounts.models import Account
from policies.demonstration.clock import standing_at, working_day
from postings import declaring
from shinshiro_sns.calendar import at_clock
from staff.models import Membership, User

TYPHOON = "台風の接近に伴い、災害対策本部を設置したため(デモンストレーション)"


def tell(today: datetime.date) -> None:
    """The head of a department with official accounts declared one two weeks ago, for one night."""
    evening = at_clock(working_day(10, today), 18 * 60)
    account = (
        Account.objects.filter(
            status=Account.Status.OFFICIAL, official_since__lte=evening.date(),
            department__is_pr_division=False,
        )
        .order_by("pk")
        .first()
    )  # fmt: skip
    if account is None:
        return
    head = User.objects.members_of([account.department], [Membership.Role.HEAD]).first()
    if head is None:
        return
    with standing_at(evening):
        declaring.declare(
            head, declaring.rights_of(head)[0], accounts=[account], is_for_all=False,
            reason=TYPHOON, begins_at=timezone.now(),
            ends_at=evening + datetime.timedelta(hours=14),
        )  # fmt: skip

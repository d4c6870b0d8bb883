"""Who may have left the city without anybody saying so: the term of his data would never begin."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from shinshiro_sns.days import start_of
from staff.models import Membership, User

# Between two places there may be some days; a month without any is a question.
WITHOUT_PLACE = datetime.timedelta(days=30)
STANDING = "standing"


@dataclass(frozen=True)
class Leavers:
    """People of one kind: what is said of them, how many there are, and their list."""

    name: str
    title: str
    advice: str
    count: int

    @property
    def url(self) -> str:
        """The list of them."""
        return f"{reverse('admin:staff_user_changelist')}?{STANDING}={self.name}"


def _ending_from(day: datetime.date) -> QuerySet[Membership]:
    return Membership.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=day),
        Q(department__valid_until__isnull=True) | Q(department__valid_until__gte=day),
        user=OuterRef("pk"),
    )


def without_place(day: datetime.date) -> QuerySet[User]:
    """Active people who have had no place for 30 days and get none; but not who needs none."""
    since = day - WITHOUT_PLACE
    return User.objects.filter(
        ~Exists(_ending_from(since)), is_active=True, is_auditor=False, is_administrator=False,
        date_joined__lt=start_of(since),
    )  # fmt: skip


def still_placed(day: datetime.date) -> QuerySet[User]:
    """People who are no longer there and whose places never ended."""
    return User.objects.filter(Exists(_ending_from(day)), is_active=False)


KINDS = {
    "without_place": (
        without_place, "所属のない在職中の職員",
        "30日以上、どの所属にも属していません。退職した人は「在職中」を外してください。"
        "外すまで、個人情報の保存期間が始まりません。",
    ),
    "still_placed": (
        still_placed, "在職中でないのに所属が続く職員",
        "所属の記録の終了日を入力してください。所属が終わるまで、個人情報の保存期間が始まりません。",
    ),
}  # fmt: skip


def leavers() -> list[Leavers]:
    """Whom the administrators are to ask after today."""
    day = timezone.localdate()
    found = [
        Leavers(name, title, advice, rows(day).count())
        for name, (rows, title, advice) in KINDS.items()
    ]
    return [each for each in found if each.count]

"""The months by which a head supervises, 4(4): a department's follow one on another, none left out.

The first is that in which its first account became official, or came to it. What nobody has seen yet of
earlier ones (a post recorded late, one of an account that came from elsewhere) belongs to the next.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import DateField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest, Least, TruncDate
from django.urls import reverse

from accounts.models import Account, AccountMove
from postings.models import Post, Supervision
from shinshiro_sns.days import start_of
from staff.models import Department

CLAUSE = "4(4)"
MONTH = relativedelta(months=1)
_NEVER = Value(datetime.date.max, output_field=DateField())


@dataclass(frozen=True)
class Period:
    """One month of one department; `next_on` no longer belongs to it."""

    department: Department
    begins_on: datetime.date

    def __str__(self) -> str:
        return f"{self.begins_on.year}年{self.begins_on.month}月分"

    def get_absolute_url(self) -> str:
        """Its page on the desk."""
        day = self.begins_on
        return reverse("postings:supervised", args=[self.department.pk, day.year, day.month])

    @property
    def next_on(self) -> datetime.date:
        """The first day of the next one."""
        return self.begins_on + MONTH

    @property
    def due_on(self) -> datetime.date:
        """The last day in time to confirm it: the last of the following month."""
        return self.next_on + MONTH - relativedelta(days=1)

    @property
    def moments(self) -> tuple[datetime.datetime, datetime.datetime]:
        """When it begins, and when it is over."""
        return start_of(self.begins_on), start_of(self.next_on)


def month_of(day: datetime.date) -> datetime.date:
    """The first day of the month that `day` lies in."""
    return day.replace(day=1)


def every_department() -> QuerySet[Any]:
    """Departments that run accounts, have posts to look at, or confirmed a month; the longest
    unsupervised first.

    `open_from` is a day of the month that is next to be confirmed (the last of all days where none is),
    `confirmed_until` the day up to which all is.
    """
    confirmed = Supervision.objects.filter(department=OuterRef("pk")).order_by("-begins_on")
    first = Least(
        Coalesce(Subquery(_came()), _NEVER), Coalesce(Subquery(_unseen()), _NEVER),
        output_field=DateField(),
    )  # fmt: skip
    rows: QuerySet[Any] = Department.objects.annotate(
        confirmed_until=Subquery(confirmed.values("next_on")[:1]), first_from=first
    )
    rows = rows.annotate(
        open_from=Greatest(Coalesce("confirmed_until", "first_from"), "first_from")
    )
    is_there = Q(first_from__lt=datetime.date.max) | Q(confirmed_until__isnull=False)
    return rows.filter(is_there).order_by("open_from", "order", "code")


def reckoned() -> QuerySet[Any]:
    """Those of them that have a month to confirm, now or once it is over."""
    return every_department().filter(first_from__lt=datetime.date.max)


def _came() -> Any:
    """The day since which the department has had an account that is run."""
    moved = AccountMove.objects.filter(
        account=OuterRef("pk"), target=OuterRef("department"), moved_at__isnull=False,
        transfer__undone_at__isnull=True,
    ).order_by("-effective_on")  # fmt: skip
    came = Greatest(
        Coalesce(Subquery(moved.values("effective_on")[:1]), "official_since"), "official_since"
    )
    rows = Account.objects.living().filter(department=OuterRef("pk")).annotate(came=came)
    return rows.order_by("came").values("came")[:1]


def _unseen() -> Any:
    """The day of the earliest post nobody has looked at."""
    rows = Post.objects.unsupervised().filter(account__department=OuterRef("pk"))
    return rows.annotate(day=TruncDate("posted_at")).order_by("posted_at").values("day")[:1]


def next_of(department: Any) -> Period:
    """The month that is next to be confirmed, of one of the `reckoned`."""
    return Period(department, month_of(department.open_from))


def next_period(department: Department) -> Period | None:
    """The same for any department; None where there is nothing to supervise."""
    row = reckoned().filter(pk=department.pk).first()
    return Period(department, month_of(row.open_from)) if row else None


def open_on(day: datetime.date) -> QuerySet[Any]:
    """Departments that have not confirmed a month that was over on `day`."""
    return reckoned().filter(open_from__lt=month_of(day))


def late_on(day: datetime.date) -> QuerySet[Any]:
    """Those of them whose time for it was over too."""
    return open_on(day - MONTH)


def months_open(department: Any, day: datetime.date) -> int:
    """How many months of one of the `reckoned` are over and not confirmed on `day`."""
    begins, now = month_of(department.open_from), month_of(day)
    return max((now.year - begins.year) * 12 + now.month - begins.month, 0)


def posts_in(period: Period, supervision: Supervision | None, following: Period | None) -> Any:
    """The posts of a month: those that were looked at with it, or else those that confirming it takes in.

    `following` is the department's next month to be confirmed: it takes in what is left of earlier ones.
    """
    if supervision is not None:
        return Post.objects.filter(supervision=supervision)
    begins, ends = period.moments
    rows = Post.objects.unsupervised().filter(
        account__department=period.department, posted_at__lt=ends
    )
    return rows if period == following else rows.filter(posted_at__gte=begins)


def recorded_after(supervision: Supervision) -> Any:
    """Posts that went out in a month and were recorded only after it had been confirmed."""
    begins, ends = Period(supervision.department, supervision.begins_on).moments
    return Post.objects.gone_out().filter(
        account__department=supervision.department_id, posted_at__gte=begins, posted_at__lt=ends,
        recorded_at__gt=supervision.confirmed_at,
    )  # fmt: skip


def unseen_in_confirmed_months() -> Any:
    """Posts that stand in no confirmed month though their own was confirmed before they were recorded."""
    own = Supervision.objects.filter(
        department=OuterRef("account__department"), begins_on__lte=OuterRef("day"),
        next_on__gt=OuterRef("day"),
    )  # fmt: skip
    rows = Post.objects.unsupervised().annotate(day=TruncDate("posted_at"))
    return rows.annotate(own_at=Subquery(own.values("confirmed_at")[:1])).filter(
        own_at__isnull=False, recorded_at__gt=F("own_at")
    )

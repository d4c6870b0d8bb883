"""What one person is told on one day, in the order in which he should see to it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q

from shinshiro_sns.duties import called
from staff.audience import City
from staff.models import Reminder, User

SHOWN = 20
# However much is a person's own, some of what others are late with is named.
OF_OTHERS_AT_LEAST = 5


@dataclass(frozen=True)
class Entry:
    """One task as the digest says it."""

    title: str
    clause: str
    action: str
    label: str
    deadline: datetime.date
    days_left: int
    path: str

    @property
    def days_late(self) -> int:
        """How many days ago the deadline was."""
        return -self.days_left


@dataclass(frozen=True)
class Part:
    """The first few of a person's tasks, or of those of others that he is to hear of."""

    entries: list[Entry]
    count: int

    @property
    def more(self) -> int:
        """How many are not among the first few."""
        return self.count - len(self.entries)


@dataclass(frozen=True)
class Digest:
    """One person's digest of one day."""

    day: datetime.date
    own: Part
    of_others: Part
    late: int
    is_city_wide: bool


def digest_of(person: User, city: City) -> Digest:
    """What `person` is told on the day: his own tasks first, in each part the most urgent first."""
    told = Reminder.objects.filter(person=person, seen_on=city.day, told_on=city.day)
    first = told.order_by("due_on", "pk")
    of_others = list(first.filter(is_escalation=True)[:SHOWN])
    reserved = min(len(of_others), OF_OTHERS_AT_LEAST)
    own = list(first.filter(is_escalation=False)[: SHOWN - reserved])
    of_others = of_others[: SHOWN - len(own)]
    others = Q(is_escalation=True)
    counts = told.aggregate(
        own=Count("pk", filter=~others),
        of_others=Count("pk", filter=others),
        late=Count("pk", filter=~others & Q(due_on__lt=city.day)),
    )
    return Digest(
        city.day,
        Part([_entry(each, city) for each in own], counts["own"]),
        Part([_entry(each, city) for each in of_others], counts["of_others"]),
        late=counts["late"],
        is_city_wide=person.pk in city.pr_division,
    )


def _entry(told: Reminder, city: City) -> Entry:
    duty = called(told.duty)
    return Entry(
        duty.title, duty.clause, duty.action, told.text, told.due_on,
        (told.due_on - city.day).days, told.path,
    )  # fmt: skip

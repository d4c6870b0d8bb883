"""What one person is told on one day, in the order in which he should see to it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q

from shinshiro_sns.duties import called
from staff.audience import City
from staff.models import Reminder, User

SHOWN = 20


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
    entries: dict[bool, list[Entry]] = {False: [], True: []}
    for each in told.order_by("is_escalation", "due_on", "pk")[:SHOWN]:
        duty = called(each.duty)
        entry = Entry(
            duty.title, duty.clause, duty.action, each.text, each.due_on,
            (each.due_on - city.day).days, each.path,
        )  # fmt: skip
        entries[each.is_escalation].append(entry)
    others = Q(is_escalation=True)
    counts = told.aggregate(
        own=Count("pk", filter=~others),
        of_others=Count("pk", filter=others),
        late=Count("pk", filter=~others & Q(due_on__lt=city.day)),
    )
    return Digest(
        city.day,
        Part(entries[False], counts["own"]),
        Part(entries[True], counts["of_others"]),
        late=counts["late"],
        is_city_wide=person.pk in city.pr_division,
    )

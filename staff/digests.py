"""What people are told on one day, each in the order in which he should see to it."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, Window
from django.db.models.functions import RowNumber

from shinshiro_sns.duties import called
from staff.audience import City
from staff.models import Reminder

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


def digests_of(people: Collection[int], city: City) -> dict[int, Digest]:
    """What each of `people`, by their keys, is told on the day: his own tasks first, in each part the
    most urgent first. As many queries for all of them as for one."""
    told = Reminder.objects.filter(person__in=people, seen_on=city.day, told_on=city.day)
    place = Window(RowNumber(), partition_by=["person", "is_escalation"], order_by=["due_on", "pk"])
    shown = told.annotate(place=place).filter(place__lte=SHOWN).order_by("place")
    entries: dict[tuple[int, bool], list[Entry]] = defaultdict(list)
    for each in shown:
        duty = called(each.duty)
        entry = Entry(
            duty.title, duty.clause, duty.action, each.text, each.due_on,
            (each.due_on - city.day).days, each.path,
        )  # fmt: skip
        entries[each.person_id, each.is_escalation].append(entry)
    others = Q(is_escalation=True)
    counts = told.values_list("person").annotate(
        own=Count("pk", filter=~others),
        of_others=Count("pk", filter=others),
        late=Count("pk", filter=~others & Q(due_on__lt=city.day)),
    )
    return {
        person: _digest(city, person, entries, own, of_others, late)
        for person, own, of_others, late in counts
    }


def _digest(
    city: City, person: int, entries: Mapping[tuple[int, bool], list[Entry]],
    own: int, of_others: int, late: int,
) -> Digest:  # fmt: skip
    own_shown = min(own, SHOWN - min(of_others, OF_OTHERS_AT_LEAST))
    return Digest(
        city.day,
        Part(entries[person, False][:own_shown], own),
        Part(entries[person, True][: SHOWN - own_shown], of_others),
        late=late,
        is_city_wide=person in city.pr_division,
    )

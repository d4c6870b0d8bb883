"""One day's reminders and escalations, 3(7): what `manage.py remind` does.

First every open row of every duty is looked through, and what a person is to hear of is written
down; then each person is told all of it in one digest. Both may be repeated, interrupted, and done
by two processes at once. See decision 0013.
"""

from __future__ import annotations

import datetime
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from shinshiro_sns import daily
from shinshiro_sns.duties import DUTIES, Duty, milestone
from staff import notices
from staff.audience import City, audience, reachable
from staff.digests import Digest, digests_of
from staff.models import Reminder, User

BATCH = 2000
# A yearly audit still finds who was reminded of what, as it finds the mails.
KEPT = datetime.timedelta(days=400)
# Keys in one statement: the databases limit them.
KEYS = 500
# People told in one transaction: while it lasts, other processes wait for what it locks.
GROUP = 100

Shown = Callable[[User, Digest], None]


@dataclass
class Tally:
    """What a run did: digests queued, people who had theirs before, and what failed, in words."""

    sent: int = 0
    already_sent: int = 0
    failures: list[str] = field(default_factory=list)

    def failed(self, what: str, error: Exception) -> None:
        """Add a failure, without what the error itself says: that may name people."""
        place = traceback.extract_tb(error.__traceback__)[-1]
        self.failures.append(f"{what}:{type(error).__name__} ({place.name}, {place.lineno})")


class AlreadyTold(Exception):
    """Somebody has a digest of this day."""


def remind(day: datetime.date, show: Shown = lambda person, digest: None) -> Tally:
    """Do the chores if `day` is today, find what people are to hear of, and queue each of them one digest.

    One failure stops nothing else. `show` sees every digest that is queued.
    """
    tally = Tally()
    # What another day's chores move, end or forget, they would too early or with the wrong day.
    if day == timezone.localdate():
        for name, error in daily.carry_out(day):
            tally.failed(f"毎日の処理「{name}」", error)
    city = City.on(day)
    for duty in DUTIES:
        try:
            find(duty, city)
        except Exception as error:
            tally.failed(f"催促の対象「{duty.name}」", error)
    told = Reminder.objects.filter(person=OuterRef("pk"), seen_on=day)
    waiting = reachable(day).filter(Exists(told.filter(told_on=None)))
    # What was found after somebody's digest waits for tomorrow's.
    people = list(waiting.exclude(Exists(told.filter(told_on=day))).order_by("pk"))
    for first in range(0, len(people), GROUP):
        for person, digest in _told(people[first : first + GROUP], city, tally).items():
            tally.sent += 1
            show(person, digest)
    had = User.objects.filter(Exists(told.filter(told_on=day))).count()
    tally.already_sent = had - tally.sent
    return tally


def find(duty: Duty, city: City) -> None:
    """Write down who is to hear of which open rows of `duty`, batch by batch.

    What was written down earlier today and not told yet is struck off where it is settled.
    """
    # Asked for once: a rule may have to reckon with the whole city before it can say which rows.
    in_order = duty.rows(city.day).order_by("pk")
    last, is_more = 0, True
    while is_more:
        rows = list(in_order.filter(pk__gt=last)[:BATCH])
        is_more = len(rows) == BATCH
        if rows:
            with transaction.atomic():
                _note(duty, rows, city, after=last)
            last = rows[-1].pk
    with transaction.atomic():
        settled = _pending(duty, city.day).filter(row__gt=last)
        _strike_off(settled.values_list("pk", flat=True))


def _pending(duty: Duty, day: datetime.date) -> Any:
    return Reminder.objects.filter(duty=duty.name, seen_on=day, told_on=None)


def _note(duty: Duty, rows: Sequence[Any], city: City, after: int) -> None:
    """The batch of rows whose keys lie after `after`."""
    reached = []
    for row in rows:
        deadline = duty.deadline(row)
        stone = milestone(deadline, city.day)
        if stone is not None:
            reached.append((row, duty.department_id(row), deadline, stone))
    known = Reminder.objects.filter(duty=duty.name, row__gt=after, row__lte=rows[-1].pk)
    first = min((stone for *_, stone in reached), default=datetime.date.max)
    known = known.filter(Q(milestone__gte=first) | Q(seen_on=city.day, told_on=None))
    told: dict[tuple[int, int, datetime.date], datetime.date] = {}
    pending: dict[tuple[int, int, datetime.date, datetime.date], tuple[int, datetime.date]] = {}
    for pk, person, row_pk, due_on, stone, seen_on, told_on in known.values_list(
        "pk", "person", "row", "due_on", "milestone", "seen_on", "told_on"
    ):
        if told_on is None:
            pending[person, row_pk, due_on, stone] = (pk, seen_on)
        else:
            key = (person, row_pk, due_on)
            told[key] = max(stone, told.get(key, stone))

    hearing = audience(duty, {department for _, department, *_ in reached}, city)
    new, again = [], []
    for row, department, deadline, stone in reached:
        task, above = None, ""
        for person, is_escalation in hearing(row, department, deadline).items():
            # A later milestone was told where the clock was set back.
            if told.get((person, row.pk, deadline), datetime.date.min) >= stone:
                continue
            known_as, seen_before = pending.pop((person, row.pk, deadline, stone), (0, None))
            if known_as:
                again += [known_as] if seen_before != city.day else []
                continue
            task = task or duty.task(row)
            if is_escalation and not above:
                # Who stands above may not do it: he reads the account's page, which leads on.
                account = duty.account_id(row)
                above = reverse("policies:account", args=[account]) if account else task.link
            new.append(
                Reminder(
                    person_id=person, duty=duty.name, row=row.pk, due_on=deadline,
                    milestone=stone, seen_on=city.day, is_escalation=is_escalation,
                    text=" ".join(task.label.split())[:400],
                    path=above if is_escalation else task.link,
                )
            )  # fmt: skip
    # In the order of rows and people, as every other process does it: none waits for another
    # that waits for it.
    Reminder.objects.bulk_create(new, ignore_conflicts=True)
    for keys in _untold(again):
        Reminder.objects.filter(pk__in=keys).update(seen_on=city.day)
    _strike_off(pk for pk, seen_on in pending.values() if seen_on == city.day)


def _strike_off(keys: Iterable[int]) -> None:
    for untold in _untold(keys):
        Reminder.objects.filter(pk__in=untold).delete()


def _untold(keys: Iterable[int]) -> Iterable[list[int]]:
    """Those of the rows that nobody tells in the meantime, locked, a statement's worth at a time."""
    ordered = sorted(keys)
    for first in range(0, len(ordered), KEYS):
        some = Reminder.objects.filter(pk__in=ordered[first : first + KEYS], told_on=None)
        yield list(some.select_for_update().order_by("pk").values_list("pk", flat=True))


def _told(people: Sequence[User], city: City, tally: Tally) -> dict[User, Digest]:
    """`tell`, and where it fails for a group each of it alone: one failure costs nobody else."""
    try:
        return tell(people, city)
    except Exception as error:
        if len(people) == 1:
            if not isinstance(error, AlreadyTold):
                tally.failed(f"職員{people[0].pk}番", error)
            return {}
    alone = (_told([person], city, tally) for person in people)
    return {person: digest for told in alone for person, digest in told.items()}


def tell(people: Sequence[User], city: City) -> dict[User, Digest]:
    """Queue each of `people` his digest of the day with all that waits for him; he for whom nothing
    waits has none. As many queries for all of them as for one.

    Raises `AlreadyTold`, and tells nobody, where one of them has a digest of the day: what was found
    since waits for tomorrow's.
    """
    with transaction.atomic():
        untold = Reminder.objects.filter(seen_on=city.day, told_on=None)
        waiting = untold.filter(person__in=people).select_for_update().order_by("pk")
        # Locked in their order: another process may be marking the same ones. They may be very many.
        hearing = set(waiting.values_list("person", flat=True).iterator())
        if not hearing:
            return {}
        untold.filter(person__in=hearing).update(told_on=city.day)
        found = digests_of(hearing, city)
        digests = {person: found[person.pk] for person in people if person.pk in found}
        if len(notices.reminders(digests, city.day)) < len(digests):
            raise AlreadyTold
    return digests


def forget(day: datetime.date) -> None:
    """Delete what was found longer than `KEPT` ago: by then a later milestone stands for it."""
    Reminder.objects.filter(seen_on__lt=day - KEPT).delete()

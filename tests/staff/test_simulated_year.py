"""A year in a city: 200 accounts, 400 people, reminders every day, the April transfer in between.

People change passwords early, late or never. A model of its own says who must have heard of what on
which day: it reckons with calendars and lists, and knows nothing of the portal's reckoning.
"""

from __future__ import annotations

import calendar
import datetime
import random
from collections import defaultdict

import pytest

from accounts.models import Account
from accounts.profiles import read_profile
from shinshiro_sns.models import OutgoingMail
from staff.models import Membership, Reminder
from staff.reminding import remind
from tests import factories

# Alone, and on one database: what differs between databases stands in the tests of single days.
pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("one_rule")]

BEGINS = datetime.date(2026, 5, 1)
DAYS = 365
TRANSFER = datetime.date(2027, 4, 1)
DEPARTMENTS = 40
# Who only stands in for the head hears nothing: most of a city does not run an account.
ROLES = ("head", "officer", *["deputy"] * 8)
ONE = datetime.timedelta(days=1)
Heard = tuple[datetime.date, int, int, bool]


def three_months_after(day: datetime.date) -> datetime.date:
    """31 August and three months are 30 November."""
    year, month = (day.year, day.month + 3) if day.month <= 9 else (day.year + 1, day.month - 9)
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


class Model:
    """The city as the test knows it: who sits where, when passwords were changed, who has heard."""

    def __init__(self) -> None:
        self.officers: dict[int, set[int]] = defaultdict(set)
        self.heads: dict[int, set[int]] = defaultdict(set)
        self.pr_division: set[int] = set()
        self.department_of: dict[int, int] = {}
        self.changed_on: dict[int, datetime.date] = {}
        # The last of the days of reminding, counted from the deadline, that a person heard of.
        self.last: dict[tuple[int, int, datetime.date], int] = {}
        self.heard: set[Heard] = set()

    def a_day(self, today: datetime.date) -> None:
        """What everybody must hear of today."""
        for account, department in self.department_of.items():
            due = three_months_after(self.changed_on[account])
            late = (today - due).days
            if late < -30:
                continue
            occasion = late - late % 7 if late >= 0 else max(n for n in (-30, -7, -1) if n <= late)
            actors = self.officers[department] or self.heads[department]
            above: set[int] = set()
            if late >= 7:
                above |= self.heads[department]
            if late >= 14:
                above |= self.pr_division
            for person in actors | above:
                key = (person, account, due)
                if self.last.get(key, -31) < occasion:
                    self.last[key] = occasion
                    self.heard.add((today, person, account, person not in actors))


def the_city(model: Model) -> list[Account]:
    """Forty departments of ten people, the last of them the PR division, and 200 accounts."""
    departments = [
        factories.department(f"第{n}課", is_pr_division=n == DEPARTMENTS - 1)
        for n in range(DEPARTMENTS)
    ]
    seats = [(of, ROLES[n], f"{of.name}の{n}番") for of in departments for n in range(10)]
    for person, (of, role, _) in zip(factories.members(*seats), seats, strict=True):
        if role == "officer":
            model.officers[of.pk].add(person.pk)
        if role == "head":
            model.heads[of.pk].add(person.pk)
        if of.is_pr_division:
            model.pr_division.add(person.pk)
    accounts = []
    for n in range(200):
        of, profile = departments[n % DEPARTMENTS], read_profile(f"year_{n}", "x")
        accounts.append(
            Account(
                department=of, service="x", name=f"{n}番", handle=profile.handle, url=profile.url,
                identity=profile.identity, status="official", official_since=factories.SINCE,
                password_changed_on=BEGINS - (n % DEPARTMENTS * 2) * ONE,
            )
        )  # fmt: skip
    Account.objects.bulk_create(accounts)
    for account in accounts:
        model.department_of[account.pk] = account.department_id
        model.changed_on[account.pk] = account.password_changed_on
    return accounts


def transfer(model: Model) -> None:
    """Every department's officer goes to the next one; every fourth head retires."""
    places = Membership.objects.filter(role="officer").order_by("department", "pk")
    first = {place.department_id: place for place in reversed(places)}
    order = sorted(first)
    for here, there in zip(order, [*order[1:], order[0]], strict=True):
        person = first[here].user_id
        Membership.objects.filter(pk=first[here].pk).update(valid_until=TRANSFER - ONE)
        Membership.objects.create(user_id=person, department_id=there, valid_from=TRANSFER)
        model.officers[here].discard(person)
        model.officers[there].add(person)
        if here == order[-1]:
            model.pr_division.discard(person)
        if there == order[-1]:
            model.pr_division.add(person)
    for number, of in enumerate(order[:-1]):
        if number % 4 == 0:
            Membership.objects.filter(department=of, role="head").update(valid_until=TRANSFER - ONE)
            model.heads[of].clear()


def when_it_is_changed(number: int, due: datetime.date) -> datetime.date | None:
    """Early, in time, late or never: most often on one day for all of a department's accounts."""
    if number % 67 == 0:
        return None
    whose = number if number % 5 == 0 else f"department {number % DEPARTMENTS}"
    dice = random.Random(f"{whose} {due}")
    return due + dice.choice((-40, -35, -20, -8, -3, 0, 3, 9, 20)) * ONE


def test_everybody_hears_of_what_he_must_and_of_nothing_else_all_year():
    model = Model()
    accounts = the_city(model)
    plans = {a.pk: when_it_is_changed(n, three_months_after(model.changed_on[a.pk]))
             for n, a in enumerate(accounts)}  # fmt: skip
    number = {account.pk: n for n, account in enumerate(accounts)}
    for today in (BEGINS + n * ONE for n in range(DAYS)):
        if today == TRANSFER:
            transfer(model)
        tally = remind(today)
        assert tally.failures == []
        model.a_day(today)
        # What fell before the year began is made up for on its first day.
        changed = [pk for pk, day in plans.items() if day and day <= today]
        Account.objects.filter(pk__in=changed).update(password_changed_on=today)
        for pk in changed:
            model.changed_on[pk] = today
            plans[pk] = when_it_is_changed(number[pk], three_months_after(today))

    rows = Reminder.objects.values_list("told_on", "person", "row", "is_escalation")
    assert set(rows) == model.heard
    assert rows.count() == len(model.heard)
    # One digest for each person and day, and it is in the mail.
    days = {(f"{day}", person) for day, person, _, _ in model.heard}
    keys = OutgoingMail.objects.values_list("key", flat=True)
    assert set(keys) == {f"staff/reminder remind {day} user {person}" for day, person in days}
    assert len(model.heard) > 2_000

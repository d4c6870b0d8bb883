"""A year in a city: 200 accounts, 400 people, reminders every day, the April transfer from its file.

People change passwords early, late or never. A model of its own says who must have heard of what on
which day: it reckons with calendars and lists, and knows nothing of the portal's reckoning. The rule is
the whole one of 3(7): every three months, and at once when somebody with access leaves.
"""

from __future__ import annotations

import calendar
import datetime
import random
from collections import defaultdict

import pytest
import time_machine

from accounts.credentials import record_change
from accounts.models import Access, Account
from accounts.profiles import read_profile
from shinshiro_sns import duties
from shinshiro_sns.days import start_of
from shinshiro_sns.models import OutgoingMail
from staff import authority
from staff.models import Department, Membership, Reminder, User
from staff.reminding import remind
from tests import factories
from tests.staff.transfer_helpers import row, transferred

# Alone, and on one database: what differs between databases stands in the tests of single days.
pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("passwords_only")]

BEGINS = datetime.date(2026, 5, 1)
DAYS = 365
TRANSFER = datetime.date(2027, 4, 1)
ANNOUNCED = datetime.date(2027, 3, 20)
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
        # Since when somebody who could log in to an account is no longer there.
        self.left_on: dict[int, datetime.date] = {}
        # The last of the days of reminding, counted from the deadline, that a person heard of.
        self.last: dict[tuple[int, int, datetime.date], int] = {}
        self.heard: set[Heard] = set()

    def a_day(self, today: datetime.date) -> None:
        """What everybody must hear of today."""
        for account, department in self.department_of.items():
            due = three_months_after(self.changed_on[account])
            left_on = self.left_on.get(account)
            if left_on and self.changed_on[account] < left_on:
                due = min(due, left_on)
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
    # The officer, who may go, and one who stays.
    Access.objects.bulk_create(
        Access(account=account, person_id=person, kind=kind, since=BEGINS - 400 * ONE)
        for account in accounts
        for kind, role in (("administrator", "officer"), ("user", "deputy"))
        for person in first_of(account.department_id, role)
    )
    for account in accounts:
        model.department_of[account.pk] = account.department_id
        model.changed_on[account.pk] = account.password_changed_on
    return accounts


def written_down(account: Account, day: datetime.date) -> None:
    """Whoever may do so that day records the change, as the ledger's page has it recorded."""
    with time_machine.travel(start_of(day) + datetime.timedelta(hours=10), tick=False):
        by = authority.holders("accounts.add_credentialchange", [account.department_id]).first()
        assert by is not None
        made = record_change(
            account, by=by, changed_on=day, changed_by=by, reason="interval",
            is_hard_to_guess=True, is_kept_secret=True,
        )  # fmt: skip
    assert made is not None


def first_of(department: int, role: str) -> list[int]:
    rows = Membership.objects.filter(department=department, role=role, valid_until=None)
    return list(rows.order_by("pk").values_list("user", flat=True)[:1])


def the_file() -> list[list[str]]:
    """Every department's officer goes to the next one; every fourth head leaves, a deputy follows."""
    codes = list(Department.objects.order_by("pk").values_list("pk", "code"))
    lines = []
    for number, ((of, here), (_, there)) in enumerate(
        zip(codes, [*codes[1:], codes[0]], strict=True)
    ):
        [officer] = User.objects.filter(pk__in=first_of(of, "officer"))
        lines.append(row(officer, here, there))
        if number % 4 == 0:
            [head] = User.objects.filter(pk__in=first_of(of, "head"))
            [deputy] = User.objects.filter(pk__in=first_of(of, "deputy"))
            lines += [row(head, here, ""), row(deputy, here, here, "所属の長")]
    return lines


def transfer(model: Model, lines: list[list[str]]) -> None:
    """What the file means, as the model sees it on the day."""
    pk_of = dict(Department.objects.values_list("code", "pk"))
    who = dict(User.objects.values_list("email", "pk"))
    last = max(pk_of.values())
    for _, email, _, source, target, role, _ in lines:
        person, here = who[email], pk_of[source]
        if role:
            model.heads[here].add(person)
            continue
        model.heads[here].discard(person)
        if not target:
            continue
        model.officers[here].discard(person)
        model.officers[pk_of[target]].add(person)
        if here == last:
            model.pr_division.discard(person)
        if pk_of[target] == last:
            model.pr_division.add(person)
        for account, department in model.department_of.items():
            if department == here:
                model.left_on[account] = TRANSFER


def when_it_is_changed(number: int, due: datetime.date) -> datetime.date | None:
    """Early, in time, late or never: most often on one day for all of a department's accounts."""
    if number % 67 == 0:
        return None
    whose = number if number % 5 == 0 else f"department {number % DEPARTMENTS}"
    dice = random.Random(f"{whose} {due}")
    return due + dice.choice((-40, -35, -20, -8, -3, 0, 3, 9, 20)) * ONE


@pytest.fixture
def passwords_only():
    """The portal's own rule of passwords, and no other duty beside it."""
    everything = duties.DUTIES[:]
    duties.DUTIES[:] = [duties.called("password")]
    yield
    duties.DUTIES[:] = everything


def test_everybody_hears_of_what_he_must_and_of_nothing_else_all_year(time_machine):
    model = Model()
    accounts = the_city(model)
    plans = {a.pk: when_it_is_changed(n, three_months_after(model.changed_on[a.pk]))
             for n, a in enumerate(accounts)}  # fmt: skip
    number = {account.pk: n for n, account in enumerate(accounts)}
    for today in (BEGINS + n * ONE for n in range(DAYS)):
        if today == ANNOUNCED:
            time_machine.move_to(f"{today}T10:00:00+09:00", tick=False)
            lines = the_file()
            transferred(*lines, day=TRANSFER)
        if today == TRANSFER:
            transfer(model, lines)
        tally = remind(today)
        assert tally.failures == []
        model.a_day(today)
        # What fell before the year began is made up for on its first day.
        changed = [pk for pk, day in plans.items() if day and day <= today]
        for account in Account.objects.filter(pk__in=changed):
            written_down(account, today)
        for pk in changed:
            model.changed_on[pk] = today
            plans[pk] = when_it_is_changed(number[pk], three_months_after(today))

    rows = Reminder.objects.values_list("told_on", "person", "row", "is_escalation")
    assert set(rows) == model.heard
    assert rows.count() == len(model.heard)
    # One digest for each person and day, and it is in the mail.
    days = {(f"{day}", person) for day, person, _, _ in model.heard}
    digests = OutgoingMail.objects.filter(key__startswith="staff/reminder ")
    keys = digests.values_list("key", flat=True)
    assert set(keys) == {f"staff/reminder remind {day} user {person}" for day, person in days}
    assert len(model.heard) > 2_000

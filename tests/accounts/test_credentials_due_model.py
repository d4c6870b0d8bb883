"""The rule of when a password is due, 3(7), for one account and for all, beside a model of it.

The model is told from the rows alone; Hypothesis looks for a city in which they differ.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts import passwords
from accounts.models import Access, Account
from staff.models import Membership, User
from tests.accounts.test_credentials_due import ONE, moved, official


@dataclass(frozen=True)
class Place:
    person: int
    department: int
    begins: int
    ends: int | None


@dataclass(frozen=True)
class Hand:
    person: int
    since: int
    until: int | None


@dataclass(frozen=True)
class Town:
    """Days count from the first of a year; the account is department 0's, and 1 shares it."""

    changed: int | None
    months: int
    places: list[Place]
    hands: list[Hand]
    inactive: dict[int, int]
    moved: int | None
    day: int


FIRST = datetime.date(2026, 1, 1)
ACCOUNT_DEPARTMENTS = (0, 1)


def date(number):
    return FIRST + datetime.timedelta(days=number)


# Few people and few days: what matters happens where two of them fall together.
WHO, WHEN = st.integers(0, 1), st.integers(0, 9)


def span():
    return st.tuples(WHEN, st.none() | st.integers(0, 6)).map(
        lambda pair: (pair[0], None if pair[1] is None else pair[0] + pair[1])
    )


def places():
    return st.lists(
        st.builds(
            lambda person, department, days: Place(person, department, *days),
            WHO, st.integers(0, 2), span(),
        ),
        max_size=3,
    )  # fmt: skip


def towns():
    return st.builds(
        Town,
        changed=st.none() | WHEN | WHEN | WHEN,
        months=st.sampled_from([0, 0, 0, 1, 3]),
        places=places().map(
            lambda all_: list({(p.person, p.department, p.ends is None): p for p in all_}.values())
        ),
        hands=st.lists(
            st.builds(lambda who, days: Hand(who, *days), WHO, span()), min_size=1, max_size=3
        ).map(lambda all_: list({(h.person, h.until is None): h for h in all_}.values())),
        inactive=st.dictionaries(WHO, WHEN, max_size=1),
        moved=st.none() | WHEN,
        day=st.integers(7, 14) | st.integers(30, 45),
    )


def there(town, person, day):
    return any(
        place.person == person
        and place.department in ACCOUNT_DEPARTMENTS
        and place.begins <= day
        and (place.ends is None or day <= place.ends)
        for place in town.places
    )


def went(town, hand):
    """The first day on which this hand is no longer there, up to the town's day; None if it is."""
    ended = hand.until is not None and hand.until < town.day
    asked = hand.until if ended else town.day
    if hand.since > town.day:
        return None
    if ended and any(
        other.person == hand.person
        and other.since <= hand.until
        and (other.until is None or other.until > hand.until)
        for other in town.hands
    ):
        return None
    ends = [
        place.ends
        for place in town.places
        if place.person == hand.person
        and place.department in ACCOUNT_DEPARTMENTS
        and place.ends is not None
        and place.ends < asked
    ]
    left = max(ends) + 1 if ends else None
    moved = town.moved if town.moved is not None and town.moved <= town.day else None
    reasons = []
    if ended and there(town, hand.person, asked):
        reasons.append(hand.until + 1)
    elif not there(town, hand.person, asked):
        if left is not None and left >= hand.since and (moved is None or moved <= left):
            reasons.append(left)
        elif ended:
            reasons.append(hand.until + 1)
        else:
            reasons.append(max(hand.since, moved if moved is not None else hand.since))
    if hand.person in town.inactive:
        reasons.append(max(hand.since, town.inactive[hand.person]))
    return min((day for day in reasons if day <= town.day), default=None)


def months_after(day, months):
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return datetime.date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError


def expected_due(town):
    if town.changed is None:
        return (FIRST, "unrecorded")
    left = [date(d) for h in town.hands if (d := went(town, h)) is not None and d > town.changed]
    candidates = [(min(left), "staff")] if left else []
    if town.months:
        candidates.append((months_after(date(town.changed), town.months), "interval"))
    return min(candidates, key=lambda pair: pair[0], default=None)


@pytest.fixture
def stage(cast):
    departments = [cast.tourism, cast.safety, cast.pr_division]
    people = [cast.officer, cast.colleague, cast.partner_officer]
    Membership.objects.all().delete()
    account = official(cast, since=FIRST)
    account.partners.add(cast.safety)
    return departments, people, account


def lay_out(town, stage, cast):
    departments, people, account = stage
    Account.objects.filter(pk=account.pk).update(
        password_changed_on=None if town.changed is None else date(town.changed)
    )
    Membership.objects.bulk_create(
        Membership(
            user=people[p.person], department=departments[p.department], valid_from=date(p.begins),
            valid_until=None if p.ends is None else date(p.ends),
        )
        for p in town.places
    )  # fmt: skip
    Access.objects.bulk_create(
        Access(
            account=account, person=people[h.person], kind="user", since=date(h.since),
            until=None if h.until is None else date(h.until),
        )
        for h in town.hands
    )  # fmt: skip
    for person, day in town.inactive.items():
        user = people[person]
        User.objects.filter(pk=user.pk).update(is_active=False)
        noon = datetime.time(12, tzinfo=timezone.get_current_timezone())
        User.history.filter(id=user.pk).update(
            history_date=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
        )
        record = User.history.filter(id=user.pk).first()
        record.pk, record.is_active = None, False
        record.history_date = datetime.datetime.combine(date(day), noon)
        record.save()
    if town.moved is not None:
        moved(account, cast, date(town.moved))
        Account.objects.filter(pk=account.pk).update(department=cast.tourism)


@hypothesis_settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(town=towns())
def test_the_database_says_what_the_rows_say(cast, stage, settings, town):
    settings.PASSWORD_INTERVAL_MONTHS = town.months
    day = date(town.day)
    with transaction.atomic():
        lay_out(town, stage, cast)
        account = Account.objects.get()
        of_one = passwords.due(account, day)
        row = passwords.with_due(Account.objects.all(), day).get()
        listed = [passwords.due_by(day, day + n * ONE).exists() for n in (0, 30)]
        transaction.set_rollback(True)
    expected = expected_due(town)
    assert (of_one and (of_one.on, of_one.why.value)) == expected
    if expected is None:
        assert row.password_due_on == datetime.date.max
        assert listed == [False, False]
    else:
        assert (row.password_due_on, passwords.why(row).value) == expected
        assert listed == [expected[0] <= day + n * ONE for n in (0, 30)]

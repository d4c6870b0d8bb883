"""When a password falls due, 3(7): calendar months, and at once when somebody leaves.

`test_credentials_due_model.py` holds the same rule to one told from the rows alone.
"""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import passwords
from accounts.models import Access, Account, AccountMove
from staff.models import Membership, Transfer
from tests import factories

DAY = datetime.date(2026, 4, 10)
ONE = datetime.timedelta(days=1)


def official(cast, *, changed=None, since=datetime.date(2020, 1, 1), **fields):
    return factories.account(
        cast.tourism, status="official", official_since=since, password_changed_on=changed, **fields
    )


def named(account, person, since=datetime.date(2020, 1, 1), until=None, kind="administrator"):
    return Access.objects.create(
        account=account, person=person, kind=kind, since=since, until=until
    )


def leaves(person, last_day):
    Membership.objects.filter(user=person).update(valid_until=last_day)


def due(account, day=DAY):
    """When and why it is due, as the account's page and the list of duties say alike."""
    found = passwords.due(Account.objects.get(pk=account.pk), day)
    rows = passwords.due_by(day, datetime.date.max).filter(pk=account.pk)
    listed = [(row.password_due_on, passwords.why(row).value) for row in rows]
    said = [(found.on, found.why.value)] if found else []
    assert [row for row in listed if row[0] != datetime.date.max] == said
    return said[0] if said else None


# --- The interval --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "months", "expected"),
    [
        ("2026-01-10", 3, "2026-04-10"),
        ("2026-01-31", 3, "2026-04-30"),
        ("2025-11-30", 3, "2026-02-28"),
        ("2027-11-29", 3, "2028-02-29"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 3, "2028-05-29"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
    ],
)
def test_months_are_those_of_the_calendar(cast, settings, changed, months, expected):
    settings.PASSWORD_INTERVAL_MONTHS = months
    account = official(cast, changed=datetime.date.fromisoformat(changed))
    expected = datetime.date.fromisoformat(expected)
    assert due(account) == (expected, "interval")
    assert passwords.with_due(Account.objects.all(), DAY).get().password_due_on == expected


def test_where_nobody_recorded_a_change_it_is_due_since_the_account_is_official(cast):
    account = official(cast, since=datetime.date(2026, 4, 1))
    named(account, cast.officer, until=datetime.date(2021, 1, 1))
    assert due(account) == (datetime.date(2026, 4, 1), "unrecorded")


def test_a_city_that_follows_the_national_advice_asks_for_none_at_intervals(cast, settings):
    settings.PASSWORD_INTERVAL_MONTHS = 0
    account = official(cast, changed=datetime.date(2020, 1, 1))
    named(account, cast.officer)
    assert due(account) is None
    assert list(passwords.due_by(DAY, DAY)) == []
    leaves(cast.officer, datetime.date(2026, 3, 31))
    assert due(account) == (datetime.date(2026, 4, 1), "staff")


@pytest.mark.parametrize(
    ("status", "fate", "guarded"),
    [
        ("preparing", "", False), ("official", "", True), ("suspended", "", True),
        ("closed", "guarded", True), ("closed", "deleted", False),
    ],
)  # fmt: skip
def test_only_what_the_city_must_keep_safe_falls_due(cast, status, fate, guarded):
    account = official(cast, changed=datetime.date(2020, 1, 1))
    Account.objects.filter(pk=account.pk).update(status=status, handle_fate=fate)
    assert (due(account) is not None) is guarded
    assert passwords.due_by(DAY, DAY).exists() is guarded


# --- A change of staff ----------------------------------------------------------------------

LAST = datetime.date(2026, 3, 31)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (LAST - ONE, (LAST + ONE, "staff")),
        (LAST, (LAST + ONE, "staff")),
        (LAST + ONE, (datetime.date(2026, 7, 1), "interval")),
    ],
)
@pytest.mark.parametrize("how", ["membership", "policy", "department"])
def test_a_change_on_the_last_day_settles_nothing_and_one_on_the_next_does(
    cast, changed, expected, how
):
    account = official(cast, changed=changed)
    named(account, cast.officer, until=LAST if how == "policy" else None)
    if how == "membership":
        leaves(cast.officer, LAST)
    if how == "department":
        cast.tourism.valid_until = LAST
        cast.tourism.save()
    assert due(account) == expected


def test_while_the_person_is_still_there_nothing_is_due(cast):
    account = official(cast, changed=DAY - ONE)
    named(account, cast.officer)
    leaves(cast.officer, DAY)
    assert due(account) == (datetime.date(2026, 7, 9), "interval")
    assert due(account, DAY + ONE) == (DAY + ONE, "staff")


def test_who_only_changes_his_role_has_not_left(cast):
    account = official(cast, changed=datetime.date(2026, 3, 1))
    named(account, cast.officer, until=LAST, kind="user")
    named(account, cast.officer, since=LAST)
    leaves(cast.officer, LAST)
    Membership.objects.create(
        user=cast.officer, department=cast.tourism, role="head", valid_from=LAST + ONE
    )
    assert due(account) == (datetime.date(2026, 6, 1), "interval")


def test_who_belongs_to_a_department_that_shares_the_account_is_there(cast):
    account = official(cast, changed=datetime.date(2026, 3, 1))
    named(account, cast.partner_officer)
    assert due(account) == (datetime.date(2026, 6, 1), "interval")
    account.partners.add(cast.safety)
    leaves(cast.partner_officer, LAST)
    assert due(account) == (LAST + ONE, "staff")


def test_a_change_after_the_departure_is_enough_though_the_policy_follows_later(cast):
    account = official(cast, changed=LAST + ONE)
    named(account, cast.officer, until=LAST + 9 * ONE)
    leaves(cast.officer, LAST)
    assert due(account) == (datetime.date(2026, 7, 1), "interval")


def test_who_is_marked_as_having_left_has_gone_that_day(cast, time_machine):
    account = official(cast, changed=datetime.date(2026, 3, 1))
    named(account, cast.officer)
    time_machine.move_to("2026-04-02T09:00:00+09:00")
    cast.officer.is_active = False
    cast.officer.save()
    assert due(account) == (datetime.date(2026, 4, 2), "staff")
    Account.objects.update(password_changed_on=datetime.date(2026, 4, 2))
    assert due(account) == (datetime.date(2026, 7, 2), "interval")


def test_an_account_that_moves_leaves_behind_who_does_not_move_with_it(cast):
    account = official(cast, changed=datetime.date(2026, 3, 1))
    named(account, cast.officer)
    named(account, cast.partner_officer)
    moved(account, cast, LAST + ONE)
    found = passwords.due(Account.objects.get(), DAY)
    assert (found.on, found.why.value) == (LAST + ONE, "staff")
    assert [row.person for row in found.left] == [cast.officer]


def moved(account, cast, day):
    transfer = Transfer.objects.create(
        file_name="異動.csv", sha256="0" * 64, effective_on=day, lines=1
    )
    AccountMove.objects.create(
        account=account, transfer=transfer, source=cast.tourism, target=cast.safety,
        effective_on=day, moved_at=timezone.now(),
    )  # fmt: skip
    Account.objects.filter(pk=account.pk).update(department=cast.safety)


def test_what_falls_due_today_is_not_late_before_tomorrow(cast):
    account = official(cast, changed=datetime.date(2026, 3, 1))
    named(account, cast.officer)
    leaves(cast.officer, DAY - ONE)
    assert list(passwords.due_by(DAY, DAY)) == [account]
    assert list(passwords.due_by(DAY, DAY - ONE)) == []
    assert list(passwords.due_by(DAY + ONE, DAY)) == [account]


def test_three_accounts_are_asked_with_as_many_queries_as_one(cast):
    def asked():
        named(official(cast, changed=datetime.date(2026, 3, 1)), cast.officer)
        with CaptureQueriesContext(connection) as captured:
            found = len(passwords.due_by(DAY, DAY))
        return found, len(captured)

    leaves(cast.officer, LAST)
    assert [asked() for _ in range(3)] == [(1, 2), (2, 2), (3, 2)]

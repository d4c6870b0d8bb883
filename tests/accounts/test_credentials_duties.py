"""What the credentials ledger leaves to be done, 3(7) and 3(3)イ: by whom, since when, by when."""

from __future__ import annotations

import datetime
import sys

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import presence
from accounts.duties.credentials import DUTIES
from accounts.models import Access, Account, ConnectedApp, Credentials, Device
from shinshiro_sns.duties import rows_for
from staff.models import Membership
from tests import factories

DAY = datetime.date(2026, 4, 10)
LAST = datetime.date(2026, 3, 31)
ONE = datetime.timedelta(days=1)
LONG_AGO = datetime.date(2026, 1, 5)
BY_NAME = {duty.name: duty for duty in DUTIES}


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-04-10T10:00:00+09:00", tick=False)


@pytest.fixture
def account(cast):
    """An account in good order: two administrators, a password just changed, everything looked at."""
    made = factories.account(
        cast.tourism,
        status="official",
        official_since=LONG_AGO,
        password_changed_on=DAY,
        name="観光",
    )
    for person in (cast.officer, cast.colleague):
        Access.objects.create(account=made, person=person, kind="administrator", since=LONG_AGO)
    checked(made, cast.officer)
    return made


def checked(account, by, **fields):
    values = {"two_factor": "app", "checked_on": LONG_AGO, "checked_by": by, **fields}
    return Credentials.objects.update_or_create(account=account, defaults=values)[0]


def leaves(person, last_day=LAST):
    Membership.objects.filter(user=person).update(valid_until=last_day)


def shown(day=DAY):
    """The rows of every duty of the ledger: label, first day, deadline, link."""
    return {
        duty.name: [
            (duty.label(row), timezone.localdate(duty.since(row)), duty.deadline(row), duty.link(row))
            for row in rows
        ]
        for duty in DUTIES
        if (rows := duty.rows(day))
    }  # fmt: skip


def of(account, label, since, deadline, page="accounts:credentials"):
    return [
        (f"X（旧Twitter） 観光(観光課){label}", since, deadline, reverse(page, args=[account.pk]))
    ]


def test_in_good_order_nothing_is_to_be_done(account):
    assert shown() == {}


# --- The password ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "seen"), [("2026-06-09", False), ("2026-06-10", True), ("2026-08-01", True)]
)
def test_a_password_shows_from_thirty_days_before_it_is_due(account, day, seen):
    due = datetime.date(2026, 7, 10)
    row = of(account, " — 定期の変更の時期のため", due - 30 * ONE, due)
    day = datetime.date.fromisoformat(day)
    assert shown(day).get("password", []) == (row if seen else [])


def test_after_a_change_of_staff_it_shows_at_once(cast, account):
    Account.objects.update(password_changed_on=LAST)
    leaves(cast.officer)
    assert shown()["password"] == of(
        account, " — 利用する職員に異動があったため", LAST + ONE, LAST + ONE
    )


def test_the_soonest_stands_first(cast, account):
    never = factories.account(cast.tourism, status="official", official_since=DAY)
    third = factories.account(
        cast.tourism, status="official", official_since=LONG_AGO, password_changed_on=LONG_AGO
    )
    Account.objects.filter(pk=account.pk).update(password_changed_on=datetime.date(2026, 1, 31))
    assert list(BY_NAME["password"].rows(DAY)) == [third, never, account]


def test_a_password_is_the_officers_to_change(cast, account):
    Account.objects.update(password_changed_on=None)
    has_it = [
        who
        for who in ("officer", "colleague", "head", "deputy", "partner_officer", "pr_officer")
        if rows_for(getattr(cast, who), "password", DAY)
    ]
    assert has_it == ["officer", "colleague"]


# --- The means to log in ----------------------------------------------------------------------


def wanting(account, label, since):
    return {"credentials": of(account, f" — {label}", since, since + datetime.timedelta(weeks=1))}


def test_never_looked_at(account):
    Credentials.objects.all().delete()
    assert shown() == wanting(account, "まだ確かめていない", LONG_AGO)


def test_not_looked_at_for_a_year(account):
    Account.objects.update(password_changed_on=datetime.date(2027, 1, 4))
    assert shown(datetime.date(2027, 1, 4)) == {}
    again = datetime.date(2027, 1, 5)
    assert shown(again) == wanting(account, "1年以上確かめていない", again)


@pytest.mark.parametrize(("kind", "wanted"), [("none", True), ("", True), ("not_offered", False)])
def test_without_a_second_factor(cast, account, kind, wanted):
    checked(account, cast.officer, two_factor=kind)
    assert shown() == (wanting(account, "二要素認証がない", LONG_AGO) if wanted else {})


def test_an_address_for_recovery_that_is_nobodys(cast, account):
    checked(account, cast.officer, recovery_address="a@city.example")
    assert shown() == wanting(account, "復旧用の連絡先の管理者がいない", LONG_AGO)


def test_an_address_for_recovery_whose_person_left(cast, account):
    checked(account, cast.officer, recovery_address="a@city.example", recovery_person=cast.head)
    assert shown() == {}
    leaves(cast.head)
    assert shown() == wanting(account, "復旧用の連絡先の管理者が異動した", LAST + ONE)


def test_an_address_for_recovery_whose_department_is_no_more(cast, account):
    cast.safety.valid_until = LAST
    cast.safety.save()
    checked(
        account, cast.officer, recovery_address="a@city.example", recovery_department=cast.safety
    )
    assert shown() == wanting(account, "復旧用の連絡先の管理者が異動した", LAST + ONE)


def device(account, by, **fields):
    values = {"name": "一号", "kind": "phone", "added_on": LONG_AGO, "added_by": by, **fields}
    return Device.objects.create(account=account, **values)


def test_a_private_device_until_it_is_replaced(cast, account):
    held = device(account, cast.officer, is_private=True, added_on=DAY - 9 * ONE)
    assert shown() == wanting(account, "私物の端末でログインしている", DAY - 9 * ONE)
    Device.objects.filter(pk=held.pk).update(removed_on=DAY, removed_by=cast.officer)
    assert shown() == {}


def test_a_device_kept_by_someone_who_left(cast, account):
    device(account, cast.officer, keeper=cast.deputy)
    leaves(cast.deputy)
    assert shown() == wanting(account, "端末を管理する職員が異動した", LAST + ONE)


def test_several_findings_are_one_thing_to_do(cast, account):
    checked(account, cast.officer, two_factor="none")
    device(account, cast.officer, is_private=True)
    device(account, cast.officer, is_private=True, name="二号")
    assert shown() == wanting(account, "二要素認証がない、私物の端末でログインしている", LONG_AGO)


# --- The people of the policy -----------------------------------------------------------------


def test_whoever_the_policy_names_and_has_left_is_named(cast, account):
    third = factories.member(cast.tourism, "officer", "観光 三人目")
    Access.objects.create(account=account, person=third, kind="user", since=LONG_AGO)
    leaves(third)
    assert shown() == {
        "policy_people": of(
            account, " — 観光 三人目さん", LAST + ONE, LAST + 8 * ONE, "policies:account"
        )
    }


def test_with_one_administrator_left_another_is_wanted(cast, account):
    access = Access.objects.get(person=cast.colleague)
    access.until = LAST
    access.save()
    assert shown() == {
        "administrators": of(account, "", LAST + ONE, LAST + 8 * ONE, "policies:account")
    }


def test_who_has_left_counts_as_administrator_no_more(cast, account):
    leaves(cast.colleague)
    assert sorted(shown()) == ["administrators", "policy_people"]


def test_two_administrations_of_one_person_are_one_person(cast, account):
    account.partners.add(cast.safety)
    Membership.objects.create(user=cast.officer, department=cast.safety, valid_from=LONG_AGO)
    Access.objects.filter(person=cast.colleague).delete()
    Access.objects.create(account=account, person=cast.officer, kind="user", since=LONG_AGO)
    assert list(shown()) == ["administrators"]


@pytest.mark.parametrize("status", ["preparing", "closed"])
def test_an_account_nobody_runs_leaves_nothing_to_do(cast, account, status):
    Account.objects.update(status=status, password_changed_on=None)
    Credentials.objects.all().delete()
    leaves(cast.officer)
    assert shown() == {}


def test_a_closed_account_that_is_guarded_keeps_its_password_and_means(cast, account):
    Account.objects.update(status="closed", handle_fate="guarded", password_changed_on=None)
    Credentials.objects.all().delete()
    leaves(cast.officer)
    assert sorted(shown()) == ["credentials", "password"]


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_a_duty_asks_the_database_as_often_for_three_accounts_as_for_one(cast, name):
    def more(number):
        for _ in range(number):
            made = factories.account(cast.tourism, status="official", official_since=LONG_AGO)
            Access.objects.create(
                account=made, person=cast.officer, kind="administrator", since=LONG_AGO
            )
            device(made, cast.officer, keeper=cast.officer)
            ConnectedApp.objects.create(
                account=made, name="予", purpose="予", added_by=cast.officer
            )

    def queries():
        with CaptureQueriesContext(connection) as asked:
            found = [BY_NAME[name].task(row) for row in BY_NAME[name].rows(DAY)]
        return len(found), len(asked)

    leaves(cast.officer)
    more(1)
    one, of_one = queries()
    more(2)
    assert (one, queries()) == (1, (3, of_one))


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_a_persons_desk_reckons_with_his_accounts_alone(cast, account, name):
    """However many leave elsewhere in the city: counted by the rows that the rule is worked out for."""

    def disorder(department, of):
        made = factories.account(department, status="official", official_since=LONG_AGO)
        Account.objects.filter(pk=made.pk).update(password_changed_on=LONG_AGO)
        Access.objects.create(account=made, person=of, kind="administrator", since=LONG_AGO)
        checked(made, of, recovery_address="x@example.com", recovery_person=of)
        device(made, of, keeper=of)

    def reckoned(ask):
        rows = 0

        def count(frame, event, argument):
            nonlocal rows
            rows += event == "call" and frame.f_code is presence._gone_on.__code__

        sys.setprofile(count)
        try:
            return [row.pk for row in ask()], rows
        finally:
            sys.setprofile(None)

    leaves(cast.colleague)
    disorder(cast.tourism, cast.colleague)
    own = reckoned(lambda: rows_for(cast.officer, name, DAY))
    whole = reckoned(lambda: BY_NAME[name].rows(DAY))
    leaves(cast.partner_officer)
    for _ in range(3):
        disorder(cast.safety, cast.partner_officer)

    assert own[0]
    assert reckoned(lambda: rows_for(cast.officer, name, DAY)) == own
    # The whole city is another matter, and asked about by those who see to it.
    assert reckoned(lambda: BY_NAME[name].rows(DAY))[1] > whole[1]
    of_department = BY_NAME[name].of_department(cast.tourism.pk, DAY)
    assert [row.pk for row in of_department] == [
        row.pk for row in BY_NAME[name].rows(DAY) if row.department_id == cast.tourism.pk
    ]

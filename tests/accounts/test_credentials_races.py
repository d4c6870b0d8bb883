"""Two people at one ledger, 3(7): nothing is recorded twice, nothing is lost."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from accounts import credentials
from accounts.models import Account, CredentialChange, Credentials
from shinshiro_sns.steps import StepOvertaken
from staff.models import User
from tests import factories
from tests.policies.test_races import at_once, refusals

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def account(cast):
    return factories.account(
        cast.tourism, status="official", official_since=datetime.date(2026, 1, 5)
    )


def recording(account, by, changed_by, days_ago=0):
    def act():
        return credentials.record_change(
            Account.objects.get(pk=account.pk), by=User.objects.get(pk=by.pk),
            changed_on=timezone.localdate() - datetime.timedelta(days=days_ago),
            changed_by=User.objects.get(pk=changed_by.pk), reason="interval",
            is_hard_to_guess=True, is_kept_secret=True,
        )  # fmt: skip

    return act


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_who_record_the_same_change_one_does(cast, account, attempt):
    results = at_once(
        recording(account, cast.officer, cast.officer),
        recording(account, cast.colleague, cast.officer),
    )
    assert results.count(None) == 1
    assert CredentialChange.objects.count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_a_record_and_a_cancellation_leave_the_true_last_day(cast, account, attempt):
    first = recording(account, cast.officer, cast.officer, days_ago=3)()
    at_once(
        recording(account, cast.colleague, cast.colleague),
        lambda: credentials.cancel_change(first, User.objects.get(pk=cast.officer.pk)),
    )
    assert Account.objects.get().password_changed_on == timezone.localdate()
    assert CredentialChange.objects.filter(cancelled_at=None).count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_who_write_down_the_means_one_is_told(cast, account, attempt):
    def settling(by, kind):
        return lambda: credentials.settle(
            account, User.objects.get(pk=by.pk), seen=0, two_factor=kind, recovery_address="",
            recovery_department=None, recovery_person=None,
        )  # fmt: skip

    results = at_once(settling(cast.officer, "app"), settling(cast.colleague, "key"))
    assert [type(result) for result in refusals(results)] == [StepOvertaken]
    assert Credentials.objects.get().revision == 1

"""Clause 3(7): passwords are hard to guess, kept from others, and changed with the staff and in time."""

from __future__ import annotations

import datetime

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from accounts.models import Access, Account, CredentialChange
from shinshiro_sns.duties import rows_for
from staff.models import Membership
from tests import factories
from tests.elements import Elements

TODAY = datetime.date(2026, 4, 1)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-04-01T10:00:00+09:00", tick=False)


@pytest.fixture
def account(cast):
    """An official account whose password was changed at the new year."""
    made = factories.account(
        cast.tourism, status="official", official_since=datetime.date(2025, 5, 1),
        password_changed_on=datetime.date(2026, 1, 31),
    )  # fmt: skip
    for person in (cast.officer, cast.colleague):
        Access.objects.create(
            account=made, person=person, kind="administrator", since=datetime.date(2025, 5, 1)
        )
    return made


def due(person, day=TODAY):
    return [account.password_due_on for account in rows_for(person, "password", day)]


def change(client, person, account, **given):
    client.force_login(person)
    sent = {"changed_on": TODAY.isoformat(), "changed_by": person.pk, "reason": "interval",
            "is_hard_to_guess": "on", "is_kept_secret": "on", **given}  # fmt: skip
    return client.post(reverse("accounts:record_change", args=[account.pk]), sent)


def test_hard_to_guess_is_confirmed_at_every_change(cast, client, account):
    assert change(client, cast.officer, account, is_hard_to_guess="").status_code == 422
    assert change(client, cast.officer, account).status_code == 302
    assert CredentialChange.objects.get().is_hard_to_guess is True


def test_kept_from_others_is_confirmed_at_every_change(cast, client, account):
    assert change(client, cast.officer, account, is_kept_secret="").status_code == 422
    assert change(client, cast.officer, account).status_code == 302
    assert CredentialChange.objects.get().is_kept_secret is True


def test_the_portal_itself_keeps_no_accounts_password(cast, client, account):
    named = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("accounts").get_models()
        for field in model._meta.concrete_fields
        if "password" in field.name and not isinstance(field, models.DateField)
    ]
    assert named == []
    client.force_login(cast.officer)
    html = client.get(reverse("accounts:record_change", args=[account.pk])).content.decode()
    assert "パスワードそのものは書かないでください" in html
    assert {field.get("type") for field in Elements(html).all("input")} <= {
        "hidden", "date", "radio", "checkbox",
    }  # fmt: skip


def test_the_public_reads_nothing_of_it(cast, client, account):
    factories.password_change(account, cast.officer)
    html = client.get(account.get_absolute_url()).content.decode()
    assert "パスワード" not in html


def test_at_every_change_of_staff_it_is_changed_at_once(cast, client, account):
    Account.objects.update(password_changed_on=datetime.date(2026, 3, 31))
    Membership.objects.filter(user=cast.colleague).update(valid_until=datetime.date(2026, 3, 31))
    assert due(cast.officer) == [TODAY]
    change(client, cast.officer, account, reason="staff")
    assert due(cast.officer, datetime.date(2026, 5, 1)) == []


def test_while_the_staff_stays_no_change_of_staff_is_claimed(cast, account):
    Account.objects.update(password_changed_on=datetime.date(2026, 3, 31))
    assert due(cast.officer) == []


def test_at_least_every_three_months_it_is_changed(cast, client, account):
    assert due(cast.officer) == [datetime.date(2026, 4, 30)]
    change(client, cast.officer, account)
    assert due(cast.officer, datetime.date(2026, 5, 31)) == []
    assert due(cast.officer, datetime.date(2026, 6, 1)) == [datetime.date(2026, 7, 1)]


def test_the_interval_is_the_citys_and_the_guidelines_three_months_unless_it_says_otherwise(
    cast, settings, account
):
    assert settings.PASSWORD_INTERVAL_MONTHS == 3
    settings.PASSWORD_INTERVAL_MONTHS = 12
    assert due(cast.officer) == []


def test_whoever_audits_reads_when_who_and_why(cast, client, account):
    factories.password_change(account, cast.officer, reason="suspicion")
    client.force_login(cast.auditor)
    html = client.get(reverse("accounts:credentials", args=[account.pk])).content.decode()
    assert "漏えいや不正利用の疑い" in html
    assert "観光 担当" in html
    assert "2026年4月1日(水)" in html

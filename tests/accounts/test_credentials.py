"""The credentials ledger's rules, 3(7): what may be written, by whom, and never a password."""

from __future__ import annotations

import datetime

import pytest
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils import timezone

from accounts import credentials, credentials_forms
from accounts.models import Access, Account, ConnectedApp, CredentialChange, Credentials, Device
from shinshiro_sns.steps import StepOvertaken
from tests import factories

TODAY = datetime.date(2026, 4, 10)
ONE = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-04-10T10:00:00+09:00", tick=False)


@pytest.fixture
def account(cast):
    return factories.account(
        cast.tourism, status="official", official_since=datetime.date(2026, 1, 5)
    )


def record(account, by, **given):
    return credentials.record_change(
        account,
        by=by,
        **{
            "changed_on": TODAY, "changed_by": by, "reason": "interval",
            "is_hard_to_guess": True, "is_kept_secret": True, **given,
        },
    )  # fmt: skip


def refusal(account, by, **given):
    with pytest.raises(ValidationError) as refused:
        record(account, by, **given)
    assert not CredentialChange.objects.filter(changed_on=given.get("changed_on", TODAY)).exists()
    return refused.value.message_dict


def changed_on():
    return Account.objects.get().password_changed_on


# --- Recording ------------------------------------------------------------------------------


def test_a_change_is_recorded_with_who_when_and_why(cast, account):
    change = record(account, cast.officer, changed_on=TODAY - ONE, changed_by=cast.colleague)
    assert (change.changed_on, change.changed_by, change.reason) == (
        TODAY - ONE, cast.colleague, "interval",
    )  # fmt: skip
    assert (change.recorded_by, change.recorded_on) == (cast.officer, TODAY)
    assert changed_on() == TODAY - ONE


def test_sent_twice_it_is_recorded_once(cast, account):
    assert record(account, cast.officer) is not None
    assert record(account, cast.officer) is None
    assert record(account, cast.officer, reason="suspicion") is not None
    assert CredentialChange.objects.count() == 2


def test_a_day_to_come_is_refused(cast, account):
    assert refusal(account, cast.officer, changed_on=TODAY + ONE) == {
        "changed_on": ["変更日に、未来の日付は入力できません。"]
    }


def test_a_day_before_the_last_change_is_refused_unless_that_one_was_a_mistake(cast, account):
    last = record(account, cast.officer, changed_on=TODAY - ONE)
    assert refusal(account, cast.officer, changed_on=TODAY - 2 * ONE) == {
        "changed_on": [
            "前回の変更日(2026年4月9日)より前の日付は入力できません。"
            "前回の記録が誤りであれば、先にその記録を取り消してください。"
        ]
    }
    credentials.cancel_change(last, cast.officer)
    assert record(account, cast.officer, changed_on=TODAY - 2 * ONE) is not None


def test_a_clock_set_back_is_no_way_to_a_change_before_the_last(cast, account, time_machine):
    record(account, cast.officer)
    time_machine.move_to("2026-04-01T10:00:00+09:00", tick=False)
    found = refusal(account, cast.officer, changed_on=datetime.date(2026, 4, 1))
    assert list(found) == ["changed_on"]


def test_who_neither_has_access_nor_belongs_there_changed_nothing(cast, account):
    assert refusal(account, cast.officer, changed_by=cast.partner_officer) == {
        "changed_by": [
            "防災 担当さんは、変更日にこのアカウントの利用者・管理者でも、"
            "管理する所属や共同で利用する所属の職員でもありませんでした。"
        ]
    }
    account.partners.add(cast.safety)
    assert record(account, cast.officer, changed_by=cast.partner_officer) is not None


def test_who_had_access_on_that_day_may_have_changed_it(cast, account):
    Access.objects.create(
        account=account, person=cast.stranger, kind="user", since=datetime.date(2026, 2, 1),
        until=datetime.date(2026, 3, 31),
    )  # fmt: skip
    day = datetime.date(2026, 3, 31)
    assert record(account, cast.officer, changed_by=cast.stranger, changed_on=day) is not None
    assert list(refusal(account, cast.officer, changed_by=cast.stranger)) == ["changed_by"]


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("is_hard_to_guess", "推測されにくいものにしたことを確かめてください。"),
        ("is_kept_secret", "関係者以外のだれにも知られていないことを確かめてください。"),
    ],
)
def test_what_is_not_confirmed_is_not_recorded(cast, account, field, sentence):
    assert refusal(account, cast.officer, **{field: False}) == {field: [sentence]}


@pytest.mark.parametrize("who", ["partner_officer", "pr_officer", "auditor", "administrator"])
def test_only_the_department_writes_its_ledger(cast, account, who):
    by = getattr(cast, who)
    device = Device.objects.create(account=account, name="一号", kind="phone", added_by=cast.head)
    for act in (
        lambda: record(account, by, changed_by=cast.officer),
        lambda: credentials.settle(account, by, seen=0, two_factor="app", recovery_address=""),
        lambda: credentials.add_holding(Device, account, by, name="二号", added_on=TODAY),
        lambda: credentials.remove_holding(device, by),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_nobody_logs_in_to_an_account_that_was_deleted(cast, account):
    Account.objects.update(status="closed", handle_fate="deleted")
    with pytest.raises(ValidationError, match="もう記録することはありません"):
        record(account, cast.officer)


# --- A mistake ------------------------------------------------------------------------------


def test_a_cancelled_record_stays_and_what_was_before_holds_again(cast, account):
    record(account, cast.officer, changed_on=TODAY - 9 * ONE)
    mistaken = record(account, cast.officer, reason="suspicion")
    assert credentials.cancel_change(mistaken, cast.officer) is True
    assert changed_on() == TODAY - 9 * ONE
    assert credentials.cancel_change(mistaken, cast.head) is False
    assert CredentialChange.objects.get(pk=mistaken.pk).cancelled_by == cast.officer


def test_with_its_only_record_cancelled_no_change_is_known(cast, account):
    credentials.cancel_change(record(account, cast.officer), cast.head)
    assert changed_on() is None
    assert CredentialChange.objects.count() == 1


@pytest.mark.parametrize("who", ["colleague", "deputy", "partner_head", "pr_head", "auditor"])
def test_only_who_recorded_it_or_a_head_of_the_department_cancels_it(cast, account, who):
    change = record(account, cast.officer)
    with pytest.raises(PermissionDenied):
        credentials.cancel_change(change, getattr(cast, who))
    assert changed_on() == TODAY


# --- What else guards the account -----------------------------------------------------------


def settle(account, by, seen=0, **given):
    values = {"two_factor": "app", "recovery_address": "", "recovery_department": None,
              "recovery_person": None, **given}  # fmt: skip
    return credentials.settle(account, by, seen=seen, **values)


@pytest.mark.parametrize(
    "address", ["kanko@city.example", "0536-23-7623", "+81-536-23-7623", "０５３６-２３-７６２３"]
)
def test_an_address_or_a_telephone_number_recovers_the_account(cast, account, address):
    row = settle(account, cast.officer, recovery_address=address, recovery_department=cast.tourism)
    assert (row.checked_on, row.checked_by, row.revision) == (TODAY, cast.officer, 1)
    assert row.history.get().history_user == cast.officer


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"two_factor": ""}, "two_factor"),
        ({"recovery_address": "Kanko2026!", "recovery_department": True}, "recovery_address"),
        ({"recovery_address": "1234", "recovery_department": True}, "recovery_address"),
        ({"recovery_address": "kanko@city.example"}, "recovery_department"),
        ({"recovery_department": True}, "recovery_address"),
        (
            {"recovery_address": "a@city.example", "recovery_department": True,
             "recovery_person": True}, "recovery_person",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(cast, account, given, field):
    owners = {"recovery_department": cast.tourism, "recovery_person": cast.officer}
    given = {name: owners[name] if value is True else value for name, value in given.items()}
    with pytest.raises(ValidationError) as refused:
        settle(account, cast.officer, **given)
    assert list(refused.value.message_dict) == [field]
    assert not Credentials.objects.exists()


def test_of_two_who_looked_at_the_same_the_second_is_told(cast, account):
    settle(account, cast.officer, two_factor="key")
    with pytest.raises(StepOvertaken) as overtaken:
        settle(account, cast.colleague, two_factor="none")
    assert overtaken.value.obj.two_factor == "key"
    assert settle(account, cast.colleague, seen=1, two_factor="none").revision == 2


def device(account, by, **given):
    values = {"name": "一号", "kind": "phone", "is_private": False, "keeper": None,
              "added_on": TODAY, **given}  # fmt: skip
    return credentials.add_holding(Device, account, by, **values)


def test_a_device_is_listed_once_and_ends_without_being_lost(cast, account):
    first = device(account, cast.officer)
    assert device(account, cast.officer) is None
    assert credentials.remove_holding(first, cast.colleague) is True
    assert credentials.remove_holding(first, cast.officer) is False
    row = Device.objects.get()
    assert (row.removed_on, row.removed_by) == (TODAY, cast.colleague)
    assert device(account, cast.officer) is not None


def test_a_clock_set_back_ends_no_device_before_it_began(cast, account, time_machine):
    row = device(account, cast.officer)
    time_machine.move_to("2026-04-01T10:00:00+09:00", tick=False)
    credentials.remove_holding(row, cast.officer)
    assert Device.objects.get().removed_on == TODAY


def test_a_device_in_use_from_tomorrow_is_refused(cast, account):
    with pytest.raises(ValidationError) as refused:
        device(account, cast.officer, added_on=TODAY + ONE)
    assert list(refused.value.message_dict) == ["added_on"]


# --- Never a password -----------------------------------------------------------------------

LEDGER = (CredentialChange, Credentials, Device, ConnectedApp, Access)
FORMS = (
    credentials_forms.ChangeForm, credentials_forms.MeansForm, credentials_forms.DeviceForm,
    credentials_forms.AppForm,
)  # fmt: skip
# All that can be typed freely. Each is short, and its name and help say what it is for.
TYPED = {
    (Credentials, "recovery_address"), (Device, "name"), (ConnectedApp, "name"),
    (ConnectedApp, "purpose"),
}  # fmt: skip
SUSPECT = ("password", "passwd", "passcode", "secret", "pin", "hash", "hint", "note", "memo")


@pytest.mark.once
def test_no_field_of_the_ledger_could_hold_a_password():
    typed = set()
    for model in LEDGER:
        for field in model._meta.concrete_fields:
            assert not isinstance(field, models.TextField | models.BinaryField | models.JSONField)
            named = [word for word in SUSPECT if word in field.name.split("_")]
            # Two answers, yes or no, that only ask about it.
            assert not named or isinstance(field, models.BooleanField), field
            if isinstance(field, models.CharField) and not field.choices:
                typed.add((model, field.name))
    assert typed == TYPED


@pytest.mark.once
def test_no_form_of_the_ledger_asks_for_a_password():
    typed = set()
    for form in FORMS:
        for name, field in form.base_fields.items():
            widget = field.widget
            assert not isinstance(widget, forms.PasswordInput | forms.Textarea), name
            if isinstance(widget, forms.TextInput) and type(field) is forms.CharField:
                typed.add(name)
                assert field.max_length <= 254
    assert typed == {"recovery_address", "name", "purpose"}


@pytest.mark.parametrize(
    "text", ["パスワードはKanko", "ﾊﾟｽﾜｰﾄﾞ kanko", "PassWord:kanko", "暗証番号1234"]
)
@pytest.mark.parametrize("field", ["name", "purpose"])
def test_who_begins_to_write_one_down_is_stopped(cast, account, field, text):
    values = {"name": "予約投稿", "purpose": "投稿の予約", "added_on": TODAY, field: text}
    with pytest.raises(ValidationError) as refused:
        credentials.add_holding(ConnectedApp, account, cast.officer, **values)
    assert refused.value.message_dict == {
        field: ["パスワードや暗証番号に当たることは、ここには書かないでください。"]
    }


def test_the_database_keeps_only_confirmed_changes_of_days_gone_by(cast, account):
    change = record(account, cast.officer)
    for field, value in (("is_hard_to_guess", False), ("changed_on", timezone.localdate() + ONE)):
        bad = CredentialChange.objects.get(pk=change.pk)
        setattr(bad, field, value)
        with pytest.raises(ValidationError):
            bad.validate_constraints()

"""The pages of the credentials ledger, 3(7): what a person reads there, types there and is told."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Access, Account, ConnectedApp, CredentialChange, Credentials, Device
from staff.models import Membership
from tests import factories, html_checker
from tests.elements import Elements

TODAY = datetime.date(2026, 4, 10)
LAST = datetime.date(2026, 3, 31)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-04-10T10:00:00+09:00", tick=False)


@pytest.fixture
def account(cast):
    return factories.account(
        cast.tourism, status="official", official_since=datetime.date(2026, 1, 5)
    )


def at(account, name="credentials", *more):
    return reverse(f"accounts:{name}", args=[account.pk, *more])


def read(client, person, account):
    client.force_login(person)
    return client.get(at(account)).content.decode()


def named(account, person, kind="administrator"):
    return Access.objects.create(
        account=account, person=person, kind=kind, since=datetime.date(2026, 1, 5)
    )


# --- The ledger -----------------------------------------------------------------------------


def test_the_first_thing_said_is_what_to_do_and_why(cast, client, account):
    html = read(client, cast.officer, account)
    assert "パスワードを変更してください" in html
    assert "変更の記録がまだないため、変更が必要です。" in html
    links = Elements(html).all("a", href=at(account, "record_change"))
    assert [link["class"] for link in links] == ["button button--primary"]


def test_once_changed_the_next_day_is_named_and_nothing_urges(cast, client, account):
    factories.password_change(account, cast.officer, changed_on=TODAY)
    html = read(client, cast.officer, account)
    assert "次の変更の期限:" in html
    assert '<time datetime="2026-07-10">' in html
    links = Elements(html).all("a", href=at(account, "record_change"))
    assert [link["class"] for link in links] == ["button button--secondary"]


def test_who_left_is_named_with_the_day_beside_what_is_due(cast, client, account):
    factories.password_change(account, cast.officer, changed_on=LAST, recorded_on=TODAY)
    named(account, cast.colleague)
    Membership.objects.filter(user=cast.colleague).update(valid_until=LAST)
    html = read(client, cast.officer, account)
    assert "利用する職員に異動があったため、変更が必要です。" in html
    assert "観光 同僚さんは、" in html
    assert "異動済み" in html


def test_a_cancelled_record_is_struck_out_and_says_by_whom(cast, client, account):
    change = factories.password_change(account, cast.officer)
    client.force_login(cast.head)
    answer = client.post(at(account, "cancel_change", change.pk), follow=True)
    html = answer.content.decode()
    assert "変更の記録を取り消しました。取り消した記録も残ります。" in html
    assert '<s><time datetime="2026-04-10">' in html
    assert "観光 課長さん" in html
    assert Account.objects.get().password_changed_on is None


def test_who_may_only_read_is_offered_nothing_to_do(cast, client, account):
    factories.password_change(account, cast.officer)
    Device.objects.create(account=account, name="一号", kind="phone", added_by=cast.officer)
    for person in (cast.pr_officer, cast.auditor):
        page = Elements(read(client, person, account))
        own = at(account)
        assert [form["action"] for form in page.all("form") if own in form.get("action", "")] == []
        assert [a for a in page.all("a") if a.get("href", "").startswith(own)] == []


def test_of_a_deleted_account_only_the_past_is_told(cast, client, account):
    Account.objects.update(status="closed", handle_fate="deleted")
    html = read(client, cast.officer, account)
    assert "変更の期限はありません" in html
    assert at(account, "record_change") not in html
    answer = client.post(at(account, "record_change"), sent(cast.officer))
    assert (answer.status_code, CredentialChange.objects.count()) == (422, 0)


def test_the_ledger_asks_the_database_as_often_for_three_of_each_as_for_one(cast, client, account):
    def more(people):
        for person in people:
            named(account, person)
            factories.password_change(account, person)
            Device.objects.create(
                account=account, name="号", kind="phone", keeper=person, added_by=person
            )
            ConnectedApp.objects.create(
                account=account, name="予約", purpose="予約", added_by=person
            )

    def queries():
        client.get(at(account))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(at(account)).status_code == 200
        return len(asked)

    client.force_login(cast.officer)
    more([cast.officer])
    of_one = queries()
    more([cast.colleague, cast.head])
    assert queries() == of_one


def test_a_long_ledger_is_turned_page_by_page_the_newest_first(cast, client, account):
    for number in range(21):
        factories.password_change(
            account, cast.officer, changed_on=datetime.date(2026, 1, 10 + number)
        )
    html = read(client, cast.officer, account)
    assert '<time datetime="2026-01-30">' in html
    assert '<time datetime="2026-01-10">' not in html
    assert '<time datetime="2026-01-10">' in client.get(at(account) + "?page=2").content.decode()


# --- Recording ------------------------------------------------------------------------------


def sent(by, **given):
    return {"changed_on": "2026-04-10", "changed_by": by.pk, "reason": "interval",
            "is_hard_to_guess": "on", "is_kept_secret": "on", **given}  # fmt: skip


def test_a_change_is_recorded_and_a_double_click_says_so(cast, client, account):
    client.force_login(cast.officer)
    for said in ("パスワードの変更を記録しました。", "この変更は、すでに記録しています。"):
        answer = client.post(at(account, "record_change"), sent(cast.officer), follow=True)
        assert answer.redirect_chain == [(at(account), 302)]
        assert said in answer.content.decode()
    assert CredentialChange.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"changed_on": "2026-04-11"}, "変更日に、未来の日付は入力できません。"),
        ({"changed_on": "2026-02-30"}, "日付を正しく入力してください。"),
        ({"is_kept_secret": ""}, "関係者以外のだれにも知られていないことを確かめてください。"),
        ({"reason": "whim", "changed_on": "2026-04-11"}, "変更日に、未来の日付は入力できません。"),
    ],
)
def test_what_is_refused_is_said_at_its_field_and_the_rest_stays(
    cast, client, account, given, sentence
):
    client.force_login(cast.officer)
    answer = client.post(
        at(account, "record_change"), sent(cast.officer, **{"reason": "staff", **given})
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in html
    page = Elements(html)
    assert page.all("input", name="changed_on")[0]["value"] == given.get("changed_on", "2026-04-10")
    assert "checked" in page.all("input", name="is_hard_to_guess")[0]
    assert not CredentialChange.objects.exists()


@pytest.mark.parametrize("key", ["999999999999999999999999", "x", "-1", "\0"])
def test_a_person_who_cannot_be_is_no_choice(cast, client, account, key):
    client.force_login(cast.officer)
    answer = client.post(at(account, "record_change"), sent(cast.officer, changed_by=key))
    assert answer.status_code == 422


def test_who_fills_it_in_is_chosen_already_and_strangers_are_no_choice(cast, client, account):
    client.force_login(cast.officer)
    html = client.get(at(account, "record_change")).content.decode()
    chosen = [option for option in Elements(html).all("option") if "selected" in option]
    assert [option["value"] for option in chosen] == [str(cast.officer.pk)]
    assert cast.partner_officer.name not in html


def test_every_form_says_never_to_write_the_password(cast, client, account):
    client.force_login(cast.officer)
    for name in ("record_change", "credentials_means", "add_device", "add_app"):
        html = client.get(at(account, name)).content.decode()
        assert "パスワードそのものは書かないでください" in html
        assert Elements(html).all("input", type="password") == []


# --- The other means ------------------------------------------------------------------------


def test_the_means_are_recorded_as_seen_today(cast, client, account):
    client.force_login(cast.officer)
    answer = client.post(
        at(account, "credentials_means"),
        {"two_factor": "passkey", "recovery_address": "kanko@city.example",
         "recovery_department": cast.tourism.pk, "seen": "0"}, follow=True,
    )  # fmt: skip
    html = answer.content.decode()
    assert "ログイン手段を確かめたことを記録しました。" in html
    assert "パスキー" in html
    assert "kanko@city.example" in html


def test_who_comes_second_is_shown_both_and_keeps_what_he_typed(cast, client, account):
    client.force_login(cast.officer)
    client.post(at(account, "credentials_means"), {"two_factor": "key", "seen": "0"})
    client.force_login(cast.colleague)
    mine = {"two_factor": "app", "seen": "0"}
    answer = client.post(at(account, "credentials_means"), mine)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "観光 担当さんが" in html
    assert "編集している間に、内容が変わりました" in html
    assert Credentials.objects.get().two_factor == "key"
    seen = Elements(html).all("input", name="seen")[0]["value"]
    assert client.post(at(account, "credentials_means"), mine | {"seen": seen}).status_code == 302
    assert Credentials.objects.get().two_factor == "app"


@pytest.mark.parametrize("seen", ["", "x", "-1", "99999999999999"])
def test_a_page_that_does_not_say_what_was_seen_writes_nothing(cast, client, account, seen):
    client.force_login(cast.officer)
    sent = {"two_factor": "app", "seen": seen}
    assert client.post(at(account, "credentials_means"), sent).status_code == 422
    assert not Credentials.objects.exists()


def test_devices_and_apps_are_listed_and_ended(cast, client, account):
    client.force_login(cast.officer)
    given = {"name": "課の一号", "kind": "phone", "purpose": "予約", "added_on": "2026-04-01"}
    for model, name in ((Device, "device"), (ConnectedApp, "app")):
        client.post(at(account, f"add_{name}"), given)
        row = model.objects.get()
        answer = client.post(at(account, f"remove_{name}", row.pk), follow=True)
        html = answer.content.decode()
        assert "「課の一号」の利用が終わったことを記録しました。" in html
        assert "<s>課の一号</s>" in html
        assert model.objects.get().removed_by == cast.officer


def test_what_the_ledger_refuses_of_a_device_is_said_at_its_field(cast, client, account):
    client.force_login(cast.officer)
    given = {"name": "パスワードkanko", "kind": "phone", "added_on": "2026-04-11"}
    answer = client.post(at(account, "add_device"), given)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "パスワードや暗証番号に当たることは、ここには書かないでください。" in html
    assert "使い始めた日に、未来の日付は入力できません。" in html
    assert not Device.objects.exists()


@pytest.mark.once
def test_the_pages_are_right_by_the_w3cs_checker_too(cast, client, account):
    factories.password_change(account, cast.officer)
    for cancelled in ({}, {"cancelled_by": cast.head, "cancelled_at": timezone.now()}):
        factories.password_change(account, cast.officer, changed_on=LAST, **cancelled)
    for person in (cast.officer, cast.colleague):
        named(account, person)
    Membership.objects.filter(user=cast.colleague).update(valid_until=TODAY - datetime.timedelta(1))
    for gone in ({}, {"removed_on": TODAY, "removed_by": cast.head}):
        Device.objects.create(account=account, name="号", kind="phone", added_by=cast.head, **gone)
        ConnectedApp.objects.create(
            account=account, name="予約", purpose="予約", added_by=cast.head, **gone
        )
    client.force_login(cast.officer)
    forms = ("record_change", "credentials_means", "add_device", "add_app")
    pages = {name: client.get(at(account, name)) for name in ("credentials", *forms)}
    pages |= {f"POST {name}": client.post(at(account, name), {"seen": "0"}) for name in forms}
    client.post(at(account, "credentials_means"), {"two_factor": "key", "seen": "0"})
    late = {"two_factor": "app", "seen": "0"}
    pages["clash"] = client.post(at(account, "credentials_means"), late)
    assert {page.status_code for page in pages.values()} == {200, 422, 409}
    assert html_checker.errors({name: p.content.decode() for name, p in pages.items()}) == []

"""Departments, people and memberships: administrators change them, others read."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.core import mail

from staff.models import Department, Membership, User
from tests import factories
from tests.conftest import Cast

DEPARTMENTS, PEOPLE = "/admin/staff/department/", "/admin/staff/user/"
MEMBERSHIPS = "/admin/staff/membership/"
LISTS = (DEPARTMENTS, PEOPLE, MEMBERSHIPS)


def messages_of(client: Any, address: str = "/admin/") -> list[str]:
    """What the next page says."""
    return [str(message) for message in client.get(address).context["messages"]]


def person(**fields: Any) -> dict[str, Any]:
    """A whole form for one person."""
    inline = {
        f"memberships-{name}": 0
        for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    }
    return {"email": "new@city.example", "name": "新人", "is_active": "on", **inline, **fields}


def head_of(department: Department) -> Membership:
    return Membership.objects.get(department=department, role="head")


def act(client: Any, address: str, action: str, *rows: Any) -> Any:
    """Take an action of a list on `rows`."""
    sent = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(address, sent)


@pytest.mark.parametrize("who", ["pr_officer", "auditor"])
@pytest.mark.parametrize("address", LISTS)
def test_the_pr_division_and_auditors_read_and_change_nothing(cast: Cast, client, who, address):
    client.force_login(getattr(cast, who))
    row = {DEPARTMENTS: cast.tourism, PEOPLE: cast.officer, MEMBERSHIPS: head_of(cast.tourism)}
    pk = row[address].pk
    assert client.get(address).status_code == 200
    page = client.get(f"{address}{pk}/change/")
    assert (page.status_code, 'name="_save"' in page.text) == (200, False)
    answers = [
        client.get(f"{address}add/").status_code,
        client.post(f"{address}{pk}/change/", {}).status_code,
        client.post(f"{address}{pk}/delete/", {"post": "yes"}).status_code,
        client.get(f"{address}import/").status_code,
        client.post(f"{address}import/", {}).status_code,
    ]
    assert answers == [403, 403, 403, 403, 403]


@pytest.mark.parametrize("action", ["make_pr_division", "send_reset_link", "end_today"])
def test_an_action_is_refused_to_who_may_not_change(cast: Cast, client, action):
    client.force_login(cast.auditor)
    before = list(Membership.objects.values())
    places = {
        "make_pr_division": (DEPARTMENTS, cast.tourism),
        "send_reset_link": (PEOPLE, cast.officer),
        "end_today": (MEMBERSHIPS, head_of(cast.tourism)),
    }
    address, row = places[action]
    act(client, address, action, row)
    assert list(Membership.objects.values()) == before
    assert Department.objects.pr_division() == cast.pr_division
    assert mail.outbox == []


@pytest.mark.parametrize("address", LISTS)
def test_nothing_is_deleted_even_by_an_administrator(cast: Cast, client, address):
    client.force_login(cast.administrator)
    row = {DEPARTMENTS: cast.tourism, PEOPLE: cast.officer, MEMBERSHIPS: head_of(cast.tourism)}
    pk = row[address].pk
    assert client.post(f"{address}{pk}/delete/", {"post": "yes"}).status_code == 403
    assert "delete_selected" not in client.get(address).text


def test_an_administrator_registers_a_person_but_never_a_password(cast: Cast, client):
    client.force_login(cast.administrator)
    word = "asahi-yama-ni-sakura"
    sent = person(email="New@City.example", new_password=word, password=word)
    assert client.post(f"{PEOPLE}add/", sent).status_code == 302
    made = User.objects.get(email="new@city.example")
    assert not made.has_usable_password()
    assert made.history.get().history_user == cast.administrator


def test_a_person_without_a_first_password_cannot_log_in_until_the_link(cast: Cast, client):
    client.force_login(cast.administrator)
    client.post(f"{PEOPLE}add/", person())
    made = User.objects.get(email="new@city.example")
    assert not made.has_usable_password()
    messages_of(client)
    act(client, PEOPLE, "send_reset_link", made)
    [sent] = mail.outbox
    assert sent.to == ["new@city.example"]
    link = re.search(r"https?://[^/]+(/password/reset/key/\S+)", str(sent.body))
    assert link
    assert messages_of(client) == ["1人に、パスワードを設定するためのメールを送りました。"]
    client.logout()
    assert client.get(link[1], follow=True).status_code == 200


def test_no_link_is_sent_to_someone_who_has_left(cast: Cast, client):
    gone = factories.user("退職", is_active=False)
    client.force_login(cast.administrator)
    act(client, PEOPLE, "send_reset_link", gone)
    assert mail.outbox == []
    assert messages_of(client) == ["1人は在職中ではないため、送りませんでした。"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"is_auditor": "on", "is_administrator": "on"}, "監査とシステム管理者は兼ねられません。"),
        ({"email": "KANKO@city.example"}, "すでに登録されています"),
    ],
)
def test_what_is_wrong_with_a_person_is_said(cast: Cast, client, fields, said):
    factories.user("観光", email="kanko@city.example")
    client.force_login(cast.administrator)
    answer = client.post(f"{PEOPLE}add/", person(**fields))
    assert (answer.status_code, said in answer.text) == (200, True)
    assert not User.objects.filter(name="新人").exists()


def test_a_change_without_a_password_leaves_the_password(cast: Cast, client):
    client.force_login(cast.administrator)
    before = cast.stranger.password
    sent = person(email=cast.stranger.email, name="新しい名前")
    client.post(f"{PEOPLE}{cast.stranger.pk}/change/", sent)
    cast.stranger.refresh_from_db()
    assert (cast.stranger.name, cast.stranger.password) == ("新しい名前", before)


def test_an_administrator_cannot_lock_himself_out(cast: Cast, client):
    client.force_login(cast.administrator)
    sent = person(email=cast.administrator.email)
    del sent["is_active"]
    answer = client.post(f"{PEOPLE}{cast.administrator.pk}/change/", sent)
    assert "自分自身の「在職中」は外せません。" in answer.text
    assert "自分自身の「システム管理者」は外せません。" in answer.text
    cast.administrator.refresh_from_db()
    assert (cast.administrator.is_active, cast.administrator.is_administrator) == (True, True)


def test_a_place_is_added_beside_the_person(cast: Cast, client):
    client.force_login(cast.administrator)
    places = {
        "memberships-TOTAL_FORMS": 1,
        "memberships-MAX_NUM_FORMS": 1000,
        "memberships-0-department": cast.tourism.pk,
        "memberships-0-role": "deputy",
        "memberships-0-valid_from": "2026-04-01",
    }
    client.post(f"{PEOPLE}add/", person(**places))
    made = Membership.objects.get(user__email="new@city.example")
    assert (made.department, made.role) == (cast.tourism, "deputy")


def test_who_where_and_as_what_of_a_membership_stay_as_they_were(cast: Cast, client):
    membership = head_of(cast.tourism)
    client.force_login(cast.administrator)
    sent = {"user": cast.stranger.pk, "department": cast.safety.pk, "role": "officer"}
    sent |= {"valid_from": "2021-04-01", "valid_until": ""}
    client.post(f"{MEMBERSHIPS}{membership.pk}/change/", sent)
    membership.refresh_from_db()
    assert (membership.user, membership.department) == (cast.head, cast.tourism)
    assert (membership.role, membership.valid_from) == ("head", datetime.date(2021, 4, 1))


@time_machine.travel("2026-11-23T10:00:00+09:00")
def test_ending_the_last_heads_membership_is_named_at_once(cast: Cast, client):
    factories.account(cast.tourism)
    client.force_login(cast.administrator)
    act(client, MEMBERSHIPS, "end_today", head_of(cast.tourism))
    assert head_of(cast.tourism).valid_until == datetime.date(2026, 11, 23)
    gap = (
        "2026年11月24日から:「観光課」に所属の長がいないため、"
        "運用ポリシーの決定や合議の回答ができません。"
    )
    assert messages_of(client) == [gap, "1件の所属の記録を、今日で終えました。"]
    page = client.get("/admin/")
    assert gap in page.text
    assert f"{MEMBERSHIPS}?department__id__exact={cast.tourism.pk}" in page.text


def test_what_has_ended_or_not_begun_cannot_be_ended_today(cast: Cast, client):
    day = datetime.timedelta(1)
    today = datetime.date.today()
    make = Membership.objects.create
    rows = [
        make(user=cast.stranger, department=cast.tourism, valid_from=today + day),
        make(
            user=cast.stranger, department=cast.safety, valid_from=today - 9 * day,
            valid_until=today - day,
        ),
    ]  # fmt: skip
    client.force_login(cast.administrator)
    act(client, MEMBERSHIPS, "end_today", *rows)
    assert messages_of(client) == [
        "2件は、すでに終わっているか、まだ始まっていないため、そのままにしました。"
    ]


def test_deactivating_the_last_head_is_named_at_once(cast: Cast, client):
    factories.account(cast.tourism)
    client.force_login(cast.administrator)
    sent = person(email=cast.head.email, name="観光 課長")
    del sent["is_active"]
    client.post(f"{PEOPLE}{cast.head.pk}/change/", sent)
    assert messages_of(client)[1].startswith("「観光課」に所属の長がいないため")


def test_the_pr_division_moves_in_one_step(cast: Cast, client):
    client.force_login(cast.administrator)
    act(client, DEPARTMENTS, "make_pr_division", cast.safety)
    assert list(Department.objects.filter(is_pr_division=True)) == [cast.safety]
    assert messages_of(client) == ["「防災課」を広報主管課にしました。"]
    assert cast.pr_division.history.first().is_pr_division is False


def test_a_pr_division_with_too_few_people_is_named_at_once(cast: Cast, client):
    small = factories.department("小さい課")
    client.force_login(cast.administrator)
    act(client, DEPARTMENTS, "make_pr_division", small)
    said = messages_of(client)
    assert said[0].startswith("広報主管課の「小さい課」に職員がいないため")


def test_the_pr_division_is_one_department_of_today(cast: Cast, client):
    ended = factories.department("旧課", valid_until=datetime.date(2020, 3, 31))
    client.force_login(cast.administrator)
    for rows in ([cast.safety, cast.tourism], [ended]):
        act(client, DEPARTMENTS, "make_pr_division", *rows)
        assert "一つだけ選んでください。" in messages_of(client)[0]
    assert Department.objects.pr_division() == cast.pr_division


def test_the_form_cannot_take_the_mark_from_the_pr_division(cast: Cast, client):
    client.force_login(cast.administrator)
    sent = {"code": "hisho", "name": "秘書課", "order": 1, "valid_from": "2000-04-01"}
    assert client.post(f"{DEPARTMENTS}{cast.pr_division.pk}/change/", sent).status_code == 302
    cast.pr_division.refresh_from_db()
    assert (cast.pr_division.name, cast.pr_division.is_pr_division) == ("秘書課", True)


def test_the_history_says_what_changed_in_words(cast: Cast, client):
    cast.head.is_active = False
    cast.head.save()
    membership = head_of(cast.tourism)
    membership.valid_until = datetime.date(2026, 3, 31)
    membership.role = "deputy"
    membership.save()
    client.force_login(cast.auditor)
    assert "在職中:はい → いいえ" in client.get(f"{PEOPLE}{cast.head.pk}/history/").text
    page = client.get(f"{MEMBERSHIPS}{membership.pk}/history/").text
    assert "終了日:(なし) → 2026-03-31" in page
    assert "役割:所属の長 → 代決者" in page
    assert client.get(f"{PEOPLE}999999/history/").status_code == 404


def test_the_history_never_shows_a_password(cast: Cast, client):
    cast.stranger.set_password("asahi-yama-ni-sakura")
    cast.stranger.save()
    client.force_login(cast.administrator)
    page = client.get(f"{PEOPLE}{cast.stranger.pk}/history/").text
    assert cast.stranger.password not in page


@time_machine.travel("2026-11-23T10:00:00+09:00")
def test_memberships_are_filtered_by_their_time(cast: Cast, client):
    make, tourism = Membership.objects.create, cast.tourism
    past = make(
        user=cast.stranger, department=tourism, valid_from=datetime.date(2020, 4, 1),
        valid_until=datetime.date(2026, 11, 22),
    )  # fmt: skip
    coming = make(user=cast.stranger, department=tourism, valid_from=datetime.date(2026, 11, 24))
    client.force_login(cast.auditor)

    def shown(when: str) -> set[int]:
        return {row.pk for row in client.get(MEMBERSHIPS, {"when": when}).context["cl"].queryset}

    everything = set(Membership.objects.values_list("pk", flat=True))
    assert shown("past") == {past.pk}
    assert shown("coming") == {coming.pk}
    assert shown("now") == everything - {past.pk, coming.pk}


@pytest.mark.parametrize("kind", ["department", "user", "membership", "absence"])
def test_a_list_asks_as_often_for_many_as_for_few(
    cast: Cast, client, django_assert_num_queries, django_assert_max_num_queries, kind
):
    factories.absence(cast.tourism, cast.head)
    client.force_login(cast.auditor)
    with django_assert_max_num_queries(20) as few:
        client.get(f"/admin/staff/{kind}/")
    for _ in range(3):
        department = factories.department()
        factories.absence(department, factories.member(department, "head"))
    with django_assert_num_queries(len(few)):
        client.get(f"/admin/staff/{kind}/")


def test_a_department_is_found_whatever_the_kana(cast: Cast, client):
    client.force_login(cast.auditor)
    found = client.get(DEPARTMENTS, {"q": "カンコウ"}).context["cl"].queryset
    assert list(found) == [cast.tourism]


def test_an_absence_is_only_read_here(cast: Cast, client):
    absence = factories.absence(cast.tourism, cast.head)
    client.force_login(cast.administrator)
    assert client.get("/admin/staff/absence/add/").status_code == 403
    page = client.get(f"/admin/staff/absence/{absence.pk}/change/")
    assert (page.status_code, 'name="_save"' in page.text) == (200, False)

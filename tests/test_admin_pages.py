"""What every page of the admin answers: to hand-made requests, and however much there is."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shinshiro_sns import record_admin
from staff.models import Membership
from tests import factories

PEOPLE = "/admin/staff/user/"


@pytest.mark.parametrize(
    "rows", [["abc"], ["1", "1"], ["-1"], ["1.0"], ["①"], ["9" * 25], ["1", ""], ["0x1"]]
)
@pytest.mark.parametrize(
    ("address", "action"),
    [
        (PEOPLE, "send_reset_link"),
        ("/admin/staff/membership/", "end_today"),
        ("/admin/staff/department/", "make_pr_division"),
        ("/admin/shinshiro_sns/outgoingmail/", "resend"),
        ("/admin/accounts/account/", "nothing"),
    ],
)
def test_rows_that_no_list_shows_are_a_bad_request(cast, client, address, action, rows):
    client.force_login(cast.administrator)
    answer = client.post(address, {"action": action, "_selected_action": rows})
    assert answer.status_code == 400


def test_a_row_that_is_gone_meanwhile_is_no_mistake(cast, client):
    client.force_login(cast.administrator)
    sent = {"action": "send_reset_link", "_selected_action": ["999999"]}
    assert client.post(PEOPLE, sent).status_code == 302


def changes(page):
    return [
        [(change.field, change.before, change.after) for change in record.changes]
        for record in page.context["records"]
    ]


@pytest.fixture
def membership(cast, client):
    client.force_login(cast.administrator)
    return Membership.objects.get(user=cast.officer)


def moved(membership, days):
    """`membership` with an end one day later each time, and each time in another department."""
    for number in range(days):
        membership.valid_until = datetime.date(2027, 1, 1) + datetime.timedelta(days=number)
        membership.department = factories.department(f"移動先{membership.history.count()}課")
        membership.save()


def test_a_history_says_of_each_entry_what_it_changed(membership, client):
    moved(membership, 2)
    page = client.get(f"/admin/staff/membership/{membership.pk}/history/")
    assert changes(page) == [
        [("所属", "移動先1課", "移動先2課"), ("終了日", "2027-01-01", "2027-01-02")],
        [("所属", "観光課", "移動先1課"), ("終了日", "(なし)", "2027-01-01")],
        [],
    ]


def test_the_last_entry_of_a_page_knows_the_first_of_the_next(membership, client, monkeypatch):
    monkeypatch.setattr(record_admin, "SHOWN", 2)
    moved(membership, 3)
    address = f"/admin/staff/membership/{membership.pk}/history/"
    first, second = client.get(address), client.get(f"{address}?page=2")
    assert [len(entry) for entry in changes(first)] == [2, 2]
    assert [len(entry) for entry in changes(second)] == [2, 0]


def test_a_history_asks_the_database_as_often_for_ten_entries_as_for_two(
    membership, client, django_assert_num_queries
):
    address = f"/admin/staff/membership/{membership.pk}/history/"
    moved(membership, 1)
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    moved(membership, 8)
    with django_assert_num_queries(len(captured)):
        assert client.get(address).status_code == 200

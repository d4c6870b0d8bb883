"""Who left without anybody saying so is named to the administrators: else his data stays for ever."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from staff.leavers import leavers, still_placed, without_place
from staff.models import Membership, User
from tests import factories
from tests.factories import LONG_AGO

TODAY = timezone.localdate()


def ago(days):
    return TODAY - datetime.timedelta(days=days)


def placed(of, until, **fields):
    """Someone known for years whose place ends on a day."""
    person = factories.member(of, **fields)
    Membership.objects.filter(user=person).update(valid_until=until)
    User.objects.filter(pk=person.pk).update(date_joined=LONG_AGO)
    return User.objects.get(pk=person.pk)


def test_who_is_active_and_has_had_no_place_for_thirty_days_is_named(cast):
    gone = placed(cast.tourism, ago(31))
    placed(cast.tourism, ago(30))
    placed(cast.tourism, ago(31), is_active=False)
    assert list(without_place(TODAY)) == [gone]


@pytest.mark.parametrize("mark", ["is_auditor", "is_administrator"])
def test_but_not_who_needs_no_place(cast, mark):
    placed(cast.tourism, ago(400), **{mark: True})
    assert list(without_place(TODAY)) == []


def test_nor_who_is_new_or_has_a_place_to_come(cast):
    factories.user()
    coming = placed(cast.tourism, ago(400))
    factories.user(date_joined=LONG_AGO)
    Membership.objects.create(
        user=coming, department=cast.safety, valid_from=TODAY + datetime.timedelta(days=9)
    )
    assert [person.email for person in without_place(TODAY)] == [
        User.objects.exclude(pk=coming.pk).get(date_joined=LONG_AGO).email
    ]


def test_a_department_that_ended_is_no_place(cast):
    former = factories.department("元の課", valid_until=ago(31))
    gone = placed(former, None)
    assert list(without_place(TODAY)) == [gone]


def test_who_is_no_longer_there_and_whose_places_go_on_is_named(cast):
    gone = placed(cast.tourism, None, is_active=False)
    last_day = placed(cast.tourism, TODAY, is_active=False)
    placed(cast.tourism, ago(1), is_active=False)
    assert set(still_placed(TODAY)) == {gone, last_day}


def test_administrators_find_both_kinds_on_the_front_page_and_each_in_its_list(cast, client):
    gone = placed(cast.tourism, ago(31), name="所属 なし")
    still = placed(cast.tourism, None, name="退職 済み", is_active=False)
    client.force_login(cast.administrator)
    page = client.get("/admin/").text
    for (kind, person), words in zip(
        (("without_place", gone), ("still_placed", still)),
        ("所属のない在職中の職員(1人)", "在職中でないのに所属が続く職員(1人)"),
        strict=True,
    ):
        url = f"{reverse('admin:staff_user_changelist')}?standing={kind}"
        assert (f'href="{url}"' in page, words in page) == (True, True)
        assert list(client.get(url).context["cl"].queryset) == [person]
    client.force_login(cast.auditor)
    assert "退職したかどうか" not in client.get("/admin/").text


def test_where_there_is_nobody_nothing_is_said_and_it_takes_two_queries_for_any_number(cast):
    assert leavers() == []
    for _ in range(3):
        placed(cast.tourism, ago(31))
    with CaptureQueriesContext(connection) as asked:
        assert [(each.name, each.count) for each in leavers()] == [("without_place", 3)]
    assert len(asked) == 2

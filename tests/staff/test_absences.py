"""Absences of heads: recorded by their own department, cancelled, never back-dated."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shinshiro_sns.models import OutgoingMail
from staff.models import Absence, Membership
from tests import factories

URL = "/desk/absences/"


def posted(cast, **fields):
    today = timezone.localdate()
    return {
        "department": cast.tourism.pk,
        "person": cast.head.pk,
        "starts_on": today.isoformat(),
        "ends_on": (today + datetime.timedelta(days=2)).isoformat(),
        "reason": "出張",
        **fields,
    }


@pytest.mark.parametrize("who", ["officer", "head", "deputy"])
def test_the_departments_own_people_record_it(cast, client, who):
    client.force_login(getattr(cast, who))
    assert client.post(URL, posted(cast)).status_code == 302
    absence = Absence.objects.get()
    assert (absence.person, absence.recorded_by) == (cast.head, getattr(cast, who))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ends_on", "2020-01-02"),
        ("starts_on", "2020-01-02"),
        ("starts_on", "2999-01-01"),
        ("ends_on", "2999-01-01"),
        ("starts_on", "昨日"),
        ("reason", ""),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(cast, client, field, value):
    client.force_login(cast.officer)
    answer = client.post(URL, posted(cast, **{field: value}))
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert Absence.objects.count() == 0


def test_another_departments_head_cannot_be_chosen(cast, client):
    client.force_login(cast.officer)
    foreign = posted(cast, department=cast.safety.pk, person=cast.partner_head.pk)
    assert set(client.post(URL, foreign).context["form"].errors) == {"department", "person"}


def test_who_is_not_head_cannot_be_absent_as_head(cast, client):
    client.force_login(cast.officer)
    assert "person" in client.post(URL, posted(cast, person=cast.deputy.pk)).context["form"].errors


def test_a_head_of_two_departments_is_absent_from_the_one_named(cast, client):
    both = factories.member(cast.safety, "head", "兼務 課長")
    Membership.objects.create(
        user=cast.officer, department=cast.safety, role="officer",
        valid_from=datetime.date(2020, 1, 1),
    )  # fmt: skip
    client.force_login(cast.officer)
    answer = client.post(URL, posted(cast, person=both.pk))
    assert answer.context["form"].errors["person"] == ["この所属の長を選んでください。"]


def test_it_is_cancelled_once_and_stays_on_record(cast, client):
    absence = factories.absence(cast.tourism, cast.head)
    client.force_login(cast.head)
    for _ in range(2):
        client.post(reverse("staff:cancel_absence", args=[absence.pk]))
    absence.refresh_from_db()
    assert absence.cancelled_by == cast.head
    assert absence.history.count() == 2
    assert not Absence.objects.covering(timezone.localdate()).exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [("partner_head", 404), ("stranger", 404), ("auditor", 403), ("administrator", 403),
     ("pr_officer", 403)],
)  # fmt: skip
def test_nobody_else_cancels_it(cast, client, who, status):
    absence = factories.absence(cast.tourism, cast.head)
    client.force_login(getattr(cast, who))
    answer = client.post(reverse("staff:cancel_absence", args=[absence.pk]))
    assert answer.status_code == status
    absence.refresh_from_db()
    assert absence.cancelled_at is None


def test_the_list_asks_the_database_as_often_for_three_as_for_one(
    cast, client, django_assert_num_queries
):
    client.force_login(cast.officer)
    factories.absence(cast.tourism, cast.head)
    with CaptureQueriesContext(connection) as captured:
        client.get(URL)
    for days in (1, 2):
        factories.absence(cast.tourism, cast.head, days)
    with django_assert_num_queries(len(captured)):
        client.get(URL)


def test_the_head_is_told_when_someone_else_records_or_cancels_it(cast, client):
    client.force_login(cast.deputy)
    client.post(URL, posted(cast))
    absence = Absence.objects.get()
    client.post(reverse("staff:cancel_absence", args=[absence.pk]))
    told = OutgoingMail.objects.order_by("pk").values_list("recipient", "subject")
    assert list(told) == [
        (cast.head.pk, "【不在の記録】観光課の所属の長の不在"),
        (cast.head.pk, "【不在の取消し】観光課の所属の長の不在"),
    ]


def test_who_records_his_own_absence_is_not_told_of_it(cast, client):
    client.force_login(cast.head)
    client.post(URL, posted(cast))
    assert OutgoingMail.objects.count() == 0


@pytest.mark.parametrize(("days", "status"), [(91, 302), (92, 422)])
def test_an_absence_lasts_three_months_at_most(cast, client, days, status):
    client.force_login(cast.officer)
    last = timezone.localdate() + datetime.timedelta(days=days)
    assert client.post(URL, posted(cast, ends_on=last.isoformat())).status_code == status


def test_a_double_click_records_it_once_and_tells_the_head_once(cast, client):
    client.force_login(cast.deputy)
    answers = [client.post(URL, posted(cast)) for _ in range(2)]
    said = [str(message) for message in client.get(URL).context["messages"]]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert said == [
        "所属の長の不在を記録しました。この間、代決者が代わりに決定できます。",
        "所属の長の不在をすでに記録しています。この間、代決者が代わりに決定できます。",
    ]
    assert (Absence.objects.count(), OutgoingMail.objects.count()) == (1, 1)


def test_a_cancelled_absence_can_be_recorded_again(cast, client):
    client.force_login(cast.officer)
    client.post(URL, posted(cast))
    client.post(reverse("staff:cancel_absence", args=[Absence.objects.get().pk]))
    client.post(URL, posted(cast))
    assert Absence.objects.filter(cancelled_at__isnull=True).count() == 1
    assert Absence.objects.count() == 2


def test_the_same_absence_does_not_stand_twice(cast):
    factories.absence(cast.tourism, cast.head)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.absence(cast.tourism, cast.head)


@pytest.mark.parametrize("field", ["department", "person"])
@pytest.mark.parametrize("number", ["9" * 25, "9" * 5000])
def test_a_number_no_row_can_bear_is_refused_at_its_field(cast, client, field, number):
    client.force_login(cast.officer)
    answer = client.post(URL, posted(cast, **{field: number}))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])

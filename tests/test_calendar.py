"""The city's working time: why a day is closed, when the offices are open, who keeps the closures."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from shinshiro_sns import calendar
from shinshiro_sns.calendar import Calendar, Kind
from shinshiro_sns.models import Closure

LIST = "/admin/shinshiro_sns/closure/"
DAY = datetime.date(2026, 11, 25)


def closure(
    name: str = "庁舎の停電点検", first: datetime.date = DAY, days: int = 1, **more
) -> Closure:
    last = first + datetime.timedelta(days=days - 1)
    return Closure(**{"name": name, "starts_on": first, "ends_on": last, **more})


@pytest.mark.once
@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2026-11-20", ""), ("2026-11-21", "土曜日"), ("2026-11-22", "日曜日"),
        ("2026-11-23", "祝日「勤労感謝の日」"), ("2026-11-24", ""),
        ("2026-11-25", "市の休業日「庁舎の停電点検」"),
        ("2027-02-11", "祝日「建国記念の日」"), ("2027-02-23", "祝日「天皇誕生日」"),
        ("2027-03-21", "祝日「春分の日」"), ("2027-03-22", "祝日「振替休日」"),
        ("2032-09-21", "祝日「国民の休日」"), ("2028-02-29", ""),
        ("2026-12-28", ""), ("2026-12-29", "年末年始の休業日"), ("2026-12-31", "年末年始の休業日"),
        ("2027-01-01", "祝日「元日」"), ("2027-01-02", "年末年始の休業日"),
        ("2027-01-03", "年末年始の休業日"), ("2027-01-04", ""),
    ],
)  # fmt: skip
def test_a_closed_day_has_its_reason_and_an_open_one_has_none(day, reason):
    assert Calendar((closure(),)).why_closed(datetime.date.fromisoformat(day)) == reason


@pytest.mark.once
def test_only_the_kinds_asked_for_count():
    days = Calendar((closure(first=datetime.date(2027, 1, 1)),))
    said = {kind: days.why_closed(datetime.date(2027, 1, 1), [kind]) for kind in Kind}
    assert said == {
        Kind.HOLIDAY: "祝日「元日」",
        Kind.YEAR_END: "年末年始の休業日",
        Kind.CITY: "市の休業日「庁舎の停電点検」",
        Kind.WEEKEND: "",
    }


@pytest.mark.once
@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-24T08:29:59", False), ("2026-11-24T08:30:00", True),
        ("2026-11-24T17:14:59", True), ("2026-11-24T17:15:00", False),
        ("2026-11-23T10:00:00", False), ("2026-11-25T10:00:00", False),
    ],
)  # fmt: skip
def test_office_time_begins_and_ends_to_the_second(at, is_open):
    moment = datetime.datetime.fromisoformat(f"{at}+09:00")
    assert Calendar((closure(),)).is_office_time(moment) is is_open


def test_the_closures_of_a_stretch_are_read_at_once(db, django_assert_num_queries):
    before, into = DAY - datetime.timedelta(days=9), DAY - datetime.timedelta(days=1)
    Closure.objects.bulk_create(
        [
            closure("前に終わる", before, 9), closure("始まりに重なる", into, 2),
            closure("終わりに重なる", DAY, 9), closure("取り消した", is_cancelled=True),
            closure("後に始まる", DAY + datetime.timedelta(days=1)),
        ]
    )  # fmt: skip
    with django_assert_num_queries(1):
        days = calendar.between(DAY, DAY)
    assert {row.name for row in days.closures} == {"始まりに重なる", "終わりに重なる"}


# --- Kept by the PR division -------------------------------------------------------------------


@pytest.mark.parametrize("fields", [{"name": ""}, {"days": 0}])
def test_the_database_refuses_a_closure_without_name_or_end(db, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        closure(**fields).save()


@pytest.mark.parametrize(
    ("days", "wrong"), [(0, "最後の日は、最初の日か"), (1, None), (31, None), (32, "31日まで")]
)
def test_a_closure_lasts_from_one_day_to_thirty_one(db, days, wrong):
    if wrong is None:
        closure(days=days).full_clean()
        return
    with pytest.raises(ValidationError, match=wrong):
        closure(days=days).full_clean()


def test_the_pr_division_enters_and_cancels_a_closure_with_its_history(cast, client):
    client.force_login(cast.pr_officer)
    sent = {"name": "庁舎の移転", "starts_on": "2026-11-25", "ends_on": "2026-11-27"}
    assert client.post(f"{LIST}add/", sent).status_code == 302
    entered = Closure.objects.get()
    assert calendar.between(DAY, DAY).why_closed(DAY) == "市の休業日「庁舎の移転」"

    page = f"{LIST}{entered.pk}/"
    assert client.post(f"{page}change/", {**sent, "is_cancelled": "on"}).status_code == 302
    assert calendar.between(DAY, DAY).why_closed(DAY) == ""
    assert "取消済" in client.get(LIST).content.decode()
    assert [row.history_user for row in entered.history.all()] == [cast.pr_officer] * 2
    assert "市の休業日" in client.get(f"{page}history/").content.decode()
    assert client.post(f"{page}delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [("pr_officer", 200, 200), ("auditor", 200, 403), ("administrator", 403, 403)],
)
def test_auditors_read_the_closures_and_change_nothing(cast, client, who, reads, writes):
    made = closure()
    made.save()
    client.force_login(getattr(cast, who))
    assert client.get(LIST).status_code == reads
    assert client.get(f"{LIST}{made.pk}/change/").status_code == reads
    assert client.get(f"{LIST}add/").status_code == writes
    assert client.post(f"{LIST}{made.pk}/change/", {}).status_code == writes

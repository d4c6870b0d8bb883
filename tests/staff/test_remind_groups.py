"""`manage.py remind` tells people in groups: few queries for all, and what fails for one is his alone."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shinshiro_sns.models import OutgoingMail
from staff import reminding
from staff.audience import City
from staff.models import Reminder
from tests import factories
from tests.staff.conftest import DUE_ON, late, run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_rule")]


def told(day: datetime.date) -> set[str]:
    """Who is told something on the day, as the records say."""
    return set(Reminder.objects.filter(told_on=day).values_list("person__name", flat=True))


def digests() -> list[str]:
    """Whom a digest is queued to, one name for each."""
    return sorted(OutgoingMail.objects.values_list("recipient__name", flat=True))


def test_a_group_takes_as_many_queries_for_nine_people_as_for_two(cast, official):
    official(cast.tourism)
    reminding.find(reminding.DUTIES[0], City.on(DUE_ON))
    with CaptureQueriesContext(connection) as of_two:
        assert len(reminding.tell([cast.officer, cast.colleague], City.on(DUE_ON))) == 2
    factories.members(*[(cast.tourism, "officer", f"観光 {n}番") for n in range(3)])
    reminding.find(reminding.DUTIES[0], City.on(late(14)))
    people = list(reminding.reachable(late(14)).order_by("pk"))
    with CaptureQueriesContext(connection) as of_nine:
        assert len(reminding.tell(people, City.on(late(14)))) == 9
    assert len(of_nine) == len(of_two)


def test_every_group_is_told(cast, official, monkeypatch):
    monkeypatch.setattr(reminding, "GROUP", 2)
    official(cast.tourism)
    assert run(late(14)) == (6, 0, 0)
    assert digests() == sorted(told(late(14)))


def test_who_has_a_digest_by_another_process_costs_the_rest_of_his_group_nothing(cast, official):
    official(cast.tourism)
    key = f"staff/reminder remind {DUE_ON} user {cast.officer.pk}"
    OutgoingMail.objects.create(key=key, recipient=cast.officer, subject="先", message_id="先")
    assert run(DUE_ON)[0] == 1
    assert told(DUE_ON) == {"観光 同僚"}
    assert digests() == ["観光 同僚", "観光 担当"]
    # What waits for him is not lost.
    run(late(1))
    assert told(late(1)) == {"観光 担当"}


def test_who_has_a_digest_of_the_day_is_not_asked_for_again(cast, official):
    official(cast.tourism)
    run(DUE_ON)
    official(cast.safety)
    official(cast.tourism)
    assert run(DUE_ON) == (1, 2, 0)
    assert told(DUE_ON) == {"観光 担当", "観光 同僚", "防災 担当"}
    assert len(digests()) == 3

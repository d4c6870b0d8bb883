"""個人情報の漏えい: only where the law asks for it are there reports, and these have its deadlines."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incidents.deadlines import Unit, due_after
from incidents.leak import NONE
from incidents.models import Incident
from tests import factories
from tests.conftest import Cast
from tests.incidents import things

OWED = ("prompt", "people", "final")


@pytest.fixture
def leak(cast: Cast) -> Incident:
    return things.incident(cast.officer, "leak", account=factories.official(cast.tourism))


def states(leak: Incident) -> list[str]:
    return [things.step(leak, key).state for key in OWED]


def test_in_none_of_the_cases_nobody_reports_and_it_is_said_why(cast: Cast, leak: Incident) -> None:
    things.does(leak, "facts", cast.head, cases=[], count=3)

    assert states(leak) == ["waived"] * 3
    assert {things.step(leak, key).words for key in OWED} == {NONE}


@pytest.mark.parametrize(("cases", "days"), [(["many"], 30), (["sensitive", "wrongful"], 60)])
def test_in_one_of_them_the_commission_hears_in_the_laws_time(
    cast: Cast, leak: Incident, cases: list[str], days: int
) -> None:
    things.does(leak, "facts", cast.head, cases=cases, count=120)

    found = leak.discovered_at
    assert states(leak) == ["open"] * 3
    assert things.step(leak, "prompt").due_at == due_after(found, 3, Unit.DAYS)
    assert things.step(leak, "final").due_at == due_after(found, days, Unit.DAYS_FROM_FIRST)
    assert {things.step(leak, key).due_by for key in ("prompt", "final")} == {"law"}


def test_what_turns_out_to_be_one_after_all_is_reported_after_all(
    cast: Cast, leak: Incident
) -> None:
    things.does(leak, "facts", cast.head, cases=[], count=3)
    things.does(leak, "facts", cast.head, "undo")
    things.does(leak, "facts", cast.head, cases=["property"], count=3)

    assert states(leak) == ["open"] * 3
    assert things.step(leak, "prompt").due_at is not None


def test_a_deputy_answers_in_the_heads_absence(cast: Cast, leak: Incident) -> None:
    factories.absence(cast.tourism, cast.head)
    things.does(leak, "facts", cast.deputy, cases=[], count=0)

    assert states(leak) == ["waived"] * 3


@pytest.mark.parametrize(
    ("count", "cases", "ok"), [(101, [], False), (101, ["many"], True), (100, [], True)]
)
def test_more_than_a_hundred_people_are_a_case_of_their_own(
    client: Client, cast: Cast, leak: Incident, count: int, cases: list[str], ok: bool
) -> None:
    step = things.step(leak, "facts")
    now = timezone.localtime() - datetime.timedelta(minutes=1)
    client.force_login(cast.head)

    answer = client.post(
        reverse("incidents:step_act", args=[leak.pk, step.pk, "do"]),
        {
            "revision": step.revision, "happened_at": now.strftime("%Y-%m-%dT%H:%M"),
            "words": "名簿", "count": count, "cases": cases,
        },
    )  # fmt: skip

    assert answer.status_code == (302 if ok else 422)
    if ok:
        assert f"本人の数:{count}人" in things.step(leak, "facts").words

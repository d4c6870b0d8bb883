"""5(3): criticism pours in. Nobody answers on his own; the department explains, corrects, apologises,
and says so where that takes time."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import Account
from incidents.kinds import KINDS
from incidents.models import Incident
from tests import factories
from tests.conftest import Cast
from tests.incidents import things

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def account(cast: Cast) -> Account:
    return factories.official(cast.tourism)


@pytest.fixture
def flaming(cast: Cast, account: Account) -> Incident:
    return things.incident(cast.officer, "flaming", account=account)


def test_the_screen_says_before_all_else_that_nobody_answers_on_his_own(
    client: Client, cast: Cast, flaming: Incident
) -> None:
    sentence = "職員が個人で反論や弁解をしてはいけません。"
    client.force_login(cast.officer)

    for url in ("/desk/incidents/new/flaming/", flaming.get_absolute_url()):
        assert sentence in client.get(url).content.decode()


def test_first_nobody_answers_then_it_is_recorded_and_the_department_speaks_as_its_head_decides() -> (
    None
):
    steps = [(s.key, s.who) for s in KINDS["flaming"].steps]

    assert steps == [
        ("hold", "officer"),
        ("record", "officer"),
        ("holding", "head"),
        ("policy", "head"),
        ("post", "officer"),
        ("settled", "head"),
        ("prevention", "head"),
    ]


def test_where_it_takes_time_that_is_said_within_two_hours(flaming: Incident) -> None:
    step = things.step(flaming, "holding")

    assert step.due_at == flaming.discovered_at + 2 * HOUR
    assert (step.is_required, step.posts, step.due_by) == (True, True, "city")


def test_the_way_is_the_heads_to_decide(cast: Cast, flaming: Incident) -> None:
    for person in (cast.officer, cast.pr_officer):
        with pytest.raises(PermissionDenied):
            things.does(flaming, "policy", person)

    assert things.does(flaming, "policy", cast.head).state == "done"


def test_the_statement_is_due_once_the_way_is_decided(cast: Cast, flaming: Incident) -> None:
    assert things.step(flaming, "post").due_at is None
    decided = things.does(flaming, "policy", cast.head)

    assert things.step(flaming, "post").due_at == decided.happened_at + 2 * HOUR

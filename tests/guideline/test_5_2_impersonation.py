"""5(2): somebody poses as the city. Reported to the PR division, deletion asked for, announced on the
city's site and the account, the press where it is needed."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Account
from incidents.kinds import KINDS
from incidents.models import Incident
from shinshiro_sns.models import OutgoingMail
from shinshiro_sns.steps import StepNotMet
from tests import factories
from tests.conftest import Cast
from tests.incidents import things


@pytest.fixture
def account(cast: Cast) -> Account:
    return factories.official(cast.tourism)


@pytest.fixture
def fake(cast: Cast, account: Account) -> Incident:
    return things.incident(cast.officer, "impersonation", account=account)


def test_every_duty_of_the_clause_is_a_step_and_each_is_whose_the_clause_says() -> None:
    steps = {s.key: (s.who, s.required) for s in KINDS["impersonation"].steps}

    assert steps == {
        "evidence": ("officer", True),
        "report": ("head", True),
        "check": ("pr", True),
        "second": ("second", True),
        "takedown": ("officer", True),
        "site": ("pr", True),
        "account": ("officer", True),
        "press": ("pr", True),
        "removed": ("officer", True),
        "watch": ("pr", True),
    }


def test_the_pr_division_and_the_head_hear_at_once(cast: Cast, fake: Incident) -> None:
    told = set(OutgoingMail.objects.values_list("recipient", flat=True))

    assert told == {
        person.pk
        for person in (cast.head, cast.deputy, cast.pr_head, cast.pr_officer, cast.pr_second)
    }


def test_the_head_reports_and_no_officer_does_it_for_him(cast: Cast, fake: Incident) -> None:
    for person in (cast.officer, cast.pr_officer, cast.deputy):
        with pytest.raises((PermissionDenied, StepNotMet)):
            things.does(fake, "report", person)

    assert things.does(fake, "report", cast.head).state == "done"


def test_a_deputy_reports_in_a_recorded_absence_alone_and_it_is_kept_which(
    cast: Cast, fake: Incident
) -> None:
    with pytest.raises(StepNotMet, match="不在が記録されていないため、代決できません。"):
        things.does(fake, "report", cast.deputy)
    absence = factories.absence(cast.tourism, cast.head)

    assert things.does(fake, "report", cast.deputy).absence == absence


def test_that_it_is_no_account_of_the_city_is_confirmed_by_a_second_person(
    cast: Cast, fake: Incident
) -> None:
    with pytest.raises(
        StepNotMet, match="先に、手順「市のアカウントでないことを確かめる」を行います。"
    ):
        things.does(fake, "second", cast.pr_second)
    things.does(fake, "check", cast.pr_officer)
    with pytest.raises(StepNotMet, match="広報主管課の別の職員が行います。"):
        things.does(fake, "second", cast.pr_officer)

    assert things.does(fake, "second", cast.pr_second).settled_by == cast.pr_second


@pytest.mark.parametrize(
    ("service", "clock"),
    [("x", True), ("instagram", True), ("line", True), ("note", False), ("mastodon", False)],
)
def test_the_operators_answer_has_a_clock_where_the_law_sets_one(
    cast: Cast, account: Account, service: str, clock: bool
) -> None:
    fake = things.incident(cast.officer, "impersonation", account=account, service=service)
    assert things.step(fake, "removed").due_at is None

    things.does(fake, "takedown", cast.officer)

    removed = things.step(fake, "removed")
    assert (removed.due_at is not None, removed.due_by) == (clock, "law" if clock else "")


def test_no_clock_runs_for_an_answer_to_a_request_that_was_not_made(
    cast: Cast, fake: Incident
) -> None:
    things.does(fake, "takedown", cast.head, "waive")

    assert things.step(fake, "removed").due_at is None


def test_the_press_is_told_or_it_is_said_why_not(cast: Cast, fake: Incident) -> None:
    with pytest.raises(StepNotMet, match="「省略する理由」を入力してください。"):
        things.does(fake, "press", cast.pr_officer, "waive", note=" ")

    row = things.does(fake, "press", cast.pr_officer, "waive", note="被害のおそれが小さいため")
    assert (row.state, row.words) == ("waived", "被害のおそれが小さいため")

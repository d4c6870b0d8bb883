"""市民からの通報, 5(2): what a reported account cannot become, and what its case and the citizen are told."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from incidents.models import Incident
from shinshiro_sns.models import OutgoingMail
from shinshiro_sns.steps import StepOvertaken
from tests import factories
from tests.conftest import Cast
from tests.incidents import things
from tests.incidents.test_triage import URL, _taken, heard, publish, reported, take


@pytest.fixture
def incident(cast: Cast) -> Incident:
    account: Account = factories.official(cast.tourism)
    made = things.incident(cast.officer, "impersonation", account=account)
    things.identified(made, cast.officer, URL)
    return made


def test_what_is_settled_is_taken_up_again_before_it_is_settled_otherwise(
    cast: Cast, incident: Incident
) -> None:
    closed = take(reported("https://x.com/closed_1"), "close", cast.pr_officer)
    joined = take(reported("https://x.com/joined_1"), "join", cast.pr_officer, incident=incident)

    with pytest.raises(StepOvertaken, match="すでに「対応しない」"):
        take(closed, "join", cast.pr_officer, incident=incident)
    with pytest.raises(StepOvertaken, match="すでに「事案で対応」"):
        take(joined, "close", cast.pr_officer)


def test_joined_to_a_case_that_ended_with_a_notice_he_hears_of_the_notice(
    cast: Cast, incident: Incident
) -> None:
    publish(cast, incident)
    for step in incident.steps.filter(state="open"):
        things.does(incident, step.key, cast.head if step.who == "head" else cast.pr_officer)
    things.moved(incident, "end", cast.head)

    row = take(reported(), "join", cast.pr_officer, incident=incident)

    assert (row.state, heard()) == ("incident", ["incidents/report_published"])


def test_the_case_says_how_many_reports_it_took_up(cast: Cast, incident: Incident) -> None:
    row = take(reported(URL, "一", "二", "三"), "join", cast.pr_officer, incident=incident)

    said = incident.entries.get(text__contains="市民からの通報")
    assert (said.text, said.kind) == (f"市民からの通報(3件)をまとめた:{row}", "contact")


@pytest.mark.parametrize(
    ("state", "told"), [("lifted", "incidents/report_published"), ("withdrawn", "")]
)
def test_joined_later_he_hears_of_a_notice_only_while_it_stands(
    cast: Cast, incident: Incident, state: str, told: str
) -> None:
    fake = publish(cast, incident)
    with time_machine.travel(timezone.now()) as clock:
        if state == "withdrawn":
            _taken(fake, "withdraw", cast, title="訂正", body="誤りでした。")
        else:
            fake = _taken(fake, "review", cast, is_gone=True)
            clock.shift(datetime.timedelta(days=31))
            _taken(fake, "lift", cast)

        take(reported(), "join", cast.pr_officer, incident=incident)
        assert heard() == ([told] if told else [])

        if state == "withdrawn":
            things.moved(incident, "cancel", cast.head)
            assert heard() == ["incidents/report_settled"]


def test_where_a_case_deals_with_the_same_account_it_is_joined_to_that(
    client: Client, cast: Cast, incident: Incident
) -> None:
    row = reported()
    client.force_login(cast.pr_officer)
    url = reverse("incidents:reported_step", args=[row.pk, "join"])

    assert incident.title in client.get(url).content.decode()
    assert client.post(url).status_code == 302

    row.refresh_from_db()
    assert (row.incident, Incident.objects.count()) == (incident, 1)


def test_everybody_hears_whose_report_the_case_took_up(cast: Cast, incident: Incident) -> None:
    for number in (1, 2, 3):
        row = reported(f"https://x.com/joined_{number}")
        row.reports.update(mail=f"person{number}@example.jp")
        take(row, "join", cast.pr_officer, incident=incident)

    things.moved(incident, "cancel", cast.head)

    told = OutgoingMail.objects.filter(recipient=None).values_list("address", flat=True)
    assert set(told) == {f"person{number}@example.jp" for number in (1, 2, 3)}

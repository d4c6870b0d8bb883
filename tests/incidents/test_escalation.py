"""Deadlines that have passed: who hears, level by level, each once, whoever runs it how often."""

from __future__ import annotations

import datetime
import threading
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from incidents import escalation
from incidents.escalation import LEVELS, escalate
from incidents.models import Escalation, Incident
from shinshiro_sns.models import OutgoingMail
from tests import factories
from tests.conftest import Cast
from tests.incidents import things

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def incident(cast: Cast) -> Incident:
    """Its first deadline is fifteen minutes after the discovery, the next an hour."""
    made = things.incident(cast.officer, "flaming", account=factories.official(cast.tourism))
    OutgoingMail.objects.all().delete()
    return made


def run(incident: Incident, minutes: float) -> set[str]:
    """Who hears at so many minutes after the discovery."""
    OutgoingMail.objects.all().delete()
    escalate(incident.discovered_at + minutes * MINUTE)
    return {mail.address for mail in OutgoingMail.objects.filter(subject__contains="期限超過")}


def test_the_head_hears_first_then_the_pr_division_then_those_on_call(
    cast: Cast, incident: Incident
) -> None:
    things.contact(email="duty@city.example")
    things.contact(email="", name="宿直室(電話だけ)")
    things.contact(email="elsewhere@city.example", department=cast.safety)
    things.contact(email="gone@city.example", is_active=False)
    things.duty(cast.tourism, cast.colleague)
    heads = {cast.head.email, cast.deputy.email}
    pr = {cast.pr_head.email, cast.pr_officer.email, cast.pr_second.email}

    heard = [run(incident, minutes) for minutes in (15, 15.1, 44, 45.1, 46, 59)]
    assert heard == [set(), heads, set(), pr, set(), set()]
    # An hour later the next deadline is with the head, and the first one with those on call.
    assert run(incident, 136) == heads | pr | {cast.colleague.email, "duty@city.example"}
    assert run(incident, 136) == set()


def test_what_passed_for_one_incident_is_one_mail_and_one_line_of_the_log(
    cast: Cast, incident: Incident
) -> None:
    run(incident, 130)
    mail = OutgoingMail.objects.get(recipient=cast.head)
    assert mail.subject.startswith("【期限超過】個人で答えないことを全員に伝える ほか2件")
    [line] = incident.entries.filter(kind="escalated", text__contains="所属の長")
    assert (line.recorded_by, "時間がかかることを投稿する" in line.text) == (None, True)


def test_what_is_done_waived_or_over_is_late_for_nobody(cast: Cast, incident: Incident) -> None:
    things.does(incident, "hold", cast.officer)
    things.does(incident, "record", cast.head, "waive")
    assert run(incident, 119) == set()
    things.moved(incident, "cancel", cast.head)
    OutgoingMail.objects.all().delete()
    assert run(incident, 10_000) == set()


def test_a_deadline_counted_anew_is_another_one(cast: Cast, incident: Incident) -> None:
    assert run(incident, 20)
    step = things.step(incident, "hold")
    step.due_at += 10 * MINUTE
    step.save()

    assert run(incident, 24) == set()
    assert run(incident, 26) == {cast.head.email, cast.deputy.email}


def test_where_a_level_has_nobody_the_log_says_so(cast: Cast, incident: Incident) -> None:
    run(incident, 200)

    said = incident.entries.filter(kind="escalated").values_list("text", flat=True)
    assert any("当番と緊急連絡先(宛先がありません)に知らせた。" in text for text in said)


def test_one_failure_stops_nothing_else(
    cast: Cast, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = things.incident(cast.officer, "flaming", account=incident.account, known="別件")
    tell = escalation._tell

    def failing(pk: int, *args: Any) -> int:
        if pk == incident.pk:
            raise RuntimeError
        return tell(pk, *args)

    monkeypatch.setattr(escalation, "_tell", failing)
    tally = escalate(incident.discovered_at + 20 * MINUTE)

    assert (tally.told, tally.failures) == (1, [f"事案{incident.pk}番 所属の長:RuntimeError"])
    assert Escalation.objects.get().step.incident == other


def test_the_command_says_what_it_did_and_fails_where_something_failed(
    cast: Cast, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    Incident.objects.update(discovered_at=incident.discovered_at)
    out = StringIO()
    call_command("escalate", stdout=out)
    assert out.getvalue() == "told 1, failed 0\n"

    monkeypatch.setattr(escalation, "_tell", lambda *args: 1 // 0)
    Escalation.objects.all().delete()
    with pytest.raises(SystemExit):
        call_command("escalate", stdout=StringIO(), stderr=StringIO())


def test_a_quiet_run_asks_as_little_whatever_there_is(cast: Cast, incident: Incident) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            escalate(incident.discovered_at)
        return len(captured)

    one = queries()
    for number in range(3):
        things.incident(cast.officer, "flaming", account=incident.account, known=f"別件{number}")

    assert queries() == one == len(LEVELS)


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_tell_each_person_once(cast: Cast) -> None:
    account: Account = factories.official(cast.tourism)
    incident = things.incident(cast.officer, "flaming", account=account)
    OutgoingMail.objects.all().delete()
    start = threading.Barrier(2)
    told: list[int] = []

    def process() -> None:
        try:
            start.wait(10)
            told.append(escalate(incident.discovered_at + 50 * MINUTE).told)
        finally:
            connection.close()

    threads = [threading.Thread(target=process) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sum(told) == Escalation.objects.count() == 2
    assert OutgoingMail.objects.count() == 5

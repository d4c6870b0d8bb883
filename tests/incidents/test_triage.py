"""市民からの通報, 5(2): what the PR division makes of it, and what the citizen hears of it, once and true."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from incidents.models import Fake, FakeReport, Incident, ReportedAccount, TakedownRequest
from incidents.terms import TERMS
from incidents.triage import reported_workflow
from shinshiro_sns import mail
from shinshiro_sns.models import NO_ADDRESS, OutgoingMail
from shinshiro_sns.retention import ERASED
from shinshiro_sns.steps import StepNotMet, StepOvertaken
from tests import factories
from tests.conftest import Cast
from tests.incidents import things

URL = "https://x.com/shinshiro_atari"
CITIZEN = "citizen@example.jp"


@pytest.fixture
def account(cast: Cast) -> Account:
    return factories.official(cast.tourism)


@pytest.fixture
def incident(cast: Cast, account: Account) -> Incident:
    made = things.incident(cast.officer, "impersonation", account=account)
    things.identified(made, cast.officer, URL)
    return made


def reported(url: str = URL, *whys: str) -> ReportedAccount:
    """With one citizen who wants to hear what came of it."""
    row = things.reported(url, *whys)
    FakeReport.objects.filter(reported=row).update(mail=CITIZEN)
    return row


def take(row: ReportedAccount, name: str, by: object, **given: object) -> ReportedAccount:
    given = {"note": "理由", **given}
    taken: ReportedAccount = reported_workflow.take(row, name, by=by, **given)  # type: ignore[arg-type]
    return taken


def heard() -> list[str]:
    """What the citizen was written, by the notices' names."""
    keys = OutgoingMail.objects.filter(address=CITIZEN).values_list("key", flat=True)
    return [key.split()[0] for key in keys.order_by("pk")]


def publish(cast: Cast, incident: Incident) -> Fake:
    return things.accused(incident, cast.officer, cast.head, cast.pr_officer, cast.pr_second)


# --- What the citizen hears -----------------------------------------------------------------------------


def test_joined_after_it_was_published_he_hears_of_the_notice_at_once_and_never_the_contrary(
    cast: Cast, incident: Incident
) -> None:
    row = reported()
    notice = publish(cast, incident).notice
    assert notice is not None
    assert heard() == []

    take(row, "join", cast.pr_officer, incident=incident)

    assert heard() == ["incidents/report_published"]
    assert notice.get_absolute_url() in OutgoingMail.objects.get(address=CITIZEN).body
    FakeReport.objects.create(reported=row, why="後から", mail=CITIZEN, form="later")
    for step in incident.steps.filter(state="open"):
        things.does(incident, step.key, cast.head if step.who == "head" else cast.pr_officer)
    things.moved(incident, "end", cast.head)
    assert heard() == ["incidents/report_published", "incidents/report_published"]


def test_where_it_is_over_without_a_notice_he_hears_that_there_is_none(
    cast: Cast, incident: Incident
) -> None:
    take(reported(), "join", cast.pr_officer, incident=incident)
    things.moved(incident, "cancel", cast.head)

    assert heard() == ["incidents/report_settled"]
    assert FakeReport.objects.get().mail == ""


def test_once_the_mail_has_gone_nobody_knows_to_whom(cast: Cast) -> None:
    take(reported(), "close", cast.pr_officer)
    assert heard() == ["incidents/report_closed"]
    to_staff = set(OutgoingMail.objects.exclude(address=CITIZEN).values_list("address", flat=True))

    mail.deliver_due()

    for field in ("address", "key", "subject", "body", "last_error"):
        assert not OutgoingMail.objects.filter(**{f"{field}__contains": CITIZEN}).exists()
    assert OutgoingMail.objects.filter(state="sent", address=NO_ADDRESS).count() == 1
    kept = OutgoingMail.objects.exclude(address=NO_ADDRESS).values_list("address", flat=True)
    assert set(kept) == to_staff


# --- The steps ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["join", "close", "wait"])
def test_nobody_but_the_pr_division_settles_it(cast: Cast, incident: Incident, name: str) -> None:
    row = reported()
    if name == "wait":
        row = take(row, "close", cast.pr_officer)

    for person in (cast.officer, cast.head, cast.deputy, cast.auditor, cast.stranger):
        with pytest.raises(PermissionDenied):
            take(row, name, person, incident=incident)


@pytest.mark.parametrize("name", ["close", "wait"])
def test_it_is_closed_and_opened_again_for_a_reason(cast: Cast, name: str) -> None:
    row = reported()
    if name == "wait":
        row = take(row, "close", cast.pr_officer)

    with pytest.raises(StepNotMet, match="を入力してください。"):
        take(row, name, cast.pr_officer, note=" ")


def test_it_becomes_part_of_a_case_of_that_kind_which_says_so(
    cast: Cast, incident: Incident, account: Account
) -> None:
    row = reported()
    with pytest.raises(StepNotMet, match="「なりすまし」の事案を選んでください。"):
        take(row, "join", cast.pr_officer, incident=things.incident(
            cast.officer, "flaming", account=account,
        ))  # fmt: skip

    row = take(row, "join", cast.pr_officer, incident=incident)

    assert (row.incident, row.settled_by, row.state) == (incident, cast.pr_officer, "incident")
    assert incident.entries.filter(text=f"市民からの通報(1件)をまとめた:{row}").count() == 1


def test_it_becomes_part_of_no_case_that_ended_meanwhile(cast: Cast, incident: Incident) -> None:
    things.moved(incident, "cancel", cast.head)

    with pytest.raises(StepNotMet, match="もう終わっています。"):
        take(reported(), "join", cast.pr_officer, incident=incident)


@pytest.mark.parametrize("name", ["close", "join"])
def test_taken_up_again_it_waits_as_if_nobody_had_looked(
    cast: Cast, incident: Incident, name: str
) -> None:
    row = take(reported(), name, cast.pr_officer, incident=incident)

    row = take(row, "wait", cast.pr_second)

    assert (row.state, row.incident, row.reason, row.settled_by, row.settled_at) == (
        "waiting", None, "", None, None,
    )  # fmt: skip
    again = take(row, "close", cast.pr_second)
    assert again.reason == "理由"
    # Whoever heard once hears no second time.
    assert len(heard()) == 1


def test_who_comes_second_is_told(cast: Cast) -> None:
    row = reported()
    take(row, "close", cast.pr_officer)

    with pytest.raises(StepOvertaken, match="すでに「対応しない」"):
        take(row, "close", cast.pr_second)


# --- The pages ------------------------------------------------------------------------------------------


def joined(client: Client, row: ReportedAccount, account: Account, **given: object) -> int:
    body = {"account": account.pk, "severity": "minor", "known": "偽物", "revision": 0, **given}
    url = reverse("incidents:reported_step", args=[row.pk, "join"])
    return int(client.post(url, body).status_code)


def test_two_accounts_reported_in_the_same_words_become_two_cases(
    client: Client, cast: Cast, account: Account
) -> None:
    client.force_login(cast.pr_officer)
    first, second = reported(), reported("https://x.com/shinshiro_atar2")
    for row in (first, second):
        assert joined(client, row, account) == 302

    for row in (first, second):
        row.refresh_from_db()
        assert row.incident is not None
        assert row.incident.fake.identity == row.identity
    assert first.incident != second.incident


def test_pressed_twice_there_is_one_case(client: Client, cast: Cast, account: Account) -> None:
    client.force_login(cast.pr_officer)
    row = reported()

    assert [joined(client, row, account), joined(client, row, account)] == [302, 409]
    assert Incident.objects.count() == 1


def test_an_account_of_the_city_in_preparation_becomes_no_case_and_the_text_stays(
    client: Client, cast: Cast, account: Account
) -> None:
    factories.account(cast.safety, "shinshiro_atari", url=URL)
    client.force_login(cast.pr_officer)
    url = reverse("incidents:reported_step", args=[reported().pk, "join"])

    answer = client.post(url, {"account": account.pk, "severity": "minor", "known": "残る文"})

    page = answer.content.decode()
    assert (answer.status_code, "これは、市のX" in page, "残る文" in page) == (409, True, True)
    assert not Incident.objects.exists()


def test_the_citizens_address_is_for_those_who_answer_alone(client: Client, cast: Cast) -> None:
    url = reported().get_absolute_url()
    shown = {}
    for name in ("pr_officer", "auditor"):
        client.force_login(getattr(cast, name))
        shown[name] = CITIZEN in client.get(url).content.decode()

    assert shown == {"pr_officer": True, "auditor": False}


def test_pages_ask_as_much_for_three_as_for_one(
    client: Client, cast: Cast, incident: Incident
) -> None:
    client.force_login(cast.pr_officer)
    take(reported("https://x.com/joined_1", "一"), "join", cast.pr_officer, incident=incident)
    things.does(incident, "takedown", cast.officer)
    row = reported()
    take(take(row, "close", cast.pr_officer), "wait", cast.pr_officer)
    factories.official(cast.tourism, handle="shinshir0_atari")
    pages = (
        reverse("incidents:reported_list"), row.get_absolute_url(), incident.get_absolute_url(),
        f"{incident.get_absolute_url()}fake/",
    )  # fmt: skip

    def asked(page: str) -> int:
        client.get(page)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(page).status_code == 200
        return len(queries)

    before = [asked(page) for page in pages]
    for number in (2, 3):
        other = reported(f"https://x.com/joined_{number}", "一", "二")
        take(other, "join", cast.pr_officer, incident=incident)
        reported(f"https://x.com/waiting_{number}")
        FakeReport.objects.create(reported=row, why="また", form=f"more {number}")
        take(take(row, "close", cast.pr_officer), "wait", cast.pr_officer)
        factories.official(cast.tourism, handle=f"shinshir0_ata{number}")
        Fake.objects.get().history.create(**_history(incident))
    assert [asked(page) for page in pages] == before


def _history(incident: Incident) -> dict[str, object]:
    row = Fake.objects.get(incident=incident).history.first()
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name != "history_id"
    } | {"step": "review"}


# --- The term -------------------------------------------------------------------------------------------


def test_after_its_term_no_words_and_no_address_are_left_and_nobody_is_written_to(
    cast: Cast, incident: Incident
) -> None:
    rows = {
        "incident": reported("https://x.com/r_1"), "closed": reported("https://x.com/r_2"),
        "again": reported("https://x.com/r_3"), "waiting": reported("https://x.com/r_4"),
    }  # fmt: skip
    take(rows["closed"], "close", cast.pr_officer)
    take(take(rows["again"], "close", cast.pr_officer), "wait", cast.pr_officer)
    case = things.incident(cast.officer, "impersonation", account=incident.account, known="古い")
    take(rows["incident"], "join", cast.pr_officer, incident=case)
    before = timezone.localdate() + datetime.timedelta(days=1)
    [term] = [each for each in TERMS if each.name == "fake_reports"]

    assert term.carry_out(before) == 2

    said = {row.reported.pk: (row.why, row.mail) for row in FakeReport.objects.all()}
    assert said[rows["incident"].pk] == said[rows["closed"].pk] == (ERASED, "")
    assert said[rows["waiting"].pk] == ("市の名前で届いた", CITIZEN)
    assert ReportedAccount.objects.get(pk=rows["closed"].pk).reason == ERASED
    assert term.carry_out(before) == 0
    OutgoingMail.objects.all().delete()
    things.moved(case, "cancel", cast.head)
    assert not OutgoingMail.objects.filter(recipient=None).exists()
    # What is erased can be taken up again all the same.
    take(ReportedAccount.objects.get(pk=rows["closed"].pk), "wait", cast.pr_officer)


def test_after_its_term_a_case_keeps_its_fake_in_every_state_without_its_words(
    cast: Cast, account: Account
) -> None:
    states = ("dismissed", "public", "withdrawn", "lifted")
    with time_machine.travel(timezone.now()) as clock:
        for state in states:
            case = things.incident(cast.officer, "impersonation", account=account, known=state)
            things.identified(case, cast.officer, f"https://x.com/{state}", name="だれかの名前")
            things.does(case, "takedown", cast.officer)
            if state == "dismissed":
                things.moved(case, "cancel", cast.head)
                continue
            fake = publish(cast, case)
            if state == "withdrawn":
                _taken(fake, "withdraw", cast, title="訂正", body="誤りでした。")
            if state == "lifted":
                fake = _taken(fake, "review", cast, is_gone=True)
                clock.shift(datetime.timedelta(days=31))
                _taken(fake, "lift", cast)
            for step in case.steps.filter(state="open"):
                things.does(case, step.key, cast.pr_officer)
            things.moved(case, "end", cast.head)
    [term] = [each for each in TERMS if each.name == "incident_texts"]
    before = timezone.localdate() + datetime.timedelta(days=60)

    assert term.carry_out(before) == 4

    assert set(Fake.objects.values_list("state", flat=True)) == set(states)
    for table in (Fake.objects, Fake.history):
        assert set(table.values_list("name", flat=True)) == {ERASED}  # type: ignore[attr-defined]
    for table in (TakedownRequest.objects, TakedownRequest.history):
        assert set(table.values_list("demanded", flat=True)) == {ERASED}  # type: ignore[attr-defined]
    reasons = Fake.history.exclude(step="").values_list("history_change_reason", flat=True)  # type: ignore[attr-defined]
    assert "だれかのこと" not in set(reasons)
    assert term.carry_out(before) == 0


def _taken(fake: Fake, name: str, cast: Cast, **given: object) -> Fake:
    from incidents.accusing import fake_workflow  # noqa: PLC0415

    taken: Fake = fake_workflow.take(
        fake, name, by=cast.pr_officer, note="だれかのこと", **given
    )  # fmt: skip
    return taken

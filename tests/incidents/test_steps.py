"""The steps of an incident: done, waived, open again, by whose they are; and its end."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from incidents.kinds import KINDS
from incidents.models import Incident, IncidentStep
from incidents.turns import whose_turn
from incidents.workflow import PARTIES, step_workflow
from shinshiro_sns.models import OutgoingMail
from shinshiro_sns.steps import StepNotMet, StepOvertaken
from tests import factories
from tests.conftest import Cast
from tests.incidents import things

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def account(cast: Cast) -> Account:
    return factories.official(cast.tourism)


@pytest.fixture
def incident(cast: Cast, account: Account) -> Incident:
    return things.incident(cast.officer, "impersonation", account=account)


def minute(at: datetime.datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


def page_of(step: IncidentStep, act: str = "do") -> str:
    return reverse("incidents:step_act", args=[step.incident_id, step.pk, act])


def typed(step: IncidentStep, **more: Any) -> dict[str, Any]:
    return {
        "revision": step.revision, "happened_at": minute(timezone.now()), "words": "保存した",
        "url": "", **more,
    }  # fmt: skip


# --- Whose they are ------------------------------------------------------------------------------

MAY = {
    # what: who of officer, head, deputy (in the head's absence), PR, officer of another department,
    # its head, auditor, administrator, somebody without a place
    ("officer", "do"): "officer head deputy pr_officer",
    ("officer", "waive"): "head pr_officer",
    ("head", "do"): "head deputy",
    ("head", "waive"): "head deputy pr_officer",
    ("pr", "do"): "pr_officer",
    ("pr", "waive"): "pr_officer",
    ("second", "do"): "pr_officer",
    ("second", "waive"): "pr_officer",
}
EVERYBODY = (
    "officer", "head", "deputy", "pr_officer", "partner_officer", "partner_head", "auditor",
    "administrator", "stranger",
)  # fmt: skip
STEPS = [(kind.key, step.key) for kind in KINDS.values() for step in kind.steps]


@pytest.mark.parametrize(("kind", "key"), STEPS)
def test_each_step_is_taken_by_whose_it_is_and_by_nobody_else(
    cast: Cast, account: Account, kind: str, key: str
) -> None:
    incident = things.incident(cast.officer, kind, account=account)
    factories.absence(cast.tourism, cast.head)
    row = things.step(incident, key)
    if row.not_by:
        things.does(incident, row.not_by, cast.pr_second)
    if (kind, key) == ("impersonation", "site"):
        things.to_be_public(incident, cast.officer, cast.head, cast.pr_officer, cast.pr_second)
    able: dict[str, set[str]] = {"do": set(), "waive": set()}
    for act, people in able.items():
        for who in EVERYBODY:
            try:
                with transaction.atomic():
                    things.does(incident, key, getattr(cast, who), act)
                    transaction.set_rollback(True)
            except PermissionDenied:
                continue
            people.add(who)

    assert able == {act: set(MAY[row.who, act].split()) for act in able}


def test_every_party_of_the_plan_has_its_lines() -> None:
    acts = {"do", "waive", "undo"}
    names = {f"{act}_{party.name}" for act in acts for party in PARTIES}

    assert set(step_workflow.steps) == {*names, "drop"}
    assert {party.who for party in PARTIES} == set(IncidentStep.Who)


def test_a_line_of_other_people_takes_nothing(cast: Cast, incident: Incident) -> None:
    with pytest.raises(StepOvertaken):
        step_workflow.take(things.step(incident, "report"), "do_officer", by=cast.officer)

    assert things.step(incident, "report").is_open


# --- Done ----------------------------------------------------------------------------------------


def test_it_is_kept_who_did_it_when_it_happened_and_when_it_was_recorded(
    client: Client, cast: Cast, incident: Incident
) -> None:
    step = things.step(incident, "evidence")
    client.force_login(cast.officer)
    happened = timezone.now().replace(second=0, microsecond=0) - 5 * MINUTE

    client.post(page_of(step), typed(step, happened_at=minute(happened), url="https://x.com/a/1"))

    done = things.step(incident, "evidence")
    assert (done.state, done.happened_at, done.settled_by, done.words, done.url) == (
        "done", happened, cast.officer, "保存した", "https://x.com/a/1",
    )  # fmt: skip
    assert done.settled_at is not None
    assert done.settled_at > happened
    entry = incident.entries.get(step=done)
    assert (entry.kind, entry.happened_at, entry.text) == (
        "step", happened, "「証拠を保存する」を済みにした。保存した",
    )  # fmt: skip
    assert done.history.latest().step == "do_officer"


@pytest.mark.parametrize(
    ("shift", "sentence"),
    [
        (-30 * MINUTE, "より前の日時は入力できません。"),
        (5 * MINUTE, "未来の日時は入力できません。"),
    ],
)
def test_time_does_not_run_backwards_nor_ahead(
    client: Client, cast: Cast, incident: Incident, shift: datetime.timedelta, sentence: str
) -> None:
    step = things.step(incident, "evidence")
    at = timezone.now() + shift
    client.force_login(cast.officer)

    answer = client.post(page_of(step), typed(step, happened_at=minute(at), words="長い文"))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["happened_at"])
    assert (sentence in answer.content.decode(), "長い文" in answer.content.decode()) == (
        True,
        True,
    )
    with pytest.raises(StepNotMet, match=sentence):
        things.does(incident, "evidence", cast.officer, happened_at=at)
    assert things.step(incident, "evidence").is_open


def test_the_database_holds_no_step_settled_by_nobody_or_ahead_of_time(
    cast: Cast, incident: Incident
) -> None:
    rows = IncidentStep.objects.filter(incident=incident, key="evidence")
    now = timezone.now()
    for values in (
        {"state": "done"},
        {"state": "done", "settled_by": cast.officer, "settled_at": now,
         "happened_at": now + MINUTE},
        {"state": "waived", "settled_by": cast.officer, "settled_at": now, "happened_at": now},
        {"happened_at": now},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)


def test_whose_turn_comes_next_hears_of_it_and_nobody_hears_of_his_own(
    cast: Cast, account: Account
) -> None:
    incident = things.incident(cast.officer, "other", account=account)
    OutgoingMail.objects.all().delete()

    things.does(incident, "confirm", cast.officer)
    assert [mail.recipient for mail in OutgoingMail.objects.all()] == [cast.head]
    things.does(incident, "decide", cast.head)
    turn = OutgoingMail.objects.filter(subject__contains="決めた対応を行う")
    assert {mail.recipient for mail in turn} == {cast.officer, cast.colleague}


def test_of_what_is_open_the_first_is_next_unless_another_presses(
    cast: Cast, incident: Incident
) -> None:
    def at(hours: float) -> str:
        later = incident.discovered_at + datetime.timedelta(hours=hours)
        found = whose_turn(incident.steps.all(), later)
        assert found is not None
        return found.key

    assert at(0) == "evidence"
    things.does(incident, "evidence", cast.officer)
    things.does(incident, "report", cast.head, happened_at=incident.discovered_at + MINUTE)
    things.does(incident, "check", cast.pr_officer)
    things.does(incident, "second", cast.pr_second)
    # The request is the first in order; the notices have two hours, the request a working day.
    assert at(0) == "takedown"
    assert at(1.9) == "site"


# --- Waived, open again --------------------------------------------------------------------------


def test_a_step_is_waived_for_a_reason_that_the_log_repeats(
    client: Client, cast: Cast, incident: Incident
) -> None:
    step = things.step(incident, "evidence")
    client.force_login(cast.head)
    without = client.post(page_of(step, "waive"), {"revision": step.revision, "note": " "})
    client.post(page_of(step, "waive"), {"revision": step.revision, "note": "消えていたため"})

    waived = things.step(incident, "evidence")
    assert (without.status_code, waived.state, waived.words) == (422, "waived", "消えていたため")
    assert "理由:消えていたため" in incident.entries.get(step=waived).text


def test_what_was_recorded_stays_in_the_log_when_a_step_is_open_again(
    cast: Cast, incident: Incident
) -> None:
    things.does(incident, "evidence", cast.officer, words="一枚だけ")
    things.does(incident, "evidence", cast.colleague, "undo", note="もう一枚要るため")

    step = things.step(incident, "evidence")
    assert (step.state, step.words, step.settled_by) == ("open", "", None)
    assert [e.text for e in incident.entries.filter(step=step)] == [
        "「証拠を保存する」を済みにした。一枚だけ",
        "「証拠を保存する」を「済」から未了に戻した。理由:もう一枚要るため",
    ]


def test_of_a_closed_account_a_post_is_waived_with_that_reason_and_the_incident_goes_on(
    client: Client, cast: Cast, incident: Incident
) -> None:
    Account.objects.update(status=Account.Status.CLOSED)
    client.force_login(cast.head)
    page = client.get(incident.get_absolute_url()).content.decode()
    proposed = {
        key: client.get(page_of(things.step(incident, key), "waive"))
        .context["form"]["note"]
        .value()
        for key in ("account", "takedown")
    }

    assert "このアカウントは廃止されました" in page
    assert proposed == {"account": "アカウントを廃止したため、投稿できません。", "takedown": None}
    assert things.does(incident, "takedown", cast.officer).state == "done"


# --- The end -------------------------------------------------------------------------------------


def test_an_incident_with_open_steps_does_not_end_and_says_which_they_are(
    client: Client, cast: Cast
) -> None:
    incident = things.incident(cast.officer, "other", department=cast.tourism)
    things.does(incident, "confirm", cast.officer)
    url = reverse("incidents:incident_step", args=[incident.pk, "end"])
    client.force_login(cast.head)

    answer = client.post(url, {"revision": incident.revision, "learnt": "書きかけの教訓"})

    assert answer.status_code == 409
    html = answer.content.decode()
    assert [
        f"手順「{label}」が終わっていません({who})。" in html
        for label, who in (
            ("どう対応するか決める", "所属の長"),
            ("決めた対応を行う", "担当者"),
            ("再発防止を決める", "所属の長"),
        )
    ] == [True] * 3
    assert ("事実を確かめる」が終わって" in html, "書きかけの教訓" in html) == (False, True)
    assert Incident.objects.get(pk=incident.pk).is_running


def test_an_optional_step_holds_nothing_open(cast: Cast, account: Account) -> None:
    incident = things.incident(cast.officer, "error", account=account)
    for step in incident.steps.filter(is_required=True):
        things.does(incident, step.key, cast.head)

    assert things.moved(incident, "end", cast.head).state == "ended"
    assert things.step(incident, "original").is_open


def test_it_ends_with_what_was_learnt_and_goes_on_for_a_reason(cast: Cast) -> None:
    incident = things.ready(cast.officer, cast.head, department=cast.tourism)
    with pytest.raises(StepNotMet, match="「分かったこと・教訓」を入力してください。"):
        things.moved(incident, "end", cast.head, learnt=" ")

    ended = things.moved(
        incident, "end", cast.head, learnt="確認が一人だった", changes_that_follow="二人で見る"
    )
    assert (ended.state, ended.ended_by, ended.learnt, ended.changes_that_follow) == (
        "ended", cast.head, "確認が一人だった", "二人で見る",
    )  # fmt: skip
    with pytest.raises(StepNotMet, match="「終結」の事案の手順は変えられません。"):
        things.does(incident, "confirm", cast.officer, "undo")
    with pytest.raises(StepNotMet, match="「再開する理由」を入力してください。"):
        things.moved(incident, "reopen", cast.head, note="")

    again = things.moved(incident, "reopen", cast.head, note="また起きた")
    assert (again.state, again.ended_by, again.ended_at) == ("running", None, None)
    assert "事案を再開した。理由:また起きた" in incident.entries.values_list("text", flat=True)


def test_one_opened_by_mistake_is_cancelled_for_a_reason_and_kept(cast: Cast) -> None:
    incident = things.incident(cast.officer, department=cast.tourism)
    with pytest.raises(PermissionDenied):
        things.moved(incident, "cancel", cast.officer)

    assert things.moved(incident, "cancel", cast.head, note="見間違い").state == "cancelled"
    assert Incident.objects.get().entries.filter(text__contains="見間違い").exists()


def test_who_takes_it_on_is_named_on_the_page(
    client: Client, cast: Cast, incident: Incident
) -> None:
    things.moved(incident, "take_on", cast.colleague)
    client.force_login(cast.officer)

    assert client.get(incident.get_absolute_url()).context["incident"].lead == cast.colleague


def test_everything_done_to_an_incident_is_in_its_log(cast: Cast) -> None:
    incident = things.ended(cast.officer, cast.head, department=cast.tourism)

    assert [e.kind for e in incident.entries.all()] == ["state", *["step"] * 4, "state"]
    assert incident.history.latest().step == "end"

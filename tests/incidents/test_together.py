"""Two people on one incident at once: both texts survive, and the second is told."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from incidents import facts, settling
from incidents.models import Incident, IncidentEntry
from incidents.workflow import line_for
from tests import factories
from tests.conftest import Cast
from tests.incidents import things


@pytest.fixture
def account(cast: Cast) -> Account:
    return factories.official(cast.tourism)


@pytest.fixture
def incident(cast: Cast, account: Account) -> Incident:
    return things.incident(cast.officer, "flaming", account=account)


def minute() -> str:
    return timezone.localtime().strftime("%Y-%m-%dT%H:%M")


def texts(incident: Incident) -> list[str]:
    return list(incident.entries.values_list("text", flat=True))


# --- A step ----------------------------------------------------------------------------------------


def test_who_comes_second_to_a_step_is_told_and_his_text_is_kept(
    client: Client, cast: Cast, incident: Incident
) -> None:
    step = things.step(incident, "hold")
    things.does(incident, "hold", cast.colleague, words="口頭で伝えた")
    client.force_login(cast.officer)

    answer = client.post(
        reverse("incidents:step_act", args=[incident.pk, step.pk, "do"]),
        {
            "revision": step.revision, "happened_at": minute(), "words": "メールで伝えた",
            "url": "https://x.com/a/1",
        },
        follow=True,
    )  # fmt: skip

    assert "観光 同僚さんが先に、この手順を「済」にしていました。" in answer.content.decode()
    done = things.step(incident, "hold")
    assert (done.words, done.settled_by) == ("口頭で伝えた", cast.colleague)
    kept = incident.entries.get(text__contains="メールで伝えた")
    assert (kept.recorded_by, kept.url, kept.step) == (cast.officer, "https://x.com/a/1", done)


def test_the_same_thing_sent_twice_is_done_and_logged_once(
    client: Client, cast: Cast, incident: Incident
) -> None:
    step = things.step(incident, "hold")
    sent = {"revision": step.revision, "happened_at": minute(), "words": "伝えた", "url": ""}
    client.force_login(cast.officer)

    for _ in range(2):
        client.post(reverse("incidents:step_act", args=[incident.pk, step.pk, "do"]), sent)

    assert [text for text in texts(incident) if "伝えた" in text] == [
        "「個人で答えないことを全員に伝える」を済みにした。伝えた"
    ]


def test_a_reason_to_waive_what_was_done_meanwhile_is_kept_too(
    cast: Cast, incident: Incident
) -> None:
    step = things.step(incident, "record")
    things.does(incident, "record", cast.officer)
    line = line_for("waive", step, cast.head)
    outcome = settling.settle(step, line, cast.head, seen=step.revision, note="要らないと思った")

    assert "先に、この手順を「済」にしていました。" in outcome.overtaken_by
    assert any("要らないと思った" in text for text in texts(incident))


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_at_the_very_same_moment_one_does_it_and_the_other_ones_text_is_kept(cast: Cast) -> None:
    incident = things.incident(cast.officer, "flaming", account=factories.official(cast.tourism))
    step = things.step(incident, "hold")
    start = threading.Barrier(2)

    def act(who: Any, words: str) -> None:
        try:
            row = things.step(incident, "hold")
            line = line_for("do", row, who)
            start.wait(10)
            settling.settle(
                row, line, who, seen=step.revision, happened_at=timezone.now(), words=words
            )
        finally:
            connection.close()

    threads = [
        threading.Thread(target=act, args=pair)
        for pair in ((cast.officer, "一人目の文"), (cast.colleague, "二人目の文"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    together = "\n".join(texts(incident))
    assert ("一人目の文" in together, "二人目の文" in together) == (True, True)
    assert IncidentEntry.objects.filter(text__contains="を済みにした").count() == 1


# --- Facts -----------------------------------------------------------------------------------------


def typed(incident: Incident, seal: str, **more: Any) -> dict[str, Any]:
    return {
        "title": incident.title, "known": incident.known, "account": incident.account_id,
        "service": incident.service, "severity": incident.severity, "discovered_how": "",
        "discovered_at": timezone.localtime(incident.discovered_at).strftime("%Y-%m-%dT%H:%M"),
        "seen": seal, **more,
    }  # fmt: skip


def test_what_only_one_changed_is_merged(client: Client, cast: Cast, incident: Incident) -> None:
    url, seal = reverse("incidents:facts", args=[incident.pk]), facts.seal(incident)
    client.force_login(cast.colleague)
    client.post(url, typed(incident, seal, severity="grave"))
    client.force_login(cast.officer)
    answer = client.post(url, typed(incident, seal, known="返信が300件"))

    now = Incident.objects.get(pk=incident.pk)
    assert answer.status_code == 302
    assert (now.known, now.severity, now.revision) == ("返信が300件", "grave", 2)
    log = [text for text in texts(incident) if text.startswith("内容を直した。")]
    assert log == [
        "内容を直した。\n重さ:中 → 重大",
        "内容を直した。\n分かっていること:分かっていること → 返信が300件",
    ]


def test_what_both_changed_is_shown_side_by_side_and_the_second_text_stays_in_the_form(
    client: Client, cast: Cast, incident: Incident
) -> None:
    url, seal = reverse("incidents:facts", args=[incident.pk]), facts.seal(incident)
    client.force_login(cast.colleague)
    client.post(url, typed(incident, seal, known="同僚の文"))
    client.force_login(cast.officer)
    answer = client.post(url, typed(incident, seal, known="担当の文", title="新しい件名"))

    assert answer.status_code == 409
    [clash] = answer.context["clashes"]
    assert (clash.label, clash.before, clash.after) == ("分かっていること", "同僚の文", "担当の文")
    assert answer.context["form"]["known"].value() == "担当の文"
    assert Incident.objects.get(pk=incident.pk).title == incident.title
    again = client.post(
        url, typed(incident, answer.context["seal"], known="担当の文", title="新しい件名")
    )
    assert again.status_code == 302
    assert Incident.objects.get(pk=incident.pk).known == "担当の文"


@pytest.mark.parametrize("seal", ["", "x", "bm90:ours"])
def test_without_a_seal_of_ours_whatever_differs_is_a_clash(
    client: Client, cast: Cast, incident: Incident, seal: str
) -> None:
    client.force_login(cast.officer)
    answer = client.post(
        reverse("incidents:facts", args=[incident.pk]), typed(incident, seal, known="別の文")
    )

    assert answer.status_code == 409
    assert Incident.objects.get(pk=incident.pk).known == incident.known


def test_the_discovery_is_put_right_with_its_clocks_but_never_past_what_was_done(
    client: Client, cast: Cast, incident: Incident
) -> None:
    url = reverse("incidents:facts", args=[incident.pk])
    earlier = timezone.localtime(incident.discovered_at).replace(second=0, microsecond=0)
    earlier -= things.AGO
    before = things.step(incident, "record").due_at
    client.force_login(cast.officer)

    client.post(
        url, typed(incident, facts.seal(incident),
                   discovered_at=earlier.strftime("%Y-%m-%dT%H:%M"))
    )  # fmt: skip
    now = Incident.objects.get(pk=incident.pk)
    due = things.step(incident, "record").due_at
    assert (now.discovered_at, due < before) == (earlier, True)

    things.does(incident, "hold", cast.officer, happened_at=earlier)
    later = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    answer = client.post(url, typed(now, facts.seal(now), discovered_at=later))
    assert answer.status_code == 422
    assert "手順「個人で答えないことを全員に伝える」を行ったことになります" in (
        answer.content.decode()
    )


# --- The log ---------------------------------------------------------------------------------------


def test_a_line_of_the_log_is_put_right_by_another_and_both_stay(
    client: Client, cast: Cast, incident: Incident
) -> None:
    client.force_login(cast.officer)
    client.post(
        reverse("incidents:entry", args=[incident.pk]),
        {"kind": "contact", "happened_at": minute(), "text": "電話が10件", "url": ""},
    )
    wrong = incident.entries.get(kind="contact")
    url = reverse("incidents:correct_entry", args=[incident.pk, wrong.pk])
    client.post(url, {"text": "電話が100件"})

    page = client.get(incident.get_absolute_url()).content.decode()
    assert ("<del>電話が10件</del>" in page, "電話が100件" in page) == (True, True)
    assert client.get(url).status_code == 404
    assert incident.entries.get(corrects=wrong).kind == "contact"


def test_what_the_portal_wrote_itself_is_nobodys_to_correct(
    client: Client, cast: Cast, incident: Incident
) -> None:
    client.force_login(cast.officer)
    written = incident.entries.get(kind="state")

    url = reverse("incidents:correct_entry", args=[incident.pk, written.pk])
    assert client.get(url).status_code == 404


def test_a_line_sent_twice_is_one(client: Client, cast: Cast, incident: Incident) -> None:
    client.force_login(cast.officer)
    sent = {"kind": "note", "happened_at": minute(), "text": "一度だけ", "url": ""}
    for _ in range(2):
        client.post(reverse("incidents:entry", args=[incident.pk]), sent)

    assert texts(incident).count("一度だけ") == 1


def test_a_line_is_of_what_has_happened_since_the_discovery(
    client: Client, cast: Cast, incident: Incident
) -> None:
    client.force_login(cast.officer)
    for at in ("2020-01-01T00:00", "2100-01-01T00:00", ""):
        sent = {"kind": "note", "happened_at": at, "text": "消えない文", "url": ""}
        answer = client.post(reverse("incidents:entry", args=[incident.pk]), sent)
        assert (answer.status_code, "消えない文" in answer.content.decode()) == (422, True)

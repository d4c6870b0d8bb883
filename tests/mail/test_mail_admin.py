"""The outbox as the PR division, auditors and administrators see it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shinshiro_sns.models import OutgoingMail
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

Tell = Callable[..., OutgoingMail]
LIST = "admin:shinshiro_sns_outgoingmail_changelist"


@pytest.fixture
def mails(tell: Tell) -> dict[str, OutgoingMail]:
    """One mail in each state."""
    mails = {"waiting": tell(), "sent": tell(), "undeliverable": tell("gone@city.example")}
    for state, queued in mails.items():
        queued.state = state
    mails["sent"].sent_at = timezone.now()
    mails["undeliverable"].last_error = "この宛先には送れないと答えました(応答:550 gone)。"
    for queued in mails.values():
        queued.save()
    return mails


def resend(client: Client, *chosen: OutgoingMail) -> list[str]:
    """Choose the action for some mails; the messages it ended with."""
    data = {"action": "resend", "_selected_action": [mail.pk for mail in chosen]}
    response = client.post(reverse(LIST), data, follow=True)
    assert response.status_code == 200
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("who", ["pr_officer", "auditor", "administrator"])
def test_the_list_shows_states_and_reasons(
    client: Client, cast: Cast, mails: dict[str, OutgoingMail], who: str
) -> None:
    client.force_login(getattr(cast, who))
    page = client.get(reverse(LIST)).content.decode()
    for shown in ("送信待ち", "送信済み", "送信できません", "応答:550 gone", "gone@city.example"):
        assert shown in page


@pytest.mark.parametrize("state", ["waiting", "sent", "undeliverable"])
def test_a_mail_can_be_read_and_not_changed(
    client: Client, cast: Cast, mails: dict[str, OutgoingMail], state: str
) -> None:
    client.force_login(cast.administrator)
    address = reverse("admin:shinshiro_sns_outgoingmail_change", args=[mails[state].pk])
    page = client.get(address)
    assert "本文です。" in page.content.decode()
    assert "<textarea" not in page.content.decode()
    assert client.post(address, {"subject": "別の件名"}).status_code == 403
    assert client.get(reverse("admin:shinshiro_sns_outgoingmail_add")).status_code == 403
    delete = reverse("admin:shinshiro_sns_outgoingmail_delete", args=[mails[state].pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("who", ["pr_officer", "administrator"])
def test_an_undeliverable_mail_is_sent_again_on_the_record(
    client: Client, cast: Cast, mails: dict[str, OutgoingMail], who: str
) -> None:
    client.force_login(getattr(cast, who))
    said = resend(client, *mails.values())
    assert said == [
        "1件をもう一度送ります。",
        "2件は送り直せる状態ではないため、そのままにしました。",
    ]
    states = [OutgoingMail.objects.get(pk=queued.pk).state for queued in mails.values()]
    assert states == ["waiting", "sent", "waiting"]
    [entry] = LogEntry.objects.all()
    assert entry.user == getattr(cast, who)
    assert entry.object_id == str(mails["undeliverable"].pk)
    assert resend(client, mails["undeliverable"]) == [
        "1件は送り直せる状態ではないため、そのままにしました。"
    ]


def test_an_auditor_is_neither_offered_the_action_nor_allowed_it(
    client: Client, cast: Cast, mails: dict[str, OutgoingMail]
) -> None:
    client.force_login(cast.auditor)
    assert "もう一度送る" not in client.get(reverse(LIST)).content.decode()
    resend(client, mails["undeliverable"])
    assert OutgoingMail.objects.undeliverable().count() == 1
    assert LogEntry.objects.count() == 0


@pytest.mark.parametrize("who", ["officer", "head", "stranger"])
def test_others_do_not_see_the_outbox(client: Client, cast: Cast, who: str) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(reverse(LIST)).status_code in {302, 403}


def test_where_all_can_be_sent_again_nothing_else_is_said(
    client: Client, cast: Cast, mails: dict[str, OutgoingMail]
) -> None:
    client.force_login(cast.pr_officer)
    assert resend(client, mails["undeliverable"]) == ["1件をもう一度送ります。"]

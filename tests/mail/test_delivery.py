"""What happens to a queued mail at a real mail server, and to the others behind it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from shinshiro_sns import mail
from shinshiro_sns.mail import Tally, deliver_due
from shinshiro_sns.models import OutgoingMail
from tests.mail.conftest import MailServer, let_leases_and_pauses_pass

pytestmark = pytest.mark.django_db

Tell = Callable[..., OutgoingMail]


def states() -> list[str]:
    """The states of all mails in the order they were queued."""
    return list(OutgoingMail.objects.order_by("pk").values_list("state", flat=True))


def test_a_mail_arrives_as_it_was_written(
    mail_server: MailServer, tell: Tell, settings: Settings
) -> None:
    settings.DEFAULT_FROM_EMAIL = "新城市 広報①髙 <sns@city.example>"
    text = "①髙﨑～𠮷😀\n.\n.行の頭の点\nFrom 行の頭\n" + "長い行" * 400
    queued = tell("head@city.example", title="①髙﨑～𠮷😀 " + "長い件名" * 30, text=text)
    assert deliver_due() == Tally(sent=1)

    [arrived] = mail_server.accepted()
    assert b"\r\nSubject: =?utf-8?" in mail_server.accepted_bytes()[0]
    assert arrived["Subject"] == "①髙﨑～𠮷😀 " + "長い件名" * 30
    assert arrived.get_content().replace("\r\n", "\n") == queued.body
    assert text in queued.body
    assert arrived["To"] == "head@city.example"
    assert arrived["From"] == "新城市 広報①髙 <sns@city.example>"
    assert arrived["Message-ID"] == queued.message_id
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived.get_content_type() == "text/plain"
    assert arrived.get_content_charset() == "utf-8"
    sent_on = parsedate_to_datetime(arrived["Date"])
    assert sent_on == queued.queued_at.replace(microsecond=0)
    assert sent_on.utcoffset() == timedelta(hours=9)

    queued.refresh_from_db()
    assert queued.get_state_display() == "送信済み"
    assert queued.sent_at is not None
    assert (queued.attempts, queued.last_error) == (1, "")


def test_a_name_with_line_breaks_adds_no_header_and_no_recipient(
    mail_server: MailServer, tell: Tell
) -> None:
    tell("head@city.example", title="山田\r\nBcc: evil@example.com\r\n\r\n本文?")
    deliver_due()
    [arrived] = mail_server.accepted()
    assert arrived["Subject"] == "山田 Bcc: evil@example.com 本文?"
    assert arrived["Bcc"] is None
    mail_server.expect("QUIT")
    assert mail_server.history.count("RCPT") == 1


def test_nothing_due_does_not_trouble_the_mail_server(mail_server: MailServer) -> None:
    assert deliver_due() == Tally()
    assert mail_server.history == []


def test_a_batch_goes_over_one_connection_the_longest_waiting_first(
    mail_server: MailServer, tell: Tell
) -> None:
    queued = [tell() for _ in range(3)]
    assert deliver_due(limit=2) == Tally(sent=2)
    mail_server.expect("QUIT")
    assert mail_server.history.count("CONNECT") == 1
    assert mail_server.accepted_ids() == [mail.message_id for mail in queued[:2]]
    assert states() == ["sent", "sent", "waiting"]


def test_what_was_sent_is_not_sent_again(mail_server: MailServer, tell: Tell) -> None:
    tell()
    deliver_due()
    let_leases_and_pauses_pass()
    assert deliver_due() == Tally()
    assert len(mail_server.accepted()) == 1


def test_a_wish_to_stop_is_heard_between_two_mails(mail_server: MailServer, tell: Tell) -> None:
    for _ in range(3):
        tell()
    asked = iter([False, False, True])
    assert deliver_due(should_stop=lambda: next(asked)) == Tally(sent=2)
    assert states() == ["sent", "sent", "waiting"]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_delivered_within_a_transaction(mail_server: MailServer, tell: Tell) -> None:
    tell()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        deliver_due()
    assert mail_server.accepted() == []


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_another_took_in_the_meantime_is_left_to_him(
    mail_server: MailServer, tell: Tell
) -> None:
    tell()
    mail_server.order(stall_at={"CONNECT": 1})

    def take_it() -> None:
        mail_server.expect("CONNECT")
        OutgoingMail.objects.update(due_at=timezone.now() + mail.LEASE)
        connection.close()
        mail_server.go()

    other = threading.Thread(target=take_it)
    other.start()
    assert deliver_due() == Tally()
    other.join()
    assert mail_server.accepted() == []


# --- The mail server is away ---------------------------------------------------------------


def test_an_unreachable_server_costs_no_mail_an_attempt(
    mail_server: MailServer, tell: Tell, settings: Settings
) -> None:
    queued = [tell(), tell()]
    settings.EMAIL_PORT = 1
    assert deliver_due() == Tally(put_off=2, unreachable=True)
    for waiting in queued:
        waiting.refresh_from_db()
        assert (waiting.get_state_display(), waiting.attempts) == ("送信待ち", 0)
        assert waiting.last_error == "メールサーバーに接続できません。つながりしだい送ります。"
    settings.EMAIL_PORT = mail_server.port
    assert deliver_due() == Tally(sent=2)


def test_a_server_that_turns_the_portal_away_is_quoted(mail_server: MailServer, tell: Tell) -> None:
    queued = tell()
    mail_server.order(answers={"CONNECT": "554 no service for you"})
    assert deliver_due() == Tally(put_off=1, unreachable=True)
    queued.refresh_from_db()
    assert queued.last_error == (
        "メールサーバーが、このポータルからの送信を受け付けませんでした"
        "(応答:554 no service for you)。"
    )


# --- The mail server answers no ------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "state", "reason"),
    [
        (
            {"a@city.example": "550 5.1.1 no such user"},
            "undeliverable",
            "メールサーバーが、この宛先には送れないと答えました(応答:550 5.1.1 no such user)。",
        ),
        (
            {"a@city.example": "451 4.7.1 greylisted"},
            "waiting",
            "メールサーバーが、この宛先にはいま送れないと答えました(応答:451 4.7.1 greylisted)。",
        ),
        (
            {"DATA": "554 5.6.0 not here"},
            "undeliverable",
            "メールサーバーが、このメールを受け取りませんでした(応答:554 5.6.0 not here)。",
        ),
        (
            {"DATA": "452 4.3.1 disk full"},
            "waiting",
            "メールサーバーが、このメールを受け取りませんでした(応答:452 4.3.1 disk full)。",
        ),
        (
            # The sender is ours to repair: the mail is not to blame.
            {"MAIL": "553 5.7.1 sender rejected"},
            "waiting",
            "メールサーバーが、このポータルからの送信を受け付けませんでした"
            "(応答:553 5.7.1 sender rejected)。",
        ),
    ],
)
def test_a_refusal_is_final_only_for_this_recipient_or_text(
    mail_server: MailServer, tell: Tell, answers: dict[str, str], state: str, reason: str
) -> None:
    refused = tell("a@city.example")
    mail_server.order(answers=answers)
    deliver_due()
    refused.refresh_from_db()
    assert (refused.state, refused.attempts, refused.last_error) == (state, 1, reason)
    assert mail_server.accepted() == []


def test_one_refused_recipient_holds_up_nobody_else(mail_server: MailServer, tell: Tell) -> None:
    for name in ("first", "gone", "busy", "last"):
        tell(f"{name}@city.example")
    mail_server.order(answers={"gone@city.example": "550 gone", "busy@city.example": "450 busy"})
    assert deliver_due() == Tally(sent=2, undeliverable=1, retried=1)
    assert states() == ["sent", "undeliverable", "waiting", "sent"]
    mail_server.expect("QUIT")
    assert mail_server.history.count("CONNECT") == 1


def test_the_log_names_no_address(
    mail_server: MailServer, tell: Tell, caplog: pytest.LogCaptureFixture
) -> None:
    refused = tell("gone@city.example")
    mail_server.order(answers={"gone@city.example": "550 gone"})
    deliver_due()
    assert caplog.messages == [f"Mail {refused.pk} was not accepted: SMTPRecipientsRefused"]


@pytest.mark.parametrize("point", ["MAIL", "RCPT", "DATA", "ACCEPTED"])
def test_after_a_broken_connection_the_rest_goes_over_a_new_one(
    mail_server: MailServer, tell: Tell, point: str
) -> None:
    broken, whole = tell(), tell()
    # DATA: the server of these tests takes no text at all while it watches for that point.
    mail_server.order(drop_at={point: 1})
    first = deliver_due(limit=1)
    assert first == Tally(retried=1)
    broken.refresh_from_db()
    assert broken.last_error == "送信の途中で、メールサーバーからの応答が途絶えました。"
    mail_server.order()
    assert deliver_due() == Tally(sent=1)
    assert mail_server.accepted_ids()[-1] == whole.message_id


def test_a_break_within_a_batch_ends_neither_the_batch_nor_the_mail(
    mail_server: MailServer, tell: Tell
) -> None:
    for _ in range(3):
        tell()
    mail_server.order(drop_at={"RCPT": 2})
    assert deliver_due() == Tally(sent=2, retried=1)
    assert states() == ["sent", "waiting", "sent"]
    let_leases_and_pauses_pass()
    assert deliver_due() == Tally(sent=1)
    assert len(set(mail_server.accepted_ids())) == len(mail_server.accepted_ids()) == 3


def test_a_server_that_falls_silent_is_given_up_in_time(
    mail_server: MailServer, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell()
    monkeypatch.setattr(mail, "REPLY_SECONDS", 0.3)
    mail_server.order(stall_at={"RCPT": 1})
    assert deliver_due() == Tally(retried=1)


def test_a_lease_outlasts_all_answers_of_one_message() -> None:
    assert 5 * timedelta(seconds=mail.REPLY_SECONDS) < mail.LEASE

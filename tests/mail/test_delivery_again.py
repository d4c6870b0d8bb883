"""When a mail is tried again, when it is given up, and what a person can then do."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from shinshiro_sns import mail
from shinshiro_sns.mail import Tally, deliver_due
from shinshiro_sns.models import NO_ADDRESS, OutgoingMail
from tests.conftest import Cast
from tests.mail.conftest import MailServer, let_leases_and_pauses_pass

pytestmark = pytest.mark.django_db

Tell = Callable[..., OutgoingMail]


def states() -> list[str]:
    """The states of all mails in the order they were queued."""
    return list(OutgoingMail.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize(
    ("before", "minutes"), [(0, 1), (1, 2), (2, 4), (5, 32), (8, 256), (9, 360), (14, 360)]
)
def test_the_pause_doubles_from_a_minute_to_six_hours(
    mail_server: MailServer, tell: Tell, before: int, minutes: int
) -> None:
    put_off = tell("busy@city.example")
    OutgoingMail.objects.update(attempts=before)
    mail_server.order(answers={"busy@city.example": "450 busy"})
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        assert deliver_due() == Tally(retried=1)
    put_off.refresh_from_db()
    shortest = timedelta(minutes=minutes)
    assert shortest <= put_off.due_at - now <= shortest * 1.25


def test_after_two_days_of_trying_a_person_is_asked(mail_server: MailServer, tell: Tell) -> None:
    put_off = tell("busy@city.example")
    mail_server.order(answers={"busy@city.example": "450 busy"})
    began = put_off.queued_at
    with time_machine.travel(began, tick=False) as clock:
        while put_off.state == "waiting":
            clock.move_to(put_off.due_at + timedelta(seconds=1))
            deliver_due()
            put_off.refresh_from_db()
        assert timedelta(hours=42) < timezone.now() - began < timedelta(hours=56)
    assert put_off.get_state_display() == "送信できません"
    assert put_off.last_error == (
        "16回試しましたが、送れませんでした。"
        "メールサーバーが、この宛先にはいま送れないと答えました(応答:450 busy)。"
    )
    let_leases_and_pauses_pass()
    assert deliver_due() == Tally()


def test_a_mail_that_kills_whoever_sends_it_is_given_up_too(
    mail_server: MailServer, tell: Tell
) -> None:
    deadly = tell()
    OutgoingMail.objects.update(attempts=mail.MAX_ATTEMPTS)
    assert deliver_due() == Tally(undeliverable=1)
    deadly.refresh_from_db()
    assert deadly.last_error == "送信の途中で何度も停止しました。"
    assert mail_server.accepted() == []


@pytest.mark.parametrize(
    "address", ["a@@city.example", "a@city.example\nBcc: b@x.example", "a@x.example, b@x.example"]
)
def test_an_address_nobody_can_write_to_is_shown_to_a_person(
    mail_server: MailServer, tell: Tell, address: str
) -> None:
    wrong, right = tell(address), tell()
    assert deliver_due() == Tally(undeliverable=1, sent=1)
    wrong.refresh_from_db()
    assert wrong.last_error == (
        "メールとして組み立てられません。宛先のメールアドレスを確認してください。"
    )
    assert mail_server.accepted_ids() == [right.message_id]


def test_a_user_without_an_address_is_shown_to_a_person(
    mail_server: MailServer, cast: Cast
) -> None:
    cast.head.email = ""
    with transaction.atomic():
        queued = mail.queue(cast.head, "tests/told", {}, "1")
    assert queued is not None
    assert deliver_due() == Tally(undeliverable=1)
    queued.refresh_from_db()
    assert queued.last_error == "宛先のメールアドレスがありません。"


class Eccentric(BaseEmailBackend):
    """A way to send mail that fails as no other does, for the second mail."""

    calls = 0

    def send_messages(self, email_messages: Any) -> int:
        """One by one."""
        Eccentric.calls += 1
        if Eccentric.calls == 1:
            raise LookupError("nobody foresaw this")
        return len(email_messages)


def test_an_error_nobody_foresaw_holds_up_no_other_mail(tell: Tell, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "tests.mail.test_delivery_again.Eccentric"
    Eccentric.calls = 0
    strange = tell()
    tell()
    assert deliver_due() == Tally(retried=1, sent=1)
    strange.refresh_from_db()
    assert strange.last_error == (
        "送信中に予期しない誤りが起きました。システム管理者に知らせてください。"
    )


def test_the_embedded_default_writes_files(tell: Tell, settings: Settings, tmp_path: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    queued = [tell(text="髙橋①"), tell()]
    assert deliver_due() == Tally(sent=2)
    [file] = (tmp_path / "mail").iterdir()
    written = file.read_text(encoding="utf-8")
    ids = re.findall(r"^Message-ID: (.*)$", written, re.MULTILINE)
    assert ids == [queued_mail.message_id for queued_mail in queued]
    assert "髙橋①" in written


# --- Afterwards ----------------------------------------------------------------------------


def test_a_corrected_address_is_used_when_a_mail_is_sent_again(
    mail_server: MailServer, cast: Cast
) -> None:
    with transaction.atomic():
        queued = mail.queue(cast.head, "tests/told", {"title": "件名"}, "1")
    assert queued is not None
    mail_server.order(answers={cast.head.email: "550 no such user"})
    deliver_due()
    cast.head.email = "corrected@city.example"
    cast.head.save()
    queued = OutgoingMail.objects.get()
    assert mail.send_again(queued) is True
    queued.refresh_from_db()
    assert (queued.state, queued.attempts, queued.last_error) == ("waiting", 0, "")
    assert deliver_due() == Tally(sent=1)
    [arrived] = mail_server.accepted()
    assert arrived["To"] == "corrected@city.example"
    assert arrived["Message-ID"] == queued.message_id


def test_only_an_undeliverable_mail_is_sent_again(mail_server: MailServer, tell: Tell) -> None:
    sent = tell()
    deliver_due()
    waiting = tell()
    assert mail.send_again(sent) is False
    assert mail.send_again(waiting) is False
    assert states() == ["sent", "waiting"]


def test_old_texts_are_forgotten_but_not_that_they_were_sent(
    mail_server: MailServer, tell: Tell
) -> None:
    old, recent = tell(), tell()
    deliver_due()
    waiting = tell()
    long_ago = timezone.now() - timedelta(days=401)
    OutgoingMail.objects.filter(pk=old.pk).update(sent_at=long_ago)
    OutgoingMail.objects.filter(pk=waiting.pk).update(queued_at=long_ago)
    assert mail.forget_old_texts() == 1
    assert mail.forget_old_texts() == 0
    old.refresh_from_db()
    assert (old.subject, old.body) == ("(保存期間が過ぎたため消去しました)", "")
    assert (old.address, old.state, old.sent_at) == (old.address, "sent", long_ago)
    for kept in (recent, waiting):
        assert OutgoingMail.objects.get(pk=kept.pk).body == kept.body


# --- A citizen's address ------------------------------------------------------------------------------

CITIZEN = "incidents/report_closed"


def given_up(notice: str, days: int, address: str = "citizen@example.jp") -> OutgoingMail:
    """An undeliverable mail of this notice, given up so many days ago."""
    key = f"{notice} report {days} {address}"
    return OutgoingMail.objects.create(
        key=key, address=address, subject="件名", body="本文です。\n", message_id=f"<{key}>",
        state="undeliverable", last_error=f"送れないと答えました(応答:550 <{address}> unknown)。",
        due_at=timezone.now() - timedelta(days=days), attempts=1,
    )  # fmt: skip


def test_a_citizens_address_goes_by_itself_thirty_days_after_his_mail_was_given_up(
    mail_server: MailServer,
) -> None:
    kept, gone = given_up(CITIZEN, 29), given_up(CITIZEN, 31)
    of_staff = given_up("incidents/opened", 399, "staff@city.example")

    call_command("deliver_mail")

    for row in (kept, of_staff):
        now = OutgoingMail.objects.get(pk=row.pk)
        assert (now.address, now.key, now.last_error) == (row.address, row.key, row.last_error)
    gone.refresh_from_db()
    assert (gone.address, gone.key, gone.state) == (
        NO_ADDRESS, f"erased {gone.pk}", "undeliverable",
    )  # fmt: skip
    assert "citizen" not in f"{gone.last_error}{gone.subject}{gone.body}"


def test_what_was_given_up_is_counted_from_its_last_attempt(
    mail_server: MailServer, tell: Tell
) -> None:
    """However long it waited before: whoever mends our side can still send it again."""
    mail_server.order(answers={"a@b.example": "550 unknown"})
    row = tell("a@b.example")
    long_ago = timezone.now() - timedelta(days=100)
    OutgoingMail.objects.filter(pk=row.pk).update(
        key=f"{CITIZEN} report 1 a@b.example", queued_at=long_ago, due_at=long_ago
    )

    deliver_due()
    assert states() == ["undeliverable"]
    assert mail.forget_unreached() == 0
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert mail.forget_unreached() == 1
        assert mail.forget_unreached() == 0


def test_what_nobody_knows_to_whom_is_not_sent_again_and_asks_for_nobody(
    mail_server: MailServer,
) -> None:
    gone = given_up(CITIZEN, 31)
    assert list(OutgoingMail.objects.undeliverable()) == [gone]
    mail.forget_unreached()

    assert mail.send_again(OutgoingMail.objects.get(pk=gone.pk)) is False
    assert list(OutgoingMail.objects.undeliverable()) == []
    assert states() == ["undeliverable"]


def test_the_text_of_what_was_given_up_is_forgotten_like_what_was_sent() -> None:
    kept, old = given_up("incidents/opened", 399), given_up("incidents/opened", 401, "b@c.example")

    assert mail.forget_old_texts() == 1

    assert [OutgoingMail.objects.get(pk=row.pk).body for row in (kept, old)] == ["本文です。\n", ""]

"""`manage.py deliver_mail`, as whoever runs the portal meets it."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from shinshiro_sns.mail import Tally
from shinshiro_sns.management.commands.deliver_mail import watch
from shinshiro_sns.models import OutgoingMail
from tests.mail.conftest import Deliverer, MailServer

Start = Callable[..., Deliverer]
Tell = Callable[..., OutgoingMail]
Capture = pytest.CaptureFixture[str]


@pytest.mark.django_db
def test_it_delivers_what_is_due_and_says_so(
    mail_server: MailServer, tell: Tell, capsys: Capture
) -> None:
    for name in ("first", "gone", "busy", "last"):
        tell(f"{name}@city.example")
    mail_server.order(answers={"gone@city.example": "550 gone", "busy@city.example": "450 busy"})
    call_command("deliver_mail")
    out, err = capsys.readouterr()
    assert out == "送信 2件、再試行 1件、送信不能 1件\n"
    assert err == ""


@pytest.mark.django_db
def test_it_delivers_more_than_one_batch(
    mail_server: MailServer, tell: Tell, capsys: Capture
) -> None:
    for _ in range(201):
        tell()
    call_command("deliver_mail")
    assert capsys.readouterr().out == "送信 201件、再試行 0件、送信不能 0件\n"
    for _ in range(3):
        mail_server.expect("QUIT")
    assert mail_server.history.count("CONNECT") == 3


@pytest.mark.django_db
def test_an_unreachable_server_shows_in_the_exit_code(
    tell: Tell, settings: Settings, capsys: Capture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    tell()
    with pytest.raises(SystemExit) as end:
        call_command("deliver_mail")
    assert end.value.code == 1
    out, err = capsys.readouterr()
    assert out == "送信 0件、再試行 1件、送信不能 0件\n"
    assert err == "メールサーバーに接続できません。送信待ちのメールは残っています。\n"


@pytest.mark.django_db
def test_it_forgets_the_texts_of_old_mails(mail_server: MailServer, tell: Tell) -> None:
    old = tell()
    long_ago = timezone.now() - timedelta(days=401)
    OutgoingMail.objects.filter(pk=old.pk).update(state="sent", sent_at=long_ago)
    call_command("deliver_mail")
    old.refresh_from_db()
    assert old.body == ""


def test_an_interval_of_nothing_is_refused() -> None:
    with pytest.raises(CommandError, match="0より大きい"):
        call_command("deliver_mail", "--watch", "--every", "0")


@pytest.mark.django_db(transaction=True)
def test_an_unreachable_database_is_named(capsys: Capture) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE shinshiro_sns_outgoingmail RENAME TO away")
    try:
        with pytest.raises(CommandError, match="データベースに接続できません。"):
            call_command("deliver_mail")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE away RENAME TO shinshiro_sns_outgoingmail")


# --- --watch -------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_the_watcher_delivers_what_comes_and_ends_cleanly(
    mail_server: MailServer, start_deliverer: Start, tell: Tell, ending: signal.Signals
) -> None:
    watcher = start_deliverer("--watch", "--every", "0.05")
    for _ in range(2):
        tell()
        mail_server.expect("QUIT")
    watcher.process.send_signal(ending)
    assert watcher.ends() == (0, "送信 2件、再試行 0件、送信不能 0件", "")
    assert len(set(mail_server.accepted_ids())) == 2


@pytest.mark.django_db
def test_a_watcher_told_to_stop_before_it_began_sends_nothing(
    mail_server: MailServer, tell: Tell, capsys: Capture
) -> None:
    tell()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    try:
        signal.raise_signal(signal.SIGTERM)
        call_command("deliver_mail", "--watch")
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    assert capsys.readouterr().out == "送信 0件、再試行 0件、送信不能 0件\n"


def test_the_watcher_finishes_the_mail_in_hand_and_leaves_the_next(
    mail_server: MailServer, start_deliverer: Start, tell: Tell
) -> None:
    first, second = tell(), tell()
    mail_server.order(stall_at={"ACCEPTED": 1})
    watcher = start_deliverer("--watch")
    mail_server.expect("ACCEPTED")
    watcher.process.send_signal(signal.SIGTERM)
    mail_server.go()
    assert watcher.ends() == (0, "送信 1件、再試行 0件、送信不能 0件", "")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.attempts) == ("sent", "waiting", 0)


class Rounds:
    """Stands for the clock of the watcher: keeps the pauses it wanted, and does things in them."""

    def __init__(self, *deeds: Callable[[], object]) -> None:
        self.deeds = list(deeds)
        self.pauses: list[float] = []

    def wait(self, seconds: float) -> bool:
        """Do the next deed; asks the watcher to stop when there is none left."""
        self.pauses.append(seconds)
        if not self.deeds:
            return True
        self.deeds.pop(0)()
        return False


def nothing() -> None:
    """A round in which nothing happens."""


@pytest.mark.django_db(transaction=True)
def test_the_watcher_outlives_the_mail_server_with_longer_and_longer_pauses(
    mail_server: MailServer, tell: Tell, settings: Settings
) -> None:
    settings.EMAIL_PORT = 1
    tell()

    def repair() -> None:
        settings.EMAIL_PORT = mail_server.port

    rounds = Rounds(*[nothing] * 8, repair, nothing)
    assert watch(5.0, rounds.wait, lambda: False) == Tally(sent=1)
    assert rounds.pauses == [10, 20, 40, 80, 160, 300, 300, 300, 300, 5, 5]


@pytest.mark.django_db(transaction=True)
def test_the_watcher_outlives_the_database(mail_server: MailServer, tell: Tell) -> None:
    tell()

    def rename(before: str, after: str) -> Callable[[], object]:
        return lambda: connection.cursor().execute(f"ALTER TABLE {before} RENAME TO {after}")

    table = "shinshiro_sns_outgoingmail"
    rename(table, "away")()
    rounds = Rounds(nothing, rename("away", table), nothing)
    assert watch(5.0, rounds.wait, lambda: False) == Tally(sent=1)
    assert rounds.pauses == [10, 20, 5, 5]


@pytest.mark.django_db(transaction=True)
def test_the_watcher_does_not_pause_while_there_is_more_to_send(
    mail_server: MailServer, tell: Tell
) -> None:
    for _ in range(101):
        tell()
    rounds = Rounds()
    assert watch(5.0, rounds.wait, lambda: False) == Tally(sent=101)
    assert rounds.pauses == [5]


@pytest.mark.races
def test_the_watcher_survives_the_loss_of_its_connection(
    mail_server: MailServer, start_deliverer: Start, tell: Tell
) -> None:
    """As when the database server is restarted."""
    watcher = start_deliverer("--watch", "--every", "0.05")
    tell()
    mail_server.expect("QUIT")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] >= 1
    tell()
    mail_server.expect("QUIT")
    watcher.process.send_signal(signal.SIGTERM)
    code, line, _ = watcher.ends()
    assert (code, line) == (0, "送信 2件、再試行 0件、送信不能 0件")


def test_the_waiting_watcher_leaves_the_processor_alone(
    mail_server: MailServer, start_deliverer: Start, tell: Tell
) -> None:
    watcher = start_deliverer("--watch", "--every", "0.2")
    tell()
    mail_server.expect("QUIT")
    used = processor_seconds(watcher.process.pid)
    time.sleep(1)
    assert processor_seconds(watcher.process.pid) - used < 0.3
    watcher.process.send_signal(signal.SIGTERM)
    assert watcher.ends()[0] == 0


def processor_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100

"""A mail server to talk to, a deliverer in a process of its own, and mails to send."""

from __future__ import annotations

import contextlib
import email
import email.policy
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from shinshiro_sns import mail
from shinshiro_sns.models import OutgoingMail

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30


class MailServer:
    """The mail server's process: orders to it, news from it, and what it accepted."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("smtp_server.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.port: int = json.loads(self.process.stdout.readline())["port"]
        self.news: queue.Queue[str] = queue.Queue()
        self.history: list[str] = []
        self.client: subprocess.Popen[str] | None = None
        self.listener = threading.Thread(target=self._listen)
        self.listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            event = json.loads(line)["event"]
            self.history.append(event)
            self.news.put(event)

    def _send(self, **order: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def order(self, **orders: Any) -> None:
        """Replace what was ordered: stall_at, drop_at, answers, gate (see `smtp_server`)."""
        self._send(file=str(self.file), **orders)
        self.expect("READY")

    def begin(self, file: Path) -> None:
        """Start anew for a test, accepting into `file`."""
        self.file = file
        self.client = None
        file.touch()
        self.order()
        self.history.clear()

    def go(self) -> None:
        """Let stalled sessions go on."""
        self._send(go=True)

    def expect(self, event: str) -> None:
        """Wait until `event` happens; not for a deliverer that has failed."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(queue.Empty):
                if self.news.get(timeout=0.2) == event:
                    return
                continue
            if self.client is not None and self.client.poll():
                break
        failure = self.client.communicate()[1] if self.client and self.client.poll() else ""
        raise AssertionError(f"{event} did not happen. {failure}")

    def accepted(self) -> list[EmailMessage]:
        """Every message the server took responsibility for, in order, repeats included."""
        return [
            email.message_from_bytes(content, policy=email.policy.default)  # type: ignore[misc]
            for content in self.accepted_bytes()
        ]

    def accepted_bytes(self) -> list[bytes]:
        """The same as they came over the line."""
        lines = self.file.read_text(encoding="utf-8").splitlines()
        return [json.loads(line)["content"].encode() for line in lines]

    def accepted_ids(self) -> list[str]:
        """Their Message-IDs."""
        return [str(message["Message-ID"]) for message in self.accepted()]

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.listener.join(PATIENCE)
        self.process.stdout.close()


@pytest.fixture(scope="session")
def mail_server_process() -> Iterator[MailServer]:
    """One mail server for all tests."""
    server = MailServer()
    yield server
    server.close()


@pytest.fixture
def mail_server(mail_server_process: MailServer, settings: Settings, tmp_path: Path) -> MailServer:
    """The mail server, obedient and empty, and this process configured to send through it."""
    mail_server_process.begin(tmp_path / "accepted")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_server_process.port
    return mail_server_process


@pytest.fixture(autouse=True)
def _templates(settings: Settings) -> None:
    """The portal's own templates, and one notice for these tests."""
    ours = Path(__file__).with_name("templates")
    portal = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**portal, "DIRS": [ours, *portal["DIRS"]]}]


@pytest.fixture
def tell() -> Callable[..., OutgoingMail]:
    """Queue one mail to an address, committed where the test has real transactions."""
    count = iter(range(10_000))

    def tell(address: str = "", title: str = "お知らせ", text: str = "本文です。") -> OutgoingMail:
        number = next(count)
        with transaction.atomic():
            queued = mail.queue(
                address or f"person-{number}@city.example",
                "tests/told",
                {"title": title, "text": text},
                key=str(number),
            )
        assert queued is not None
        return queued

    return tell


def let_leases_and_pauses_pass() -> None:
    """As if hours had gone by: whatever waits is due."""
    OutgoingMail.objects.waiting().update(due_at=timezone.now())


class Deliverer:
    """`manage.py deliver_mail` in a process of its own, on the database of this test."""

    def __init__(self, port: int, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "deliver_mail", *arguments],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "shinshiro_sns.settings",
                "ENV_FILE": os.devnull,
                "SECRET_KEY": "only-for-tests-" + "x" * 50,
                "DATABASE_URL": database_url(),
                "EMAIL_URL": f"smtp://127.0.0.1:{port}",
                "PYTHONUNBUFFERED": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def kill(self) -> None:
        """SIGKILL: no chance to tidy up."""
        self.process.kill()
        self.process.communicate(timeout=PATIENCE)

    def ends(self) -> tuple[int, str, str]:
        """Wait for its end: exit code, last line of the output, standard error."""
        out, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, (out.splitlines() or [""])[-1], err


def database_url() -> str:
    """The database of this test, for another process."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    return f"postgres://{given['USER']}@/{given['HOST']}/{given['NAME']}"


@pytest.fixture
def start_deliverer(
    transactional_db: None, mail_server: MailServer
) -> Iterator[Callable[..., Deliverer]]:
    """Start deliverers; those still running at the end of the test are killed."""
    started: list[Deliverer] = []

    def start(*arguments: str) -> Deliverer:
        started.append(Deliverer(mail_server.port, *arguments))
        mail_server.client = started[-1].process
        return started[-1]

    yield start
    for deliverer in started:
        if deliverer.process.poll() is None:
            deliverer.kill()

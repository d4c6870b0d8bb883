"""What the portal keeps of a delivery while its own database is away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from shinshiro_sns import mail
from shinshiro_sns.mail import Tally, deliver_due
from shinshiro_sns.models import OutgoingMail
from tests.mail.conftest import MailServer, let_leases_and_pauses_pass

pytestmark = pytest.mark.django_db

Tell = Callable[..., OutgoingMail]


def states() -> list[str]:
    """The states of all mails in the order they were queued."""
    return list(OutgoingMail.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.django_db(transaction=True)
def test_an_outage_of_the_database_does_not_repeat_what_was_accepted(
    mail_server: MailServer, tell: Tell, tmp_path: Any
) -> None:
    """From the server's acceptance on, the outcome is kept until it can be written down."""
    queued = tell()
    mail_server.order(stall_at={"ACCEPTED": 1})
    outage = Outage()
    saboteur = threading.Thread(target=outage.strike, args=(mail_server,))
    saboteur.start()
    assert deliver_due() == Tally(sent=1)
    saboteur.join()
    assert outage.struck
    queued.refresh_from_db()
    assert queued.state == "sent"
    let_leases_and_pauses_pass()
    assert deliver_due() == Tally()
    assert mail_server.accepted_ids() == [queued.message_id]


class Outage:
    """The database fails this process between acceptance and commit."""

    def __init__(self) -> None:
        self.struck = False
        self.other = connection.copy()
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA busy_timeout = 50")
            else:
                cursor.execute("SELECT pg_backend_pid()")
                [self.victim] = cursor.fetchone()

    def strike(self, mail_server: MailServer) -> None:
        """SQLite: someone holds the database for longer than we wait. PostgreSQL: cut off."""
        mail_server.expect("ACCEPTED")
        self.other.inc_thread_sharing()
        try:
            with self.other.cursor() as cursor:
                if connection.vendor == "sqlite":
                    cursor.execute("BEGIN IMMEDIATE")
                    mail_server.go()
                    threading.Event().wait(0.4)
                    cursor.execute("ROLLBACK")
                else:
                    cursor.execute("SELECT pg_terminate_backend(%s)", [self.victim])
                    mail_server.go()
            self.struck = True
        finally:
            self.other.close()


@pytest.mark.django_db(transaction=True)
def test_an_outcome_that_cannot_be_written_for_a_whole_lease_is_an_error(
    mail_server: MailServer, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell()
    monkeypatch.setattr(mail, "LEASE", timedelta(0))
    mail_server.order(stall_at={"ACCEPTED": 1})
    saboteur = threading.Thread(target=Outage().strike, args=(mail_server,))
    saboteur.start()
    with pytest.raises(Exception, match=r"locked|terminat|closed"):
        deliver_due()
    saboteur.join()
    connection.close()
    assert states() == ["waiting"]

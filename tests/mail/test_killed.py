"""A deliverer killed at each point of its work: nothing is lost, and only one case repeats a mail.

The deliverer is `manage.py deliver_mail` in a process of its own, ended by SIGKILL while a real
mail server holds it at a known point. Then a second delivery does what is left, and the server's
file of accepted messages is counted.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone

from shinshiro_sns.mail import LEASE, Tally, deliver_due
from shinshiro_sns.models import OutgoingMail
from tests.mail.conftest import Deliverer, MailServer, let_leases_and_pauses_pass

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[..., Deliverer]
Tell = Callable[..., OutgoingMail]


def finish(mail_server: MailServer) -> None:
    """A lease holds until it ends; then everything that is left is delivered, in order."""
    mail_server.order()
    held = OutgoingMail.objects.waiting().filter(attempts=1).count()
    assert held <= 1
    waiting = OutgoingMail.objects.waiting().count()
    assert deliver_due() == Tally(sent=waiting - held)
    let_leases_and_pauses_pass()
    assert deliver_due() == Tally(sent=held)
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"sent"}


def test_killed_before_the_claim_all_are_sent_once(
    mail_server: MailServer, start_deliverer: Start, tell: Tell
) -> None:
    queued = [tell(), tell()]
    mail_server.order(stall_at={"CONNECT": 1})
    deliverer = start_deliverer()
    mail_server.expect("CONNECT")
    deliverer.kill()
    assert list(OutgoingMail.objects.values_list("attempts", flat=True)) == [0, 0]
    finish(mail_server)
    assert mail_server.accepted_ids() == [each.message_id for each in queued]


@pytest.mark.parametrize("point", ["MAIL", "RCPT", "DATA"])
def test_killed_between_claim_and_acceptance_all_are_sent_once(
    mail_server: MailServer, start_deliverer: Start, tell: Tell, point: str
) -> None:
    """Right after the claim (MAIL is the first word then), at the recipient, within the text."""
    held = tell(text="長い本文の一行です。\n" * 20_000)
    other = tell()
    mail_server.order(stall_at={point: 1})
    deliverer = start_deliverer()
    mail_server.expect(point)
    deliverer.kill()
    held.refresh_from_db()
    assert (held.state, held.attempts) == ("waiting", 1)
    assert mail_server.accepted() == []
    finish(mail_server)
    assert mail_server.accepted_ids() == [other.message_id, held.message_id]


@pytest.mark.parametrize("answered", [False, True], ids=["before the 250", "after the 250"])
def test_killed_between_acceptance_and_commit_only_that_mail_is_repeated_as_it_was(
    mail_server: MailServer, start_deliverer: Start, tell: Tell, answered: bool
) -> None:
    held, other = tell(), tell()
    mail_server.order(stall_at={"ACCEPTED": 1})
    deliverer = start_deliverer()
    mail_server.expect("ACCEPTED")
    if answered:
        # The row is locked by someone else: the deliverer hears the 250 and cannot commit.
        with transaction.atomic():
            OutgoingMail.objects.select_for_update().get(pk=held.pk)
            mail_server.go()
            mail_server.expect("ANSWERED")
            time.sleep(0.2)
            deliverer.kill()
    else:
        deliverer.kill()
    held.refresh_from_db()
    assert held.state == "waiting"
    finish(mail_server)
    assert mail_server.accepted_ids() == [held.message_id, other.message_id, held.message_id]
    first, _, repeated = mail_server.accepted_bytes()
    assert first == repeated


def test_killed_after_the_commit_nothing_is_repeated(
    mail_server: MailServer, start_deliverer: Start, tell: Tell
) -> None:
    """The connection is kept for the next mail: its MAIL comes after the commit of the first."""
    queued = [tell(), tell(), tell()]
    mail_server.order(stall_at={"MAIL": 2})
    deliverer = start_deliverer()
    mail_server.expect("ANSWERED")
    mail_server.expect("MAIL")
    deliverer.kill()
    finish(mail_server)
    first, second, third = (each.message_id for each in queued)
    assert mail_server.accepted_ids() == [first, third, second]


def test_killed_at_the_good_bye_nothing_is_repeated(
    mail_server: MailServer, start_deliverer: Start, tell: Tell
) -> None:
    queued = [tell(), tell()]
    mail_server.order(stall_at={"QUIT": 1})
    deliverer = start_deliverer()
    mail_server.expect("QUIT")
    deliverer.kill()
    finish(mail_server)
    assert mail_server.accepted_ids() == [each.message_id for each in queued]


def test_killed_again_and_again_at_any_moment_no_mail_is_lost(
    mail_server: MailServer, start_deliverer: Start, tell: Tell
) -> None:
    queued = {tell().message_id for _ in range(60)}
    kills = 4
    for _ in range(kills):
        mail_server.order()
        deliverer = start_deliverer("--watch", "--every", "0.05")
        mail_server.expect("ACCEPTED")
        time.sleep(random.uniform(0, 0.05))
        deliverer.kill()
        let_leases_and_pauses_pass()
    while deliver_due().handled:
        pass
    copies = Counter(mail_server.accepted_ids())
    assert set(copies) == queued
    assert sum(copies.values()) - len(queued) <= kills
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"sent"}


def test_two_deliverers_at_once_send_each_mail_once(
    mail_server: MailServer, start_deliverer: Start, tell: Tell
) -> None:
    queued = {tell().message_id for _ in range(20)}
    mail_server.order(gate=2)
    ends = [deliverer.ends() for deliverer in [start_deliverer(), start_deliverer()]]
    assert [code for code, _, _ in ends] == [0, 0], ends
    assert sum(int(line.removeprefix("送信 ").split("件")[0]) for _, line, _ in ends) == 20
    assert Counter(mail_server.accepted_ids()) == Counter(queued)


def test_who_lost_his_lease_cannot_undo_what_another_sent(
    mail_server: MailServer, start_deliverer: Start, tell: Tell
) -> None:
    """A deliverer frozen for longer than its lease wakes up to a refusal."""
    held = tell("slow@city.example")
    mail_server.order(stall_at={"RCPT": 1})
    frozen = start_deliverer()
    mail_server.expect("RCPT")
    let_leases_and_pauses_pass()
    assert deliver_due() == Tally(sent=1)
    mail_server.order(answers={"slow@city.example": "550 no such user"})
    assert frozen.ends()[0] == 0
    held.refresh_from_db()
    assert (held.state, held.last_error) == ("sent", "")
    assert mail_server.accepted_ids() == [held.message_id]


def test_who_lost_his_lease_cannot_end_that_of_another(
    mail_server: MailServer, start_deliverer: Start, tell: Tell
) -> None:
    held = tell("slow@city.example")
    mail_server.order(stall_at={"RCPT": 1})
    frozen = start_deliverer()
    mail_server.expect("RCPT")
    its_lease = timezone.now() + LEASE
    OutgoingMail.objects.update(due_at=its_lease, attempts=2)
    mail_server.order(answers={"slow@city.example": "450 busy"})
    assert frozen.ends()[0] == 0
    held.refresh_from_db()
    assert (held.state, held.due_at, held.last_error) == ("waiting", its_lease, "")

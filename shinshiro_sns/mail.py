"""The outbox: a mail is queued with the step it tells of, and delivered afterwards.

A mail server and a database cannot commit together. So a mail is delivered at least once: only who
dies (or loses the line) between the server's acceptance and our commit sends it once more, and then
with the same Message-ID, date and text. See decision 0003.
"""

from __future__ import annotations

import contextlib
import datetime
import logging
import secrets
import smtplib
import time
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from email.header import Header
from email.utils import format_datetime, make_msgid, parseaddr
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat
from django.template import Context, Engine
from django.utils import timezone

from shinshiro_sns.models import NO_ADDRESS, OutgoingMail
from shinshiro_sns.retention import ERASED

if TYPE_CHECKING:
    from staff.models import User

logger = logging.getLogger(__name__)

# Per answer of the mail server. Too short a patience at the end of a message repeats it: RFC 5321
# wants minutes there, because the server may be reading the message for viruses.
REPLY_SECONDS = 60.0
# Longer than the five answers one message takes, so that nobody alive ever loses his lease.
LEASE = datetime.timedelta(minutes=6)
FIRST_PAUSE = datetime.timedelta(minutes=1)
LONGEST_PAUSE = datetime.timedelta(hours=6)
# With the pauses doubling between these two, about two days.
MAX_ATTEMPTS = 16
# A yearly audit still finds the text; after it only the fact that it was sent.
TEXT_KEPT = datetime.timedelta(days=400)
MAX_LINE = 200
# So long somebody can send an undeliverable answer to a citizen once more.
ADDRESS_KEPT = datetime.timedelta(days=30)
# The key names the address where the mail went to one that is nobody's.
ERASED_KEY = Concat(Value("erased "), Cast(F("pk"), CharField()))
# The notices to citizens: to whom one went is forgotten in the moment it is sent, and to whom one could
# not be sent `ADDRESS_KEPT` after that.
FORGOTTEN_ONCE_SENT: set[str] = set()


def queue(to: User | str, notice: str, context: Mapping[str, Any], key: str) -> OutgoingMail | None:
    """Queue `notice` ("policies/submitted") to a user or an address, in the caller's transaction.

    The text comes from `emails/<notice>.subject.txt` and `.body.txt` with `context`, `portal_url`
    and `recipient_name` ("" for a bare address); nothing in it is escaped, it is plain text. `key`
    names the occasion: a person is told of it by this notice once, a second call returns None.
    Raises RuntimeError outside a transaction, where a mail could tell of what is never saved.
    """
    mail = _written(to, notice, context, key)
    mail, is_new = OutgoingMail.objects.get_or_create(
        key=mail.key, defaults={name: getattr(mail, name) for name in _WRITTEN}
    )
    return mail if is_new else None


def queue_many(notice: str, letters: Mapping[Any, Mapping[str, Any]], key: str) -> Collection[Any]:
    """`queue` to each of many users or addresses, each with his own context, in a few queries for all.

    Returns those to whom it was queued, and not those who had been told of the occasion before.
    """
    mails = [_written(to, notice, context, key) for to, context in letters.items()]
    OutgoingMail.objects.bulk_create(mails, batch_size=_BATCH, ignore_conflicts=True)
    kept: set[str] = set()
    for first in range(0, len(mails), _BATCH):
        keys = [mail.key for mail in mails[first : first + _BATCH]]
        kept.update(OutgoingMail.objects.filter(key__in=keys).values_list("message_id", flat=True))
    # The identifier tells whose writing stands under the key: ours, or an earlier one.
    return [to for to, mail in zip(letters, mails, strict=True) if mail.message_id in kept]


_BATCH = 500
_WRITTEN = ("recipient", "address", "subject", "body", "message_id")


def _written(to: User | str, notice: str, context: Mapping[str, Any], key: str) -> OutgoingMail:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A mail is queued in the transaction of what it tells of.")
    if isinstance(to, str):
        recipient, address, name, person = None, to.strip(), "", to.strip().lower()
    else:
        recipient, address, name, person = to, to.email, to.name, f"user {to.pk}"
    data = Context(
        {**context, "portal_url": settings.PORTAL_URL, "recipient_name": name}, autoescape=False
    )
    engine = Engine.get_default()
    subject = engine.get_template(f"emails/{notice}.subject.txt").render(data)
    body = engine.get_template(f"emails/{notice}.body.txt").render(data)
    sender_domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return OutgoingMail(
        key=f"{notice} {key} {person}",
        recipient=recipient,
        address=address,
        subject=_one_line(subject),
        body=_plain_text(body).strip("\n") + "\n",
        message_id=make_msgid(domain=sender_domain),
    )


def send_again(mail: OutgoingMail) -> bool:
    """Queue an undeliverable mail anew, to the address its recipient has by now.

    False where it is not undeliverable (any more), or nobody knows to whom: nothing changes then.
    """
    address = mail.recipient.email if mail.recipient else mail.address
    changed = OutgoingMail.objects.undeliverable().filter(pk=mail.pk)
    return bool(
        changed.update(
            state=OutgoingMail.State.WAITING,
            address=address,
            due_at=timezone.now(),
            attempts=0,
            last_error="",
        )
    )


def forget_old_texts() -> int:
    """Empty subject and body of what was sent, or given up, longer than `TEXT_KEPT` ago; says how many."""
    before = timezone.now() - TEXT_KEPT
    old = Q(sent_at__lt=before) | _given_up(before)
    return OutgoingMail.objects.filter(old).exclude(body="").update(body="", subject=ERASED)


def forget_unreached() -> int:
    """Forget to which citizens no mail could be sent since `ADDRESS_KEPT`; says how many mails it was.

    The server's answer goes too, since it may name the address.
    """
    answers = Q(pk__in=[])
    for notice in FORGOTTEN_ONCE_SENT:
        answers |= Q(key__startswith=f"{notice} ")
    old = OutgoingMail.objects.filter(answers, _given_up(timezone.now() - ADDRESS_KEPT))
    return old.update(address=NO_ADDRESS, key=ERASED_KEY, last_error=ERASED)


def _given_up(before: datetime.datetime) -> Q:
    # What is given up was due for the last time when its last lease ended.
    return Q(state=OutgoingMail.State.UNDELIVERABLE, due_at__lt=before)


@dataclass
class Tally:
    """What a delivery did, in numbers of mails; `put_off` were left because no server answered."""

    sent: int = 0
    retried: int = 0
    undeliverable: int = 0
    put_off: int = 0
    unreachable: bool = False

    def __iadd__(self, other: Tally) -> Tally:
        self.sent += other.sent
        self.retried += other.retried
        self.undeliverable += other.undeliverable
        # The same mails are put off again and again: the latest number is the number.
        self.put_off, self.unreachable = other.put_off, other.unreachable
        return self

    @property
    def handled(self) -> int:
        """Mails that were tried."""
        return self.sent + self.retried + self.undeliverable


def deliver_due(limit: int = 100, should_stop: Callable[[], bool] = lambda: False) -> Tally:
    """Send up to `limit` mails that are due now, over one connection, each committed by itself.

    Any number of processes may do so at once. A server that cannot be reached puts off all mails
    and costs none of them an attempt. `should_stop` is asked before each mail. Must not be called
    within a transaction: raises RuntimeError.
    """
    tally = Tally()
    began = timezone.now()
    server = get_connection(timeout=REPLY_SECONDS)
    try:
        while tally.handled < limit and not should_stop():
            candidate = OutgoingMail.objects.due(began).first()
            if candidate is None:
                break
            try:
                # Before the claim: a lease then only spans one message, and an outage is nobody's.
                server.open()
            except OSError as error:
                logger.warning("The mail server cannot be reached: %r", error)
                due, reason = OutgoingMail.objects.due(began), _why_unreachable(error)
                due.exclude(last_error=reason).update(last_error=reason)
                tally.put_off, tally.unreachable = due.count(), True
                break
            mail = _claim(candidate)
            if mail is not None:
                _deliver(mail, server, tally)
    finally:
        _hang_up(server)
    return tally


def _claim(candidate: OutgoingMail) -> OutgoingMail | None:
    """`candidate` with a lease on it, committed; None if another deliverer was faster."""
    lease_ends = timezone.now() + LEASE
    with transaction.atomic(durable=True):
        claimed = OutgoingMail.objects.filter(
            pk=candidate.pk, state=OutgoingMail.State.WAITING, due_at=candidate.due_at
        ).update(due_at=lease_ends, attempts=candidate.attempts + 1)
    if not claimed:
        return None
    candidate.due_at = lease_ends
    candidate.attempts += 1
    return candidate


def _deliver(mail: OutgoingMail, server: BaseEmailBackend, tally: Tally) -> None:
    if mail.attempts > MAX_ATTEMPTS:
        # Only who died each time gets here: a failure is counted below.
        reason, is_final = "送信の途中で何度も停止しました。", True
    else:
        reason, is_final = _send(mail, server)
    if not reason:
        # Whoever holds the lease by now: it was accepted.
        _settle(
            mail, state=OutgoingMail.State.SENT, sent_at=timezone.now(), last_error="",
            **_forgotten(mail),
        )  # fmt: skip
        tally.sent += 1
    elif is_final or mail.attempts >= MAX_ATTEMPTS:
        if not is_final:
            reason = f"{mail.attempts}回試しましたが、送れませんでした。{reason}"
        _settle(mail, state=OutgoingMail.State.UNDELIVERABLE, last_error=reason)
        tally.undeliverable += 1
    else:
        _settle(mail, due_at=timezone.now() + _pause(mail.attempts), last_error=reason)
        tally.retried += 1


def _forgotten(mail: OutgoingMail) -> dict[str, Any]:
    """What a mail loses by being sent: the address of a citizen, which its key names too."""
    if mail.key.partition(" ")[0] not in FORGOTTEN_ONCE_SENT:
        return {}
    return {"address": NO_ADDRESS, "key": ERASED_KEY}


def _settle(mail: OutgoingMail, **outcome: Any) -> None:
    """Write the outcome down, through an outage of the database if need be.

    Giving up at once would send again what the server has accepted. Once the lease has ended
    another deliverer may hold the mail: then this one may only add that it was sent.
    """
    row = OutgoingMail.objects.filter(pk=mail.pk)
    if outcome.get("state") != OutgoingMail.State.SENT:
        row = row.filter(due_at=mail.due_at)
    pause = 0.1
    while True:
        try:
            with transaction.atomic(durable=True):
                row.update(**outcome)
            return
        except (OperationalError, InterfaceError) as error:
            if timezone.now() > mail.due_at:
                raise
            logger.warning("The outcome of mail %s is not yet recorded: %r", mail.pk, error)
        connection.close()
        time.sleep(pause)
        pause = min(pause * 2, 5.0)


class _Message(EmailMessage):
    """A message whose subject begins on its own line.

    Django leaves the first line of a long Japanese subject empty, which programs that read mail
    show as a blank before it or as no subject at all.
    """

    def message(self, *args: Any, **options: Any) -> Any:
        written: Any = super().message(*args, **options)
        subject = str(self.subject)
        charset = None if subject.isascii() else "utf-8"
        written.replace_header("Subject", Header(subject, charset, header_name="Subject"))
        return written


def _send(mail: OutgoingMail, server: BaseEmailBackend) -> tuple[str, bool]:
    """Why `mail` was not accepted ("" if it was), and whether trying again is of no use."""
    message = _Message(
        subject=mail.subject,
        body=mail.body,
        to=[mail.address],
        headers={
            "Message-ID": mail.message_id,
            "Date": format_datetime(timezone.localtime(mail.queued_at)),
            "Auto-Submitted": "auto-generated",
        },
    )
    try:
        accepted = server.send_messages([message]) == 1
    except ValueError:
        logger.exception("Mail %s cannot be written as a message.", mail.pk)
        return "メールとして組み立てられません。宛先のメールアドレスを確認してください。", True
    except OSError as error:
        # Without the error's own words, which name the address: the row keeps the reason.
        logger.warning("Mail %s was not accepted: %s", mail.pk, type(error).__name__)
        if not isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
            _hang_up(server)
        return _why_refused(error)
    except Exception:
        # One mail nobody foresaw must not hold up all others.
        logger.exception("Mail %s could not be sent.", mail.pk)
        _hang_up(server)
        return "送信中に予期しない誤りが起きました。システム管理者に知らせてください。", False
    return ("", False) if accepted else ("宛先のメールアドレスがありません。", True)


def _why_refused(error: OSError) -> tuple[str, bool]:
    """The reason in words, and whether it is final: only a 5xx for this recipient or message is."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
        now = "" if code >= 500 else "いま"
        said = _quoted(code, answer)
        return f"メールサーバーが、この宛先には{now}送れないと答えました{said}。", code >= 500
    if isinstance(error, smtplib.SMTPDataError):
        said = _quoted(error.smtp_code, error.smtp_error)
        is_final = error.smtp_code >= 500
        return f"メールサーバーが、このメールを受け取りませんでした{said}。", is_final
    if isinstance(error, smtplib.SMTPResponseException):
        # Of the sender or the session: ours to repair, so never the end of a mail.
        return _why_unreachable(error), False
    return "送信の途中で、メールサーバーからの応答が途絶えました。", False


def _hang_up(server: BaseEmailBackend) -> None:
    # What is accepted is accepted; a server that is gone already says no good-bye.
    with contextlib.suppress(OSError):
        server.close()


def _pause(attempts: int) -> datetime.timedelta:
    # The jitter keeps what failed together from coming back together.
    jitter: float = secrets.SystemRandom().uniform(1.0, 1.25)
    return min(FIRST_PAUSE * (1 << (attempts - 1)), LONGEST_PAUSE) * jitter


def _why_unreachable(error: OSError) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = _quoted(error.smtp_code, error.smtp_error)
        return f"メールサーバーが、このポータルからの送信を受け付けませんでした{said}。"
    return "メールサーバーに接続できません。つながりしだい送ります。"


def _quoted(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"(応答:{code} {_one_line(text)})"


def _plain_text(text: str) -> str:
    """`text` without what neither a database nor a mail can carry."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return "".join(kept)


def _one_line(text: str) -> str:
    """`text` as one line that cannot become a header of its own."""
    line = " ".join(_plain_text(" ".join(text.split())).split())
    return line if len(line) <= MAX_LINE else line[: MAX_LINE - 1] + "…"

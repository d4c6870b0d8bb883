"""A citizen reports an account that he takes for a fake, 5(2): taken in, and protected against floods.

Nothing is asked of anybody but an honest wait, which grows with what comes in; nobody is followed: from
where a report came is known for ten minutes, as a number nobody can read. See decision 0038.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import ipaddress
import secrets
import time
from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Account
from accounts.profiles import Profile
from incidents import fakes, notices
from incidents.models import Fake, FakeReport, ReportedAccount
from incidents.models.reports import LOOKED_AT_ANEW_AFTER
from incidents.triage import reported_workflow
from shinshiro_sns.history import acting
from staff.models import Department

NOBODY: Any = None
SALT = "incidents.report"
# The actions in ACCOUNT_RATE_LIMITS, beside those of logging in.
TAKEN, POSTED = "report_fake", "report_post"
GOOD_FOR = datetime.timedelta(hours=12)
# Reports of the last ten minutes, and how long a form waits from then on: nobody writes one faster
# than the first.
WINDOW = datetime.timedelta(minutes=10)
WAITS = ((0, 3), (20, 20), (100, 60))
# More in an hour are no reports: whoever has one telephones.
MOST_AN_HOUR = 1000


TOO_OLD = (
    "画面を開いてから時間がたったため、送信できませんでした。"
    "内容は残っています。もう一度「知らせる」を押してください。"
)


class NotTaken(Exception):
    """A report was not taken; the words say why and what to do, `http_status` how a server says it."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.http_status = status


@dataclass(frozen=True)
class Known:
    """What was reported is known already: the city's own account, or a fake that is public."""

    account: Account | None = None
    fake: Fake | None = None


def known(profile: Profile) -> Known | None:
    """What the city knows of it already; None for everything else."""
    account = fakes.ours(profile)
    if account is not None and account.is_public:
        return Known(account=account)
    fake = Fake.objects.public().of(profile).select_related("notice").first()
    return Known(fake=fake) if fake else None


# --- The form, and how long it waits -----------------------------------------------------------------


def new_form() -> str:
    """What a form carries: its own number and when it was shown, so that nobody can make one up."""
    return signing.dumps([secrets.token_hex(16), int(time.time())], salt=SALT)


def _read(form: str) -> tuple[str, int]:
    """The form's number and when it was shown. Raises NotTaken for one that is not ours, or too old."""
    try:
        number, shown_at = signing.loads(form, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature as error:
        raise NotTaken(TOO_OLD, 422) from error
    return str(number), int(shown_at)


def _seconds_to_wait(now: datetime.datetime) -> int:
    """How old a form must be now. Raises NotTaken where so many came that none can be real."""
    received = FakeReport.objects
    if received.filter(received_at__gt=now - datetime.timedelta(hours=1)).count() >= MOST_AN_HOUR:
        sentence = "多くの通報が届いているため、今は受け付けられません。電話でお知らせください。"
        raise NotTaken(sentence, 503)
    recent = received.filter(received_at__gt=now - WINDOW).count()
    return max(wait for so_many, wait in WAITS if recent >= so_many)


def _network_of(request: HttpRequest) -> str:
    """From where it came, as a number that changes every day and leads nowhere."""
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    if address.version == 6 and address.ipv4_mapped:
        # As a server that listens to both calls one of four numbers: all of them are no household.
        address = address.ipv4_mapped
    if address.version == 6:
        # One household holds as many addresses as it likes.
        address = ipaddress.ip_network(f"{address}/64", strict=False).network_address
    key = f"{settings.SECRET_KEY}{timezone.localdate()}".encode()
    return hmac.new(key, str(address).encode(), hashlib.sha256).hexdigest()


def is_flooding(request: HttpRequest) -> bool:
    """Whether so much came from one place that nothing of it is even read."""
    return not ratelimit.consume(request, action=POSTED, key=_network_of(request))


# --- Taking it in --------------------------------------------------------------------------------------


def take_in(
    request: HttpRequest, profile: Profile, *, form: str, why: str, mail: str = ""
) -> FakeReport:
    """Keep a report; one form is one report, however often it is sent.

    Raises NotTaken, and then the person loses nothing: sent once more it is taken.
    """
    number, shown_at = _read(form)
    if again := FakeReport.objects.filter(form=number).first():
        return again
    now = timezone.now()
    left = shown_at + _seconds_to_wait(now) - int(time.time())
    if left > 0:
        sentence = (
            f"続けて送られるのを防ぐため、あと{left}秒待ってから、もう一度「知らせる」を押してください。"
            "内容は残っています。"
        )
        raise NotTaken(sentence, 429)
    if not ratelimit.consume(request, action=TAKEN, key=_network_of(request)):
        sentence = (
            "同じところから続けて通報があったため、受け付けられませんでした。"
            "10分ほど待ってからもう一度送るか、電話でお知らせください。"
        )
        raise NotTaken(sentence, 429)
    return _kept(profile, number, why, mail, now)


def _kept(
    profile: Profile, number: str, why: str, mail: str, now: datetime.datetime
) -> FakeReport:  # fmt: skip
    try:
        with transaction.atomic():
            lines: Any = ReportedAccount.objects.select_for_update(of=("self",))
            locked = lines.get(pk=_reported(profile).pk)
            made = FakeReport.objects.create(reported=locked, why=why, mail=mail, form=number)
            if _is_to_be_looked_at_anew(locked, now):
                # By nobody of ours: a citizen says that something has changed.
                locked = reported_workflow.take(locked, "report_anew", by=NOBODY, follows=True)
            if locked.state == ReportedAccount.State.WAITING:
                notices.account_reported(locked, now)
            return made
    except IntegrityError:
        # The same form, sent twice in the same moment.
        return FakeReport.objects.get(form=number)


def _reported(profile: Profile) -> ReportedAccount:
    """The one line of this account, made where there is none yet."""
    lines = ReportedAccount.objects.filter(identity=profile.identity)
    if there := lines.first():
        return there
    made = ReportedAccount(
        service=profile.service, handle=profile.handle, url=profile.url,
        identity=profile.identity, permanent_id=profile.permanent_id,
        department=Department.objects.filter(is_pr_division=True).first(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            # By nobody, also where somebody of ours is logged in: the history asks for no name.
            acting(made, NOBODY).save()
    except IntegrityError:
        return lines.get()
    return made


def _is_to_be_looked_at_anew(reported: ReportedAccount, now: datetime.datetime) -> bool:
    """Whether what was settled may have changed: its case is over, or it was closed a while ago."""
    if reported.state == ReportedAccount.State.INCIDENT:
        return reported.incident is not None and not reported.incident.is_running
    return (
        reported.state == ReportedAccount.State.CLOSED
        and reported.settled_at is not None
        and now - reported.settled_at > LOOKED_AT_ANEW_AFTER
    )

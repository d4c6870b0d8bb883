"""What the departments of the demonstration wrote into the ledgers of their official accounts.

Where a table says nothing, all was done in time. An account's `ledger` names what was done
otherwise, in working days ago (0: never):

    ledger = {password = 110, attested = 75, posted = 150, linked = 0, certified = 20, closed = 12}
"""

from __future__ import annotations

import datetime
import hashlib
import io
from collections.abc import Callable
from typing import Any

import segno
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts import announcing, attesting, certification, credentials
from accounts.models import (
    Access,
    Account,
    Certification,
    CredentialChange,
    Credentials,
    Device,
    Evidence,
    HandleFate,
    LinkCheck,
    Notice,
)
from accounts.services import SERVICES, Verification
from accounts.workflow import account_workflow
from policies.demonstration.clock import standing_at
from staff.models import Membership, User

Days = Callable[[int], datetime.date]
# In working days: less than three months apart, and the last of each not long ago.
PASSWORD_EVERY = 58
LAST = {"password": 12, "attested": 9, "posted": 2, "linked": 9, "certified": 40}
KINDS = {
    Verification.PUBLIC_BODIES: Certification.Kind.PUBLIC_BODY,
    Verification.BY_APPLICATION: Certification.Kind.APPLICATION,
    Verification.OWN_DOMAIN: Certification.Kind.DOMAIN,
}
OFFICE_HOUR = datetime.time(11)


def keep(account: Account, ledger: dict[str, Any], day: Days) -> None:
    """Everything that stands in the ledgers of one account, each entry on its own day."""
    writer = _Writer(account, {**LAST, **ledger}, day)
    writer.passwords()
    writer.means()
    writer.certification()
    writer.link()
    writer.attestation()
    writer.standing()


class _Writer:
    """One account, its people, and what its table says."""

    def __init__(self, account: Account, ledger: dict[str, Any], day: Days) -> None:
        self.account, self.ledger, self.day = account, ledger, day
        members = Membership.objects.filter(department=account.department).select_related("user")
        self.head = next(m.user for m in members if m.role == Membership.Role.HEAD)
        named = Access.objects.current().filter(account=account).select_related("person")
        self.people = [row.person for row in named if row.person in {m.user for m in members}]

    @property
    def officer(self) -> User:
        """Who does what is to be done."""
        return self.people[0] if self.people else self.head

    def since(self, what: str) -> int:
        """How many working days ago `what` was done last; 0 for never."""
        return int(self.ledger.get(what, 0))

    def at(self, ago: int) -> Any:
        """The clock of that working day."""
        moment = datetime.datetime.combine(self.day(ago), OFFICE_HOUR)
        return standing_at(timezone.make_aware(moment))

    def passwords(self) -> None:
        """The first password when it became official, then one in time after another."""
        ago, reason = self.since("password"), CredentialChange.Reason.INTERVAL
        days = []
        while ago and self.account.official_since and self.day(ago) > self.account.official_since:
            days.append(ago)
            ago += PASSWORD_EVERY
        for number, at in enumerate(reversed(days)):
            with self.at(at):
                credentials.record_change(
                    self.account, by=self.officer, changed_on=timezone.localdate(),
                    changed_by=self.officer, is_hard_to_guess=True, is_kept_secret=True,
                    reason=reason if number else CredentialChange.Reason.FIRST,
                )  # fmt: skip

    def means(self) -> None:
        """What guards it beside the password."""
        if "two_factor" in self.ledger and not self.ledger["two_factor"]:
            return
        with self.at(self.since("password") or LAST["password"]):
            credentials.settle(
                self.account, self.officer, seen=0,
                two_factor=self.ledger.get("two_factor", Credentials.TwoFactor.APP),
                recovery_address=self.account.registration_email,
                recovery_department=self.account.department if self.account.registration_email else None,
            )  # fmt: skip
            credentials.add_holding(
                Device, self.account, self.officer, name="課の共用スマートフォン",
                kind=Device.Kind.PHONE, is_private=False, keeper=self.officer,
                added_on=timezone.localdate(),
            )  # fmt: skip

    def certification(self) -> None:
        """Where it was obtained, the day and a picture that shows it."""
        verification = SERVICES[self.account.service].verification
        if not self.since("certified") or verification not in KINDS:
            return
        with self.at(self.since("certified")):
            row = certification.ensure(self.account, self.officer)
            certification.certification_workflow.take(
                row, "certify", by=self.officer, dated_on=timezone.localdate(),
                kind=KINDS[verification], evidence=self._evidence("認証マークが表示された画面"),
            )  # fmt: skip

    def _evidence(self, shows: str) -> Evidence:
        picture = io.BytesIO()
        segno.make(self.account.url).save(picture, kind="png", scale=6)
        content = picture.getvalue()
        return Evidence.objects.create(
            account=self.account, file=ContentFile(content, "mihon.png"), name="見本の画面.png",
            kind=Evidence.Kind.PNG, size=len(content), sha256=hashlib.sha256(content).hexdigest(),
            shows=shows, uploaded_by=self.officer,
        )  # fmt: skip

    def link(self) -> None:
        """A look at the account's own page."""
        if ago := self.since("linked"):
            linked = LinkCheck.Outcome.LINKED
            outcome = self.ledger.get("link", linked)
            with self.at(ago):
                LinkCheck.objects.create(
                    account=self.account, way=LinkCheck.Way.HAND, checked_by=self.officer,
                    outcome=outcome,
                    evidence=self._evidence("プロフィールの画面") if outcome == linked else None,
                )  # fmt: skip

    def attestation(self) -> None:
        """Still the city's, still used."""
        if ago := self.since("attested"):
            with self.at(ago):
                attesting.attest(
                    self.account, self.officer,
                    last_post_on=self.day(max(ago, self.since("posted"))), followers=1280,
                )  # fmt: skip

    def standing(self) -> None:
        """Suspended or closed, with the notice that was published by it."""
        for step in ("suspend", "close"):
            if ago := self.since(step):
                with self.at(ago):
                    self._take(step)

    def _take(self, step: str) -> None:
        what, kind = {
            "suspend": ("停止", Notice.Kind.SUSPENDED), "close": ("廃止", Notice.Kind.CLOSED),
        }[step]  # fmt: skip
        told: dict[str, Any] = {
            "effective_on": timezone.localdate(),
            "public_reason": "担当する業務が終わったため。",
        }
        title, body = announcing.drafted(self.account, kind, told)
        closing: dict[str, Any] = {
            "handle_fate": HandleFate.GUARDED, "credentials_settled": True,
            "handle_reason": "同じ名前を別の人に使われないようにするため。",
        }  # fmt: skip
        account_workflow.take(
            self.account, step, by=self.head, note=f"{what}の理由の見本です。",
            effective_on=timezone.localdate(),
            title=title, body=body,
            **(closing if step == "close" else {}),
        )  # fmt: skip

"""Links both ways, 3(6): what an account's profile is to say, and whether it says so.

The one place that records a look by a person; the portal's own looks are in `link_checking.py`.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from accounts.dates import impossible, written
from accounts.models import Account, Evidence, LinkCheck
from accounts.services import SERVICES, Service
from shinshiro_sns.steps import StepNotMet, Unmet
from staff.models import User

CLAUSE = "3(6)"
Outcome = LinkCheck.Outcome
_URL = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Wording:
    """A text for the profile; `fits` is whether the service takes it, `length` as it counts."""

    key: str
    label: str
    text: str
    length: int
    fits: bool


def public_url(account: Account) -> str:
    """The city's page about the account, as its profile is to name it."""
    return f"{settings.PORTAL_URL}{account.get_absolute_url()}"


def length_for(service: Service, text: str) -> int:
    """How long `text` is as the service counts a profile."""
    if service.profile_url_length is None:
        return len(text)
    return len(_URL.sub("x" * service.profile_url_length, text))


def wordings(account: Account) -> list[Wording]:
    """What to put into the profile, the longest first."""
    service, url, city = SERVICES[account.service], public_url(account), settings.CITY_NAME
    texts = (
        ("long", "くわしい文",
         f"{city} {account.department.name}の公式アカウントです。公式であることの確認と運用ポリシーはこちら {url}"),
        ("short", "短い文", f"{city}公式 運用ポリシー {url}"),
        ("url", "URLだけ", url),
    )  # fmt: skip
    found = []
    for key, label, text in texts:
        length = length_for(service, text)
        fits = service.profile_limit is None or length <= service.profile_limit
        found.append(Wording(key, label, text, length, fits))
    return found


def recommended(found: list[Wording]) -> Wording | None:
    """The longest that fits; None where not even the URL does."""
    return next((each for each in found if each.fits), None)


def last_decisive(account: Account) -> LinkCheck | None:
    """The look that decides whether the account links back."""
    looks = LinkCheck.objects.filter(account=account).decisive()
    last: LinkCheck | None = looks.select_related("checked_by").first()
    return last


def unsound(account: Account, day: datetime.date) -> str:
    """What is wrong with a look on `day`, in a sentence; empty where nothing is."""
    if wrong := impossible(day, account.opened_on):
        return wrong
    last = last_decisive(account)
    if last is not None and day < last.checked_on:
        return f"前に確かめた日({written(last.checked_on)})より前の日は記録できません。"
    return ""


@transaction.atomic
def record_by_hand(
    account: Account,
    by: User,
    checked_on: datetime.date,
    outcome: str,
    evidence: Evidence | None = None,
) -> tuple[LinkCheck, bool]:
    """Put on record what `by` saw on the account's page; whether it is new: sent twice, it is kept
    once. Raises `StepNotMet`, and then records nothing.

    That the link is there needs evidence: it takes the place of the portal's own look.
    """
    # One at a time: two clicks are one look.
    Account.objects.select_for_update().get(pk=account.pk)
    same = LinkCheck.objects.filter(
        account=account, checked_by=by, checked_on=checked_on, outcome=outcome, evidence=evidence
    ).first()
    if same is not None and same == last_decisive(account):
        return same, False
    if reason := _refusal(account, checked_on, outcome, evidence):
        raise StepNotMet([Unmet(reason, CLAUSE)])
    made = LinkCheck.objects.create(
        account=account, way=LinkCheck.Way.HAND, checked_on=checked_on, outcome=outcome,
        checked_by=by, evidence=evidence,
    )  # fmt: skip
    return made, True


def _refusal(account: Account, day: datetime.date, outcome: str, evidence: Evidence | None) -> str:
    if outcome not in LinkCheck.DECISIVE:
        return "リンクがあったかどうかを選んでください。"
    if outcome == Outcome.LINKED and evidence is None:
        return "リンクがある画面の証拠を選んでください。"
    if evidence is not None and evidence.account_id != account.pk:
        return "このアカウントの証拠を選んでください。"
    return unsound(account, day)

"""The portal's own look at an account's page: does it name the city's page about it, 3(6)?"""

from __future__ import annotations

import datetime
import logging
import traceback
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from accounts.links import public_url
from accounts.models import Account, LinkCheck
from accounts.page_links import naming, place
from accounts.page_reading import NotAllowed, Page, PageReader, Unreadable
from accounts.services import SERVICES

logger = logging.getLogger(__name__)

Outcome = LinkCheck.Outcome
PLAIN = [service.key for service in SERVICES.values() if service.answers_plainly]


def to_check(day: datetime.date) -> Any:
    """Official accounts whose page answers plainly, not yet looked at on `day`; the longest ago first."""
    automatic = Q(linkcheck_rows__way=LinkCheck.Way.AUTOMATIC)
    rows: Any = Account.objects.filter(status=Account.Status.OFFICIAL, service__in=PLAIN)
    rows = rows.filter(Q(url__startswith="https://") | Q(url__startswith="http://"))
    rows = rows.annotate(looked_on=Max("linkcheck_rows__checked_on", filter=automatic))
    rows = rows.filter(Q(looked_on__isnull=True) | Q(looked_on__lt=day))
    return rows.order_by(F("looked_on").asc(nulls_first=True), "pk")


def check(accounts: Iterable[Account], reader: PageReader) -> Iterator[LinkCheck]:
    """Look at each account's page, one after the other, and put on record what was seen.

    What another process has put on record since this one began is not looked at a second time.
    Whatever happens with one account, the others have their turn.
    """
    began = timezone.now()
    for account in accounts:
        if _looked_since(account, began):
            continue
        outcome, detail = _seen_whatever_comes(account, reader)
        row = _recorded(account, outcome, detail, began)
        if row is not None:
            yield row


def _looked_since(account: Account, began: datetime.datetime) -> bool:
    looks = LinkCheck.objects.filter(account=account, way=LinkCheck.Way.AUTOMATIC)
    return looks.filter(checked_at__gte=began).exists()


@transaction.atomic
def _recorded(
    account: Account, outcome: Outcome, detail: str, began: datetime.datetime
) -> LinkCheck | None:
    """None where it is no longer the account that was looked at, or another process was first."""
    same = Account.objects.filter(status=Account.Status.OFFICIAL, url=account.url)
    if same.select_for_update().filter(pk=account.pk).first() is None:
        return None
    if _looked_since(account, began):
        return None
    made: LinkCheck = LinkCheck.objects.create(
        account=account, way=LinkCheck.Way.AUTOMATIC, outcome=outcome, detail=detail,
        checked_on=timezone.localdate(),
    )  # fmt: skip
    return made


def _seen_whatever_comes(account: Account, reader: PageReader) -> tuple[Outcome, str]:
    try:
        return _seen(account, reader)
    except Exception as error:
        # Without what the error says: that may be the page's own text.
        place = traceback.extract_tb(error.__traceback__)[-1]
        logger.error(
            "Account %s could not be looked at: %s (%s, %s)",
            account.pk, type(error).__name__, place.name, place.lineno,
        )  # fmt: skip
        return Outcome.UNREACHABLE, "思わぬ誤りのため、確かめられませんでした。"


def _seen(account: Account, reader: PageReader) -> tuple[Outcome, str]:
    try:
        page = reader.read(account.url)
    except NotAllowed as refusal:
        return Outcome.NOT_ALLOWED, str(refusal)
    except Unreadable as failure:
        return Outcome.UNREACHABLE, str(failure)
    named = naming(page.text, public_url(account))
    if named is not None:
        return Outcome.LINKED, named.value
    if doubt := _doubt(account, page):
        return Outcome.UNREACHABLE, doubt
    return Outcome.MISSING, "ページに、市のページのURLがありません。"


def _doubt(account: Account, page: Page) -> str:
    """Why a page without the link proves nothing; empty where it does."""
    if _whose(page.url) != _whose(account.url):
        return "別のページに転送されたため、プロフィールを確かめられませんでした。"
    if not page.whole:
        return "ページが大きいため、最後まで確かめられませんでした。"
    return ""


def _whose(url: str) -> Any:
    found = place(url)
    if found is None:
        return None
    host, port, path = found
    return host.removeprefix("www."), port, path.lower()

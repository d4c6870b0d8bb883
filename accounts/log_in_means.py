"""What is found wanting in the means to log in to an account, 3(7) and beyond, and since when.

Each finding is a date in the query of accounts: the day since which it stands, or NULL.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce, Greatest, Least, TruncDate
from django.db.models.lookups import LessThanOrEqual

from accounts.dates import NEVER, Among, DayAfter, MonthsAfter, day_of
from accounts.models import Access, Account, Credentials, Device
from accounts.presence import EVERY_ACCOUNT, departed, first_days, gone_people, last_days, present

# The means to log in are looked at once a year; after a transfer of staff much is no longer so.
CHECKED_EVERY = 12  # calendar months
ADMINISTRATORS = 2


@dataclass(frozen=True)
class Finding:
    """Something wanting: its annotation, the words of a list and the sentence of the page."""

    name: str
    short: str
    sentence: str


FINDINGS = (
    Finding(
        "found_in_doubt", "乗っ取りのおそれの後に確かめていない",
        "乗っ取りのおそれがあった後に、端末、連携アプリ、復旧用の連絡先を確かめていません。",
    ),
    Finding("found_unchecked", "まだ確かめていない", "ログイン手段を、まだ確かめていません。"),
    Finding("found_old_check", "1年以上確かめていない", "ログイン手段を、1年以上確かめていません。"),
    Finding(
        "found_no_second_factor", "二要素認証がない",
        "二要素認証を設定していません。パスワードが漏れたときに、乗っ取りを防げません。",
    ),
    Finding(
        "found_unowned_recovery", "復旧用の連絡先の管理者がいない",
        "復旧用の連絡先を、誰が管理しているか分かりません。",
    ),
    Finding(
        "found_left_recovery", "復旧用の連絡先の管理者が異動した",
        "復旧用の連絡先を管理する職員または所属が、もうこのアカウントの担当ではありません。",
    ),
    Finding(
        "found_private_device", "私物の端末でログインしている",
        "職員個人の端末でログインしています。公用の端末に替えてください。",
    ),
    Finding(
        "found_left_device", "端末を管理する職員が異動した",
        "端末を管理する職員が、もうこのアカウントの担当ではありません。",
    ),
)  # fmt: skip


def with_findings(day: datetime.date, among: Q = EVERY_ACCOUNT) -> QuerySet[Any]:
    """The accounts to guard with each finding's date on `day`, and `found_on`, the first of them.

    Here and below, who left is reckoned for the accounts that meet `among` alone.
    """
    accounts = Account.objects.to_guard().filter(among)
    checked = F("credentials__checked_on")
    known_since = Coalesce(checked, "official_since")
    found: dict[str, Any] = {
        "found_in_doubt": Case(
            When(
                Q(doubted_since__isnull=False)
                & (
                    Q(credentials__checked_on=None)
                    | Q(credentials__checked_on__lt=TruncDate("doubted_since"))
                ),
                then=TruncDate("doubted_since"),
            )
        ),
        "found_unchecked": Case(When(credentials__checked_on=None, then=F("official_since"))),
        "found_old_check": _checked_long_ago(day),
        "found_no_second_factor": Case(
            When(credentials__two_factor__in=["", Credentials.TwoFactor.NONE], then=known_since)
        ),
        "found_unowned_recovery": Case(
            When(
                ~Q(credentials__recovery_address=""),
                credentials__isnull=False,
                credentials__recovery_department=None,
                credentials__recovery_person=None,
                then=known_since,
            )
        ),
        "found_left_recovery": Coalesce(
            _first_gone(Credentials.objects.all(), accounts, day, "recovery_person", "checked_on"),
            Case(
                When(
                    credentials__recovery_department__valid_until__lt=day,
                    then=DayAfter("credentials__recovery_department__valid_until"),
                )
            ),
        ),
        "found_private_device": Subquery(
            Device.objects.filter(
                account=OuterRef("pk"), removed_on=None, is_private=True, added_on__lte=day
            )
            .order_by("added_on")
            .values("added_on")[:1]
        ),
        "found_left_device": _first_gone(
            Device.objects.filter(removed_on=None), accounts, day, "keeper", "added_on"
        ),
    }
    first = Least(*(Coalesce(name, NEVER) for name in found), output_field=DateField())
    return accounts.annotate(**found).annotate(found_on=first)


def wanting(day: datetime.date, among: Q = EVERY_ACCOUNT) -> QuerySet[Any]:
    """The accounts of which something was found wanting up to `day`."""
    return with_findings(day, among).filter(found_on__lte=day)


def findings(account: Any) -> list[Finding]:
    """What is wanting of a row of `with_findings`."""
    return [finding for finding in FINDINGS if getattr(account, finding.name) is not None]


def lacking_administrators(day: datetime.date, among: Q = EVERY_ACCOUNT) -> QuerySet[Any]:
    """Living accounts with fewer than two administrators who are still there, since `found_on`."""
    named = Access.objects.filter(account=OuterRef("pk"), kind=Access.Kind.ADMINISTRATOR)
    there = (
        present(named.current(), day)
        .filter(since__lte=day)
        .order_by()
        .values("account")
        .annotate(number=Count("person"))
        .values("number")
    )
    number = Coalesce(Subquery(there, output_field=IntegerField()), 0)
    lacking = (
        Account.objects.living()
        .filter(among)
        .alias(administrators_there=number)
        .filter(administrators_there__lt=ADMINISTRATORS)
    )
    keys = list(lacking.order_by().values_list("pk", flat=True))
    went = gone_people(
        Access.objects.filter(Among("account", keys), kind=Access.Kind.ADMINISTRATOR), day
    )
    return Account.objects.filter(Among("pk", keys)).annotate(
        found_on=Greatest(
            "official_since",
            Coalesce(Subquery(named.order_by("-since").values("since")[:1]), "official_since"),
            Coalesce(day_of(last_days(went)), "official_since"),
        )
    )


def naming_who_left(day: datetime.date, among: Q = EVERY_ACCOUNT) -> QuerySet[Any]:
    """Living accounts whose policy in force names somebody who is gone, 3(3)イ, since `found_on`.

    Each with these accesses as `gone_accesses`, first gone first.
    """
    living = Account.objects.living().filter(among)
    gone = departed(Access.objects.current().filter(account__in=living.values("pk")), day)
    gone_on = {row.pk: row.on for row in gone}
    accesses = (
        Access.objects.filter(Among("pk", gone_on))
        .select_related("person")
        .annotate(gone_on=day_of(gone_on))
        .order_by("gone_on", "pk")
    )
    found_on = first_days(gone)
    return (
        living.filter(Among("pk", found_on))
        .annotate(found_on=day_of(found_on))
        .prefetch_related(Prefetch("access_rows", queryset=accesses, to_attr="gone_accesses"))
    )


def _checked_long_ago(day: datetime.date) -> Any:
    again_on = MonthsAfter("credentials__checked_on", CHECKED_EVERY)
    return Case(When(LessThanOrEqual(again_on, day), then=again_on))


def _first_gone(
    rows: Any, accounts: QuerySet[Account], day: datetime.date, person: str, since: str
) -> Any:
    guarded = rows.filter(account__in=accounts.values("pk"))
    return day_of(first_days(departed(guarded, day, person=person, since=since)))

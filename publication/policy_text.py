"""What the public reads of an operating policy: the five items of 3(3), and what 3(1) asks.

A list of what is shown, not of what is hidden: a field nobody thought of stays inside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html

from accounts.models import Account
from policies.models import OperatingPolicy
from policies.summary import LABELS, Difference, said
from publication.cards import way_out
from staff.models import Department, Membership, User

State = OperatingPolicy.State

ITEMS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("ア", "種類", ("service",)),
    ("イ", "アカウント", ("name", "handle", "url", "users", "administrators")),
    ("ウ", "目的と内容", ("purpose", "content")),
    ("エ", "運用方法", ("hours", "reply", "reply_handling")),
    ("オ", "個人情報", ("personal_information",)),
)
SHARED = ("shared_theme", "partners")


@dataclass(frozen=True)
class Row:
    """One line of the text."""

    label: str
    value: str


@dataclass(frozen=True)
class Item:
    """One item of clause 3(3), or the sharing of 3(1), with its lines."""

    letter: str
    title: str
    clause: str
    rows: list[Row]


@dataclass(frozen=True)
class Version:
    """One version of an account's policy and its days; `until` is None where none followed."""

    number: int
    since: date
    until: date | None
    status: str
    kind: str

    @property
    def is_current(self) -> bool:
        """Whether no version followed it."""
        return self.until is None


def public_policies(account: Account) -> QuerySet[OperatingPolicy]:
    """Every version of an account that is or once was public."""
    # Was superseded: it was in force before.
    former = OperatingPolicy.objects.filter(
        state=State.SUPERSEDED, account__in=Account.objects.public()
    )
    return (OperatingPolicy.objects.public() | former).filter(account=account)


def effective_on(policy: OperatingPolicy) -> date:
    """The day from which the version holds."""
    # The database holds that what is public has the one or the other.
    return timezone.localdate(policy.received_at or policy.set_at)


def versions(policies: Iterable[OperatingPolicy], account: Account) -> list[Version]:
    """The versions of `account` with their days, the newest first."""
    rows: list[Version] = []
    until: date | None = None
    status, kind = "施行中", "success"
    if account.status == Account.Status.CLOSED:
        status, kind = "最後の版", "neutral"
    for policy in sorted(policies, key=lambda each: -each.version):
        since = effective_on(policy)
        rows.append(Version(policy.version, since, until, status, kind))
        until, status, kind = since, "旧版", "neutral"
    return rows


def _said(policy: OperatingPolicy) -> dict[str, str]:
    """What the public reads of each field. `policy` comes with its account and department."""
    texts = said(policy)
    if not settings.PUBLISH_STAFF_NAMES:
        texts |= _numbers(policy, [policy.account.department, *policy.partners.all()])
    return texts


def changes(before: OperatingPolicy, after: OperatingPolicy) -> list[Difference]:
    """What the public reads otherwise in `after` than in `before`, in the items' order."""
    old, new = _said(before), _said(after)
    fields = (*(field for _, _, of_item in ITEMS for field in of_item), *SHARED)
    return [
        Difference(field, LABELS[field], old[field], new[field])
        for field in fields
        if old[field] != new[field]
    ]


def items(policy: OperatingPolicy) -> list[Item]:
    """The policy's text. `policy` comes with its account, department and partners."""
    texts = _said(policy)
    # An address that is the account's no more may have become someone else's.
    if policy.url and policy.url == way_out(policy.account):
        rel = "me noopener" if policy.account.is_vouched_for else "noopener"
        texts["url"] = format_html('<a href="{}" rel="{}">{}</a>', policy.url, rel, policy.url)
    parts = [
        Item(
            letter,
            title,
            f"3(3){letter}",
            [Row(LABELS[field], texts[field]) for field in fields if texts[field]],
        )
        for letter, title, fields in ITEMS
    ]
    if policy.is_shared:
        rows = [Row(LABELS[field], texts[field]) for field in SHARED]
        parts.append(Item("", "共同利用", "3(1)", rows))
    return parts


def _numbers(policy: OperatingPolicy, departments: list[Department]) -> dict[str, str]:
    """Users and administrators as how many of which department, on the day it was set."""
    people = {field: list(getattr(policy, field).all()) for field in ("users", "administrators")}
    day = timezone.localdate(policy.set_at) if policy.set_at else None
    memberships = Membership.objects.current(day).filter(
        user__in={person for group in people.values() for person in group},
        department__in=departments,
    )
    homes: dict[int, set[int]] = {}
    for person, department in memberships.values_list("user", "department"):
        homes.setdefault(person, set()).add(department)
    return {field: _said_numbers(group, homes, departments) for field, group in people.items()}


def _said_numbers(
    people: list[User], homes: dict[int, set[int]], departments: list[Department]
) -> str:
    counted: Counter[str] = Counter()
    for person in people:
        own = homes.get(person.pk, set())
        home = next((each.name for each in departments if each.pk in own), settings.CITY_NAME)
        counted[home] += 1
    return "、".join(f"{name}の職員{number}名" for name, number in counted.items())

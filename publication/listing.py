"""The public list: what is asked for in its address, and the accounts that answer it, 3(6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Account, AccountQuerySet, Category
from accounts.profiles import UnreadableProfile, read_profile
from accounts.services import SERVICES, Service, find_service
from policies.models import OperatingPolicy
from staff.models import Department

PAGE_SIZE = 50
# Of the former accounts below the list; all of them have an address of their own.
FORMER_SHOWN = 12
# More would only slow the search down: nobody types a longer one.
LONGEST_SEARCH = 100
MOST_WORDS = 8
HANDLE_MARKS = "@\uff20"

Status = Account.Status
FORMER = (Status.SUSPENDED, Status.CLOSED)


@dataclass(frozen=True)
class Filters:
    """What the reader asks for. Values nobody knows are left out and named in `ignored`."""

    q: str = ""
    service: str = ""
    department: str = ""
    category: str = ""
    former: bool = False
    table: bool = False
    ignored: tuple[str, ...] = ()

    @property
    def is_filtered(self) -> bool:
        """Whether fewer accounts than all are asked for."""
        return bool(self.q or self.service or self.department or self.category)

    def address(self, *, former: bool | None = None, table: bool | None = None) -> str:
        """The list's address with these filters, or with `former` or `table` changed."""
        fields = {
            "q": self.q,
            "service": self.service,
            "department": self.department,
            "category": self.category,
            "status": "former" if (self.former if former is None else former) else "",
            "view": "table" if (self.table if table is None else table) else "",
        }
        query = urlencode({key: value for key, value in fields.items() if value})
        return f"/?{query}" if query else "/"


def read_filters(asked: Mapping[str, str], departments: list[Department]) -> Filters:
    """The filters that an address asks for; `departments` are those there are to choose from."""
    ignored = []
    q = " ".join(asked.get("q", "").replace("\0", " ").split())
    if len(q) > LONGEST_SEARCH or len(q.split()) > MOST_WORDS:
        q = " ".join(q[:LONGEST_SEARCH].split()[:MOST_WORDS])
        ignored.append(
            f"検索する言葉は、{LONGEST_SEARCH}文字、{MOST_WORDS}語までです。「{q}」で探しました。"
        )
    service = asked.get("service", "")
    known = SERVICES.get(service) or find_service(service)
    if service and not known:
        ignored.append(_unknown("種類", service))
    department = asked.get("department", "")
    if department and department not in {choice.code for choice in departments}:
        ignored.append(_unknown("所属", department))
        department = ""
    category = asked.get("category", "")
    if category and category not in Category.values:
        ignored.append(_unknown("分野", category))
        category = ""
    return Filters(
        q=q,
        service=known.key if known else "",
        department=department,
        category=category,
        former=asked.get("status") == "former",
        table=asked.get("view") == "table",
        ignored=tuple(ignored),
    )


def _unknown(label: str, value: str) -> str:
    shown = value if len(value) <= 30 else f"{value[:30]}…"
    return f"{label}「{shown}」は見つからないため、この条件を外して表示しています。"


def departments_with_accounts() -> list[Department]:
    """The departments that the public list names, in their order."""
    theirs = Account.objects.public().filter(department=OuterRef("pk"))
    return list(Department.objects.filter(Exists(theirs)))


def services_with_accounts() -> list[Service]:
    """The services that the public list names, in the order of the table of services."""
    keys = Account.objects.public().order_by().values_list("service", flat=True).distinct()
    used = set(keys)
    return [service for service in SERVICES.values() if service.key in used]


def matching(accounts: AccountQuerySet, text: str) -> AccountQuerySet:
    """Those that `text` finds: words in any width, case and kana, or a profile's pasted address."""
    if "." in text or "/" in text:
        try:
            profile = read_profile(text)
        except UnreadableProfile:
            profile = None
        if profile:
            same = accounts.filter(identity=profile.identity)
            if same.exists():
                return same
    # A handle is stored without the mark that readers put before it.
    return accounts.search(" ".join(word.lstrip(HANDLE_MARKS) for word in text.split()))


class Listing:
    """The accounts that `filters` ask for: the ones of the page and, below, former ones."""

    def __init__(self, filters: Filters, page: str | None) -> None:
        self.filters = filters
        self._asked_page = page

    def _filtered(self) -> AccountQuerySet:
        filters = self.filters
        wanted = {
            "service": filters.service,
            "department__code": filters.department,
            "category": filters.category,
        }
        accounts = Account.objects.public()
        accounts = accounts.filter(**{field: value for field, value in wanted.items() if value})
        return matching(accounts, filters.q) if filters.q else accounts

    @cached_property
    def _everything(self) -> AccountQuerySet:
        return self._filtered()

    @cached_property
    def page(self) -> Page[int]:
        """The page of keys that is asked for, the nearest one where there is no such page."""
        wanted = FORMER if self.filters.former else (Status.OFFICIAL,)
        # Keys alone are sorted: at 100,000 accounts whole rows would take twice as long.
        keys = self._everything.filter(status__in=wanted).values_list("pk", flat=True)
        return Paginator(keys, PAGE_SIZE).get_page(self._asked_page)

    @cached_property
    def accounts(self) -> list[Account]:
        """The accounts of the page."""
        return in_this_order(list(self.page))

    @cached_property
    def former(self) -> list[Account]:
        """The first former accounts, for the part below the official ones."""
        if self.filters.former:
            return []
        keys = self._former_keys()[:FORMER_SHOWN]
        return in_this_order(list(keys))

    @cached_property
    def former_count(self) -> int:
        """How many former accounts there are, for the part below the official ones."""
        return self._former_keys().count()

    def _former_keys(self) -> QuerySet[Account, int]:
        return self._everything.filter(status__in=FORMER).values_list("pk", flat=True)

    @cached_property
    def purposes(self) -> dict[int, str]:
        """What each account of the page is for, by its policy in force."""
        policies = OperatingPolicy.objects.readable().filter(account__in=self.accounts)
        return dict(policies.order_by().values_list("account_id", "purpose"))


def in_this_order(keys: list[int]) -> list[Account]:
    """The accounts with these keys, as many queries for one as for fifty."""
    found = Account.objects.select_related("department").in_bulk(keys)
    return [found[key] for key in keys if key in found]

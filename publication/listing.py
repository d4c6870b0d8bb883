"""The public list: what is asked for in its address, and the accounts that answer it, 3(6)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts.models import Account, AccountQuerySet, Category
from accounts.profiles import Profile, UnreadableProfile, read_profile
from accounts.services import SERVICES, Service, find_service
from policies.models import OperatingPolicy
from staff.models import Department

PAGE_SIZE = 100
# What one list can be narrowed to, by the word in its address: the column of an account.
KINDS = {"department": "department__code", "service": "service", "category": "category"}
# Of the former accounts below the list; all of them have an address of their own.
FORMER_SHOWN = 12
# More would only slow the search down: nobody types a longer one.
LONGEST_SEARCH = 100
MOST_WORDS = 8
CUT = (
    f"検索する言葉は、{LONGEST_SEARCH}文字、{MOST_WORDS}語までです。「{{q}}」で探しました。"
    "届いたメッセージは「これは本物?」に貼り付けてください。"
)
HANDLE_MARKS = "@\uff20"
# What an address has at least one of, once widths are undone; its letters say no more than a name's.
ADDRESS_SIGNS = frozenset("./。")

Status = Account.Status


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
        """The list's address with these filters, or with `former` or `table` changed.

        What can be a file has a path of its own; only a search or several filters at once stand
        after a `?`.
        """
        is_former = self.former if former is None else former
        is_table = self.table if table is None else table
        narrowed = [(kind, getattr(self, kind)) for kind in KINDS if getattr(self, kind)]
        if not self.q and not narrowed:
            return list_address(former=is_former, table=is_table)
        if not self.q and not is_former and len(narrowed) == 1:
            return list_address(*narrowed[0], table=is_table)
        fields = {
            "q": self.q,
            "service": self.service,
            "department": self.department,
            "category": self.category,
            "status": "former" if is_former else "",
            "view": "table" if is_table else "",
        }
        return f"/?{urlencode({key: value for key, value in fields.items() if value})}"


def list_address(
    kind: str = "", key: str = "", *, former: bool = False, table: bool = False
) -> str:
    """The path of the whole list, of that of a department, service or category, or of former ones."""
    name = "accounts_of" if kind else "accounts_former" if former else "accounts"
    values = [kind, key] if kind else []
    return reverse(f"publication:{name}{'_table' if table else ''}", args=values)


def department_address(department: Department) -> str:
    """The path of a department's own page, which printed codes lead to: it never changes."""
    return reverse("publication:department", args=[department.pk])


def read_filters(asked: Mapping[str, str], departments: list[Department]) -> Filters:
    """The filters that an address asks for; `departments` are those there are to choose from."""
    ignored = []
    q = " ".join(asked.get("q", "").replace("\0", " ").split())
    if len(q) > LONGEST_SEARCH or len(q.split()) > MOST_WORDS:
        q = " ".join(q[:LONGEST_SEARCH].split()[:MOST_WORDS])
        ignored.append(CUT.format(q=q))
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


@dataclass(frozen=True)
class Choices:
    """The departments, services and categories that the public list names, each in its order."""

    departments: list[Department]
    services: list[Service]
    categories: list[Category]

    @classmethod
    def offered(cls) -> Choices:
        """Those of today."""
        pairs = Account.objects.public().order_by().values_list("service", "category").distinct()
        used = {value for pair in pairs for value in pair}
        return cls(
            departments_with_accounts(),
            [service for service in SERVICES.values() if service.key in used],
            [category for category in Category if category in used],
        )

    def links(self) -> list[dict[str, Any]]:
        """For each kind its title and the lists to go on to."""
        kinds = {
            "department": (
                "所属から探す",
                [(department_address(each), each.name) for each in self.departments],
            ),
            "service": (
                "種類から探す",
                [(list_address("service", each.key), each.name) for each in self.services],
            ),
            "category": (
                "分野から探す",
                [(list_address("category", each), str(each.label)) for each in self.categories],
            ),
        }
        return [
            {
                "kind": kind,
                "title": title,
                "lists": [{"label": name, "url": url} for url, name in found],
            }
            for kind, (title, found) in kinds.items()
            if found
        ]

    def department(self, filters: Filters) -> Department | None:
        """The department that `filters` ask for, and nothing but it: it has a page of its own."""
        if filters.q or filters.service or filters.category or filters.former:
            return None
        return next((each for each in self.departments if each.code == filters.department), None)

    def name_of(self, kind: str, key: str) -> str:
        """What a list is of. Raises `LookupError` where no list is."""
        named = {
            "department": {each.code: each.name for each in self.departments},
            "service": {each.key: each.name for each in self.services},
            "category": {each.value: f"分野「{each.label}」" for each in self.categories},
        }
        return str(named[kind][key])


def matching(accounts: AccountQuerySet, text: str) -> AccountQuerySet:
    """Those that `text` finds: words in any width, case and kana, or a profile's pasted address."""
    profiles = _profiles(text)
    if profiles:
        same = Q(identity__in={each.identity for each in profiles})
        for each in profiles:
            if each.permanent_id:
                same |= Q(service=each.service, service_account_id=each.permanent_id)
        found = accounts.filter(same)
        if found.exists():
            return found
    # A handle is stored without the mark that readers put before it.
    return accounts.search(" ".join(word.lstrip(HANDLE_MARKS) for word in text.split()))


def _profiles(text: str) -> list[Profile]:
    """What `text` may be the address of; a server's own host does not tell of which service it is."""
    signs = set(unicodedata.normalize("NFKC", text))
    if not signs & ADDRESS_SIGNS:
        return []
    found = []
    # Without a path it is a handle to a service that is named, and part of a handle is searched for.
    for service in ("", *SERVICES) if "/" in signs else ("",):
        try:
            found.append(read_profile(text, service))
        except UnreadableProfile:
            continue
    return found


class Listing:
    """The accounts that `filters` ask for: the ones of the page and, below, former ones."""

    def __init__(self, filters: Filters, page: str | None, size: int = PAGE_SIZE) -> None:
        self.filters = filters
        self._asked_page = page
        self._size = size

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
        # Keys alone are sorted: at 100,000 accounts whole rows would take twice as long.
        rows = self._everything
        wanted = rows.not_vouched() if self.filters.former else rows.vouched()
        keys = wanted.values_list("pk", flat=True)
        return Paginator(keys, self._size).get_page(self._asked_page)

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
        return self._everything.not_vouched().values_list("pk", flat=True)

    @cached_property
    def purposes(self) -> dict[int, str]:
        """What each account of the page is for."""
        return purposes(self.accounts)


def purposes(accounts: list[Account]) -> dict[int, str]:
    """What each account is for, by its policy in force."""
    policies = OperatingPolicy.objects.readable().filter(account__in=accounts)
    return dict(policies.order_by().values_list("account_id", "purpose"))


def in_this_order(keys: list[int]) -> list[Account]:
    """The accounts with these keys, as many queries for one as for fifty."""
    found = Account.objects.select_related("department").in_bulk(keys)
    return [found[key] for key in keys if key in found]

"""What the public pages read of the database, as digests: where they are equal, so are the pages.

Told by comparing and not by being told: what a bulk update, a command or a hand in the database changed
is found as well, and what the day alone changes too. See decision 0029.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts.models import Account, Certification, Notice, NoticeWording, StandingChange
from incidents.models import Fake
from policies.guideline import GuidelineVersion
from policies.models import OperatingPolicy
from staff.models import Department, Membership, User

# Written often, or only for searching what the digest has already.
LEFT_OUT = frozenset({"search_text", "last_login", "password"})
CHUNK = 2000


def digest(*parts: object) -> str:
    """A short digest of whatever is given."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def _rows(queryset: QuerySet[Any], *by: str) -> Iterator[tuple[Any, ...]]:
    """The columns `by` of each row, and after them the digest of all."""
    model: type[Model] = queryset.model
    columns = [f.attname for f in model._meta.concrete_fields if f.name not in LEFT_OUT]
    rows = queryset.order_by("pk").values_list(*by, *columns)
    for row in rows.iterator(chunk_size=CHUNK):
        yield (*row[: len(by)], digest(row))


def _links(through: Any, one: str, other: str, of: QuerySet[Any]) -> dict[Any, list[Any]]:
    found = defaultdict(list)
    pairs = through.objects.filter(**{f"{one}__in": of.values("pk")}).order_by(other)
    for key, value in pairs.values_list(f"{one}_id", f"{other}_id").iterator(chunk_size=CHUNK):
        found[key].append(value)
    return found


class PublicState:
    """The present state, each part of it asked for once and when it is wanted."""

    def __init__(self) -> None:
        now = timezone.localtime()
        self.day, self.hour = now.date(), now.hour

    @cached_property
    def departments(self) -> dict[int, str]:
        """By department, whether or not it has accounts."""
        return dict(_rows(Department.objects.all(), "pk"))

    @cached_property
    def _people(self) -> dict[int, str]:
        places: dict[int, list[str]] = defaultdict(list)
        for person, row in _rows(Membership.objects.all(), "user_id"):
            places[person].append(row)
        names = User.objects.order_by().values_list("pk", "name")
        return {pk: digest(name, places[pk]) for pk, name in names.iterator(chunk_size=CHUNK)}

    @cached_property
    def policies(self) -> dict[int, dict[int, str]]:
        """By account, by version: every policy that is or was public."""
        shown = OperatingPolicy.objects.filter(account__in=Account.objects.public())
        shown = (
            shown.filter(state=OperatingPolicy.State.SUPERSEDED) | OperatingPolicy.objects.public()
        )
        model = OperatingPolicy
        people = [
            _links(getattr(model, field).through, "operatingpolicy", "user", shown)
            for field in ("users", "administrators")
        ]
        partners = _links(model.partners.through, "operatingpolicy", "department", shown)
        found: dict[int, dict[int, str]] = defaultdict(dict)
        for pk, account, version, row in _rows(shown, "pk", "account_id", "version"):
            named = [[self._people[person] for person in of.get(pk, ())] for of in people]
            sharing = [self.departments[each] for each in partners.get(pk, ())]
            found[account][version] = digest(row, named, sharing)
        return found

    @cached_property
    def notices(self) -> dict[int, tuple[int | None, str]]:
        """By notice its account, if it has one, and its digest, the newest first."""
        changes = dict(_rows(StandingChange.objects.all(), "notice_id"))
        rows = [*_rows(Notice.objects.all(), "pk", "account_id", "department_id", "corrects_id")]
        wordings: dict[int, list[str]] = defaultdict(list)
        for key, wording in _rows(NoticeWording.objects.all(), "notice_id"):
            wordings[key].append(wording)
        corrections = {corrected: row for *_, corrected, row in rows if corrected}
        return {
            pk: (
                account,
                digest(
                    row,
                    changes.get(pk),
                    corrections.get(pk),
                    wordings.get(pk),
                    self.departments.get(department),
                ),
            )
            for pk, account, department, _, row in reversed(rows)
        }

    @cached_property
    def accounts(self) -> dict[int, str]:
        """By account that the public list names: all that its page and its card say."""
        public = Account.objects.public()
        own = {pk: (department, after, row) for pk, department, after, row in _rows(
            public, "pk", "department_id", "successor_id"
        )}  # fmt: skip
        partners = _links(Account.partners.through, "account", "department", public)
        certified = dict(_rows(Certification.objects.all(), "account_id"))
        overdue = set(public.attestation_overdue(self.day).values_list("pk", flat=True))
        told: dict[int, list[str]] = defaultdict(list)
        for account, row in self.notices.values():
            if account is not None:
                told[account].append(row)
        return {
            pk: digest(
                row, self.departments[department], own[after][2] if after in own else None,
                [self.departments[each] for each in partners.get(pk, ())], certified.get(pk),
                pk in overdue, told.get(pk), sorted(self.policies.get(pk, {}).items()),
            )
            for pk, (department, after, row) in own.items()
        }  # fmt: skip

    @cached_property
    def listed(self) -> list[dict[str, Any]]:
        """The accounts in the order of the list, with what it can be narrowed to."""
        fields = (
            "pk", "service", "department", "department__code", "category", "status",
            "doubted_since",
        )  # fmt: skip
        rows = list(Account.objects.public().values(*fields))
        for row in rows:
            # As `Account.shown_status` has it.
            if row.pop("doubted_since") and row["status"] == Account.Status.OFFICIAL:
                row["status"] = Account.Status.SUSPENDED
        return rows

    @cached_property
    def frame(self) -> str:
        """What every list offers to go on to: the departments, services and categories in use."""
        kinds = [
            {row[kind] for row in self.listed}
            for kind in ("department__code", "service", "category")
        ]
        return digest([sorted(kind) for kind in kinds], sorted(self.departments.items()))

    @cached_property
    def guideline(self) -> list[tuple[Any, str]]:
        """By day of effect; the day tells which of them is in force."""
        return sorted(_rows(GuidelineVersion.objects.all(), "effective_from"))

    @cached_property
    def fakes(self) -> dict[int, str]:
        """By fake, whether or not it is public."""
        return dict(_rows(Fake.objects.all(), "pk"))

    @cached_property
    def everything(self) -> str:
        """All of it: for a page of which nobody says what it reads."""
        return digest(
            self.day, sorted(self.accounts.items()), self.of_accounts(row["pk"] for row in self.listed),
            sorted(self.departments.items()), sorted(self.notices.items()), self.guideline,
            sorted(self.fakes.items()),
        )  # fmt: skip

    def of_accounts(self, keys: Iterable[int]) -> str:
        """These accounts, in this order."""
        return digest([self.accounts.get(key) for key in keys])

    def of_notices(self, keys: Sequence[int]) -> str:
        """These notices, with the accounts they are about."""
        return digest(
            [
                (row, self.accounts.get(account or 0))
                for account, row in (self.notices[k] for k in keys)
            ]
        )

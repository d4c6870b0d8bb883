"""What a transfer's file comes to: every change it makes, or what is wrong with it, by line."""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from staff.models import Department, Membership, User


@dataclass(frozen=True)
class Ending:
    """A membership whose last day is the one before."""

    line: int
    membership: Membership


@dataclass(frozen=True)
class Beginning:
    """A membership that begins on the day."""

    line: int
    user: User
    department: Department
    role: Membership.Role


@dataclass(frozen=True)
class Closing:
    """A department that ends (組織改正), and the one that takes over what it had."""

    line: int
    department: Department
    successor: Department


@dataclass(frozen=True)
class AccountLine:
    """An account that the file moves by its number; whose it is now, another app knows."""

    line: int
    number: int
    source: Department | None
    target: Department


@dataclass(frozen=True)
class Moving:
    """An account that comes to another department."""

    line: int
    number: int
    label: str
    source: Department
    target: Department


@dataclass(frozen=True)
class Foreseen:
    """One thing that follows, as a sentence, with the address of what it is about ("" for none)."""

    sentence: str
    link: str = ""


@dataclass(frozen=True)
class Group:
    """All that follows of one kind."""

    name: str
    title: str
    items: list[Foreseen]


@dataclass
class City:
    """The departments, people and memberships from the day before the transfer on, read at once."""

    departments: dict[str, Department]
    people: dict[str, User]
    memberships: list[Membership]


@dataclass
class Plan:
    """A file judged for a day. Nothing may be applied of it while `faults` has a line."""

    effective_on: datetime.date
    lines: int
    city: City
    ended: list[Ending] = field(default_factory=list)
    begun: list[Beginning] = field(default_factory=list)
    closed: list[Closing] = field(default_factory=list)
    accounts: list[AccountLine] = field(default_factory=list)
    moving: list[Moving] = field(default_factory=list)
    faults: dict[int, list[str]] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    # What the apps behind the consequences have looked up, under their own names.
    found: dict[str, Any] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    changed_meanwhile: bool = False

    @property
    def last_day(self) -> datetime.date:
        """The last day of what ends."""
        return self.effective_on - datetime.timedelta(days=1)

    def fault(self, line: int, sentence: str) -> None:
        """Names what is wrong with a line."""
        self.faults.setdefault(line, []).append(sentence)

    def wrong(self) -> list[tuple[int, list[str]]]:
        """Every line with what is wrong with it, in the order of the file."""
        return sorted(self.faults.items())

    def count(self) -> str:
        """The numbers, as the command's last line gives them."""
        done = not self.faults
        ended, begun, moved = (
            len(changes) if done else 0 for changes in (self.ended, self.begun, self.moving)
        )
        return f"ended {ended}, begun {begun}, moved {moved}, failed {len(self.faults)}"

    def fingerprint(self) -> str:
        """The same for the same outcome: tells whether what was previewed is what would be done."""
        said = (
            self.effective_on.isoformat(),
            [(e.line, e.membership.pk, e.membership.valid_until) for e in self.ended],
            [(b.line, b.user.pk, b.department.pk, b.role.value) for b in self.begun],
            [(c.line, c.department.pk, c.successor.pk) for c in self.closed],
            [(m.line, m.number, m.source.pk, m.target.pk) for m in self.moving],
            self.wrong(),
            [(g.name, [item.sentence for item in g.items]) for g in self.groups],
        )
        return hashlib.sha256(repr(said).encode()).hexdigest()

    def members_before(self) -> dict[int, set[int]]:
        """Department → people on the day, if nothing of the plan came to pass: what other transfers
        do that day is no consequence of this one."""
        found: dict[int, set[int]] = defaultdict(set)
        for membership in self.city.memberships:
            if holds(membership, self.effective_on):
                found[membership.department_id].add(membership.user_id)
        return found

    def staying(self) -> list[Membership]:
        """The memberships that hold on the day and are not touched."""
        ended = {ending.membership.pk for ending in self.ended}
        return [
            m
            for m in self.city.memberships
            if m.pk not in ended and holds(m, self.effective_on)
        ]  # fmt: skip

    def members_after(self, *roles: Membership.Role) -> dict[int, dict[int, User]]:
        """Department → active people by key on the day, optionally of certain roles alone."""
        by_key = {person.pk: person for person in self.city.people.values()}
        found: dict[int, dict[int, User]] = defaultdict(dict)
        places = [(m.department_id, m.user_id, m.role) for m in self.staying()]
        places += [(b.department.pk, b.user.pk, b.role.value) for b in self.begun]
        for department, user, role in places:
            if by_key[user].is_active and (not roles or role in roles):
                found[department][user] = by_key[user]
        return found


def holds(row: Membership | Department, day: datetime.date) -> bool:
    """Whether it holds on `day`."""
    return row.valid_from <= day and (row.valid_until is None or row.valid_until >= day)

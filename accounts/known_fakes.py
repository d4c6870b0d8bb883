"""Accounts that the city calls fakes in public, clause 5(2), told from below to whoever asks.

Whoever keeps the fakes stands above the register: it declares here where they are read from, and the
check asks here. Only what the public may read is declared.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class KnownFake:
    """One fake, as `accounts.profiles.read_profile` reads it, with the page that warns of it.

    `page` is that page's path on the portal; `announced_on` the day on which the city called it a
    fake. One that the city took back is declared no more.
    """

    service: str
    handle: str
    url: str
    identity: str
    page: str
    announced_on: datetime.date
    permanent_id: str = ""
    name: str = ""


Source = Callable[[], Iterable[KnownFake]]

SOURCES: list[Source] = []


def declare(source: Source) -> None:
    """Add where fakes are read from, once, when its app is ready."""
    if source not in SOURCES:
        SOURCES.append(source)


def known_fakes() -> list[KnownFake]:
    """Every fake that is public now, in a fixed order. An error of a source is the caller's."""
    found = [fake for source in SOURCES for fake in source()]
    return sorted(found, key=lambda fake: (fake.identity, fake.page))

"""What is known, made ready to be asked: built from the document that the browser takes too."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from accounts.likeness import City, Known, Nearby, folding
from accounts.profiles import display_handle
from accounts.services import SERVICES

FORMAT = 1
# Parts of a handle that the service adds to the name itself.
ADDED = (".bsky.social", ".note.jp")


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """A public account, as the document has it."""

    id: int
    service: str
    handle: str
    name: str
    url: str
    identity: str
    status: str
    permanent_id: str = ""
    overdue: bool = False
    since: str = ""
    successor: int = 0
    # Suspended, because somebody else may hold it.
    doubted: bool = False

    @property
    def is_official(self) -> bool:
        """Whether it is the city's today."""
        return self.status == "official"

    @property
    def title(self) -> str:
        """What a sentence calls it."""
        return self.name or self.shown_handle or self.url

    @property
    def shown_handle(self) -> str:
        """Its handle as the service shows it."""
        return display_handle(self.service, self.handle) if self.handle else ""

    @property
    def service_name(self) -> str:
        """What its service is called."""
        return SERVICES[self.service].name


@dataclass(frozen=True, slots=True)
class Fake:
    """An account that the city calls a fake, as the document has it. `page` is the warning's path."""

    service: str
    handle: str
    url: str
    identity: str
    page: str
    since: str
    permanent_id: str = ""
    name: str = ""


def name_in(handle: str) -> str:
    """What a person chose of a handle: without its kind, its server, and what the service adds."""
    name = handle.rpartition("/")[2].removeprefix("@").partition("@")[0]
    for added in ADDED:
        name = name.removesuffix(added)
    return name


@dataclass
class Register:
    """The document, to be asked. Its age is the reader's to judge: see `expires_at`."""

    generated_at: datetime.datetime
    expires_at: datetime.datetime
    city_name: str
    sites: frozenset[str]
    accounts: dict[int, KnownAccount]
    fakes: list[Fake]
    nearby: Nearby
    by_identity: dict[str, int] = field(default_factory=dict)
    by_permanent_id: dict[tuple[str, str], int] = field(default_factory=dict)
    by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    services: tuple[str, ...] = ()

    @classmethod
    def of(cls, document: dict[str, Any]) -> Register:
        """Read the document of `document.build`. Raises KeyError or ValueError for any other."""
        if document["format"] != FORMAT:
            raise ValueError(f"format {document['format']}")
        city = document["city"]
        accounts = {row["id"]: KnownAccount(**row) for row in document["accounts"]}
        made = cls(
            generated_at=datetime.datetime.fromisoformat(document["generated_at"]),
            expires_at=datetime.datetime.fromisoformat(document["expires_at"]),
            city_name=city["name"],
            sites=frozenset(city["sites"]),
            accounts=accounts,
            fakes=[Fake(**row) for row in document["fakes"]],
            nearby=Nearby.of(
                (Known(each.id, name_in(each.handle), each.name) for each in accounts.values()),
                City(
                    tuple(city["kanji"]),
                    tuple(city["kana"]),
                    tuple(city["latin"]),
                    city["prefecture"],
                ),
            ),
        )
        for each in accounts.values():
            made.by_identity[each.identity] = each.id
            if each.permanent_id:
                made.by_permanent_id[each.service, each.permanent_id] = each.id
            if key := folding.plain(each.name):
                made.by_name[key].append(each.id)
        used = {each.service for each in accounts.values()} | {each.service for each in made.fakes}
        made.services = tuple(key for key in SERVICES if key in used)
        return made

    @property
    def city(self) -> City:
        """How the city's name is spelled."""
        return self.nearby.city

    def account(self, identity: str, service: str, permanent_id: str) -> KnownAccount | None:
        """The account with this identity, or else with this permanent id."""
        found = self.by_identity.get(identity)
        if found is None and permanent_id:
            found = self.by_permanent_id.get((service, permanent_id))
        return self.accounts[found] if found is not None else None

    def fake(self, identity: str, service: str, permanent_id: str) -> Fake | None:
        """The fake with this identity, or else with this permanent id."""
        for each in self.fakes:
            same_id = permanent_id and (service, permanent_id) == (each.service, each.permanent_id)
            if each.identity == identity or same_id:
                return each
        return None

    def is_known(self, identity: str, service: str, permanent_id: str) -> bool:
        """Whether it is an account of the city's, present or former, or a fake."""
        asked = (identity, service, permanent_id)
        return self.account(*asked) is not None or self.fake(*asked) is not None

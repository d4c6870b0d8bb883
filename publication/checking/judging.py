"""The verdict on each thing that was pasted, and on all of it. The browser judges by the same rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from accounts.likeness import Near, folding
from accounts.likeness.near import Found
from accounts.profiles import Profile, UnreadableProfile, display_handle, read_profile
from accounts.services import SERVICES
from publication.checking import hosts
from publication.checking.findings import (
    FAKE,
    FORMER,
    OFFICIAL,
    SIMILAR,
    UNKNOWN,
    VERDICTS,
    Answer,
    Finding,
    Said,
    apart,
    shown,
)
from publication.checking.reading import Item, read
from publication.checking.register import Fake, KnownAccount, Register, name_in


def judge(text: str, register: Register) -> Answer:
    """What `text` is, thing by thing. Raises `reading.TooMuch`; the text must not be blank."""
    judge = _Judge(register)
    judged = [(item, judge.of(item)) for item in read(text, register.sites)]
    kept = [each for each in judged if not each[0].passing or each[1].verdict != UNKNOWN]
    # Beside a handle that is known, the sentence around it is no name.
    is_known = any(item.kind != "name" and found.accounts for item, found in kept)
    findings = [
        found for item, found in kept if item.kind != "name" or found.accounts or not is_known
    ]
    if not findings:
        findings.append(Finding(shown(folding.tidy(text)), UNKNOWN, (Said("nothing_read"),)))
    findings.sort(key=lambda each: -VERDICTS.index(each.verdict))
    return Answer(tuple(findings))


@dataclass(frozen=True)
class _Reading:
    """What an address or a handle was read as: a profile, or why none; see `UnreadableProfile`."""

    profile: Profile | None
    why: str = ""
    name: str = ""


class _Judge:
    def __init__(self, register: Register) -> None:
        self.register = register

    def of(self, item: Item) -> Finding:
        """The verdict on one item."""
        if item.kind == "address":
            return self._address(item)
        if item.kind == "mail":
            return self._mail(item)
        if item.kind == "name":
            return self._name(item.text, asks_for_city=not item.passing)
        if item.kind == "handle":
            return self._handle(item)
        return self._any(item)

    # --- An address ---------------------------------------------------------------------------

    def _address(self, item: Item) -> Finding:
        text, read = item.text, self._read_address(item.text)
        if item.longer:
            longer = self._read_address(item.longer)
            if longer.profile and self._is_known(longer.profile):
                text, read = item.longer, longer
        profile = read.profile
        if profile is None:
            return self._unread(text, read)
        found = self._profile(profile, text)
        if not read.why:
            return found
        # Of a post the address names an account, but some services show the post whoever is named.
        if found.verdict == OFFICIAL:
            return Finding(found.text, UNKNOWN, (Said("post", {"handle": _called(profile)}),))
        return Finding(
            found.text, found.verdict, (*found.said, Said("post_of")), found.accounts, found.fakes
        )

    def _read(self, text: str, service: str | None = None) -> _Reading:
        try:
            return _Reading(read_profile(text, service))
        except UnreadableProfile as error:
            return _Reading(error.profile, error.why or "unreadable", error.name)

    def _read_address(self, text: str) -> _Reading:
        """As the register has it, where its host alone does not tell of which service it is."""
        read = self._read(text)
        if read.profile and read.profile.service == "other" and not self._is_known(read.profile):
            for key in self.register.services:
                other = self._read(text, key)
                if other.profile and not other.why and self._is_known(other.profile):
                    return other
        return read

    def _is_known(self, profile: Profile) -> bool:
        return self.register.is_known(profile.identity, profile.service, profile.permanent_id)

    def _unread(self, text: str, read: _Reading) -> Finding:
        host = hosts.host_of(text)
        if read.why == "name":
            # No such account can be, or the service allows more than it used to.
            found = self._by_likeness(text, read.name, "", read.name)
            if found.verdict != UNKNOWN:
                return found
        if read.why == "user":
            before = text.partition("//")[2].partition("@")[0].lower()
            for site in (*sorted(self.register.sites), *hosts.SERVICE_HOSTS):
                if site in before:
                    words = {"host": shown(host), "site": site}
                    return Finding(shown(text), SIMILAR, (Said("site_before_at", words),))
        if read.why == "page" and hosts.known_host(text, frozenset()):
            return Finding(shown(text), UNKNOWN, (Said("page", {"host": shown(host)}),))
        return Finding(
            shown(text), UNKNOWN, (Said("short" if read.why == "short" else "unreadable"),)
        )

    def _profile(self, profile: Profile, text: str) -> Finding:
        fake = self.register.fake(profile.identity, profile.service, profile.permanent_id)
        if fake:
            return self._fake(text, fake)
        account = self.register.account(profile.identity, profile.service, profile.permanent_id)
        if account:
            return self._account(text, account, "official_address")
        if SERVICES[profile.service].takes_any_url:
            return self._site(profile, text)
        if profile.permanent_id:
            # An unchanging id is equal or not: one that is nearly the same is another account.
            return Finding(shown(text), UNKNOWN, (self._not_listed(_called(profile)),))
        return self._by_likeness(text, name_in(profile.handle), profile.service, _called(profile))

    def _site(self, profile: Profile, text: str) -> Finding:
        """An address of no service with a form of its own."""
        host = hosts.host_of(profile.url)
        if any(hosts.lies_in(host, site) for site in self.register.sites):
            return Finding(shown(text), OFFICIAL, (Said("official_site", {"host": host}),))
        path, labels = _parts_of(profile.url)
        near = self._nearest(path)
        like = hosts.looks_like(_unicode(host), self.register.sites)
        if like:
            words = {"host": _unicode(host), "site": like}
            return Finding(shown(text), SIMILAR, (Said("similar_site", words),), near)
        near = near or self._nearest(labels)
        if near:
            return Finding(shown(text), SIMILAR, (Said("similar_in_site", {"host": host}),), near)
        parts = (_unicode(host), *path)
        if any(folding.bears_the_city(part, self.register.city) for part in parts):
            return Finding(shown(text), SIMILAR, (self._bears_the_city(host),))
        return Finding(shown(text), UNKNOWN, (self._not_listed(_unicode(host)),))

    def _nearest(self, parts: Iterable[str]) -> tuple[int, ...]:
        """The account that a part of an address is named like."""
        for part in parts:
            found = self.register.nearby.handles_near(part, widely=False)
            if found:
                return tuple(each.number for each in found)
        return ()

    # --- A mail address, a handle, a name ------------------------------------------------------

    def _mail(self, item: Item) -> Finding:
        read = self._read(f"@{item.text}")
        if read.profile and not read.why and self._is_known(read.profile):
            return self._profile(read.profile, item.text)
        host = item.text.rpartition("@")[2].lower()
        if not any(hosts.lies_in(host, site) for site in self.register.sites):
            like = hosts.looks_like(host, self.register.sites)
            if like in self.register.sites or folding.bears_the_city(host, self.register.city):
                site = like if like in self.register.sites else self.register.city_name
                words = {"host": host, "site": site}
                return Finding(shown(item.text), SIMILAR, (Said("similar_site", words),))
        return Finding(shown(item.text), UNKNOWN, (Said("mail"),))

    def _handle(self, item: Item) -> Finding:
        exact = self._exact_handle(item.longer, item) if item.longer else None
        exact = exact or self._exact_handle(item.text, item)
        if exact:
            return exact
        handle = item.text.removeprefix("@")
        if item.passing and handle.isalpha():
            # A word of the sentence, unless the register has that very handle.
            return Finding(shown(item.text), UNKNOWN, (self._not_listed(item.text),))
        here = item.service if item.service in SERVICES else ""
        called = display_handle(here, handle) if here else item.text
        return self._by_likeness(
            item.text, handle.partition("@")[0], here, called, widely=not item.passing
        )

    def _exact_handle(self, text: str, item: Item) -> Finding | None:
        """The accounts and fakes with this handle, on the service that was named or on any."""
        if text.count("@") > 1:
            keys: tuple[str, ...] = ("mastodon",)
        else:
            keys = (item.service,) if item.service else self.register.services
        accounts: list[KnownAccount] = []
        for key in keys:
            read = self._read(text, key)
            profile = read.profile
            if profile is None or read.why:
                continue
            fake = self.register.fake(profile.identity, profile.service, profile.permanent_id)
            if fake:
                return self._fake(item.text, fake)
            account = self.register.account(profile.identity, profile.service, profile.permanent_id)
            if account:
                accounts.append(account)
        if not accounts:
            return None
        former = [each for each in accounts if not each.is_official]
        if former or len(accounts) == 1:
            code = "official_address" if len(keys) == 1 else "official_handle"
            first = self._account(item.text, (former or accounts)[0], code)
            others = tuple(each.id for each in accounts if each.id not in first.accounts)
            return Finding(first.text, first.verdict, first.said, (*first.accounts, *others))
        words = {"services": " ".join(each.service for each in accounts), "handle": item.text}
        said = [Said("official_handles", words)]
        if any(each.overdue for each in accounts):
            said.append(Said("overdue_some"))
        return Finding(shown(item.text), OFFICIAL, tuple(said), tuple(each.id for each in accounts))

    def _exact_name(self, text: str) -> Finding | None:
        key = folding.plain(text)
        accounts = [self.register.accounts[pk] for pk in self.register.by_name.get(key, ())]
        fakes = tuple(
            each for each in self.register.fakes if each.name and folding.plain(each.name) == key
        )
        if not accounts and not fakes:
            return None
        numbers = tuple(each.id for each in sorted(accounts, key=lambda each: not each.is_official))
        if fakes:
            code = "fake_name_too" if accounts else "fake_name"
            return Finding(shown(text), FAKE, (Said(code, {"name": shown(text)}),), numbers, fakes)
        if any(each.is_official for each in accounts):
            said = [Said("official_name", {"name": shown(text)})]
            if any(each.overdue for each in accounts if each.is_official):
                said.append(Said("overdue_some" if len(accounts) > 1 else "overdue"))
            return Finding(shown(text), OFFICIAL, tuple(said), numbers)
        first = self._account(text, accounts[0], "official_name")
        all_of_them = tuple(dict.fromkeys((*first.accounts, *numbers)))
        return Finding(first.text, first.verdict, first.said, all_of_them)

    def _name(self, text: str, *, asks_for_city: bool = True) -> Finding:
        exact = self._exact_name(text)
        if exact:
            return exact
        near = self.register.nearby.names_near(text)
        if near:
            return self._similar_name(text, near)
        core = folding.name_core(text, self.register.city)
        bears = folding.CITY in core or folding.bears_the_city(text, self.register.city)
        if asks_for_city and bears:
            return Finding(shown(text), SIMILAR, (self._bears_the_city(text),))
        return Finding(shown(text), UNKNOWN, (self._not_listed(text),))

    def _any(self, item: Item) -> Finding:
        """A single word: what is known of it as a handle, a name or an address; else what is like it."""
        handle = Item("handle", item.text, service=item.service)
        address = self._address(item) if "." in item.text else None
        exact = self._exact_handle(item.text, handle) or self._exact_name(item.text)
        if exact:
            return exact
        if address and address.verdict != UNKNOWN:
            return address
        found = self._handle(handle)
        if found.verdict == UNKNOWN:
            found = self._name(item.text)
        return found if found.verdict != UNKNOWN or not address else address

    # --- What is said ---------------------------------------------------------------------------

    def _account(self, text: str, account: KnownAccount, code: str) -> Finding:
        words = {
            "service": account.service, "name": account.title, "handle": account.shown_handle,
            "since": account.since,
        }  # fmt: skip
        if account.is_official:
            said = [Said(code, words), *([Said("overdue")] if account.overdue else [])]
            return Finding(shown(text), OFFICIAL, tuple(said), (account.id,))
        said = [Said("doubted" if account.doubted else account.status, words)]
        successor = self.register.accounts.get(account.successor)
        if successor:
            words = {"service": successor.service, "name": successor.title}
            said.append(Said("successor", words))
        numbers = (account.id, *([successor.id] if successor else []))
        return Finding(shown(text), FORMER, tuple(said), numbers)

    def _fake(self, text: str, fake: Fake) -> Finding:
        near = self.register.nearby.handles_near(name_in(fake.handle))
        real = tuple(each.number for each in near)
        return Finding(shown(text), FAKE, (Said("fake", {"since": fake.since}),), real, (fake,))

    def _not_listed(self, called: str) -> Said:
        return Said("unknown", {"called": shown(called)})

    def _bears_the_city(self, called: str) -> Said:
        return Said("similar_city", {"called": shown(called), "city": self.register.city_name})

    def _by_likeness(
        self, text: str, handle: str, here: str, called: str, *, widely: bool = True
    ) -> Finding:
        near = self.register.nearby.handles_near(handle, widely=widely)
        if near:
            return self._similar_handle(text, handle, here, near)
        by_name = self.register.nearby.names_near(handle)
        if by_name:
            return self._similar_name(text, by_name)
        if folding.bears_the_city(handle, self.register.city):
            return Finding(shown(text), SIMILAR, (self._bears_the_city(called),))
        return Finding(shown(text), UNKNOWN, (self._not_listed(called),))

    def _similar_handle(self, text: str, handle: str, here: str, near: list[Found]) -> Finding:
        # Of several that are as near, the one on the same service is the one that is imitated.
        accounts = [self.register.accounts[each.number] for each in near]
        accounts.sort(key=lambda each: each.service != here)
        known = accounts[0]
        words = {"service": known.service, "handle": known.shown_handle}
        if near[0].near == Near.SAME and here and here != known.service:
            said = [Said("same_elsewhere", {**words, "here": here})]
        elif near[0].near == Near.SAME:
            said = [Said("same_otherwise", words)]
        else:
            said = [Said("similar", words), *apart(handle, name_in(known.handle))]
        return Finding(shown(text), SIMILAR, tuple(said), tuple(each.id for each in accounts))

    def _similar_name(self, text: str, near: list[Found]) -> Finding:
        known = self.register.accounts[near[0].number]
        words = {"service": known.service, "name": known.title}
        said = [Said("similar_name", words), *apart(text, known.name)]
        return Finding(shown(text), SIMILAR, tuple(said), tuple(each.number for each in near))


def _called(profile: Profile) -> str:
    return profile.display_handle or profile.url


def _parts_of(url: str) -> tuple[list[str], list[str]]:
    """What in an address may be a name: parts of its path, and of its host."""
    host, _, path = url.partition("//")[2].partition("?")[0].partition("/")
    segments = [folding.tidy(unquote(part)).removeprefix("@") for part in path.split("/")]
    labels = _unicode(host.partition(":")[0]).split(".")
    kept = [[part for part in parts if len(part) >= SHORTEST_PART] for parts in (segments, labels)]
    return kept[0][:MOST_PARTS], kept[1][:MOST_PARTS]


SHORTEST_PART, MOST_PARTS = 8, 6


def _unicode(host: str) -> str:
    """The host as a browser may show it: a foreign letter is what it is mistaken for."""
    labels = []
    for label in host.split("."):
        try:
            labels.append(
                label.encode("ascii").decode("idna") if label.startswith("xn--") else label
            )
        except UnicodeError:
            labels.append(label)
    return ".".join(labels)

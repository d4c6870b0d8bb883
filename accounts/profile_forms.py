"""The forms in which an address of an account is found, and their one present form.

`profile_rules.py` says which service uses which; here is how a form is matched and written, and how
a service's older or abbreviated forms are brought to the present one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

Segments = list[str]


@dataclass(frozen=True)
class Place:
    """Where an address of a service points: its known host, what stands before it, and after."""

    host: str
    sub: str
    segments: Segments
    query: Mapping[str, str]


def fold_case(name: str) -> str:
    return unicodedata.normalize("NFKC", name.casefold())


def keep(name: str) -> str:
    return name


def fold_case_and_dots(name: str) -> str:
    return fold_case(name).replace(".", "")


@dataclass(frozen=True)
class Names:
    """Which names a service allows, in words for the screen, and which of them it holds equal."""

    pattern: re.Pattern[str]
    words: str
    fold: Callable[[str], str] = fold_case


@dataclass(frozen=True)
class Kind:
    """One kind of account. `reads` are its path forms, ending in `{}` or `@{}` for the name."""

    reads: tuple[str, ...]
    url: str
    names: Names
    handle: str = "{}"
    permanent: bool = False

    @property
    def follows_the_host(self) -> bool:
        """Whether the name stands right after the host, where the service's own pages are too."""
        return "{}" in self.reads

    def match(self, segments: Segments) -> tuple[str, Segments] | None:
        """The name and what follows it, where the path has one of this kind's forms."""
        for form in self.reads:
            *literals, last = form.split("/")
            at = len(literals)
            if len(segments) <= at or [part.lower() for part in segments[:at]] != literals:
                continue
            if segments[at].startswith("@") == (last == "@{}"):
                return segments[at].removeprefix("@"), segments[at + 1 :]
        return None

    def write(self, name: str) -> str:
        """The one URL of the account `name`."""
        if "{host}" in self.url:
            user, host = name.split("@")
            return self.url.format(user=user, host=host)
        return self.url.format(quote(name, safe="@:"))


def _as_it_is(place: Place) -> Segments | None:
    return place.segments


@dataclass(frozen=True)
class Rules:
    """How one service is read.

    `rewrite` brings older forms of a path to a present one, or says with None that no account can
    be in it; `complete` does the same to a name given without an address. `own_pages` are paths of
    the service itself; `tabs`, and `deep_tabs` with whatever follows, are pages of an account.
    """

    kinds: tuple[Kind, ...]
    own_pages: frozenset[str] = frozenset()
    tabs: frozenset[str] = frozenset()
    deep_tabs: frozenset[str] = frozenset()
    rewrite: Callable[[Place], Segments | None] = _as_it_is
    complete: Callable[[str], str] = keep


_FACEBOOK_ID = re.compile(r".*-([0-9]{9,20})")


def facebook_name(name: str) -> str:
    found = _FACEBOOK_ID.fullmatch(name)
    return found[1] if found else name


def facebook(place: Place) -> Segments | None:
    match [segment.lower() for segment in place.segments[:3]]:
        case ["profile.php", *_]:
            return [place.query["id"]] if place.query.get("id") else None
        case ["pg", _, *_] | ["p", _, *_]:
            segments = place.segments[1:]
        case ["pages", "category", _, *_]:
            segments = place.segments[3:]
        case ["pages" | "people", _, number] if number.isdigit():
            segments = place.segments[2:]
        case _:
            segments = place.segments
    return [facebook_name(segments[0]), *segments[1:]] if segments else []


def youtube(place: Place) -> Segments | None:
    if [s.lower() for s in place.segments] == ["profile"] and place.query.get("user"):
        return ["user", place.query["user"]]
    return place.segments


def line(place: Place) -> Segments | None:
    if place.host == "lin.ee":
        return ["lin.ee", *place.segments]
    if place.host in ("page.line.me", "accountpage.line.me"):
        name = place.segments[0] if place.segments else place.query.get("accountId", "")
        return ["@" + name.removeprefix("@")] if name else []
    # Upper and lower case both circulate, and the `R` is sometimes left out.
    skipped = 1 if place.segments and place.segments[0].lower() == "r" else 0
    segments = place.segments[skipped:]
    match [segment.lower() for segment in segments]:
        case ["ti", "p", _, *_]:
            segments = segments[2:]
        case ["oamessage", _, *_]:
            segments = segments[1:2]
        case ["home", "public", *_] if place.query.get("id"):
            segments = ["@" + place.query["id"].removeprefix("@")]
    return segments if not segments or segments[0].startswith("@") else None


def bluesky(place: Place) -> Segments | None:
    if place.host == "bsky.social":
        return ["profile", f"{place.sub}.bsky.social", *place.segments] if place.sub else None
    return place.segments


def bluesky_name(name: str) -> str:
    return name if "." in name or name.lower().startswith("did:") else f"{name}.bsky.social"


def mastodon(place: Place) -> Segments | None:
    segments = place.segments
    if segments and segments[0].lower() == "web":
        segments = segments[1:]
    if len(segments) > 1 and segments[0].lower() == "users":
        segments = ["@" + segments[1], *segments[2:]]
    if not segments:
        return []
    if not segments[0].startswith("@"):
        return None
    user, _, home = segments[0][1:].partition("@")
    return [f"{user}@{(home or place.host).lower()}", *segments[1:]]


def mastodon_name(name: str) -> str:
    user, _, host = name.partition("@")
    return f"{user}@{host.lower()}"


def note(place: Place) -> Segments | None:
    if place.host == "note.jp":
        return [f"{place.sub}.note.jp", *place.segments] if place.sub else None
    return place.segments


def linkedin(place: Place) -> Segments | None:
    segments = place.segments
    match [segment.lower() for segment in segments]:
        case ["grp", "home"] | ["groups"] if place.query.get("gid"):
            return ["groups", place.query["gid"]]
        case ["company-beta", _, *_]:
            return ["company", *segments[1:]]
        case ["showcase", number, *_] if number.isdigit():
            return ["company", *segments[1:]]
        case ["pub", _, first, second, third]:
            # The address before 2015; the service sends it on to the name with the parts reversed.
            return ["in", f"{segments[1]}-{third:0>3}{second:0>3}{first}"]
    return segments


def flickr(place: Place) -> Segments | None:
    rest = [segment.lower() for segment in place.segments[2:3]]
    return None if place.segments[:1] == ["photos"] and rest == ["tags"] else place.segments


def vimeo(place: Place) -> Segments | None:
    # A number alone is a video.
    return None if place.segments and place.segments[0].isdigit() else place.segments


def tumblr(place: Place) -> Segments | None:
    segments = place.segments
    if place.sub:
        single = segments and segments[0].lower() in ("post", "image", "tagged", "search", "day")
        return [place.sub, *segments] if single else [place.sub]
    match [segment.lower() for segment in segments]:
        case ["blog", "view", _, *_]:
            return segments[2:]
        case ["blog", _, *_]:
            return segments[1:]
    return segments


def medium(place: Place) -> Segments | None:
    return [f"@{place.sub}", *place.segments] if place.sub else place.segments

"""Whether a page names an address: as a link, or as text that a reader could follow."""

from __future__ import annotations

import re
from enum import Enum
from html.parser import HTMLParser
from urllib.parse import parse_qsl, unquote, urlsplit

_UNSEEN = frozenset({"script", "style", "template"})
_MOST_ARGUMENTS = 50
_PORTS = {"http": 80, "https": 443}

Place = tuple[str, int | None, str]


class Naming(Enum):
    """How a page names an address, the strongest first."""

    REL_ME = 'rel="me"のリンクがあります。'
    LINK = "リンクがあります。"
    TEXT = "URLが書かれています。"


def naming(html: str, address: str) -> Naming | None:
    """How the page names `address` in any of its spellings; None where it does not."""
    wanted = place(address)
    if wanted is None:
        return None
    reader = _Reader(wanted)
    # Never closed: what an endless comment or tag leaves over is not read again from each of its
    # signs, which would take hours.
    reader.feed(html)
    if reader.found:
        return min(reader.found, key=list(Naming).index)
    written = _written(wanted[0])
    texts = "\n".join(reader.texts)
    found = (place(_with_scheme(each[0].rstrip("."))) for each in written.finditer(texts))
    return Naming.TEXT if wanted in found else None


def place(url: str) -> Place | None:
    """What `url` leads to, whatever its spelling: host, unusual port, path."""
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if not host or parts.scheme not in {"", "http", "https"}:
        return None
    port = None if port in _PORTS.values() else port
    return host, port, unquote(parts.path).rstrip("/")


class _Reader(HTMLParser):
    """Collects how a page links to one place, and its visible text."""

    def __init__(self, wanted: Place) -> None:
        super().__init__()
        self.wanted = wanted
        self.found: set[Naming] = set()
        self.texts: list[str] = []
        self._unseen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _UNSEEN:
            self._unseen = self._unseen or tag
        elif tag == "meta":
            # Pages that a script fills say the profile's text here, for others to quote.
            self.texts.append(given.get("content", ""))
        elif "href" in given and self._leads_there(given["href"]):
            rel_me = "me" in given.get("rel", "").lower().split()
            self.found.add(Naming.REL_ME if rel_me else Naming.LINK)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unseen:
            self._unseen = ""

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.texts.append(data)

    def _leads_there(self, url: str) -> bool:
        if place(url) == self.wanted:
            return True
        # Services send their readers out by way of a page of their own.
        try:
            query = urlsplit(url).query
            arguments = parse_qsl(query, max_num_fields=_MOST_ARGUMENTS) if "http" in query else []
        except ValueError:
            return False
        return any(place(value) == self.wanted for _, value in arguments)


def _with_scheme(written: str) -> str:
    return written if "://" in written else f"//{written}"


def _written(host: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![A-Za-z0-9.@_-])(?:https?://)?{re.escape(host)}(?::\d{{1,5}})?"
        r"(?:/[A-Za-z0-9/_.~%-]*)?",
        re.IGNORECASE,
    )

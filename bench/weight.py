"""What one page weighs on the wire: the page and all that a browser asks for with it.

Asked for from a web server with the shipped configuration, as a browser does; scripts of the published
list ask for no more until somebody searches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from tests.web_server import Answer, WebServer

AT_MOST_BYTES = 50_000
# What a browser asks for by itself.
LINKS = frozenset(
    {"stylesheet", "icon", "manifest", "preload", "modulepreload", "apple-touch-icon"}
)
IN_CSS = re.compile(r"url\(\s*[\"']?([^)\"'\s]+)|@import\s+[\"']([^\"']+)")


@dataclass(frozen=True)
class Figure:
    """One page with everything it asks for; `bytes` are those of all answers with their headers."""

    accounts: int
    requests: int
    bytes: int
    page_bytes: int
    unpacked_bytes: int
    other_hosts: int
    cookies: int


class _Asked(HTMLParser):
    """The addresses that a page makes a browser ask for."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self._templates = 0

    def handle_endtag(self, tag: str) -> None:
        self._templates -= tag == "template"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._templates += tag == "template"
        # What is in one is asked for only once a script takes it out.
        if self._templates:
            return
        given = {name: value or "" for name, value in attrs}
        if tag == "link" and LINKS & set(given.get("rel", "").lower().split()):
            self.addresses.append(given.get("href", ""))
        elif tag != "a":
            self.addresses += [given.get("src", ""), given.get("poster", ""), given.get("data", "")]
            self.addresses += [
                part.split()[0] for part in given.get("srcset", "").split(",") if part
            ]
        self.addresses += in_style(given.get("style", ""))


def in_style(text: str) -> list[str]:
    """The addresses that a piece of CSS asks for."""
    return [one or other for one, other in IN_CSS.findall(text)]


def asked_by(text: str, kind: str) -> list[str]:
    """The addresses that an answer of this type makes a browser ask for, as they stand there."""
    if kind.startswith("text/css"):
        return in_style(text)
    if not kind.startswith("text/html"):
        return []
    parser = _Asked()
    parser.feed(text)
    return [address for address in parser.addresses if address]


def measure(server: WebServer, accounts: int, address: str = "/") -> Figure:
    """The page at `address` with all that it asks for, of a site whose list has so many accounts."""
    total = unpacked = cookies = 0
    others: set[str] = set()
    page_bytes = None
    asked = {address}
    waiting = [address]
    while waiting:
        here = waiting.pop()
        plain = server.ask(here)
        packed = server.ask(here, Accept_Encoding="gzip")
        if packed.status != 200 or plain.status != 200:
            raise RuntimeError(f"{here} answered {packed.status}")
        size = _on_the_wire(packed)
        page_bytes = page_bytes or size
        total += size
        unpacked += len(plain.body)
        cookies += "set-cookie" in packed.headers
        for found in _asked_of_a_server(here, plain):
            if not found.startswith("/"):
                others.add(urlsplit(found).netloc)
            elif found not in asked:
                asked.add(found)
                waiting.append(found)
    return Figure(accounts, len(asked), total, page_bytes or 0, unpacked, len(others), cookies)


def _asked_of_a_server(here: str, answer: Answer) -> Iterator[str]:
    """What the answer at `here` asks for: a path of this host, or the address at another one."""
    kind = answer.headers["content-type"]
    if not kind.startswith("text/"):
        return
    for address in asked_by(answer.body.decode(), kind):
        at = urlsplit(urljoin(f"http://here{here}", address))
        if at.scheme == "data":
            continue
        yield at.path if at.netloc == "here" else address


def _on_the_wire(answer: Answer) -> int:
    """The length of an answer as HTTP/1.1 writes it."""
    lines = [f"HTTP/1.1 {answer.status} OK", *(f"{k}: {v}" for k, v in answer.headers.items())]
    return sum(len(line) + 2 for line in lines) + 2 + len(answer.body)


def too_heavy(figure: Figure) -> list[str]:
    """One sentence for each bound that is not kept."""
    found = []
    if figure.bytes >= AT_MOST_BYTES:
        found.append(f"The list's page takes {figure.bytes:,} bytes, not under {AT_MOST_BYTES:,}")
    if figure.other_hosts:
        found.append(f"The list's page asks {figure.other_hosts} other hosts")
    if figure.cookies:
        found.append(f"The list's page sets {figure.cookies} cookies")
    return found

"""Web addresses in a text, with and without `https://`, and whose site each leads to by its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import tldextract

from postings.checking.patterns import pattern

_WITH_SCHEME = pattern(
    r"(?<![a-z0-9])(https?)://((?:[^\s/?#@<>\"]{0,200}+@)?)"
    r"([a-z0-9._-]{0,253}+)((?:[^\x00-\x7f、。,「」『』()【】\s]{1,60}+[a-z0-9._-]{0,100}+){0,4}+)"
    r"((?::[0-9]{1,5}+)?)((?:[/?#][!-;=?-~]{0,2000}+)?)"
)
_WITHOUT_SCHEME = pattern(
    r"(?<![a-z0-9@._/:+-])(?<!@ )(?<!@  )(?<!\(at\))(?<!\[at\])(?<!アットマーク)(?<!★)((?:[a-z0-9-]{1,63}+\.){1,8}+)"
    r"((?:[a-z]{2,24}+|xn--[a-z0-9-]{2,59}+)(?![a-z0-9@_-]))((?:[/?#][!-;=?-~]{0,2000}+)?)"
)
_CLOSING = ".,;:!?)]'\"*_~"
# Names of files and the like end in some countries' letters too.
_COMMON_ENDS = frozenset({"jp", "com", "net", "org", "info"})
_LONGEST_LABEL = 63


@dataclass(frozen=True)
class Link:
    """One address at a place of the folded text. `domain` is what its owner registered, or ''."""

    start: int
    end: int
    scheme: str
    user: str
    host: str
    path: str
    domain: str
    suffix: str

    @property
    def is_well_formed(self) -> bool:
        """Whether a service turns it into a link: a known ending, and labels as DNS allows them."""
        labels = (label.encode("punycode") if not label.isascii() else label.encode()
                  for label in self.host.split("."))  # fmt: skip
        return bool(self.suffix) and all(0 < len(label) <= _LONGEST_LABEL for label in labels)

    @property
    def is_foreign(self) -> bool:
        """Whether its host has other letters than a to z, written as such or encoded."""
        return not self.host.isascii() or "xn--" in self.host

    @property
    def is_meant(self) -> bool:
        """Whether a reader takes it for an address, which `readme.md` is not."""
        common = self.suffix.rpartition(".")[2] in _COMMON_ENDS
        return bool(self.scheme or self.path or self.host.startswith("www.") or common)

    @property
    def segments(self) -> list[str]:
        """The parts of its path."""
        plain = self.path.split("?")[0].split("#")[0]
        return [segment for segment in plain.split("/") if segment]


def read_links(text: str) -> list[Link]:
    """Every address in a folded `text`, in its order."""
    found, at = [], 0
    while match := _WITH_SCHEME.search(text, at):
        link = _with_scheme(match)
        # What follows an address without a blank may be the next one.
        at = link.end if link else match.end()
        found += [link] if link else []
    taken = iter([*found, None])
    current = next(taken)
    for match in _WITHOUT_SCHEME.finditer(text):
        while current and current.end <= match.start():
            current = next(taken)
        if current is None or match.end() <= current.start:
            link = _link(match.start(), "", "", match[1] + match[2], match[3])
            if link.suffix:
                found.append(link)
    return sorted(found, key=lambda link: link.start)


def _with_scheme(match: re.Match[str]) -> Link | None:
    scheme, user, ascii_host, foreign, port, path = match.groups()
    host = ascii_host + foreign
    if foreign and _parts(ascii_host.rstrip("."))[1]:
        # 'https://example.jpをご覧ください': the sentence goes on, the address has ended.
        host, port, path = ascii_host, "", ""
    if not host:
        return None
    return _link(match.start(), scheme, user.rstrip("@"), host, port + path)


def _link(start: int, scheme: str, user: str, host: str, path: str) -> Link:
    before = (f"{scheme}://" if scheme else "") + (f"{user}@" if user else "")
    written = (before + host + path).rstrip(_CLOSING)
    path = path[: max(len(written) - len(before + host), 0)]
    host = host.rstrip(".-_")
    domain, suffix = _parts(host)
    return Link(start, start + len(written), scheme, user, host, path, domain, suffix)


@lru_cache(maxsize=1)
def _reader() -> tldextract.TLDExtract:
    # The list that came with the library: no request, and no file beside it.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def _parts(host: str) -> tuple[str, str]:
    """The registered domain and the public ending it stands under; both '' where there is none."""
    if not host or len(host) > 253:
        return "", ""
    read = _reader().extract_str(host)
    return (read.top_domain_under_public_suffix, read.suffix) if read.domain else ("", "")

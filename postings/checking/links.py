"""Links, and whom they lend the city's name to. Clause 4(2)ウ."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from accounts.services import SERVICES, Service
from postings.checking.findings import Match
from postings.checking.known import is_within
from postings.checking.material import Material
from postings.checking.reading_links import Link

SHORTENERS = frozenset((
    "amba.to", "amzn.asia", "amzn.to", "bit.do", "bit.ly", "bitly.com", "buff.ly", "cutt.ly", "dlvr.it",
    "fb.me", "flic.kr", "forms.gle", "git.io", "goo.gl", "hoo.gl", "htn.to", "ift.tt", "is.gd", "j.mp",
    "lin.ee", "lnkd.in", "maps.app.goo.gl", "nav.cx", "nico.ms", "onl.bz",
    "onl.la", "onl.sc", "onl.tw", "ow.ly", "pin.it", "prt.nu", "ptix.at", "qr.paps.jp", "rb.gy",
    "rebrand.ly", "s.id", "short.gy", "shorturl.at", "t.co", "t.ly", "tiny.cc", "tinyurl.com", "u0u1.net",
    "urx.nu", "urx2.nu", "urx3.nu", "v.gd", "vm.tiktok.com", "vt.tiktok.com", "wp.me", "x.gd", "xgd.io",
))  # fmt: skip
# What these shorten stays on one service, whose name is said.
_OF_ONE_SERVICE = {"youtu.be": "YouTube", "instagr.am": "Instagram", "fb.watch": "Facebook"}
_FAMILIAR = {
    "google.com": "Google", "google.co.jp": "Google", "yahoo.co.jp": "Yahoo! JAPAN",
    "amazon.co.jp": "Amazon", "rakuten.co.jp": "楽天", "wikipedia.org": "ウィキペディア",
    "nhk.or.jp": "NHK", "chunichi.co.jp": "中日新聞", "peatix.com": "Peatix",
}  # fmt: skip
# Letters of other scripts, and digits, that readers take for these.
_LOOK_ALIKE = str.maketrans({
    "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ј": "j",
    "ѕ": "s", "ԁ": "d", "һ": "h", "ԛ": "q", "ԝ": "w", "ѵ": "v", "в": "b", "н": "h", "к": "k",
    "т": "t", "м": "m", "α": "a", "ε": "e", "ι": "i", "κ": "k", "ν": "v", "ο": "o", "ρ": "p",
    "τ": "t", "υ": "u", "χ": "x", "ı": "i", "ɡ": "g", "ɩ": "i", "0": "o", "1": "i",
})  # fmt: skip


def find_third_party(material: Material) -> Iterator[Match]:
    """Links to pages of others, and whose they are."""
    for link in _meant(material):
        if _is_third(link, material):
            owner = _owner(link)
            yield material.match(
                link.start, link.end,
                why=f"「{owner}」のページへのリンクです。載せると、市がその内容を信頼できるものとして"
                "勧めていると受け取られることがあります。",
            )  # fmt: skip


def find_public_body(material: Material) -> Iterator[Match]:
    """Links to pages of the state and of other local governments."""
    for link in _meant(material):
        if _body(link) and not is_own(link, material):
            yield material.match(
                link.start, link.end,
                why=f"「{link.domain or link.host}」({_body(link)})のページへのリンクです。市のページではありません。",
            )  # fmt: skip


def find_shortened(material: Material) -> Iterator[Match]:
    """Addresses that hide where they lead."""
    for link in _meant(material):
        if _is_shortened(link):
            yield material.match(link.start, link.end)


def find_unencrypted(material: Material) -> Iterator[Match]:
    """http without s."""
    for link in _meant(material):
        if link.scheme == "http":
            yield material.match(link.start, link.end)


def find_lookalike(material: Material) -> Iterator[Match]:
    """Addresses that look like the city's or a known service's and are another's."""
    for link in _meant(material):
        if _imitated(link, material):
            yield material.match(
                link.start, link.end,
                why=f"「{_imitated(link, material)}」のように見えますが、実際のリンク先は"
                f"「{link.domain or link.host}」です。偽のサイトのおそれがあります。",
            )  # fmt: skip


def find_foreign_letters(material: Material) -> Iterator[Match]:
    """Host names in other letters than a to z."""
    for link in _meant(material):
        if link.is_foreign and not _imitated(link, material):
            yield material.match(link.start, link.end)


def _meant(material: Material) -> Iterator[Link]:
    return (link for link in material.links if link.is_meant)


def _is_third(link: Link, material: Material) -> bool:
    others = is_own(link, material) or _body(link) or _is_shortened(link)
    return not (others or link.is_foreign or _imitated(link, material))


def _is_shortened(link: Link) -> bool:
    return link.host.removeprefix("www.") in SHORTENERS


def is_own(link: Link, material: Material) -> bool:
    if link.user:
        return False
    if material.known.is_own_host(link.host):
        return True
    service = service_of(link.host)
    if service is None:
        return False
    # The name stands where the service writes it: of x.com/a/b it is a, of line.me/R/ti/p/@a the last.
    shape = [part.lower() for part in urlsplit(service.profile_url).path.split("/") if part]
    before, named = link.segments[: len(shape) - 1], link.segments[len(shape) - 1 : len(shape)]
    own = material.known.handles
    return before == shape[:-1] and any((service.key, name.lstrip("@")) in own for name in named)


@lru_cache(maxsize=512)
def service_of(host: str) -> Service | None:
    return next((one for one in SERVICES.values() if is_within(host, one.hosts)), None)


def _body(link: Link) -> str:
    """What public body `link` leads to, '' if none."""
    if link.is_foreign:
        return ""
    if is_within(link.host, ("go.jp",)):
        return "国の機関"
    if is_within(link.host, ("lg.jp",)):
        return "地方公共団体"
    # pref.aichi.jp, city.toyohashi.aichi.jp: names that only they get.
    of_place = link.suffix.endswith(".jp") and link.suffix not in {"co.jp", "or.jp", "ne.jp"}
    first = link.domain.partition(".")[0]
    return "地方公共団体" if of_place and first in {"pref", "metro", "city", "town", "vill"} else ""


def _owner(link: Link) -> str:
    name = _OF_ONE_SERVICE.get(link.host) or _FAMILIAR.get(link.domain)
    service = service_of(link.host)
    if name is None and service:
        name = service.name
    if name:
        return f"{name}({link.host})"
    return link.domain or link.host


def _imitated(link: Link, material: Material) -> str:
    """The site that `link` pretends to be, '' if none."""
    if link.user:
        return link.user if "." in link.user else ""
    known = material.known
    if known.is_own_host(link.host) or _is_address(link.host) or _body(link):
        return ""
    seen = _skeleton(link.host)
    for own in known.web_domains:
        # city.shinshiro.lg.jp.example.com, and the same with hyphens.
        same = "." in own and f".{_skeleton(own)}." in f".{seen}."
        if same or _alike(seen, own):
            return own
    service = service_of(seen) if seen != link.host else None
    return service.name if service else ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=512)
def _skeleton(host: str) -> str:
    """`host` as a hurried reader sees it."""
    labels = []
    for label in host.split("."):
        if label.startswith("xn--"):
            try:
                label = label[4:].encode("ascii").decode("punycode")  # noqa: PLW2901
            except (UnicodeError, ValueError, OverflowError):
                return host
        labels.append(label)
    return ".".join(labels).translate(_LOOK_ALIKE).replace("rn", "m").replace("vv", "w")


def _alike(seen: str, own: str) -> bool:
    """Whether `seen` joins the words by which `own` is known, in either order: city-shinshiro.com."""
    words = _skeleton(own).split(".")[:2]
    if len(words) < 2 or words[0] not in {"city", "town", "vill", "pref"}:
        return False
    joined = seen.removeprefix("www.").replace("-", "").replace(".", "").replace("_", "")
    return joined.startswith(("".join(words), "".join(reversed(words))))

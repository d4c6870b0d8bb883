"""Web addresses as people paste them: cleaned, taken apart, and spelled in one way.

Read as a browser would read them, where it matters whose site is meant; without asking the network.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from accounts.profiles import Profile

TEXT_LIMIT = 2000
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?![0-9]{1,5}(?:[/?#]|\Z))")
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?!\d+\Z)[a-z0-9-]{2,63}")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_AROUND = " \t\r\n<>「」『』、。"  # what a sentence or a mail puts around an address
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


class UnreadableProfile(ValueError):
    """What was given names no account; the text is a Japanese sentence for who gave it.

    `why` says for a program what no account could be read from, where that is worth an answer of its
    own: `short`, `post`, `page` (of the service itself), `user` (a name before the site's), `name` (one
    that the service does not allow: `name`). The address of a post still names the account `profile`.
    """

    def __init__(
        self, sentence: str, why: str = "", profile: Profile | None = None, name: str = ""
    ) -> None:
        super().__init__(sentence)
        self.why = why
        self.profile = profile
        self.name = name


@dataclass(frozen=True)
class Address:
    """A web address in its parts; `path` starts with a slash or is empty."""

    scheme: str
    host: str
    port: str
    path: str
    query: str
    fragment: str


def clean(text: str) -> str:
    """`text` without surrounding blanks, invisible characters and full-width forms."""
    cleaned = text.strip()
    if len(cleaned) > TEXT_LIMIT:
        raise UnreadableProfile(f"URLまたはアカウント名が長すぎます（{TEXT_LIMIT:,}文字まで）。")
    cleaned = "".join(ch for ch in cleaned if unicodedata.category(ch) != "Cf")
    cleaned = cleaned.translate(_FULL_WIDTH).strip().strip(_AROUND)
    if not cleaned:
        raise UnreadableProfile("URLまたはアカウント名を入力してください。")
    if any(unicodedata.category(ch) in ("Cc", "Cs", "Cn", "Co") for ch in cleaned):
        raise UnreadableProfile(
            "URLまたはアカウント名に、改行や制御文字など使えない文字が含まれています。"
        )
    if any(ch.isspace() for ch in cleaned):
        raise UnreadableProfile("URLまたはアカウント名の途中に空白が含まれています。")
    return cleaned


def parse_address(text: str) -> Address:
    """The parts of the cleaned `text`, `https` where it names no scheme."""
    scheme = "https"
    found = SCHEME.match(text)
    if found:
        scheme = found[1].lower()
        if scheme not in ("http", "https"):
            raise UnreadableProfile(
                f"「{shown(scheme)}:」で始まるものは登録できないため、"
                "https://で始まるプロフィールのURLを入力してください。"
            )
        text = text[found.end() :]
    text, _, fragment = text.partition("#")
    text, _, query = text.partition("?")
    netloc, slash, path = text.lstrip("/").partition("/")
    if "\\" in text:
        raise UnreadableProfile("URLに「\\」は使えません。")
    if "@" in netloc:
        raise UnreadableProfile(
            "URLのサイト名の前に「@」があり、別のサイトへつながるおそれがあるため登録できません。",
            why="user",
        )
    site, colon, port = netloc.partition(":")
    host = _host(site)
    if colon and port and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        raise UnreadableProfile("URLのポート番号が正しくありません。")
    port = port.lstrip("0")
    default = {"http": "80", "https": "443"}[scheme]
    return Address(scheme, host, "" if port == default else port, slash + path, query, fragment)


def _host(text: str) -> str:
    """The host in lower case and in ASCII, as a browser asks for it."""
    host = unicodedata.normalize("NFKC", text).replace("。", ".").lower().removesuffix(".")
    if not host.isascii() and len(host) <= 253:
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            host = ""
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise UnreadableProfile(
            "URLのサイト名が正しくないため、https://で始まるプロフィールのURLを入力してください。"
        )
    return host


def without_dots(parts: list[str]) -> list[str]:
    """A path's parts with `.` and `..` resolved as a browser does."""
    kept: list[str] = []
    for at, part in enumerate(parts):
        if part == ".." and len(kept) > 1:
            kept.pop()
        if part not in (".", ".."):
            kept.append(part)
        elif at == len(parts) - 1:
            kept.append("")
    return kept


def escaped(text: str, safe: str) -> str:
    """`text` with one spelling of its percent-escapes: RFC 3986, 6.2.2."""

    def unescape(found: re.Match[str]) -> str:
        character = chr(int(found[1], 16))
        return character if character in _UNRESERVED else found[0].upper()

    whole = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return quote(_ESCAPE.sub(unescape, whole), safe=f"%!$'()*+,;=:@{safe}")


def decoded(segment: str) -> str:
    """One part of a path as the service reads it, without escapes and invisible characters."""
    text = unicodedata.normalize("NFKC", unquote(segment).translate(_FULL_WIDTH))
    return "".join(ch for ch in text if unicodedata.category(ch) != "Cf").strip()


def shown(text: str) -> str:
    """A piece of what was given, short and fit to stand in a sentence."""
    kept = "".join(ch for ch in text[:41] if ch.isprintable() and ch not in "。「」")
    return kept if len(text) <= 40 else f"{kept[:40]}…"

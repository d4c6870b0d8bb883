"""Reading one page of the web as a polite stranger: bounded in time and size, robots respected.

What may be connected to at all stands in `guarded_network.py`; decision 0012 says why.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.message import Message
from urllib.parse import quote, urljoin, urlsplit

import httpcore
from django.conf import settings
from protego import Protego

from accounts import guarded_network
from accounts.guarded_network import GuardedBackend, RefusedAddress, Resolve

ROBOT = "shinshiro-sns-portal"
MOST_BYTES = 1024 * 1024
MOST_ROBOTS_BYTES = 500 * 1024
MOST_REDIRECTS = 5
LONGEST_PAUSE = 60.0
HTML = frozenset({"text/html", "application/xhtml+xml"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Others are read as UTF-8: an address is plain ASCII in each of these.
_CHARSETS = frozenset({
    "utf-8", "shift_jis", "cp932", "euc-jp", "iso-2022-jp", "iso-8859-1", "windows-1252",
    "utf-16", "utf-16le", "utf-16be",
})  # fmt: skip
_IN_URLS = "/%:@!$&'()*+,;=~-._?"


class Unreadable(Exception):
    """The page could not be read; the message says why, to the person."""


class NotAllowed(Unreadable):
    """Whoever runs the site does not want it read by a program."""


@dataclass(frozen=True)
class Times:
    """Seconds: to connect, between two pieces of an answer, and for one whole request."""

    connect: float = 5.0
    read: float = 10.0
    total: float = 20.0


@dataclass(frozen=True)
class Page:
    """A page as it was read. `url` is where the redirects led; `whole` is False where it was cut."""

    url: str
    status: int
    text: str
    whole: bool


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    whole: bool


class PageReader:
    """Reads pages one after the other; asks each site for its robots.txt once.

    `allowed` and `resolve` as in `GuardedBackend`; both, and the times, are for tests.
    """

    def __init__(
        self,
        *,
        allowed: Iterable[tuple[str, int]] = (),
        resolve: Resolve = guarded_network.resolve,
        times: Times | None = None,
        pause: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._times = times or Times()
        self._pause, self._clock, self._sleep = pause, clock, sleep
        self._deadline = 0.0
        self._backend = GuardedBackend(self._remaining, allowed, resolve)
        self._robots: dict[str, Protego] = {}
        self._asked: dict[str, float] = {}

    def read(self, url: str) -> Page:
        """The page at `url`, wherever it leads. Raises `Unreadable` or `NotAllowed`."""
        address = normal(url)
        for _ in range(MOST_REDIRECTS + 1):
            robots = self._rules(address)
            if not robots.can_fetch(address, ROBOT):
                raise NotAllowed("サイトの決まり(robots.txt)が、自動の確認を認めていません。")
            answer = self._get(address, MOST_BYTES, float(robots.crawl_delay(ROBOT) or 0))
            if answer.status not in _REDIRECTS or "location" not in answer.headers:
                return _page(address, answer)
            address = _led(address, answer.headers["location"])
        raise Unreadable(f"別のページへの転送が{MOST_REDIRECTS}回を超えました。")

    def _rules(self, address: str) -> Protego:
        site = "{0.scheme}://{0.netloc}".format(urlsplit(address))
        if site not in self._robots:
            at = f"{site}/robots.txt"
            for _ in range(MOST_REDIRECTS + 1):
                answer = self._get(at, MOST_ROBOTS_BYTES, 0)
                if answer.status not in _REDIRECTS or "location" not in answer.headers:
                    break
                at = _led(at, answer.headers["location"])
            # As RFC 9309 has it: what is not there forbids nothing, what is broken everything.
            if answer.status >= 500 or answer.status in {*_REDIRECTS, 429}:
                text = "User-agent: *\nDisallow: /"
            else:
                text = answer.body.decode("utf-8", "replace") if answer.status == 200 else ""
            self._robots[site] = Protego.parse(text)
        return self._robots[site]

    def _get(self, address: str, most: int, delay: float) -> _Answer:
        self._wait(urlsplit(address).netloc, delay)
        self._deadline = self._clock() + self._times.total
        times = {"connect": self._times.connect, "read": self._times.read,
                 "write": self._times.read, "pool": self._times.connect}  # fmt: skip
        try:
            with (
                httpcore.ConnectionPool(network_backend=self._backend) as pool,
                pool.stream(
                    "GET", address, headers=_headers(address), extensions={"timeout": times}
                ) as response,
            ):
                return _answer(response, most)
        except RefusedAddress as refused:
            raise Unreadable(str(refused)) from refused
        except httpcore.TimeoutException as error:
            raise Unreadable("時間内に読み終えられませんでした。") from error
        except httpcore.ProtocolError as error:
            raise Unreadable("応答が正しくありませんでした。") from error
        except (httpcore.NetworkError, OSError, ValueError) as error:
            raise Unreadable("接続できませんでした。") from error

    def _remaining(self) -> float:
        left = self._deadline - self._clock()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left

    def _wait(self, site: str, delay: float) -> None:
        pause = max(self._pause, min(delay, LONGEST_PAUSE))
        if site in self._asked:
            early = self._asked[site] + pause - self._clock()
            if early > 0:
                self._sleep(early)
        self._asked[site] = self._clock()


def normal(url: str) -> str:
    """`url` as it is asked for. Raises `Unreadable` for what is no plain address of the web."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except (ValueError, UnicodeError) as error:
        raise Unreadable("アドレスを読み取れません。") from error
    if parts.scheme not in {"http", "https"}:
        raise Unreadable("ウェブのアドレスではないところへ導かれました。")
    if not host or "@" in parts.netloc:
        raise Unreadable("アドレスを読み取れません。")
    host = f"[{host}]" if ":" in host else host
    standard = {"http": 80, "https": 443}[parts.scheme]
    site = host if port in {None, standard} else f"{host}:{port}"
    path = quote(parts.path or "/", safe=_IN_URLS)
    query = f"?{quote(parts.query, safe=_IN_URLS)}" if parts.query else ""
    return f"{parts.scheme}://{site}{path}{query}"


def _led(address: str, location: str) -> str:
    """Where `location` leads from `address`. Raises `Unreadable` for what leads nowhere."""
    try:
        there = urljoin(address, location)
    except ValueError as error:
        raise Unreadable("アドレスを読み取れません。") from error
    return normal(there)


def _headers(address: str) -> list[tuple[str | bytes, str | bytes]]:
    said = {
        "Host": urlsplit(address).netloc,
        "User-Agent": f"{ROBOT}/1.0 (+{settings.PORTAL_URL})",
        "Accept": "text/html, application/xhtml+xml",
        "Accept-Encoding": "gzip",
        "Accept-Language": "ja",
        "Connection": "close",
    }
    return list(said.items())


def _answer(response: httpcore.Response, most: int) -> _Answer:
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
    }
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", "gzip", "x-gzip", ""}:
        raise Unreadable("読み取れない形に圧縮されていました。")
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16) if "gzip" in coding else None
    body, received = bytearray(), 0
    for chunk in response.iter_stream():
        received += len(chunk)
        try:
            # Never more than one byte too many, however small the bomb.
            body += inflate.decompress(chunk, most + 1 - len(body)) if inflate else chunk
        except zlib.error as error:
            raise Unreadable("圧縮が壊れていました。") from error
        if len(body) > most or received > most:
            return _Answer(response.status, headers, bytes(body[:most]), whole=False)
    return _Answer(response.status, headers, bytes(body), whole=True)


def _page(address: str, answer: _Answer) -> Page:
    if answer.status != 200:
        raise Unreadable(f"ページを開けませんでした(応答 {answer.status})。")
    said = Message()
    said["Content-Type"] = answer.headers.get("content-type", "")
    if not answer.headers.get("content-type") or said.get_content_type() not in HTML:
        raise Unreadable("ウェブページ(HTML)ではありませんでした。")
    charset = (said.get_content_charset() or "utf-8").lower()
    text = answer.body.decode(charset if charset in _CHARSETS else "utf-8", "replace")
    return Page(address, answer.status, text, answer.whole)

"""Published files as a visitor gets them: from one server, within a set time, and no more than asked for.

The verifier bounds how much is read; here it is how long, and from whom.
"""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore
from tuf.api.exceptions import DownloadHTTPError
from tuf.ngclient import FetcherInterface

from accounts.guarded_network import TimedStream, shorter
from publication.verifier import NotAsSigned, Unread

AGENT = "shinshiro-sns-watch/1.0"
MOST_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# A web server may answer with this page only together with the status it is for.
NOT_FOUND_PAGE = "/404.html"


class LedAway(NotAsSigned):
    """The server sends visitors to another one."""


class Server(FetcherInterface):
    """Downloads from the server it is asked for, and from no other; `timeout` seconds for each file.

    `coding` is the one way of compressing that it takes; what comes stays compressed.
    """

    def __init__(
        self, pool: httpcore.ConnectionPool, clock: Deadline, coding: str = "identity"
    ) -> None:
        self._pool, self._clock, self._coding = pool, clock, coding

    def _fetch(self, url: str) -> Iterator[bytes]:
        """Raises LedAway, Unread and DownloadHTTPError, each with a sentence for people."""
        self._clock.begin()
        try:
            for _ in range(MOST_REDIRECTS + 1):
                with self._pool.stream(
                    "GET", url, headers=self._headers(url), extensions=self._clock.extensions()
                ) as response:
                    if response.status not in _REDIRECTS:
                        yield from _body(response, url)
                        return
                    url = _led(url, response)
        except httpcore.TimeoutException as error:
            raise Unread(f"「{url}」の返事が、時間内に終わりませんでした。") from error
        except httpcore.ProtocolError as error:
            raise Unread(f"「{url}」の返事を読み取れませんでした。") from error
        except (httpcore.NetworkError, OSError, ValueError) as error:
            if any(isinstance(each, ssl.SSLError) for each in error.args):
                raise Unread(f"「{url}」の証明書を確かめられず、接続しませんでした。") from error
            raise Unread(f"「{url}」に接続できませんでした。") from error
        raise Unread(f"「{url}」の転送が{MOST_REDIRECTS}回を超えました。")

    def _headers(self, url: str) -> list[tuple[str | bytes, str | bytes]]:
        return [
            ("Host", urlsplit(url).netloc), ("User-Agent", AGENT), ("Accept", "*/*"),
            ("Accept-Encoding", self._coding), ("Cache-Control", "no-cache"),
        ]  # fmt: skip


class Deadline:
    """How many seconds are left for the file that is being downloaded."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._ends = 0.0

    def begin(self) -> None:
        """The next file begins now."""
        self._ends = time.monotonic() + self._timeout

    def remaining(self) -> float:
        """The seconds left. Raises httpcore.ReadTimeout where there are none."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left

    def extensions(self) -> dict[str, Any]:
        """The same, as httpcore is told of it."""
        return {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), self._timeout)}


class _Backend(httpcore.SyncBackend):
    """Connections on which a server that sends one byte at a time meets the deadline too."""

    def __init__(self, clock: Deadline) -> None:
        self._clock = clock

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None,
        local_address: str | None = None, socket_options: Any = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        timeout = shorter(timeout, self._clock.remaining())
        stream = super().connect_tcp(host, port, timeout, local_address, socket_options)
        return TimedStream(stream, self._clock.remaining)


@contextlib.contextmanager
def servers(timeout: float) -> Iterator[dict[str, Server]]:
    """A `Server` for each coding, on connections that are kept open from file to file."""
    clock = Deadline(timeout)
    # The system's certificates: a city may have added its own.
    trust = ssl.create_default_context()
    with httpcore.ConnectionPool(ssl_context=trust, network_backend=_Backend(clock)) as pool:
        yield {coding: Server(pool, clock, coding) for coding in ("identity", "gzip", "br")}


def _body(response: httpcore.Response, url: str) -> Iterator[bytes]:
    is_there = response.status == 200 or (
        response.status == 404 and urlsplit(url).path.endswith(NOT_FOUND_PAGE)
    )
    if not is_there:
        raise DownloadHTTPError(f"「{url}」の返事が{response.status}でした。", response.status)
    yield from response.iter_stream()


def _led(url: str, response: httpcore.Response) -> str:
    """Where `response` leads. Raises LedAway where that is another server, or one in the clear."""
    said = {name.lower(): value for name, value in response.headers}
    there = urljoin(url, said.get(b"location", b"").decode("latin-1"))
    now, then = urlsplit(url), urlsplit(there)
    is_same = then.hostname == now.hostname and then.scheme in (now.scheme, "https")
    if not is_same or (then.scheme == now.scheme and then.port != now.port):
        raise LedAway(f"「{url}」が、ほかのサイト({then.scheme}://{then.netloc})へ転送しています。")
    return there

"""Connections to addresses that staff typed in: to the internet alone, never into the city's network.

A name is resolved once, every address it has is judged, and the connection goes to the very address
that was judged: whoever answers for the name cannot change his mind in between.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

PORTS = frozenset({80, 443})
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# For special use by IANA's registries, which not every version of Python knows of as such.
_SPECIAL = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "100::/64", "2001::/23", "3fff::/20",
        "5f00::/16",
    )
)  # fmt: skip
_IPv6 = ipaddress.IPv6Address

Resolve = Callable[[str, int], list[str]]


class RefusedAddress(Exception):
    """The portal does not connect there; the message says so to the person."""


def resolve(host: str, port: int) -> list[str]:
    """Every address of `host`, as the system's resolver gives them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def is_public(text: str) -> bool:
    """Whether this address lies on the internet, and so does any other address wrapped in it."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, _IPv6):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if any(each is not None and not is_public(str(each)) for each in inner):
            return False
        if address.ipv4_mapped is not None or address.is_site_local or address.scope_id:
            return False
    refused = (
        address.is_private, address.is_loopback, address.is_link_local, address.is_multicast,
        address.is_reserved, address.is_unspecified,
    )  # fmt: skip
    special = any(address in network for network in _SPECIAL)
    return address.is_global and not special and not any(refused)


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections for httpcore, as this module says.

    `allowed` are pairs of an address and a port that are allowed besides, for tests against a server
    of their own; nothing outside the tests passes it. `remaining` says how many seconds are left for
    the whole of a request and raises where there are none: a server that sends one byte at a time
    never runs into the time-out of a single read.
    """

    def __init__(
        self,
        remaining: Callable[[], float],
        allowed: Iterable[tuple[str, int]] = (),
        resolve: Resolve = resolve,
    ) -> None:
        self._remaining = remaining
        self._allowed = frozenset(allowed)
        self._resolve = resolve
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        """A connection to `host`. Raises `RefusedAddress` before anything is sent."""
        failed: Exception = httpcore.ConnectError("no address")
        for address in self._judged(host, port):
            try:
                # An address, not a name: nobody is asked again whose it is.
                stream = self._sockets.connect_tcp(
                    address, port, shorter(timeout, self._remaining()), None, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return TimedStream(stream, self._remaining)
        raise failed

    def _judged(self, host: str, port: int) -> list[str]:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        for address in addresses:
            if (address, port) in self._allowed:
                continue
            if port not in PORTS:
                raise RefusedAddress(f"標準でないポート({port})には接続しません。")
            # One address that is not public spoils all: a name that has both is a trap.
            if not is_public(address):
                raise RefusedAddress("庁内などの内部のアドレスには接続しません。")
        return addresses


class TimedStream(httpcore.NetworkStream):
    """A stream on which no single wait is longer than what is left for the whole.

    `remaining` as in `GuardedBackend`.
    """

    def __init__(self, stream: httpcore.NetworkStream, remaining: Callable[[], float]) -> None:
        self._stream = stream
        self._remaining = remaining

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, shorter(timeout, self._remaining()))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, shorter(timeout, self._remaining()))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        timeout = shorter(timeout, self._remaining())
        stream = self._stream.start_tls(ssl_context, server_hostname, timeout)
        return TimedStream(stream, self._remaining)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def shorter(timeout: float | None, remaining: float) -> float:
    """The wait that is allowed: the one asked for, and never more than what is left."""
    return remaining if timeout is None else min(timeout, remaining)

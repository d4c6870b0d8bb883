"""A web server on this machine that answers as a test wants it to: well, badly, or never."""

from __future__ import annotations

import contextlib
import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable
from typing import Any

Answer = bytes | Callable[[socket.socket], None]


def answer(
    body: str | bytes = "", status: str = "200 OK", kind: str = "text/html; charset=utf-8",
    **headers: str,
) -> bytes:  # fmt: skip
    """A well-formed answer."""
    content = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}"]
    lines += [f"Content-Type: {kind}"] if kind else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


def moved(to: str, status: str = "302 Found") -> bytes:
    """A redirect."""
    return answer(status=status, Location=to)


def packed(content: bytes) -> bytes:
    """`content` under gzip."""
    return answer(gzip.compress(content), Content_Encoding="gzip")


def silent(connection: socket.socket) -> None:
    """Takes the request and says nothing until the other one goes."""
    connection.recv(1)


def slowly(begin: bytes) -> Callable[[socket.socket], None]:
    """`begin`, then one sign after the other, and never the last."""

    def send(connection: socket.socket) -> None:
        connection.sendall(begin)
        while True:
            connection.sendall(b"x")
            time.sleep(0.02)

    return send


def endlessly(connection: socket.socket) -> None:
    """A page without an end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        connection.sendall(b"<p>" * 10_000)


def reset(connection: socket.socket) -> None:
    """Half an answer, then the connection is torn down."""
    connection.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99\r\n\r\n<p"
    )
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Site:
    """The server. `pages` are its answers by path; `asked` what was asked for, with the headers."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._listening.getsockname()
        self.url = f"http://127.0.0.1:{self.address[1]}"
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self._begin(self._serve)

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [path for path, _ in self.asked]

    def close(self) -> None:
        """Ends every conversation, however it stands."""
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _begin(self, target: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments)
        self._threads.append(thread)
        thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self._open.append(connection)
            self._begin(self._converse, connection)

    def _converse(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            request = b""
            while b"\r\n\r\n" not in request:
                piece = connection.recv(65536)
                if not piece:
                    return
                request += piece
            first, *rest = request.decode("latin-1").split("\r\n")
            path = first.split(" ")[1]
            headers = dict(line.lower().split(": ", 1) for line in rest if ": " in line)
            self.asked.append((path, headers))
            given = self.pages.get(path, answer("ない", "404 Not Found"))
            if callable(given):
                given(connection)
            else:
                connection.sendall(given)

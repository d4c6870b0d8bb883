"""A web server on this machine that hands out a publication, and misbehaves where a test says so."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from publication.keys import Keys
from publication.watching import Watch
from shinshiro_sns.stopping import Told

WELL = "公開ページに異常はありません。"
Answer = Callable[["Handler"], None]


class Handler(SimpleHTTPRequestHandler):
    """Files of a folder by their plain addresses; `odd` says what else is answered, by path."""

    protocol_version = "HTTP/1.1"
    # Or each file waits for the acknowledgement of its headers.
    disable_nagle_algorithm = True

    def __init__(self, town: Town, *args: Any) -> None:
        self.town = town
        super().__init__(*args, directory=str(town.folder))

    def do_GET(self) -> None:
        """What a test put there, or the file."""
        self.town.asked.append(self.path)
        odd = self.town.odd.get(self.path)
        if odd is None:
            super().do_GET()
            return
        self.close_connection = True
        with contextlib.suppress(OSError):
            odd(self)

    def log_message(self, *args: Any) -> None:
        """Nobody reads it."""


class Town:
    """The server; `folder` may be another one at any moment, and `asked` are the paths asked for."""

    def __init__(self, folder: Path, certificate: Path | None = None) -> None:
        self.folder = folder
        self._scheme = "https" if certificate else "http"
        self.odd: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.sent = 0
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, self))
        self._server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        """From now on nobody answers."""
        self.over.set()
        self._server.shutdown()
        self._server.server_close()


@contextlib.contextmanager
def town(folder: Path, certificate: Path | None = None) -> Iterator[Town]:
    """A server for as long as it lasts; with a certificate (and its key, in PEM) it speaks TLS."""
    found = Town(folder, certificate)
    try:
        yield found
    finally:
        found.stop()


def certify(file: Path) -> Path:
    """A certificate for this machine by nobody but itself, with its key."""
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, None)
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(certificate.public_bytes(Encoding.PEM) + private)
    return file


def status(code: int) -> Answer:
    """Answers so, with nothing else."""

    def answer(handler: Handler) -> None:
        handler.send_response(code)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def leads_to(url: str) -> Answer:
    """Sends the visitor there."""

    def answer(handler: Handler) -> None:
        handler.send_response(302)
        handler.send_header("Location", url)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def sends(*, chunk: bytes, pause: float) -> Answer:
    """Sends this again and again, for ever."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not handler.town.over.wait(pause):
            handler.wfile.write(chunk)
            handler.town.sent += len(chunk)

    return answer


ENDLESS = sends(chunk=b"x" * 65536, pause=0)
DRIP = sends(chunk=b"x", pause=0.05)


def a_watch(url: str, keys: Keys, folder: Path, sample: int | None = 0) -> Watch:
    """One that remembers in `folder`."""
    return Watch(
        url, keys.roots()[0], folder / "seen", sample=sample, timeout=5.0,
        stale_after=datetime.timedelta(minutes=15),
    )  # fmt: skip


def well(watch: Watch) -> bool:
    """Whether it finds nothing."""
    outcome = watch.look(Told())
    assert outcome is not None
    return not outcome.findings


def counted(line: str) -> str:
    """The last line without how many files were looked at."""
    return line.partition(", ")[2]

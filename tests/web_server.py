"""A real nginx with the configuration that the project ships, for the tests of what is published."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).resolve().parent.parent / "deploy/nginx.conf"
# Debian's nginx.conf around it, as far as it matters here, with what would leak or pack if it were let.
AROUND = """
{user}
{modules}
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/main-error.log error;
events {{ worker_connections 256; }}
http {{
    sendfile on;
    tcp_nopush on;
    types {{ text/plain html json; }}
    gzip on;
    gzip_types application/json application/octet-stream;
    access_log {folder}/main-access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""
# What an administrator sets, and what needs TLS; each has to be there.
LISTENS = "listen 443 ssl http2;"
PLAIN = "listen 80;"
LOGS = "/var/log/nginx/"
ROOT = "root /srv/sns-public/site;"
# What an administrator may turn on, with the module it needs.
BROTLI = {"# brotli_static on;": "brotli_static on;"}
BROTLI_MODULE = "ngx_http_brotli_static_module.so"


@dataclass(frozen=True)
class Answer:
    """What came back; the names of the headers in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class WebServer:
    """An nginx that runs, and where it writes."""

    folder: Path
    port: int
    plain_port: int

    @property
    def url(self) -> str:
        """Where the site begins, without a slash."""
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self, target: str, method: str = "GET", *, port: int = 0, **headers: str
    ) -> Answer:  # fmt: skip
        """One request of a connection of its own, for exactly `target`; `_` in a header is `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=30)
        try:
            connection.putrequest(method, target, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            response = connection.getresponse()
            names = [name.lower() for name, _ in response.getheaders()]
            assert len(names) == len(set(names)), f"{target}: a header twice: {names}"
            told = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, told, response.read())
        finally:
            connection.close()

    def logs(self) -> str:
        """Everything it wrote down, once what was answered stands in it."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))


def program() -> str:
    """Where nginx is; Debian keeps it where nobody's path leads."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    assert found, "nginx is missing: apt-get install -y nginx-light"
    return found


def module(name: str) -> Path:
    """Where a module of nginx is that can be loaded."""
    said = subprocess.run([program(), "-V"], capture_output=True, text=True, check=True).stderr
    found = re.search(r"--modules-path=(\S+)", said)
    assert found, said
    path = Path(found[1], name)
    assert path.exists(), f"{path} is missing: apt-get install -y libnginx-mod-http-brotli-static"
    return path


def configured(text: str, **changes: str) -> str:
    """A configuration with `changes` as `old=new`; fails where one of them is not there."""
    for old, new in changes.items():
        assert old in text, f"The configuration has no {old}"
        text = text.replace(old, new)
    # Not every machine that tests has IPv6.
    return re.sub(r"(?m)^ *listen \[::\].*\n", "", text)


def write(folder: Path, site_conf: str) -> list[str]:
    """Puts the configuration into `folder`; the words that start nginx with it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "site.conf").write_text(site_conf)
    # As root the workers would be somebody who may not enter the folder of a test.
    user = "user root;" if os.geteuid() == 0 else ""
    # As Debian's nginx.conf does with what stands in modules-enabled.
    is_asked_for = re.search(r"(?m)^ *brotli_static ", site_conf)
    modules = f"load_module {module(BROTLI_MODULE)};" if is_asked_for else ""
    around = AROUND.format(folder=folder, user=user, modules=modules)
    (folder / "nginx.conf").write_text(around)
    return [
        program(), "-p", str(folder), "-c", str(folder / "nginx.conf"),
        "-e", str(folder / "main-error.log"), "-g", "daemon off;",
    ]  # fmt: skip


@contextlib.contextmanager
def serving(site: Path, folder: Path, *, brotli: bool = False) -> Iterator[WebServer]:
    """nginx as shipped before `site`, with everything it writes in `folder`.

    With `brotli` as shipped for a machine that has the module for it.
    """
    changes = {ROOT: f"root {site};"} | (BROTLI if brotli else {})
    with running(SHIPPED.read_text(), folder, **changes) as server:
        yield server


@contextlib.contextmanager
def running(text: str, folder: Path, **changes: str) -> Iterator[WebServer]:
    """nginx with this configuration and these `changes`, over plain HTTP on ports of its own."""
    port, plain_port = _free_ports()
    listens = {LISTENS: f"listen 127.0.0.1:{port};", PLAIN: f"listen 127.0.0.1:{plain_port};"}
    conf = configured(text, **{LOGS: f"{folder}/", **listens, **changes})
    conf = re.sub(r"(?m)^ *ssl_.*\n", "", conf)
    process: Any = subprocess.Popen(write(folder, conf), start_new_session=True)
    try:
        _wait(process, port)
        yield WebServer(folder, port, plain_port)
    finally:
        process.terminate()
        process.wait(10)


def _wait(process: Any, port: int) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert process.poll() is None, "nginx ended; its own message stands above."
        time.sleep(0.05)
    raise AssertionError("nginx does not listen.")


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        for probe in (one, other):
            probe.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]

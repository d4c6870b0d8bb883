"""The public list under load: the portal, a bare application in the same server, and nginx."""

from __future__ import annotations

import contextlib
import glob
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.scratch import stand_up

WORKERS = 2
# As scripts/run starts it.
SERVER = (
    "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--workers", str(WORKERS),
    "--blocking-threads", "4", "--no-access-log", "--log-level", "warning",
)  # fmt: skip
CONNECTIONS = 16
SECONDS = 5
ROUNDS = 2
NGINX = """
daemon off; worker_processes {workers}; pid {folder}/nginx.pid; error_log stderr error; {user}
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on; keepalive_requests 1000000; default_type "text/html; charset=utf-8";
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {folder}/files; index answer; }}
}}
"""


class Answered(RuntimeError):
    """A server answered with errors."""


@dataclass(frozen=True)
class Load:
    """What one server answered: requests a second, and the time within which 99 of 100 came."""

    per_second: float
    p99_milliseconds: float


def missing() -> list[str]:
    """The programs that this part needs and the machine lacks."""
    return [program for program in ("wrk", "nginx") if program_path(program) is None]


def program_path(program: str) -> str | None:
    """Where a program is; Debian keeps nginx and PostgreSQL where nobody's path leads."""
    places = [os.environ.get("PATH", ""), "/usr/sbin", *glob.glob("/usr/lib/postgresql/*/bin")]
    return shutil.which(program, path=":".join(places))


def measure(scratch: dict[str, str], accounts: int) -> tuple[int, dict[str, Load]]:
    """The length of the page in bytes, and what each server does with it.

    `scratch` names the folder and the database that `bench.settings` takes.
    """
    folder = Path(scratch["BENCH_FOLDER"])
    environment = {**os.environ, **scratch, "DJANGO_SETTINGS_MODULE": "bench.settings"}
    subprocess.run(
        [sys.executable, "-m", "bench.serving", str(accounts)], check=True, env=environment
    )
    with contextlib.ExitStack() as stack:
        # One after the other has the machine; the others wait idle.
        portal = stack.enter_context(granian("shinshiro_sns.wsgi:application", environment))
        headers, body = get(portal)
        answer = folder / "files" / "answer"
        answer.parent.mkdir()
        answer.write_bytes(body)
        answer.with_suffix(".json").write_text(json.dumps(headers))
        bare_environment = {**environment, "BENCH_ANSWER": str(answer)}
        ports = {
            "portal": portal,
            "bare": stack.enter_context(granian("bench.bare:application", bare_environment)),
            "nginx": stack.enter_context(nginx(folder)),
        }
        for name, port in ports.items():
            if get(port)[1] != body:
                raise RuntimeError(f"{name} does not answer the same bytes.")
        loads: dict[str, list[Load]] = {name: [] for name in ports}
        for port in ports.values():
            wrk(port, 1)
        for _ in range(ROUNDS):
            for name, port in ports.items():
                loads[name].append(wrk(port, SECONDS))
    return len(body), {name: mean(found) for name, found in loads.items()}


def read_wrk(text: str) -> Load:
    """wrk's report. Raises Answered where it speaks of errors: such figures mean nothing."""
    if wrong := re.search(r"Non-2xx.*|Socket errors.*", text):
        raise Answered(f"wrk: {wrong[0]}")
    per_second = re.search(r"Requests/sec:\s+([\d.]+)", text)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", text)
    if per_second is None or p99 is None:
        raise RuntimeError(f"wrk said something else: {text}")
    unit = {"us": 0.001, "ms": 1, "s": 1000}[p99[2]]
    return Load(float(per_second[1]), float(p99[1]) * unit)


def mean(loads: list[Load]) -> Load:
    """Several rounds as one: the mean of what was answered, and the worst p99."""
    return Load(
        sum(load.per_second for load in loads) / len(loads),
        max(load.p99_milliseconds for load in loads),
    )


def wrk(port: int, seconds: int, path: str = "/", header: str = "") -> Load:
    """What a server answers to this load; raises Answered where any was an error."""
    command = [
        program_path("wrk") or "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency",
        "--timeout", "10s", *(("-H", header) if header else ()), f"http://127.0.0.1:{port}{path}",
    ]  # fmt: skip
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return read_wrk(done.stdout)


def granian(
    application: str, environment: dict[str, str]
) -> contextlib.AbstractContextManager[int]:
    """An application in the server that `make run` starts; gives its port."""
    port = free_port()
    command = [sys.executable, "-m", *SERVER, "--port", str(port), application]
    return running(command, port, environment)


def nginx(folder: Path) -> contextlib.AbstractContextManager[int]:
    """nginx with the one file `files/answer` of this folder; gives its port."""
    port = free_port()
    for path in (folder, folder / "files"):
        path.chmod(0o755)
    config = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    config.write_text(NGINX.format(workers=WORKERS, folder=folder, port=port, user=user))
    program = program_path("nginx") or "nginx"
    return running([program, "-c", str(config), "-p", str(folder)], port, dict(os.environ))


@contextlib.contextmanager
def running(
    command: list[str], port: int, environment: dict[str, str], output: int | None = None
) -> Iterator[int]:
    """A server that has begun to listen on `port`; it ends with the block."""
    process = subprocess.Popen(command, env=environment, stdout=output, start_new_session=True)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            if process.poll() is not None:
                raise RuntimeError(f"{command[0]} ended; its own message stands above.")
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(port: int, path: str = "/") -> tuple[list[tuple[str, str]], bytes]:
    """The headers that are the answer's own, and its body; raises RuntimeError for all but 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"The page answered {response.status}.")
        own = {"date", "server", "connection", "transfer-encoding"}
        return [(k, v) for k, v in response.getheaders() if k.lower() not in own], body
    finally:
        connection.close()


def main() -> None:
    """The database and the static files that the portal serves from."""
    stand_up()
    from bench import rows  # noqa: PLC0415  (needs Django to be set up)

    rows.grow(rows.found_city(), 0, int(sys.argv[1]))


if __name__ == "__main__":
    main()

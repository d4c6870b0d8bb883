"""The publication under load: as nginx and the portal's own server hand it out, idle and while switched.

Beside them stand nginx with one file, which is the limit, and what answers from a database: the portal's
view, and Datasette where it is installed. The servers have one core and the load has another one.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bench import serving, weight

if TYPE_CHECKING:
    from bench.serving import Load

DATASETTE = Path(__file__).parents[1] / "var" / "bench-peers" / "bin" / "datasette"
SECONDS = 5
ROUNDS = 2
# Of nginx with one file.
AT_LEAST = 0.35
# While it is switched, of the idle one; below the milliseconds nobody notices, and noise would decide.
AT_MOST_P99, UNNOTICED = 2, 5.0
SWITCHED = ("published", "own")
# They go on answering for a second after nobody waits any more: whoever is measured next would share the core.
SLOW = ("view", "datasette")


@dataclass(frozen=True)
class Target:
    """What the load asks for: where, and how."""

    port: int
    path: str = "/"
    header: str = ""


@dataclass
class Figure:
    """What each server answered; `page` says what the list's page weighs as nginx sends it.

    By name of the server: `idle`, and where it has a publication, `switching`. `errors` says by the same
    names what went wrong during a switch.
    """

    bytes: int
    cores: tuple[int, int]
    page: weight.Figure
    peer: str = ""
    idle: dict[str, Load] = field(default_factory=dict)
    switching: dict[str, Load] = field(default_factory=dict)
    switches_per_second: float = 0.0
    errors: dict[str, str] = field(default_factory=dict)

    def of_limit(self, name: str) -> float:
        """What a server answers, of what nginx with one file does."""
        return self.idle[name].per_second / self.idle["limit"].per_second


@contextlib.contextmanager
def on(core: int) -> Iterator[None]:
    """What is started meanwhile runs on this core, and stays there."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def measure(scratch: dict[str, str], accounts: int, seconds: int = SECONDS) -> Figure:
    """Publish a list of so many accounts, and ask each server for it, one after the other."""
    folder = Path(scratch["BENCH_FOLDER"])
    site = folder / "out" / "site"
    environment = {
        **os.environ, **scratch, "DJANGO_SETTINGS_MODULE": "bench.settings",
        "BENCH_PUBLICATION": str(site),
    }  # fmt: skip
    site.parent.mkdir()
    _switching("prepare", str(accounts), environment=environment)
    body = (site / "index.html").read_bytes()
    (folder / "files").mkdir()
    (folder / "files" / "answer").write_bytes(body)
    cores = sorted(os.sched_getaffinity(0))
    on_cores = (cores[0], cores[-1])
    with contextlib.ExitStack() as stack:
        with on(on_cores[0]):
            targets, weight, peer = _servers(stack, folder, site, environment, accounts, len(body))
        figure = Figure(len(body), on_cores, weight, peer)
        slow = {name: targets.pop(name) for name in SLOW if name in targets}
        _idle(figure, targets, environment, seconds)
        _switched(figure, targets, environment, seconds)
        _idle(figure, slow, environment, seconds)
    return figure


def _servers(
    stack: contextlib.ExitStack, folder: Path, site: Path, environment: dict[str, str],
    accounts: int, length: int,
) -> tuple[dict[str, Target], weight.Figure, str]:  # fmt: skip
    """Starts all of them; they wait idle for their turn."""
    from tests import web_server  # noqa: PLC0415  (as the tests start nginx on the shipped file)

    start = stack.enter_context
    shipped = start(web_server.serving(site, folder / "nginx"))
    application = "shinshiro_sns.wsgi:application"
    _switching("confirm", environment=environment)
    own = start(serving.granian(application, environment))
    view = start(serving.granian(application, {**environment, "BENCH_PUBLICATION": ""}))
    targets = {
        "limit": Target(start(serving.nginx(folder))),
        "published": Target(shipped.port),
        "published 304": Target(shipped.port, header=_condition(shipped.port)),
        "own": Target(own),
        "own 304": Target(own, header=_condition(own)),
        "view": Target(view),
    }
    for name in ("limit", "published", "own"):
        if len(serving.get(targets[name].port)[1]) != length:
            raise RuntimeError(f"{name} does not answer as many bytes as were published.")
    peer = ""
    if DATASETTE.exists():
        peer = _said(DATASETTE)
        port = start(_datasette(folder / "portal.sqlite3", environment))
        targets["datasette"] = Target(port, f"/portal/accounts_account?_size={accounts}")
        serving.get(port, targets["datasette"].path)
    return targets, weight.measure(shipped, accounts), peer


def _idle(
    figure: Figure, targets: dict[str, Target], environment: dict[str, str], seconds: int
) -> None:
    loads: dict[str, list[Load]] = {name: [] for name in targets}
    for round_ in range(ROUNDS + 1):
        for name, target in targets.items():
            if name.startswith("own"):
                _switching("confirm", environment=environment)
            with on(figure.cores[1]):
                load = serving.wrk(
                    target.port, seconds if round_ else 1, target.path, target.header
                )
            # The first round only warms them.
            if round_:
                loads[name].append(load)
    figure.idle.update({name: serving.mean(found) for name, found in loads.items()})


def _switched(
    figure: Figure, targets: dict[str, Target], environment: dict[str, str], seconds: int
) -> None:
    rates = []
    for name in SWITCHED:
        loads = []
        for _ in range(ROUNDS):
            # Beside the load, so that the servers keep a core of their own as in the idle figures.
            with on(figure.cores[1]):
                switch = subprocess.Popen(
                    [sys.executable, "-m", "bench.switching", "loop"],
                    env=environment, stdout=subprocess.PIPE, text=True,
                )  # fmt: skip
            assert switch.stdout is not None
            try:
                if switch.stdout.readline() != "switching\n":
                    raise RuntimeError("Nothing is switched; the message stands above.")
                with on(figure.cores[1]):
                    loads.append(serving.wrk(targets[name].port, seconds))
            except serving.Answered as error:
                figure.errors[name] = str(error)
            finally:
                switch.terminate()
                said, _ = switch.communicate(timeout=30)
            rates.append(float(said))
        if loads:
            figure.switching[name] = serving.mean(loads)
    figure.switches_per_second = min(rates)


def _condition(port: int) -> str:
    """The header of one who has the page already."""
    headers, _ = serving.get(port)
    tag = next(value for name, value in headers if name.lower() == "etag")
    return f"If-None-Match: {tag}"


def _datasette(
    database: Path, environment: dict[str, str]
) -> contextlib.AbstractContextManager[int]:
    port = serving.free_port()
    command = [
        str(DATASETTE), "serve", "--immutable", str(database), "--host", "127.0.0.1", "--port",
        str(port),
    ]  # fmt: skip
    # It writes a line for each request.
    return serving.running(command, port, environment, subprocess.DEVNULL)


def _said(program: Path) -> str:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"[\d.]+\w*", said.stdout)
    return found[0] if found else "?"


def _switching(*arguments: str, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "bench.switching", *arguments]
    subprocess.run(command, env=environment, check=True)


def too_slow(figure: Figure) -> list[str]:
    """One sentence for each bound that is not kept."""
    found = []
    if (share := figure.of_limit("own")) < AT_LEAST:
        found.append(
            f"The portal's own server answers {share:.2f} of what nginx with one file does, "
            f"not at least {AT_LEAST}"
        )
    for name in SWITCHED:
        if name in figure.errors:
            found.append(f"While it is switched, {name} answers with errors: {figure.errors[name]}")
            continue
        idle, then = (of[name].p99_milliseconds for of in (figure.idle, figure.switching))
        if then > max(AT_MOST_P99 * idle, UNNOTICED):
            found.append(
                f"While it is switched, the p99 of {name} is {then:.1f} ms, not at most "
                f"{AT_MOST_P99} times the idle {idle:.1f} ms"
            )
    return found

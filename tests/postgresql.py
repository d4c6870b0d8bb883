"""A private PostgreSQL server for one run of the tests.

Run as a program it starts a server in a temporary folder, prints the folder (which holds the
socket too) and stops the server when its standard input ends. That happens however the run of
the tests ends, by Ctrl-C, by a crash or by SIGKILL, because the system closes the pipe.
"""

import atexit
import contextlib
import glob
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from typing import Any

USER = DATABASE = "portal"
# Nothing here outlives the run, so a power cut may take it.
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


def start() -> str:
    """Starts the server beside this process and returns the folder of its socket."""
    # Its own session: Ctrl-C reaches the tests alone, and they may still tidy up their database.
    keeper = subprocess.Popen(
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    assert keeper.stdin is not None
    assert keeper.stdout is not None
    folder = keeper.stdout.readline().strip()
    keeper.stdout.close()
    if not folder:
        raise RuntimeError("PostgreSQL did not start; its own message stands above.")
    pipe, process_that_started = keeper.stdin, os.getpid()

    @atexit.register
    def stop() -> None:
        if os.getpid() == process_that_started:
            pipe.close()
            keeper.wait()

    return folder


def keep() -> None:
    """Starts the server, prints its folder, and stops it when standard input ends."""
    programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not programs:
        sys.exit("PostgreSQL is missing: apt-get install -y postgresql")
    # PostgreSQL refuses to run as root; Debian's package brings an account for it.
    account: dict[str, Any] = {}
    if os.geteuid() == 0:
        account = {"user": "postgres", "group": "postgres", "extra_groups": []}

    # In /tmp whatever TMPDIR says: the path of a socket has room for about 100 characters.
    folder = tempfile.mkdtemp(prefix="portal-tests-", dir="/tmp")
    if account:
        shutil.chown(folder, "postgres", "postgres")

    data = f"{folder}/data"

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [os.path.join(programs[-1], program), *arguments],
            check=True,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            **account,
        )

    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda *_: sys.exit(0))
    try:
        # Whoever can enter the folder is trusted: its owner and root.
        run("initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        socket_only = f"-k {folder} -c listen_addresses= {FAST}"
        run("pg_ctl", "-D", data, "start", "-w", "-s", "-l", f"{folder}/log", "-o", socket_only)
        run("createdb", "-h", folder, "-U", USER, DATABASE)
        print(folder, flush=True)
        sys.stdin.read()
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            run("pg_ctl", "-D", data, "stop", "-s", "-m", "immediate")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    keep()

"""`publish` in processes of their own, each of which may be told when to die.

Run as a program it sets the portal up once, and for each line on standard input forks: one process for
each number in the line, at the same time. A process ends itself by SIGKILL before that step of its work
on the disk (0: never); `+N` lets it write no file of more than N bytes, as a full disk would. Prints
each one's end.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from typing import Any

import django

STEPS = {
    "os.link", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "shutil.rmtree",
    "ctypes.call_function",
}  # fmt: skip


def die_before(step: int) -> None:
    """Counts what this process changes on the disk."""
    left = step

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        writes = event == "open" and arguments[2] and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if event in STEPS or writes:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def main() -> None:
    """Forks as it is told."""
    django.setup()
    from pathlib import Path  # noqa: PLC0415

    from django.conf import settings  # noqa: PLC0415

    from publication import catalogue, publishing  # noqa: PLC0415

    settings.PUBLICATION_KEYS = sys.argv[2]
    few = ("accounts", "account", "accessibility")
    catalogue.PUBLISHED = tuple(each for each in catalogue.PUBLISHED if each.name in few)
    os.sync = lambda: None
    print("ready", flush=True)
    for line in sys.stdin:
        children = []
        for told in line.split():
            child = os.fork()
            if child == 0:
                os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
                if told.startswith("+"):
                    resource.setrlimit(resource.RLIMIT_FSIZE, (int(told), int(told)))
                elif told != "0":
                    die_before(int(told))
                try:
                    publishing.publish(Path(sys.argv[1]))
                except OSError as error:
                    os._exit(error.errno or 1)
                os._exit(0)
            children.append(child)
        ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        print(*ends, flush=True)


if __name__ == "__main__":
    main()

"""`manage.py remind` in processes of their own, each of which may be told when to die.

Run as a program it sets the portal up once, and for each line on standard input forks: one process
for each number in the line, at the same time. A process ends itself by SIGKILL before the
statement of that number that it would send to the database (0: never). Prints each one's end.
Only policies that nobody drafted are anybody's duty there.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django
from django.core.management import call_command
from django.db import connection

from shinshiro_sns import duties

DAY = sys.argv[1]


class Killer:
    """Counts the statements, and kills the process before one of them."""

    def __init__(self, before: int) -> None:
        self.left = before

    def __call__(self, execute: Callable[..., Any], *given: Any) -> Any:
        """Instead of a statement."""
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*given)


def remind(before: int) -> None:
    """Never returns."""
    with connection.execute_wrapper(Killer(before)):
        call_command("remind", "--today", DAY)
    sys.stdout.flush()
    os._exit(0)


def main() -> None:
    """Forks as it is told."""
    django.setup()
    from staff import reminding  # noqa: PLC0415  (its models need what is set up)

    # The other rules find nothing here, and cost a hundred times as much.
    duties.DUTIES[:] = [duties.called("draft")]
    # Five people are told in three transactions.
    reminding.GROUP = 2
    print("ready", flush=True)
    for line in sys.stdin:
        children = []
        for number in line.split():
            child = os.fork()
            if child == 0:
                os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
                remind(int(number))
            children.append(child)
        ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        print(*ends, flush=True)


if __name__ == "__main__":
    main()

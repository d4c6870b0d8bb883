"""How quickly one rule's reminders are found and told, beside a plain loop over the same rows.

The rule is the one on passwords, with all its reasons. Run as a program (`python -m bench.reminders
ACCOUNTS`) it measures in the database that `DATABASE_URL` names, which must be empty, and prints the
figure as JSON; a process of its own for each size, because a process's peak memory only grows.
"""

from __future__ import annotations

import datetime
import json
import resource
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from dateutil.relativedelta import relativedelta

from bench.scratch import stand_up

DAY = datetime.date(2026, 6, 15)
# The days from DAY to the deadline, account by account: half of them are to be heard of, and every
# batch of rows holds the same mixture of deadlines and departments.
SPREAD = range(-19, 81)


@dataclass(frozen=True)
class Figure:
    """The size, what was found, and the seconds and the memory that each part of it took."""

    accounts: int
    rows: int
    reminders: int
    digests: int
    queries_a_batch: int
    find_seconds: float
    remind_seconds: float
    plain_seconds: float
    peak_mebibytes: float

    @property
    def per_second(self) -> float:
        """Accounts looked through in a second."""
        return self.accounts / self.find_seconds


def measure(accounts: int) -> Figure:
    """Finds what `accounts` official accounts give to hear of on a day, then runs the whole day."""
    from bench import rows  # noqa: PLC0415  (needs Django to be set up)
    from shinshiro_sns import duties  # noqa: PLC0415
    from staff import reminding  # noqa: PLC0415
    from staff.audience import City  # noqa: PLC0415
    from staff.models import Reminder  # noqa: PLC0415

    city = rows.found_city()
    for first in range(0, accounts, rows.BATCH):
        _open(city, range(first, min(first + rows.BATCH, accounts)))
    everything, rule = duties.DUTIES[:], duties.called("password")
    duties.DUTIES[:] = [rule]
    try:
        plain_seconds, _ = _timed(lambda: deque(rule.rows(DAY).iterator(), maxlen=0))
        queries = _Batches()
        find_seconds, _ = _timed(
            lambda: queries.counted(lambda: reminding.find(rule, City.on(DAY)))
        )
        remind_seconds, tally = _timed(lambda: reminding.remind(DAY))
    finally:
        duties.DUTIES[:] = everything
    assert tally.failures == [], tally.failures
    return Figure(
        accounts, rule.rows(DAY).count(), Reminder.objects.count(), tally.sent, queries.most,
        find_seconds, remind_seconds, plain_seconds,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )  # fmt: skip


def uneven(figures: list[Figure]) -> list[str]:
    """One sentence where the number of queries of a batch depends on the size."""
    if len({figure.queries_a_batch for figure in figures}) < 2:
        return []
    said = ", ".join(f"{f.queries_a_batch} queries at {f.accounts:,}" for f in figures)
    return [f"A batch of reminders takes {said}"]


class _Batches:
    """The most statements that any transaction takes."""

    def __init__(self) -> None:
        self.most = self._now = 0

    def counted(self, act: Callable[[], None]) -> None:
        from django.db import connection  # noqa: PLC0415

        with connection.execute_wrapper(self._count):
            act()

    def _count(self, execute: Callable[..., Any], sql: str, *given: Any) -> Any:
        self._now = 0 if sql.startswith(("BEGIN", "SAVEPOINT")) else self._now + 1
        self.most = max(self.most, self._now)
        return execute(sql, *given)


def _open(city: Any, numbers: range) -> None:
    from accounts.models import Account  # noqa: PLC0415
    from bench import rows  # noqa: PLC0415

    opened = []
    for number in numbers:
        account = rows.account(city, number)
        account.status = Account.Status.OFFICIAL
        account.official_since = datetime.date(2024, 4, 1)
        # One further with each department, so that each has all of them.
        place = (number + number // len(rows.MIX)) % len(SPREAD)
        due_on = DAY + datetime.timedelta(days=SPREAD[place])
        account.password_changed_on = due_on - relativedelta(months=3)
        opened.append(account)
    Account.objects.bulk_create(opened)


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    done = act()
    return time.perf_counter() - began, done


def main() -> None:
    """Measures in the scratch database and prints the figure."""
    stand_up()
    json.dump(asdict(measure(int(sys.argv[1]))), sys.stdout)


if __name__ == "__main__":
    main()

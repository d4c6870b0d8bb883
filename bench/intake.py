"""How quickly a register is taken in, beside a plain `bulk_create` of the very same accounts.

Run as a program (`python -m bench.intake FILE`) it measures in the database that `DATABASE_URL`
names, which must be empty, and prints the figure as JSON.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.scratch import stand_up

MAP = {
    "service": "service_key", "name": "organization", "handle": "account", "url": "service_url",
    "department": "agencies", "purpose": "short_description",
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """What the command said last, and the seconds that it and the plain writing took."""

    said: str
    rows: int
    accounts: int
    seconds: float
    plain_seconds: float

    @property
    def per_row(self) -> float:
        """Rows of the file that the import judges and writes in a second."""
        return self.rows / self.seconds

    @property
    def plain_per_row(self) -> float:
        """Accounts that `bulk_create` alone writes in a second."""
        return self.accounts / self.plain_seconds


def measure(register: Path) -> Figure:
    """Imports `register` into the present database, then writes the same accounts again in bulk."""
    from django.core.management import call_command  # noqa: PLC0415

    from accounts.importing import BATCH  # noqa: PLC0415
    from accounts.models import Account  # noqa: PLC0415

    out = io.StringIO()
    mapping = [f"{field}={column}" for field, column in MAP.items()]
    began = time.perf_counter()
    # It exits with 1 where rows failed: they are named, and counted in the last line.
    with contextlib.suppress(SystemExit):
        call_command(
            "import_accounts", str(register), map=mapping, create_departments=True,
            skip_errors=True, stdout=out,
        )  # fmt: skip
    seconds = time.perf_counter() - began

    said = out.getvalue().strip().splitlines()[-1]
    counts = dict(part.split() for part in said.split(", "))
    accounts = list(Account.objects.order_by("pk"))
    Account.objects.all().delete()
    for account in accounts:
        account.pk = None
        account._state.adding = True
    began = time.perf_counter()
    Account.objects.bulk_create(accounts, batch_size=BATCH)
    plain = time.perf_counter() - began
    return Figure(said, sum(map(int, counts.values())), len(accounts), seconds, plain)


def main() -> None:
    """Measures in the scratch database and prints the figure."""
    stand_up()
    json.dump(asdict(measure(Path(sys.argv[1]))), sys.stdout)


if __name__ == "__main__":
    main()

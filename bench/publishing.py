"""`publish` of a whole register, of one changed account, and the way from a step to the public file.

Run as a program (`python -m bench.publishing SIZE`) it publishes so many accounts from the empty
database that `DATABASE_URL` names, and prints the figure as JSON.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bench.scratch import stand_up

# Of the first publication, in pages and in time.
AT_MOST_AGAIN = 0.02
AT_MOST_SECONDS = 60
# The longest counts: a step falls anywhere between two looks of the publisher.
STEPS = 3
PATIENCE = 15 * 60


@dataclass(frozen=True)
class Figure:
    """One publication of everything, and what follows it; `step_seconds` is the longest of a few."""

    accounts: int
    pages: int
    seconds: float
    changed_pages: int
    changed_seconds: float
    still_seconds: float
    step_seconds: float

    @property
    def of_pages(self) -> float:
        """What one changed account makes anew, of all pages."""
        return self.changed_pages / self.pages

    @property
    def of_time(self) -> float:
        """How long that takes, of the time of the whole."""
        return self.changed_seconds / self.seconds


def measure(size: int, site: Path) -> Figure:
    """Fill the empty register with so many public accounts, publish them into `site`, and go on."""
    return replace(printed(size, site), step_seconds=max(_steps(site)))


def printed(size: int, site: Path) -> Figure:
    """Everything, then one account changed, then nothing; no step is taken yet."""
    from accounts.models import Account  # noqa: PLC0415  (needs Django to be set up)
    from bench import rows  # noqa: PLC0415
    from publication.publishing import publish  # noqa: PLC0415

    make_keys()
    rows.grow(rows.found_city(), 0, rows.needed_for(size))
    first = publish(site, tell=_tell)
    Account.objects.filter(pk=_some(1)[0]).update(name="名前を変えた見本の公式アカウント")
    changed = publish(site)
    still = publish(site)
    if still.changed:
        raise RuntimeError("Nothing changed, and yet something was published.")
    return Figure(
        first.accounts, first.pages, first.seconds, changed.rendered, changed.seconds,
        still.seconds, 0.0,
    )  # fmt: skip


def make_keys() -> None:
    """Keys where the settings want them."""
    from django.conf import settings  # noqa: PLC0415

    from publication.keys import ROOT, Keys, create  # noqa: PLC0415

    folder = Path(settings.PUBLICATION_KEYS)
    if not Keys(folder).is_there:
        create(folder, folder.parent / f"{ROOT}.pem")


def _steps(site: Path) -> list[float]:
    """Seconds from each of a few steps until anybody can read it, while the publisher runs."""
    from django.utils import timezone  # noqa: PLC0415

    from accounts.models import Account  # noqa: PLC0415
    from accounts.workflow import account_workflow  # noqa: PLC0415
    from staff.models import User  # noqa: PLC0415

    taken = []
    with _following(site):
        # The first one waits for the publisher to be up, and does not count.
        for account in Account.objects.filter(pk__in=_some(STEPS + 1)):
            page = site / "accounts" / str(account.pk) / "index.html"
            was = page.read_bytes()
            account_workflow.take(
                account, "suspend", by=User.objects.members_of([account.department], ["head"]).get(),
                effective_on=timezone.localdate(), note="業務が終わったため",
                title="運用を停止しました", body="業務が終わったためです。",
            )  # fmt: skip
            began = time.perf_counter()
            while _read(page) in (was, None):
                if time.perf_counter() - began > PATIENCE:
                    raise RuntimeError("The publisher does not publish; what it said is above.")
                time.sleep(0.02)
            taken.append(time.perf_counter() - began)
    return taken[1:]


@contextlib.contextmanager
def _following(site: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "django", "publish", str(site), "--follow"]
    process = subprocess.Popen(command, stdout=sys.stderr)
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _read(page: Path) -> bytes | None:
    try:
        return page.read_bytes()
    except FileNotFoundError:
        return None


def _some(number: int) -> list[int]:
    """So many official accounts, out of the middle of the register."""
    from accounts.models import Account  # noqa: PLC0415

    keys = list(Account.objects.vouched().order_by("pk").values_list("pk", flat=True))
    middle = max((len(keys) - number) // 2, 0)
    return keys[middle : middle + number]


def _tell(done: int, of: int) -> None:
    if done % 5_000 == 0:
        print(f"   {done:,} of {of:,} pages", file=sys.stderr, flush=True)


def too_slow(figure: Figure) -> list[str]:
    """One sentence for each bound that is not kept."""
    found = []
    for said, share in (("pages", figure.of_pages), ("time", figure.of_time)):
        if share > AT_MOST_AGAIN:
            found.append(
                f"One changed account of {figure.accounts:,} takes {share:.1%} of the {said} of all, "
                f"not at most {AT_MOST_AGAIN:.0%}"
            )
    if figure.step_seconds > AT_MOST_SECONDS:
        found.append(
            f"From a step to the public file it takes {figure.step_seconds:.0f} s at "
            f"{figure.accounts:,} accounts, not at most {AT_MOST_SECONDS}"
        )
    return found


def main() -> None:
    """Measures in the scratch database and prints the figure."""
    stand_up()
    from django.conf import settings  # noqa: PLC0415

    site = Path(settings.PUBLICATION_DIR)
    json.dump(asdict(measure(int(sys.argv[1]), site)), sys.stdout)


if __name__ == "__main__":
    main()

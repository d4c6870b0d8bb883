"""`python -m bench` (through `make bench`): every figure of the README, measured anew.

Exits with 1 where the number of queries of a page depends on how much there is, where the check for
citizens becomes slower as the register grows, or where the publication is slower or heavier than it may be.
"""

from __future__ import annotations

import argparse
import glob
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import (
    checking,
    delivery,
    draft,
    growth,
    intake,
    publishing,
    reminders,
    report,
    serving,
    transfer,
    weight,
)

SIZES = [100, 10_000, 100_000]
REGISTER = Path(__file__).parents[2] / "shared" / "data" / "us_registry_accounts.csv"
PEOPLE = 5_000
REMINDED = [10_000, 100_000]
LISTED = 100
PUBLISHED = 10_000
KNOWN = [1_000, 100_000, 1_000_000]
CHARACTERS = [500, 5_000, 50_000]
SLOW_MILLISECONDS = 100
# A load average: half a core's work of somebody else's shows in every figure.
BUSY = 0.5


def main() -> int:
    """Measures part by part and prints the tables at the end, once nothing competes."""
    asked = _arguments()
    tables, faults, slow = [], [], []
    if os.getloadavg()[0] > BUSY:
        _say("This machine is busy with something else: the figures will say less.")
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        folder = Path(name)
        if "serving" in asked.parts:
            if lacking := serving.missing():
                _say(f"Skipped the server's figures: {' and '.join(lacking)} is not installed.")
            else:
                _say("The public list under load")
                size, loads = serving.measure(_scratch(folder, "serving"), SIZES[0])
                tables.append(report.of_serving(size, SIZES[0], loads))
        if "growth" in asked.parts:
            for database, environment in _databases(folder, "growth"):
                _say(f"Pages at {', '.join(f'{size:,}' for size in asked.sizes)} on {database}")
                found = _run("bench.growth", [str(size) for size in asked.sizes], environment)
                figures = [growth.Figure(**row) for row in found]
                tables.append(report.of_growth(database, figures))
                faults += [f"{database}: {fault}" for fault in growth.uneven(figures)]
                slow += [f"{database}: {q}" for q in report.slow(figures, SLOW_MILLISECONDS)]
        if "import" in asked.parts:
            tables += _imports(folder, asked.register)
        if "transfer" in asked.parts:
            tables += _transfers(folder)
        if "reminders" in asked.parts:
            figures_of_a_day = _reminders(folder)
            tables.append(report.of_reminders("SQLite", figures_of_a_day))
            faults += reminders.uneven(figures_of_a_day)
        tables += _checks(folder, asked, faults)
        tables += _publication(folder, asked, faults)
    print(report.measured_on("make bench"), *tables, sep="\n\n")
    for line in slow:
        _say(f"Slow: {line}")
    for fault in faults:
        _say(f"FAILED: {fault}.")
    return 1 if faults else 0


def _imports(folder: Path, register: Path) -> list[str]:
    if not register.exists():
        _say(f"Skipped the import: there is no {register.name} to import.")
        return []
    _say(f"Import of {register.name}")
    found = _run("bench.intake", [str(register)], _scratch(folder, "import"))
    return [report.of_intake(register, intake.Figure(**found))]


def _transfers(folder: Path) -> list[str]:
    tables = []
    for database, environment in _databases(folder, "transfer"):
        _say(f"Transfer of {PEOPLE:,} people on {database}")
        moved = transfer.Figure(**_run("bench.transfer", [str(PEOPLE)], environment))
        tables.append(report.of_transfer(database, moved))
    return tables


def _reminders(folder: Path) -> list[reminders.Figure]:
    figures = []
    for size in REMINDED:
        _say(f"Reminders of a day at {size:,} accounts")
        scratch = _scratch(folder, f"reminders-{size}")
        figures.append(reminders.Figure(**_run("bench.reminders", [str(size)], scratch)))
    return figures


def _checks(folder: Path, asked: argparse.Namespace, faults: list[str]) -> list[str]:
    """The check of a draft, and the public's check of an account."""
    tables = []
    if "check" in asked.parts:
        tables.append(_drafts(folder))
    if "official" in asked.parts:
        answers = _answers(folder, asked.known)
        tables.append(report.of_checking(answers))
        faults += checking.slower(answers)
    return tables


def _publication(folder: Path, asked: argparse.Namespace, faults: list[str]) -> list[str]:
    """The public site as files: handed out, and made."""
    tables = []
    if "delivery" in asked.parts:
        if lacking := serving.missing():
            _say(f"Skipped the delivery of the publication: no {' and no '.join(lacking)}.")
        else:
            _say("The publication under load, idle and while it is switched")
            scratch = _scratch(folder, "delivery")
            figure = delivery.measure(scratch, asked.listed, asked.seconds)
            tables += [report.of_delivery(figure), report.of_page(figure.page)]
            faults += [*delivery.too_slow(figure), *weight.too_heavy(figure.page)]
    if "publish" in asked.parts:
        _say(f"Publishing {asked.published:,} accounts, and one changed")
        scratch = _scratch(folder, "publish")
        scratch["BENCH_PUBLICATION"] = str(folder / "publish" / "site")
        found = _run("bench.publishing", [str(asked.published)], scratch)
        made = publishing.Figure(**found)  # type: ignore[arg-type]
        tables.append(report.of_publishing(made))
        faults += publishing.too_slow(made)
    return tables


def _drafts(folder: Path) -> str:
    _say(f"Check of a draft of {', '.join(f'{size:,}' for size in CHARACTERS)} characters")
    sizes = [str(size) for size in CHARACTERS]
    found = _run("bench.draft", sizes, _scratch(folder, "check"))
    return report.of_check([draft.Figure(**row) for row in found])


def _answers(folder: Path, sizes: list[int]) -> list[checking.Figure]:
    figures = []
    for size in sizes:
        _say(f"Is this official? at {size:,} known accounts")
        found = _run("bench.checking", [str(size)], _scratch(folder, f"official-{size}"))
        figures.append(checking.Figure(**found))  # type: ignore[arg-type]
    return figures


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parts = (
        "serving", "growth", "import", "transfer", "reminders", "check", "official", "delivery", "publish",
    )  # fmt: skip
    parser.add_argument("parts", nargs="*", help=f"only these of: {', '.join(parts)}")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of accounts")
    parser.add_argument("--known", type=int, nargs="+", default=KNOWN, help="of the check's index")
    parser.add_argument(
        "--listed", type=int, default=LISTED, help="accounts on the page under load"
    )
    parser.add_argument("--seconds", type=int, default=delivery.SECONDS, help="of each load")
    parser.add_argument("--published", type=int, default=PUBLISHED, help="accounts to publish")
    parser.add_argument("--register", type=Path, default=REGISTER, help="the CSV to import")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(parts):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    asked.parts = asked.parts or list(parts)
    return asked


def _databases(folder: Path, part: str) -> list[tuple[str, dict[str, str]]]:
    """SQLite, and PostgreSQL where it is installed, each empty."""
    found = [("SQLite", _scratch(folder, part))]
    if not glob.glob("/usr/lib/postgresql/*/bin/initdb"):
        _say("Skipped PostgreSQL: it is not installed.")
        return found
    from tests import postgresql  # noqa: PLC0415  (starts nothing where nobody asks)

    socket = postgresql.start()
    url = f"postgres://{postgresql.USER}@/{postgresql.DATABASE}?host={socket}"
    return [*found, ("PostgreSQL", {**_scratch(folder, f"{part}-pg"), "DATABASE_URL": url})]


def _scratch(folder: Path, name: str) -> dict[str, str]:
    """A folder of its own for one part, with an empty SQLite database."""
    own = folder / name
    own.mkdir()
    return {"BENCH_FOLDER": str(own), "DATABASE_URL": f"sqlite:///{own / 'portal.sqlite3'}"}


def _run(module: str, arguments: list[str], environment: dict[str, str]) -> object:
    """What `module` prints; a process of its own, because Django knows one set of databases."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], check=True, stdout=subprocess.PIPE,
        env={**os.environ, **environment},
    )  # fmt: skip
    return json.loads(done.stdout)


def _say(sentence: str) -> None:
    print(f"== {sentence}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

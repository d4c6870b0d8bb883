"""How quickly `/api/check` answers, whatever is asked, as the register grows.

Run as a program (`python -m bench.checking SIZE`) it measures in the database that `DATABASE_URL`
names and prints the figure as JSON. One size a process: a million accounts take some gigabytes.
"""

from __future__ import annotations

import datetime
import json
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from bench.scratch import stand_up

if TYPE_CHECKING:
    from django.test import Client

# So many questions of each kind, of which the median counts, each asked so often: the quickest counts.
QUESTIONS, TIMES = 101, 3
AT_MOST = 1.5
BATCH = 5_000


def _listed(words: str) -> list[str]:
    return words.split()


SOUNDS = _listed(
    "ka ki ku ke ko sa shi su se so ta chi tsu te to na ni nu ne no ha hi fu he ho ma mi mu me mo ya"
    " yu yo ra ri ru re ro wa"
)
WORDS = _listed(
    "kanko bosai toshokan kodomo kenko koho machi mura matsuri park museum castle onsen"
)
PLACES, KINDS = "山川田中村上下北南東西原野木林森島谷", "市町村区"

Question = Callable[[str, str], str]


def _without(text: str, at: int) -> str:
    return text[:at] + text[at + 1 :]


# Of a handle and a shown name, what is asked: each kind takes another way through the check.
ASKED: dict[str, Question] = {
    "an official address": lambda handle, name: f"https://www.instagram.com/{handle}/",
    "a letter doubled": lambda handle, name: f"@{handle[:3]}{handle[2:]}",
    "a letter left out": lambda handle, name: f"@{_without(handle, 3)}",
    "two letters wrong": lambda handle, name: f"@{handle[:2]}x{handle[3:6]}q{handle[7:]}",
    "a stranger": lambda handle, name: f"@qq{handle[::-1]}",
    "a shown name, one sign wrong": lambda handle, name: f"{name[:3]}々{name[4:]}",
    "a message of three": lambda handle, name: (
        f"市からです https://www.instagram.com/{handle}/ @{_without(handle, 3)} @qq{handle[::-1]}"
    ),
}


@dataclass(frozen=True)
class Figure:
    """Milliseconds of one answer by kind of question; the index's making and its memory."""

    accounts: int
    milliseconds: dict[str, float]
    build_seconds: float
    gigabytes: float


def names(size: int) -> Iterator[tuple[str, str]]:
    """So many handles, none twice, with the names they show: near to one another as a country's are."""
    dice = random.Random(size)
    for number in range(size):
        start = "".join(dice.choices(SOUNDS, k=3))
        # The number makes it another one; letters, because digits would be taken for some of them.
        end = "".join(SOUNDS[number // len(SOUNDS) ** power % len(SOUNDS)] for power in range(4))
        place = "".join(dice.choices(PLACES, k=3)) + dice.choice(KINDS)
        yield f"{start}_{dice.choice(WORDS)}_{end}"[:30], f"{place}の課だより第{number}"


def fill(size: int) -> list[tuple[str, str]]:
    """Official accounts, so many; some hundred of them to ask about."""
    from accounts.models import Account  # noqa: PLC0415
    from staff.models import Department  # noqa: PLC0415

    department = Department.objects.create(code="bench", name="見本課", kana="みほんか")
    since = datetime.date(2024, 4, 1)
    every = max(size // QUESTIONS, 1)
    kept, batch = [], []
    for number, (handle, name) in enumerate(names(size)):
        if number % every == 0 and len(kept) < QUESTIONS:
            kept.append((handle, name))
        batch.append(
            Account(
                department=department, service="instagram", handle=handle, name=name,
                url=f"https://www.instagram.com/{handle}/", identity=f"instagram:{handle}",
                status=Account.Status.OFFICIAL, official_since=since,
            )
        )  # fmt: skip
        if len(batch) == BATCH:
            Account.objects.bulk_create(batch)
            batch = []
    Account.objects.bulk_create(batch)
    return kept


def measure(size: int) -> Figure:
    """Fills the empty register and asks about some of it, over the whole way through the portal."""
    from django.test import Client  # noqa: PLC0415

    from publication.checking import current  # noqa: PLC0415

    asked_about = fill(size)
    current.forget()
    client = Client()
    began = time.perf_counter()
    _ask(client, "@nobody")
    built = time.perf_counter() - began
    found = {}
    for kind, question in ASKED.items():
        texts = [question(handle, name) for handle, name in asked_about]
        found[kind] = statistics.median(
            min(_ask(client, text) for _ in range(TIMES)) for text in texts
        )
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return Figure(size, found, built, gigabytes)


def _ask(client: Client, text: str) -> float:
    """Milliseconds of processor time: what else runs on the machine is no part of it."""
    began = time.process_time()
    response = client.get("/api/check", {"q": text})
    taken = (time.process_time() - began) * 1000
    assert response.status_code == 200, response.content
    return taken


def slower(figures: list[Figure]) -> list[str]:
    """What is answered more slowly than it may be where the most are known."""
    first, last = figures[0], figures[-1]
    return [
        f"{kind.capitalize()} takes {last.milliseconds[kind] / milliseconds:.2f} times as long at "
        f"{last.accounts:,} accounts as at {first.accounts:,}"
        for kind, milliseconds in first.milliseconds.items()
        if last.milliseconds[kind] > AT_MOST * milliseconds
    ]


def main() -> None:
    """Measures in the scratch database and prints the figure."""
    stand_up()
    json.dump(asdict(measure(int(sys.argv[1]))), sys.stdout)


if __name__ == "__main__":
    main()

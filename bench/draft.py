"""How quickly a draft post is checked, at the length of a post and at a hundred times that.

Run as a program (`python -m bench.draft SIZE...`) it measures in the database that `DATABASE_URL`
names and prints the figures as JSON.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass

from bench.scratch import stand_up

# With something for each kind of rule, as a post of a city has it, a hundred characters long.
POST = (
    "【作手高原まつり】１２月５日(土)午前10時から、つくで交流館で開催します。"
    "申込みは①電話0536-23-7623か②メール taro@example.com へ。🍁"
    "https://www.example.com/ #新城市\n"
)
RUNS = 9
# The time of one run, so that a short one is not lost in the clock's own steps.
LEAST_SECONDS = 0.02


@dataclass(frozen=True)
class Figure:
    """Milliseconds of one check, the median of `RUNS`, and of folding the same text by the library."""

    characters: int
    milliseconds: float
    plain_milliseconds: float
    findings: int


def measure(sizes: list[int]) -> list[Figure]:
    """A check, with what it asks the database, of a draft of each size."""
    from postings.checking import Draft, check  # noqa: PLC0415

    figures = []
    for size in sizes:
        text = (POST * (size // len(POST) + 1))[:size]
        draft = Draft(text)
        figures.append(
            Figure(
                size,
                _milliseconds(lambda draft=draft: check(draft, ["x"])),  # type: ignore[misc]
                _milliseconds(lambda text=text: unicodedata.normalize("NFKC", text)),  # type: ignore[misc]
                len(check(draft, ["x"])),
            )
        )
    return figures


def _milliseconds(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(RUNS):
        began, times = time.perf_counter(), 0
        while time.perf_counter() - began < LEAST_SECONDS:
            work()
            times += 1
        taken.append((time.perf_counter() - began) / times)
    return statistics.median(taken) * 1000


def main() -> None:
    """Measures in the scratch database and prints the figures."""
    stand_up()
    json.dump(
        [asdict(figure) for figure in measure([int(size) for size in sys.argv[1:]])], sys.stdout
    )


if __name__ == "__main__":
    main()

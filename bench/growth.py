"""How pages grow with the register: queries and time of each at several sizes, on one database.

Run as a program (`python -m bench.growth SIZE...`) it measures the database that `DATABASE_URL`
names, which must be empty, and prints the figures as JSON.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from dataclasses import asdict, dataclass

from bench.scratch import stand_up

PAGES = (
    ("public list", "/", ""),
    ("public search", "/?q=見本7", ""),
    ("report queue", "/admin/policies/operatingpolicy/", "receiver"),
    ("desk", "/desk/", "head"),
    ("overview", "/admin/overview/", "receiver"),
    ("clauses by account", "/admin/overview/clauses/", "receiver"),
)
SECONDS_A_PAGE = 3.0
ROUNDS = 15
SLOW_QUERIES = 3


@dataclass(frozen=True)
class Figure:
    """One page at one size: queries, median milliseconds, and its slowest queries (ms, SQL)."""

    page: str
    accounts: int
    queries: int
    milliseconds: float
    slowest: list[tuple[float, str]]


def measure(sizes: list[int], seconds: float = SECONDS_A_PAGE) -> list[Figure]:
    """The figures of every page at every size, in the present database; it must be empty.

    A page is asked for until `seconds` have passed, or 15 times; three times at the least.
    """
    from bench import rows  # noqa: PLC0415  (needs Django to be set up)

    city, made, figures = rows.found_city(), 0, []
    for size in sizes:
        began = time.perf_counter()
        rows.grow(city, made, size)
        made = size
        print(f"   {size:,} accounts in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        figures += [
            _page(size, name, path, getattr(city, who, None), seconds) for name, path, who in PAGES
        ]
    return figures


def _page(size: int, name: str, path: str, user: object, seconds: float) -> Figure:
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client = Client()
    if user is not None:
        client.force_login(user)

    def get() -> float:
        began = time.perf_counter()
        response = client.get(path)
        taken = time.perf_counter() - began
        if response.status_code != 200:
            raise RuntimeError(f"{path} answered {response.status_code}")
        return taken

    get()
    with CaptureQueriesContext(connection) as captured:
        get()
    queries = sorted(((float(q["time"]) * 1000, q["sql"]) for q in captured), reverse=True)
    times, until = [], time.perf_counter() + seconds
    while len(times) < ROUNDS and (len(times) < 3 or time.perf_counter() < until):
        times.append(get())
    return Figure(name, size, len(queries), statistics.median(times) * 1000, queries[:SLOW_QUERIES])


def uneven(figures: list[Figure]) -> list[str]:
    """One sentence for each page whose number of queries depends on the size."""
    counts: dict[str, dict[int, int]] = {}
    for figure in figures:
        counts.setdefault(figure.page, {})[figure.accounts] = figure.queries
    return [
        f"The {page} takes {', '.join(f'{n} queries at {size:,}' for size, n in by_size.items())}"
        for page, by_size in counts.items()
        if len(set(by_size.values())) > 1
    ]


def main() -> None:
    """Measures the scratch database and prints the figures."""
    stand_up()
    figures = measure([int(size) for size in sys.argv[1:]])
    json.dump([asdict(figure) for figure in figures], sys.stdout)


if __name__ == "__main__":
    main()

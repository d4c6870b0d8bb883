"""The figures as tables for the README, with what they were measured on."""

from __future__ import annotations

import datetime
import os
import platform
import sqlite3
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from bench import (
    checking,
    delivery,
    draft,
    growth,
    intake,
    publishing,
    reminders,
    serving,
    transfer,
    weight,
)

NAMES = {
    "portal": "the portal",
    "bare": "bare WSGI answer, same server",
    "nginx": "nginx, a file",
}
DELIVERED = {
    "limit": "nginx with one file: the limit",
    "published": "the publication, nginx as shipped",
    "published 304": "the same, 304",
    "own": "the publication, the portal's own server",
    "own 304": "the same, 304",
    "view": "the portal's view: queries and renders",
}


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table: the first column as text, the others as numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def measured_on(command: str) -> str:
    """One sentence: when, where, with which versions, by which command."""
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    parts = [
        f"Python {platform.python_version()}",
        f"Django {version('django')}",
        f"granian {version('granian')}",
        f"SQLite {sqlite3.sqlite_version}",
        *_said(["postgres", "--version"], "(PostgreSQL) ", "PostgreSQL "),
        *_said(["nginx", "-v"], "nginx/", "nginx "),
        *_said(["wrk", "-v"], "wrk ", "wrk "),
    ]
    return (
        f"Measured on {datetime.date.today():%Y-%m-%d} with `{command}` on {_processor()}, "
        f"{cores} cores, {memory:.0f} GB, {_system()}; {', '.join(parts)}."
    )


def of_serving(size: int, accounts: int, loads: dict[str, serving.Load]) -> str:
    """The public list under load."""
    best = loads["portal"].per_second
    rows = [
        (
            NAMES[name], f"{load.per_second:,.0f}", f"{load.per_second / best:,.1f}",
            f"{load.p99_milliseconds:,.1f}",
        )
        for name, load in loads.items()
    ]  # fmt: skip
    head = (
        f"`/` with {accounts} accounts, {size / 1024:.0f} KiB",
        "requests/s",
        "ratio",
        "p99 (ms)",
    )
    return table(head, rows)


def of_growth(database: str, figures: list[growth.Figure]) -> str:
    """Pages at several sizes: queries once, time at each size, growth from first to last."""
    sizes = sorted({figure.accounts for figure in figures})
    rows = []
    for page in dict.fromkeys(figure.page for figure in figures):
        of_page = {figure.accounts: figure for figure in figures if figure.page == page}
        times = [of_page[size].milliseconds for size in sizes]
        counts = sorted({of_page[size].queries for size in sizes})
        rows.append((
            page, "–".join(dict.fromkeys(map(str, (counts[0], counts[-1])))),
            *(f"{milliseconds:,.0f}" for milliseconds in times), f"{times[-1] / times[0]:.1f}",
        ))  # fmt: skip
    head = (f"{database}, ms", "queries", *(f"{size:,} accounts" for size in sizes), "growth")
    return table(head, rows)


def of_intake(register: Path, figure: intake.Figure) -> str:
    """The import beside plain writing."""
    rows = [
        (
            "`import_accounts`: judged, named, with history",
            f"{figure.rows:,}", f"{figure.accounts:,}", f"{figure.seconds:.1f}",
            f"{figure.per_row:,.0f}", f"{figure.seconds / figure.plain_seconds:.1f}",
        ),
        (
            "`bulk_create` of the same accounts", f"{figure.accounts:,}", f"{figure.accounts:,}",
            f"{figure.plain_seconds:.1f}", f"{figure.plain_per_row:,.0f}", "1.0",
        ),
    ]  # fmt: skip
    head = (f"`{register.name}`", "rows", "accounts", "seconds", "rows/s", "time")
    return table(head, rows)


def of_transfer(database: str, figure: transfer.Figure) -> str:
    """A transfer of staff beside plain writing."""
    parts = (
        ("judged, with all that follows", figure.preview_seconds),
        (
            f"applied: memberships and history, {figure.handovers:,} handovers, "
            f"{figure.mails:,} mails", figure.apply_seconds,
        ),
        ("undone", figure.undo_seconds),
        ("`bulk_create` of the same memberships", figure.plain_seconds),
    )  # fmt: skip
    rows = [
        (
            name, f"{seconds:.1f}", f"{figure.people / seconds:,.0f}",
            f"{seconds / figure.plain_seconds:.1f}",
        )
        for name, seconds in parts
    ]  # fmt: skip
    head = (f"Transfer of {figure.people:,} people, {database}", "seconds", "lines/s", "time")
    return table(head, rows)


def of_reminders(database: str, figures: list[reminders.Figure]) -> str:
    """A day's reminders of one rule beside a plain loop over its open rows, one row for each size."""
    rows = [
        (
            f"{figure.accounts:,} accounts, {figure.rows:,} open", f"{figure.reminders:,}",
            f"{figure.find_seconds:.1f}", f"{figure.per_second:,.0f}",
            f"{figure.plain_seconds:.1f}", f"{figure.find_seconds / figure.plain_seconds:.1f}",
            f"{figure.remind_seconds:.1f}", str(figure.queries_a_batch),
            f"{figure.peak_mebibytes:.0f}",
        )
        for figure in figures
    ]  # fmt: skip
    head = (
        f"`remind`, one rule, {database}", "found", "seconds", "accounts/s", "plain loop (s)",
        "ratio", f"nothing new, {figures[-1].digests} digests (s)", "queries a batch", "peak MiB",
    )  # fmt: skip
    return table(head, rows)


def of_check(figures: list[draft.Figure]) -> str:
    """The check of a draft post: its time at each length, and how it grows beside the text."""
    first = figures[0]
    rows = [
        (
            f"{figure.characters:,} characters", f"{figure.milliseconds:,.1f}",
            f"{figure.milliseconds / first.milliseconds:,.1f}",
            f"{figure.characters / first.characters:,.1f}", f"{figure.plain_milliseconds:,.2f}",
        )
        for figure in figures
    ]  # fmt: skip
    head = ("check of a draft", "ms (median)", "growth", "growth of the text", "NFKC alone, ms")
    return table(head, rows)


def of_checking(figures: list[checking.Figure]) -> str:
    """The check for citizens: one row for each kind of question, one column for each size."""
    first, last = figures[0], figures[-1]
    rows = [
        (
            kind, *(f"{figure.milliseconds[kind]:,.1f}" for figure in figures),
            f"{last.milliseconds[kind] / first.milliseconds[kind]:.2f}",
        )
        for kind in first.milliseconds
    ]  # fmt: skip
    rows += [
        ("the index made anew, s", *(f"{figure.build_seconds:,.1f}" for figure in figures), ""),
        ("memory of the process, GB", *(f"{figure.gigabytes:,.1f}" for figure in figures), ""),
    ]
    sizes = (f"{figure.accounts:,} accounts" for figure in figures)
    return table(("`/api/check`, ms (median)", *sizes, "growth"), rows)


def of_delivery(figure: delivery.Figure) -> str:
    """The publication under load, as ratios to nginx with one file."""
    rows = []
    for name, load in figure.idle.items():
        switching = figure.switching.get(name)
        if name in figure.errors:
            then = ["errors", "errors"]
        elif switching:
            then = [f"{switching.per_second:,.0f}", f"{switching.p99_milliseconds:,.1f}"]
        else:
            then = ["", ""]
        rows.append((
            DELIVERED.get(name) or f"Datasette {figure.peer}, the same table",
            f"{load.per_second:,.0f}", f"{figure.of_limit(name):,.3f}",
            f"{load.p99_milliseconds:,.1f}", *then,
        ))  # fmt: skip
    if "datasette" not in figure.idle:
        rows.append(("Datasette, the same table", *["not installed"], *[""] * 4))
    server, load_core = figure.cores
    where = (
        "servers and load on one core" if server == load_core
        else f"servers on core {server}, load on core {load_core}"
    )  # fmt: skip
    head = (
        f"`/` with {figure.page.accounts} accounts, {figure.bytes / 1024:.0f} KiB; {where}",
        "requests/s", "ratio", "p99 (ms)",
        f"switched {figure.switches_per_second:.0f} times a second: requests/s", "p99 (ms)",
    )  # fmt: skip
    return table(head, rows)


def of_page(figure: weight.Figure) -> str:
    """What the list's page weighs."""
    row = (
        f"{figure.accounts} accounts", f"{figure.requests}", f"{figure.bytes / 1000:.1f}",
        f"{figure.page_bytes / 1000:.1f}", f"{figure.unpacked_bytes / 1000:.1f}",
        f"{1 + figure.other_hosts}", f"{figure.cookies}",
    )  # fmt: skip
    head = (
        "`/` with all it asks for, gzip", "requests", "kB over the wire", "of it the page",
        "kB unpacked", "hosts", "cookies",
    )  # fmt: skip
    return table(head, [row])


def of_publishing(figure: publishing.Figure) -> str:
    """A publication of everything, of one changed account, and of nothing."""
    rows = [
        (
            name, f"{pages:,}", f"{pages / figure.pages:.2%}", f"{seconds:,.1f}",
            f"{seconds / figure.seconds:.2%}",
        )
        for name, pages, seconds in (
            ("into an empty folder", figure.pages, figure.seconds),
            ("one account changed", figure.changed_pages, figure.changed_seconds),
            ("nothing changed", 0, figure.still_seconds),
        )
    ]  # fmt: skip
    rows.append(("from a step to the public file", "", "", f"{figure.step_seconds:,.1f}", ""))
    head = (f"`publish`, {figure.accounts:,} accounts", "pages made", "share", "seconds", "share")
    return table(head, rows)


def slow(figures: list[growth.Figure], over: float) -> list[str]:
    """The queries that took longer than `over` milliseconds, slowest first, shortened."""
    found = {
        (milliseconds, figure.page, figure.accounts, sql)
        for figure in figures
        for milliseconds, sql in figure.slowest
        if milliseconds > over
    }
    return [
        f"{milliseconds:,.0f} ms, {page} at {accounts:,}: {_shortened(sql)}"
        for milliseconds, page, accounts, sql in sorted(found, reverse=True)
    ]


def _shortened(sql: str) -> str:
    """A query without its list of columns."""
    columns, _, rest = sql.partition(" FROM ")
    return f"{columns[:60]}… FROM {rest}" if len(columns) > 60 else sql


def _said(command: list[str], after: str, name: str) -> list[str]:
    program = serving.program_path(command[0])
    if program is None:
        return []
    done = subprocess.run([program, *command[1:]], check=False, capture_output=True, text=True)
    said = f"{done.stdout}{done.stderr}".partition(after)[2].split()
    return [name + said[0]] if said else []


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return " ".join(line.partition(":")[2].split())
    return platform.machine()


def _system() -> str:
    return platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())

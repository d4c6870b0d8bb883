"""The bench measures of the publication what it says it does, and fails where a bound is not kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Account
from bench import delivery, publishing, report, rows, serving, switching, weight
from publication import signing
from publication.place import Place
from tests.publication.signed.conftest import pages_of
from tests.web_server import WebServer
from tests.web_server import serving as nginx_before

QUICK = serving.Load(4_000, 1.0)
LIGHT = weight.Figure(100, 14, 34_500, 9_700, 161_000, 0, 0)
PUBLISHED = publishing.Figure(10_000, 40_000, 1_000.0, 30, 15.0, 1.5, 12.0)


def served(**loads: serving.Load) -> delivery.Figure:
    """A figure in which every bound is kept, but for what is given."""
    found = delivery.Figure(110_000, (0, 1), LIGHT)
    found.idle |= dict.fromkeys(delivery.SWITCHED, QUICK) | {"limit": serving.Load(10_000, 0.5)}
    found.switching |= dict.fromkeys(delivery.SWITCHED, QUICK)
    found.switching |= loads
    return found


@pytest.fixture
def made(site: Path, few_pages: None, db: None) -> publishing.Figure:
    return publishing.printed(3, site)


@pytest.fixture
def nginx(made: publishing.Figure, site: Path, tmp_path: Path) -> Iterator[WebServer]:
    with nginx_before(site, tmp_path / "nginx") as server:
        yield server


def test_one_changed_account_is_measured_beside_all_of_them(
    made: publishing.Figure, site: Path
) -> None:
    assert made.accounts == Account.objects.public().count() == 3
    assert made.pages > made.changed_pages > 3
    # How long each took is for the bench: beside other work the shorter may take longer.
    assert min(made.seconds, made.changed_seconds, made.still_seconds) > 0
    changed = "名前を変えた見本の公式アカウント"
    assert [changed in page for page in pages_of(site).values()].count(True) > 2
    said = report.of_publishing(made).splitlines()
    assert [line.split("|")[1].strip() for line in said[2:]] == [
        "into an empty folder", "one account changed", "nothing changed",
        "from a step to the public file",
    ]  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize("public", [1, 3, 100])
def test_as_many_accounts_are_grown_as_the_list_is_to_name(public: int) -> None:
    grown = rows.needed_for(public)
    official = [n for n in range(grown) if rows.MIX[n % 20] == rows.State.IN_FORCE]
    assert (len(official), official[-1]) == (public, grown - 1)


@pytest.mark.once
def test_a_bound_of_publishing_that_is_not_kept_is_named() -> None:
    assert publishing.too_slow(PUBLISHED) == []
    at_the_bound = replace(PUBLISHED, changed_pages=800, changed_seconds=20.0, step_seconds=60.0)
    assert publishing.too_slow(at_the_bound) == []
    beyond = replace(PUBLISHED, changed_pages=801, changed_seconds=20.1, step_seconds=60.1)
    assert len(publishing.too_slow(beyond)) == 3


def test_a_page_is_weighed_with_all_that_a_browser_asks_for(nginx: WebServer, site: Path) -> None:
    page = (site / "index.html").read_text()
    # A template is inert: its scripts are fetched only for a search.
    page = re.sub(r"<template.*?</template>", "", page, flags=re.DOTALL)
    named = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    # By its stylesheets, for the lists one can choose from.
    named.add("/static/img/chevron.svg")
    files = [site / "index.html", *(site / name[1:] for name in named)]
    packed = sum(Path(f"{file}.gz").stat().st_size for file in files)

    figure = weight.measure(nginx, 3)

    assert figure.requests == len(files)
    # With the headers of each answer.
    assert packed + 400 * len(files) < figure.bytes < packed + 1_000 * len(files)
    assert figure.unpacked_bytes == sum(file.stat().st_size for file in files)
    assert (figure.other_hosts, figure.cookies) == (0, 0)
    assert report.of_page(figure).splitlines()[2].endswith("| 1 | 0 |")


def test_another_host_and_what_a_style_asks_for_are_found(nginx: WebServer, site: Path) -> None:
    before = weight.measure(nginx, 3)
    page = site / "index.html"
    more = '<script src="https://other.example/x.js"></script><img src="/static/more.svg"></body>'
    text = page.read_text().replace("</body>", more)
    (site / "static" / "more.svg").write_text("<svg/>")
    style = next((site / "static" / "css").glob("frame*.css"))
    with_font = style.read_bytes() + b"@font-face{src:url(../font.woff2)}"
    (site / "static" / "font.woff2").write_bytes(b"font")
    for path, data in ((page, text.encode()), (style, with_font)):
        path.unlink()
        path.write_bytes(data)

    after = weight.measure(nginx, 3)

    assert (after.requests - before.requests, after.other_hosts) == (2, 1)
    assert weight.too_heavy(after) == ["The list's page asks 1 other hosts"]


@pytest.mark.once
def test_a_page_that_is_too_heavy_is_named() -> None:
    assert weight.too_heavy(LIGHT) == []
    assert weight.too_heavy(replace(LIGHT, bytes=49_999)) == []
    assert len(weight.too_heavy(replace(LIGHT, bytes=50_000, cookies=1))) == 2


def test_two_publications_change_places_and_both_are_whole(
    site: Path, few_pages: None, db: None
) -> None:
    switching.prepare(3, site)
    place = Place(site)
    pages = [(tree / "index.html").read_text() for tree in (place.directory, place.spare)]
    assert len({len(page) for page in pages}) == 1
    assert ["新版" in page for page in pages] == [True, False]
    before = [signing.standing(tree) for tree in (place.directory, place.spare)]

    switching.confirm(site)
    place.switch()

    after = [signing.standing(tree) for tree in (place.directory, place.spare)]
    assert [each and each.sums for each in after] == [each and each.sums for each in before[::-1]]
    numbers = [each.number for each in [*before, *after] if each]
    assert min(numbers[2:]) > max(numbers[:2])
    assert "新版" not in (site / "index.html").read_text()


@pytest.mark.once
def test_a_bound_of_delivery_that_is_not_kept_is_named() -> None:
    assert delivery.too_slow(served()) == []
    # Twice as long is no fault where nobody notices it, and beyond that it is.
    assert delivery.too_slow(served(own=serving.Load(4_000, 5.0))) == []
    assert len(delivery.too_slow(served(own=serving.Load(4_000, 5.1)))) == 1
    assert len(delivery.too_slow(served(published=serving.Load(4_000, 5.1)))) == 1
    failing = served()
    failing.errors["own"] = "wrk: Non-2xx or 3xx responses: 1"
    assert len(delivery.too_slow(failing)) == 1
    slow = served()
    slow.idle["own"] = serving.Load(3_499, 1.0)
    assert len(delivery.too_slow(slow)) == 1


@pytest.mark.once
def test_every_server_stands_in_the_table_as_a_ratio_to_the_limit() -> None:
    figure = served()
    figure.switches_per_second = 9.6
    lines = report.of_delivery(figure).splitlines()
    assert "servers on core 0, load on core 1" in lines[0]
    assert "switched 10 times a second" in lines[0]
    assert lines[-2] == "| nginx with one file: the limit | 10,000 | 1.000 | 0.5 |  |  |"
    assert (
        "| the publication, the portal's own server | 4,000 | 0.400 | 1.0 | 4,000 | 1.0 |" in lines
    )
    assert lines[-1] == "| Datasette, the same table | not installed |  |  |  |  |"
    with_peer: Any = replace(figure, peer="0.65.5", idle=figure.idle | {"datasette": QUICK})
    assert "| Datasette 0.65.5, the same table | 4,000 |" in report.of_delivery(with_peer)

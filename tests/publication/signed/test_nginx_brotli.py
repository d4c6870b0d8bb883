"""nginx with the module for it hands out the Brotli files that lie there, and to others what they take."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

from publication.renewing import SIGNED
from tests.publication.signed.conftest import Print
from tests.publication.signed.test_nginx import (
    OPERATIONS,
    certificate,
    names_of,
    owed,
    said,
    target_of,
)
from tests.web_server import BROTLI, LOGS, SHIPPED, WebServer, configured, serving, write

pytestmark = [pytest.mark.usefixtures("city"), pytest.mark.once]
# As a browser says it today.
BROWSER = "gzip, deflate, br, zstd"


@pytest.fixture
def nginx(
    site: Path, print_site: Print, tmp_path: Path, production: None, every_kind: None
) -> Iterator[WebServer]:
    """nginx with the module, before a publication that stands."""
    print_site()
    with serving(site, tmp_path / "nginx", brotli=True) as server:
        yield server


def packed(site: Path) -> list[str]:
    """The files that have compressed ones beside them."""
    found = [name for name in names_of(site) if (site / f"{name}.br").exists()]
    assert len(found) > 20
    return found


@pytest.mark.parametrize("accepts", [BROWSER, "br", "gzip;q=0.5, br"])
def test_who_takes_brotli_gets_the_file_that_lies_there(
    nginx: WebServer, site: Path, accepts: str
) -> None:
    for name in packed(site):
        answer = nginx.ask(target_of(name), Accept_Encoding=accepts, Via="1.1 proxy")
        assert (answer.status, answer.headers["content-encoding"]) == (200, "br"), name
        assert answer.body == (site / f"{name}.br").read_bytes(), name
        assert brotli.decompress(answer.body) == (site / name).read_bytes(), name
        assert answer.headers["vary"] == "Accept-Encoding", name
        assert said(answer) == owed(name), name


def test_who_takes_gzip_alone_gets_that(nginx: WebServer, site: Path) -> None:
    for accepts in ("gzip", "gzip, br;q=0"):
        for name in packed(site):
            answer = nginx.ask(target_of(name), Accept_Encoding=accepts)
            assert answer.headers["content-encoding"] == "gzip", name
            assert answer.body == (site / f"{name}.gz").read_bytes(), name
            assert answer.headers["vary"] == "Accept-Encoding", name


@pytest.mark.parametrize("accepts", [{}, {"Accept_Encoding": "identity"}])
def test_who_takes_neither_gets_the_page_as_it_is(
    nginx: WebServer, site: Path, accepts: dict[str, str]
) -> None:
    for name in packed(site):
        answer = nginx.ask(target_of(name), **accepts)
        assert "content-encoding" not in answer.headers, name
        assert answer.body == (site / name).read_bytes(), name
        # Or a proxy would give everybody what the first one took.
        assert answer.headers["vary"] == "Accept-Encoding", name
        assert said(answer) == owed(name), name


def test_what_lies_there_in_one_form_alone_comes_in_that_one(nginx: WebServer, site: Path) -> None:
    alone = [name for name in names_of(site) if not (site / f"{name}.br").exists()]
    assert {name.partition("/")[0] for name in alone} >= {SIGNED, "index.html.br"}
    for name in alone:
        answer = nginx.ask(target_of(name), Accept_Encoding=BROWSER)
        assert "content-encoding" not in answer.headers, name
        assert answer.body == (site / name).read_bytes(), name


@pytest.mark.parametrize("accepts", [BROWSER, "br", "gzip", "identity"])
def test_what_the_reader_has_already_is_not_sent_again_in_any_form(
    nginx: WebServer, site: Path, accepts: str
) -> None:
    for target in ("/", "/accounts.json", "/notices/feed.atom"):
        first = nginx.ask(target, Accept_Encoding=accepts)
        for asked in (
            {"If_None_Match": first.headers["etag"]},
            {"If_Modified_Since": first.headers["last-modified"]},
        ):
            again = nginx.ask(target, Accept_Encoding=accepts, **asked)
            assert (again.status, again.body) == (304, b""), target
            assert "content-encoding" not in again.headers
            lasting = {key: value for key, value in said(first).items() if key != "content-type"}
            assert said(again) == lasting, target


def test_the_forms_of_a_page_are_told_apart(nginx: WebServer) -> None:
    tags = {nginx.ask("/", Accept_Encoding=each).headers["etag"] for each in ("br", "gzip", "")}
    assert len(tags) == 3


def test_a_page_that_is_not_there_comes_compressed_too(nginx: WebServer, site: Path) -> None:
    answer = nginx.ask("/nowhere/", Accept_Encoding=BROWSER)

    assert (answer.status, answer.headers["content-encoding"]) == (404, "br")
    assert answer.body == (site / "404.html.br").read_bytes()
    assert said(answer) == owed("404.html")


def test_the_manual_turns_on_what_is_tested_here_and_nginx_takes_it(tmp_path: Path) -> None:
    order = re.search(r"(?m)^sed -i '(.*)' /etc/nginx/sites-enabled/sns-public$",
                      OPERATIONS.read_text())  # fmt: skip
    assert order
    (tmp_path / "site.conf").write_text(SHIPPED.read_text())
    subprocess.run(["sed", "-i", order[1], tmp_path / "site.conf"], check=True)
    text = (tmp_path / "site.conf").read_text()
    assert configured(text) == configured(SHIPPED.read_text(), **BROTLI)

    certificate(tmp_path / "tls")
    folder = tmp_path / "nginx"
    conf = configured(text, **{"/etc/ssl/sns-public/": f"{tmp_path}/tls/", LOGS: f"{folder}/"})
    judged = subprocess.run(
        [*write(folder, conf), "-t"], capture_output=True, text=True, check=False
    )
    assert judged.returncode == 0, judged.stderr
    assert "warn" not in judged.stderr

"""The watch from outside sees the servers that hand out the publication as they are delivered."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from publication import catalogue, rendering, watching
from publication.serving import Served
from tests.publication.signed.conftest import FEW, Look, Print
from tests.publication.signed.watched import WELL, counted
from tests.web_server import serving

KINDS = FEW | {"accounts_json", "accounts_schema", "check", "check_index", "trust", "notices_feed"}


@pytest.fixture
def whole(site: Path, print_site: Print, city: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A publication with every important file, and with names that begin with a dot."""
    few = tuple(each for each in catalogue.PUBLISHED if each.name in KINDS)
    monkeypatch.setattr(catalogue, "PUBLISHED", few)
    monkeypatch.setattr(rendering, "BROTLI_QUALITY", 1)
    monkeypatch.setattr(watching, "AGAIN_AFTER", 0.05)
    print_site()
    assert [name for name in watching.IMPORTANT if not (site / name).exists()] == []
    return site


class Quiet(WSGIRequestHandler):
    """Writes nothing on the screen."""

    def log_message(self, *args: Any) -> None:
        """Nobody reads it."""


def nobody(environ: Any, start_response: Any) -> list[bytes]:
    start_response("404 Not Found", [("Content-Length", "0")])
    return []


@pytest.fixture(params=["own", "nginx", "nginx with brotli"])
def url(request: pytest.FixtureRequest, whole: Path, tmp_path: Path) -> Iterator[str]:
    """Where the portal's own server, or nginx as configured by the project, hands it out."""
    if request.param != "own":
        with serving(whole, tmp_path / "nginx", brotli="brotli" in request.param) as server:
            yield server.url
        return
    own = make_server("127.0.0.1", 0, Served(nobody, str(whole)), handler_class=Quiet)
    threading.Thread(target=own.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{own.server_port}"
    finally:
        own.shutdown()
        own.server_close()


def test_every_file_is_as_signed_in_each_coding(url: str, whole: Path, look: Look) -> None:
    code, last, said = look(url, "--all")

    files = sum(1 for path in whole.rglob("*") if path.is_file())
    assert (code, last, said) == (
        0, f"checked {files - 1}, altered 0, stale 0, silent 0", WELL,
    )  # fmt: skip


def test_what_only_a_browser_gets_that_takes_it_compressed_is_compared_too(
    url: str, whole: Path, look: Look
) -> None:
    page = whole / "notices" / "index.html.gz"
    page.unlink()
    page.write_bytes((whole / "404.html.gz").read_bytes())

    code, last, said = look(url, "--all")

    assert (code, counted(last)) == (1, "altered 1, stale 0, silent 0")
    assert said.startswith(f"「{url}/notices/」の内容が、市が署名したものと違います。")

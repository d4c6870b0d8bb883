"""The portal's own server as the manual starts it, with a database that nobody reaches."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest
import time_machine

from accounts.models import Account
from publication.keys import ONLINE, Keys, now
from publication.renewing import TOKYO, renew
from publication.verifier import Expired, Signed
from tests.mail.conftest import ROOT
from tests.publication.signed.conftest import Print, files_of, later

pytestmark = [pytest.mark.usefixtures("few_pages", "city"), pytest.mark.once]
Ask = Callable[..., tuple[int, dict[str, str], bytes]]
Check = Callable[..., Signed]


@pytest.fixture
def ask(site: Path, tmp_path: Path) -> Iterator[Ask]:
    """`ask(target)`: status, headers by lower-case names, and body, from the server in its own processes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    order = re.search(r"ExecStart=\S+/python (-m granian .*)", _manual())
    assert order
    words = order[1].replace("--port 8000", f"--port {port}").split()
    assert str(port) in words
    process = subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL,
        env={
            **os.environ, "DJANGO_SETTINGS_MODULE": "shinshiro_sns.settings",
            "ENV_FILE": os.devnull, "SECRET_KEY": "only-for-tests-" + "x" * 50,
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "PUBLICATION_DIR": str(site),
        },
    )  # fmt: skip

    def ask(target: str, method: str = "GET", **headers: str) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        with contextlib.closing(connection):
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, target, headers={"Accept-Encoding": "identity"} | named)
            response = connection.getresponse()
            told = {name.lower(): value for name, value in response.getheaders()}
            return response.status, told, response.read()

    try:
        _wait(process, port)
        yield ask
    finally:
        process.terminate()
        process.wait(30)


def _manual() -> str:
    return (ROOT / "docs/operations.md").read_text()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(1200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert process.poll() is None, "The server ended."
        time.sleep(0.1)
    raise AssertionError("The server does not listen.")


def pages_of(site: Path) -> dict[str, str]:
    """By address the file of each page and of each document."""
    return {
        "/" + name.removesuffix("index.html"): name
        for name in files_of(site)
        if not name.endswith((".gz", ".br"))
    }


def test_with_the_database_stopped_every_file_is_there_in_each_form_and_not_sent_twice(
    print_site: Print, site: Path, ask: Ask
) -> None:
    print_site()
    pages = pages_of(site)
    assert len(pages) > 15
    assert ask("/health/live")[0] == 200
    assert ask("/health/ready")[0] == 503

    for address, name in pages.items():
        whole = (site / name).read_bytes()
        status, headers, body = ask(address)
        assert (status, body) == (200, whole), address
        assert ask(address, If_None_Match=headers["etag"])[::2] == (304, b""), address
        for coding, ending, unpacked in (
            ("gzip", "gz", gzip.decompress), ("br", "br", brotli.decompress),
        ):  # fmt: skip
            _, headers, body = ask(address, Accept_Encoding=coding)
            assert (headers["content-encoding"], unpacked(body)) == (coding, whole), address
            assert body == (site / f"{name}.{ending}").read_bytes(), address
            again = ask(address, Accept_Encoding=coding, If_None_Match=headers["etag"])
            assert again[::2] == (304, b""), address
    # What only the portal could answer is answered by the whole list.
    assert ask("/?q=%E6%96%B0")[::2] == (200, (site / "index.html").read_bytes())
    assert ask("/accounts/987654/")[0] >= 404


def test_when_even_the_renewed_signature_has_ended_the_pages_serve_and_say_when_they_were_confirmed(
    print_site: Print, site: Path, keys: Keys, ask: Ask, check: Check
) -> None:
    with time_machine.travel(later(days=-15), tick=False):
        print_site()
        moment = now()
    for days in range(14, 0, -1):
        with time_machine.travel(later(days=-days, minutes=-days)):
            renew(site, keys.signer(ONLINE), later(days=1) - later(), now())
            assert check().confirmed == moment.astimezone(TOKYO).isoformat()
    with pytest.raises(Expired):
        check()

    said = f'最終確認 <time datetime="{moment.astimezone(TOKYO):%Y-%m-%dT%H:%M}+09:00">'
    for address, name in pages_of(site).items():
        status, _, body = ask(address)
        assert (status, body) == (200, (site / name).read_bytes()), address
        if address.endswith("/"):
            assert said in body.decode(), address


def test_while_it_is_being_switched_every_answer_is_wholly_the_old_or_the_new_one(
    print_site: Print, site: Path, ask: Ask, city: Account
) -> None:
    print_site()
    targets = (f"/accounts/{city.pk}/", "/", "/list/index.json")
    files = {target: pages_of(site)[target] for target in targets}
    allowed = {target: {(site / files[target]).read_bytes()} for target in targets}
    seen: dict[str, set[bytes]] = {target: set() for target in targets}
    wrong: list[Any] = []
    is_over = threading.Event()

    def read() -> None:
        codings = {"identity": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
        while not is_over.is_set():
            for coding, unpacked in codings.items():
                for target in targets:
                    status, headers, body = ask(target, Accept_Encoding=coding)
                    if status != 200 or int(headers["content-length"]) != len(body):
                        wrong.append((target, status, headers))
                    seen[target].add(unpacked(body))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for number in range(6):
            name = ("一番の名前", "二番の名前よりずっと長い名前")[number % 2]
            Account.objects.filter(pk=city.pk).update(name=name)
            print_site()
            for target in targets:
                allowed[target].add((site / files[target]).read_bytes())
    finally:
        is_over.set()
        for reader in readers:
            reader.join()
    assert wrong == []
    for target in targets:
        assert seen[target] <= allowed[target], target
        assert len(seen[target]) > 1, target

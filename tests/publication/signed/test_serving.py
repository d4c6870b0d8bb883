"""The portal's own server hands out the publication: the same answers, also with the database stopped."""

from __future__ import annotations

import datetime
import gzip
import io
import os
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import brotli
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import DatabaseError, close_old_connections, connection
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from publication import serving
from publication.catalogue import addresses
from publication.serving import AT_ONCE, KEPT_FILE, Served
from publication.state import PublicState
from tests.publication.signed.conftest import Print

pytestmark = pytest.mark.usefixtures("city")
Ask = Callable[..., tuple[int, dict[str, str], bytes]]
# What each answer has of its own, whoever gives it.
OWN = {"ETag", "Last-Modified", "Content-Length", "Vary"}


@pytest.fixture
def portal() -> Any:
    """What stands behind the publication; counts how often it is asked."""
    handler = WSGIHandler()

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        application.asked += 1  # type: ignore[attr-defined]
        return handler(environ, start_response)

    application.asked = 0  # type: ignore[attr-defined]
    return application


@pytest.fixture
def ask(site: Path, portal: Any) -> Ask:
    """`ask(path, query)`: status, headers and body, as a server would hand them on."""
    served = Served(portal, str(site))

    def ask(path: str, query: str = "", method: str = "GET", **headers: str) -> Any:
        said: list[Any] = []
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method, "PATH_INFO": path.encode().decode("latin-1"),
            "QUERY_STRING": query, "HTTP_HOST": "testserver", **headers,
        }  # fmt: skip
        setup_testing_defaults(environ)
        # The test's own connection outlives each request.
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
        body = served(environ, lambda *given: said.append(given))
        content = b"".join(body)
        if hasattr(body, "close"):
            body.close()
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
        status, found = said[0][:2]
        return int(status.split()[0]), dict(found), content

    return ask


class Gone:
    """The database is not there."""

    def __call__(self, *_: Any) -> Any:
        raise DatabaseError("gone")


def test_every_published_address_answers_as_the_portal_does_and_without_asking_it(
    print_site: Print, ask: Ask, portal: Any, client: Client
) -> None:
    print_site()
    pages = list(addresses(PublicState()))
    assert len(pages) > 20

    for page in pages:
        status, headers, body = ask(page)
        own = client.get(page)
        assert (status, own.status_code) == (200, 200), page
        said = {name: value for name, value in own.headers.items() if name not in OWN}
        given = {name: value for name, value in headers.items() if name not in OWN}
        policy = "Content-Security-Policy"
        assert _parts(given.pop(policy)) == _parts(said.pop(policy)), page
        assert given == said, page
        if page.endswith("/"):
            assert _without_moment(body) == _without_moment(own.content), page
    assert portal.asked == 0


def _parts(policy: str) -> set[str]:
    return {part.strip() for part in policy.split(";")}


def _without_moment(page: bytes) -> bytes:
    """What was put in when it was published stands between marks."""
    return re.sub(rb"(<!--(urgent|confirmed)-->).*?<!--/", b"", page, flags=re.DOTALL)


def test_with_the_database_stopped_every_page_is_still_there(
    print_site: Print, ask: Ask, few_pages: None
) -> None:
    print_site()
    pages = list(addresses(PublicState()))

    with connection.execute_wrapper(Gone()):
        assert {page: ask(page)[0] for page in pages} == dict.fromkeys(pages, 200)
        # What only the portal could answer is answered by the whole list.
        status, _, body = ask("/", "q=しんしろ")
        assert (status, "しんしろ観光".encode() in body) == (200, True)


def test_what_the_portal_reads_it_answers_itself_and_a_strange_parameter_is_nothing(
    print_site: Print, ask: Ask, portal: Any, few_pages: None
) -> None:
    print_site()

    assert "条件に合うアカウントはありません" in ask("/", "q=kanko_nowhere")[2].decode()
    assert portal.asked == 1
    assert ask("/", "utm_source=x")[0] == 200
    assert ask("/notices/", "q=x")[0] == 200
    assert portal.asked == 1


def test_one_that_nobody_confirmed_lately_stands_behind_the_portal(
    print_site: Print, ask: Ask, portal: Any, few_pages: None, city: Account, monkeypatch: Any
) -> None:
    print_site()
    Account.objects.filter(pk=city.pk).update(name="新しい名前")
    assert "新しい名前" not in ask("/")[2].decode()
    monkeypatch.setattr(serving, "YOUNG_FOR", 0)

    assert "新しい名前" in ask("/")[2].decode()
    with connection.execute_wrapper(Gone()):
        status, _, body = ask("/")
        assert (status, "しんしろ防災".encode() in body) == (200, True)


def test_renewing_the_signature_alone_confirms_nothing(
    print_site: Print, ask: Ask, portal: Any, few_pages: None, site: Path, time_machine: Any
) -> None:
    print_site()
    late = timezone.now() + datetime.timedelta(seconds=serving.YOUNG_FOR + 60)
    time_machine.move_to(late, tick=False)
    os.utime(site / "signed" / "timestamp.json")

    ask("/")
    assert portal.asked == 1


def test_confirmed_again_it_is_young_again_and_one_of_the_future_never_is(
    print_site: Print, ask: Ask, portal: Any, few_pages: None, time_machine: Any
) -> None:
    start = timezone.now()
    for minutes in (0, 4, 8, 12):
        time_machine.move_to(start + datetime.timedelta(minutes=minutes), tick=False)
        print_site()
        assert ask("/")[0] == 200
    assert portal.asked == 0
    # As by a clock that was put right: nobody knows how old it is.
    time_machine.move_to(start, tick=False)
    assert ask("/")[0] == 200
    assert portal.asked == 1


def test_compressed_ones_are_handed_out_as_they_are_and_nothing_twice(
    print_site: Print, ask: Ask, few_pages: None
) -> None:
    print_site()
    _, headers, plain = ask("/")

    for encoding, unpacked in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        _, packed, body = ask("/", HTTP_ACCEPT_ENCODING=encoding)
        assert (packed["Content-Encoding"], unpacked(body)) == (encoding, plain)
        assert packed["Vary"] == "Accept-Encoding"
    status, _, nothing = ask("/", HTTP_IF_NONE_MATCH=headers["ETag"])
    assert (status, nothing) == (304, b"")
    status, head, nothing = ask("/", method="HEAD")
    assert (status, nothing, head["Content-Length"]) == (200, b"", str(len(plain)))
    assert ask("/", method="POST")[0] == 405


def test_scripts_of_other_sites_may_read_the_data_also_that_nothing_has_changed(
    print_site: Print, ask: Ask, portal: Any
) -> None:
    print_site()
    for path in ("/accounts.json", "/accounts.csv", "/check/index.json", "/.well-known/trust.txt"):
        _, first, _ = ask(path)
        status, again, nothing = ask(path, HTTP_IF_NONE_MATCH=first["ETag"])
        assert (status, nothing) == (304, b""), path
        for headers in (first, again):
            assert headers["Access-Control-Allow-Origin"] == "*", path
            assert headers["Access-Control-Expose-Headers"] == "ETag", path
    _, page, _ = ask("/")
    _, again, _ = ask("/", HTTP_IF_NONE_MATCH=page["ETag"])
    assert "Access-Control-Allow-Origin" not in {**page, **again}
    assert portal.asked == 0


@pytest.mark.parametrize("size", [0, 10, KEPT_FILE, KEPT_FILE + 1, AT_ONCE, 2 * AT_ONCE + 1])
def test_files_of_every_length_come_whole_in_parts_and_as_they_are_now(
    print_site: Print, ask: Ask, few_pages: None, site: Path, size: int
) -> None:
    print_site()
    for content in (bytes(range(256)), b"next"):
        whole = (content * size)[:size]
        new = site / "static" / "new"
        new.write_bytes(whole)
        new.rename(site / "static" / "some.css")
        # The second time it may be known by heart.
        for _ in range(2):
            status, headers, body = ask("/static/some.css")
            assert (status, body, headers["Content-Length"]) == (200, whole, str(size))
            status, headers, body = ask("/static/some.css", method="HEAD")
            assert (status, body, headers["Content-Length"]) == (200, b"", str(size))
            if size:
                status, _, body = ask("/static/some.css", HTTP_RANGE="bytes=1-4")
                assert (status, body) == (206, whole[1:5])


def test_no_more_is_known_by_heart_than_there_is_room_for(
    print_site: Print, ask: Ask, few_pages: None, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    print_site()
    room = (site / "index.html").stat().st_size
    monkeypatch.setattr(serving, "KEPT_BYTES", room)
    opened: list[Path] = []

    def noting(path: str, mode: str) -> Any:
        opened.append(Path(path))
        return io.FileIO(path, mode)

    monkeypatch.setattr("builtins.open", noting)
    for _ in range(3):
        assert ask("/")[0] == ask("/notices/")[0] == 200
    assert opened == [site / "index.html", *[site / "notices" / "index.html"] * 3]


@pytest.mark.parametrize(
    "path",
    [
        "/../keys/root.pem", "/accounts/../../secret", "//etc/passwd", "/%2e%2e/secret", "/./",
        "/.aside/", "/signed/../../safe/keys/publisher.pem", "/\0", "/a\\b", "/accounts", "/index.html/",
        "/" + "a" * 5000, "/\udcff", "/notices//", "/.git/config", "/notices/.htaccess",
        "/.well-known/.hidden",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_publication(
    print_site: Print, ask: Ask, few_pages: None, site: Path, path: str
) -> None:
    print_site()
    (site.parent / "secret").write_text("秘密")
    for hidden in (".git/config", "notices/.htaccess", ".well-known/.hidden"):
        (site / hidden).parent.mkdir(exist_ok=True)
        (site / hidden).write_text("秘密")

    try:
        status, _, body = ask(path)
    except UnicodeEncodeError:
        return
    assert status in (301, 404)
    assert "秘密".encode() not in body


def test_while_it_is_being_switched_no_answer_is_a_mixture(
    print_site: Print, ask: Ask, few_pages: None, city: Account
) -> None:
    print_site()
    pages = (f"/accounts/{city.pk}/", "/")
    wrong: list[Any] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            for page in pages:
                status, headers, body = ask(page)
                names = [name for name in ("一番の名前", "二番の名前") if name.encode() in body]
                if status != 200 or int(headers["Content-Length"]) != len(body) or len(names) > 1:
                    wrong.append((status, headers, names))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(6):
            name = ("一番の名前", "二番の名前よりずっと長い名前")[number % 2]
            Account.objects.filter(pk=city.pk).update(name=name)
            print_site()
    finally:
        is_over.set()
        reader.join()
    assert wrong == []


def test_one_overtaken_between_looking_and_opening_looks_again(
    print_site: Print, ask: Ask, few_pages: None, city: Account, site: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    print_site()
    opens = open

    def overtaken(path: Any, *more: Any, **named: Any) -> Any:
        if str(path) == str(site / "index.html"):
            monkeypatch.setattr("builtins.open", opens)
            Account.objects.filter(pk=city.pk).update(name="ずっと長い名前" * 5)
            print_site()
        return opens(path, *more, **named)

    monkeypatch.setattr("builtins.open", overtaken)
    status, headers, body = ask("/")

    assert (status, headers["Content-Length"]) == (200, str(len(body)))
    assert body == (site / "index.html").read_bytes()
    assert "ずっと長い名前" in body.decode()
    assert open is opens


def test_an_account_that_is_no_more_is_no_more(
    print_site: Print, ask: Ask, few_pages: None, city: Account
) -> None:
    print_site()
    path = f"/accounts/{city.pk}/"
    assert ask(path)[0] == 200
    Account.objects.filter(pk=city.pk).update(status="preparing")
    print_site()

    assert ask(path)[0] == 404


def test_where_the_portal_breaks_down_altogether_the_files_answer(
    print_site: Print, site: Path, few_pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(environ: dict[str, Any], start_response: Any) -> Any:
        raise RuntimeError("broken")

    print_site()
    monkeypatch.setattr(serving, "YOUNG_FOR", 0)
    served, said = Served(broken, str(site)), []
    environ: dict[str, Any] = {"PATH_INFO": "/notices/"}
    setup_testing_defaults(environ)

    body = b"".join(served(environ, lambda *given: said.append(given)))

    assert (said[0][0], body) == ("200 OK", (site / "notices/index.html").read_bytes())
    with pytest.raises(RuntimeError):
        served(environ | {"PATH_INFO": "/nowhere/"}, lambda *given: None)


def test_before_the_first_publication_the_portal_answers(ask: Ask, portal: Any) -> None:
    assert ask("/")[0] == 200
    assert portal.asked == 1


def test_over_plain_http_the_portal_leads_to_https(
    print_site: Print, ask: Ask, portal: Any, few_pages: None, settings: Any
) -> None:
    print_site()
    settings.SECURE_SSL_REDIRECT = True

    ask("/")
    assert portal.asked == 1

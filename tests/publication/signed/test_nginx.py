"""nginx with the shipped configuration hands out the publication as the portal itself would."""

from __future__ import annotations

import datetime
import gzip
import os
import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from accounts.models import Account
from publication.headers import TYPES, headers_of
from tests.publication.signed.conftest import Print
from tests.web_server import LOGS, SHIPPED, Answer, WebServer, configured, running, serving, write

OPERATIONS = SHIPPED.parent.parent / "docs/operations.md"
pytestmark = [pytest.mark.usefixtures("city"), pytest.mark.once]
# What each answer has of its own, whoever gives it.
OWN = {
    "date", "server", "connection", "accept-ranges", "etag", "last-modified", "content-length",
    "content-encoding", "vary",
}  # fmt: skip
# Addresses for the tests that need no more.
LIST, ACCOUNTS = "/", "/accounts.json"
POLICY = "content-security-policy"


@pytest.fixture
def nginx(
    site: Path, print_site: Print, tmp_path: Path, production: None, every_kind: None
) -> Iterator[WebServer]:
    """nginx before a publication that stands."""
    print_site()
    with serving(site, tmp_path / "nginx") as server:
        yield server


def said(answer: Answer) -> dict[str, Any]:
    """The headers that are not each answer's own; the policy as the set of its parts."""
    found: dict[str, Any] = {k: v for k, v in answer.headers.items() if k not in OWN}
    found[POLICY] = {part.strip() for part in found[POLICY].split(";")}
    return found


def owed(name: str) -> dict[str, Any]:
    """What `said` has to be for a file."""
    found: dict[str, Any] = {key.lower(): value for key, value in headers_of(name)}
    found[POLICY] = {part.strip() for part in found[POLICY].split(";")}
    return found


def target_of(name: str) -> str:
    return (
        "/" + name.removesuffix("index.html") if f"/{name}".endswith("/index.html") else f"/{name}"
    )


def names_of(site: Path) -> list[str]:
    return sorted(str(path.relative_to(site)) for path in site.rglob("*") if path.is_file())


def written(server: WebServer, line: str) -> None:
    """Waits until this stands in a log."""
    until = time.monotonic() + 10
    while line not in server.logs():
        assert time.monotonic() < until, server.logs()
        time.sleep(0.05)


# --- The same as the portal's own answers --------------------------------------------------------


def test_every_file_comes_with_exactly_its_headers_and_bytes(nginx: WebServer, site: Path) -> None:
    # Of every ending that is known, whether today's pages have one or not.
    for ending in [ending for ending, _ in TYPES] + [".unknown"]:
        (site / f"static/kind{ending}").write_bytes(b"some")
    names = names_of(site)
    assert len(names) > 60
    endings = {name.rpartition(".")[2] for name in names}
    assert endings >= {"html", "json", "csv", "atom", "xml", "txt", "css", "js", "svg", "gz", "br"}

    for name in names:
        answer = nginx.ask(target_of(name))
        assert (answer.status, answer.body) == (200, (site / name).read_bytes()), name
        assert said(answer) == owed(name), name


def test_who_takes_gzip_gets_the_file_that_lies_there(nginx: WebServer, site: Path) -> None:
    for name in names_of(site):
        answer = nginx.ask(target_of(name), Accept_Encoding="gzip", Via="1.1 proxy")
        if name.endswith((".gz", ".br")) or name.startswith("signed/"):
            assert "content-encoding" not in answer.headers, name
            assert answer.body == (site / name).read_bytes(), name
            continue
        assert answer.headers["content-encoding"] == "gzip", name
        assert answer.body == (site / f"{name}.gz").read_bytes(), name
        assert gzip.decompress(answer.body) == (site / name).read_bytes(), name
        assert said(answer) == owed(name), name
        assert answer.headers["vary"] == "Accept-Encoding"
        assert nginx.ask(target_of(name)).headers["vary"] == "Accept-Encoding", name


def test_a_page_by_the_name_of_its_file_is_the_same_page(nginx: WebServer, site: Path) -> None:
    assert (
        nginx.ask("/index.html").body == nginx.ask("/").body == (site / "index.html").read_bytes()
    )


@pytest.mark.parametrize("target", [LIST, ACCOUNTS])
def test_what_the_reader_has_already_is_not_sent_again_but_all_its_headers_are(
    nginx: WebServer, target: str
) -> None:
    first = nginx.ask(target)

    for asked in (
        {"If_None_Match": first.headers["etag"]},
        {"If_Modified_Since": first.headers["last-modified"]},
    ):
        again = nginx.ask(target, **asked)
        assert (again.status, again.body) == (304, b"")
        without_type = {key: value for key, value in said(first).items() if key != "content-type"}
        assert said(again) == without_type
    earlier = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    assert nginx.ask(target, If_Modified_Since=format_datetime(earlier, usegmt=True)).status == 200


def test_head_has_the_same_headers_and_no_body(nginx: WebServer) -> None:
    whole, head = nginx.ask("/"), nginx.ask("/", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.body))
    assert said(head) == said(whole)


# --- What is not there, and what is not allowed --------------------------------------------------


NOWHERE = (
    "/nowhere/", "/nowhere?q=x", "/accounts/987654/", "/api/check?q=x", "/desk/", "/static/", "/list/",
    "/static/js/nowhere.js", "/signed/", "/.aside/", "/.git/config", "/accounts/.htaccess",
    "/.well-known/", "/.well-known/.hidden", "/a%5Cb", "/index.html/", "/" + "a" * 5000,
    "/%E3%81%82/", "/%FF",
)  # fmt: skip


def test_what_is_not_there_gets_our_own_page_with_404(nginx: WebServer, site: Path) -> None:
    for hidden in (".git/config", "accounts/.htaccess", ".well-known/.hidden"):
        (site / hidden).parent.mkdir(exist_ok=True)
        (site / hidden).write_text("秘密")

    for target in NOWHERE:
        answer = nginx.ask(target)
        assert (answer.status, answer.body) == (404, (site / "404.html").read_bytes()), target
        assert said(answer) == owed("404.html"), target


OUTSIDE = (
    "/../secret", "/accounts/../../secret", "/%2e%2e/secret", "/..%2fsecret", "//../secret",
    "/static/%2e%2e%2f%2e%2e/secret", "/accounts/..%5c..%5csecret", "/%00/../secret",
    "/.%2e/.aside/lock", "/...//secret",
)  # fmt: skip


def test_no_path_leads_out_of_the_publication(nginx: WebServer, site: Path) -> None:
    (site.parent / "secret").write_text("秘密")

    for target in OUTSIDE:
        answer = nginx.ask(target)
        assert answer.status in (400, 404), target
        assert "秘密".encode() not in answer.body, target


def test_nothing_but_get_and_head(nginx: WebServer) -> None:
    for target in ("/", "/nowhere/", "/check/?q=x", "/static/", "/accounts.json"):
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"):
            answer = nginx.ask(target, method, Content_Length="0")
            assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD"), (method, target)
        # nginx itself refuses this one before it looks at anything else.
        assert nginx.ask(target, "TRACE").status == 405


def test_it_says_no_version_sets_no_cookie_and_names_no_host_in_a_redirect(
    nginx: WebServer,
) -> None:
    for answer in (nginx.ask("/"), nginx.ask("/nowhere/"), nginx.ask("/", "POST")):
        assert answer.headers["server"] == "nginx"
        assert "set-cookie" not in answer.headers
        assert b"nginx/" not in answer.body
    led_on = nginx.ask("/notices")
    assert (led_on.status, led_on.headers["location"]) == (301, "/notices/")


def test_over_plain_http_it_leads_to_https(nginx: WebServer) -> None:
    answer = nginx.ask("/check/?q=x", port=nginx.plain_port)

    assert answer.status == 301
    assert answer.headers["location"] == "https://sns.city.shinshiro.example/check/?q=x"


# --- The citizen's secret ------------------------------------------------------------------------


def test_what_was_searched_or_checked_is_written_down_nowhere(nginx: WebServer, site: Path) -> None:
    # What cannot be opened is what nginx complains of most loudly.
    folder = os.open(site, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as unusable:
        # The path of a socket has no room for the folder of a test.
        unusable.bind(f"/proc/self/fd/{folder}/broken.txt")
    os.close(folder)
    asked = (
        "/check/?q=himitsu", "/?q=himitsu", "/nowhere/?himitsu", "/notices?himitsu", "/broken.txt?himitsu",
        "/api/check?q=himitsu", "/../?himitsu", "/check/?q=himitsu" + "a" * 20_000, "/?q=%00himitsu",
        "/check/?q=himitsu" + "a" * 50_000,
    )  # fmt: skip
    for target in asked:
        for method in ("GET", "POST"):
            nginx.ask(target, method, Referer="https://example.org/himitsu")
        nginx.ask(target, port=nginx.plain_port)
    assert nginx.ask("/check/?q=himitsu" + "a" * 20_000).status == 200
    assert nginx.ask("/broken.txt").status == 500
    nginx.ask("/notices/")

    written(nginx, '"GET /notices/" 200')
    logs = nginx.logs()
    assert '"GET /check/" 200' in logs
    assert '"GET /nowhere/" 404' in logs
    assert "himitsu" not in logs


# --- While it is being switched ------------------------------------------------------------------


def test_while_it_is_being_switched_every_answer_is_wholly_the_old_or_the_new_one(
    nginx: WebServer, site: Path, print_site: Print, city: Account
) -> None:
    page = f"/accounts/{city.pk}/"
    targets = (page, "/", "/accounts.json", "/accounts.csv")
    files = {
        target: f"{target[1:]}index.html" if target.endswith("/") else target[1:]
        for target in targets
    }
    allowed: dict[str, set[bytes]] = {
        target: {(site / files[target]).read_bytes()} for target in targets
    }
    seen: dict[str, list[tuple[int, bytes, str]]] = {target: [] for target in targets}
    is_over = threading.Event()

    def read() -> None:
        packed = False
        while not is_over.is_set():
            packed = not packed
            for target in targets:
                answer = nginx.ask(target, **({"Accept_Encoding": "gzip"} if packed else {}))
                body = (
                    gzip.decompress(answer.body)
                    if "content-encoding" in answer.headers
                    else answer.body
                )
                seen[target].append((answer.status, body, answer.headers["content-type"]))

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
    for target in targets:
        assert len(seen[target]) > 20
        assert {status for status, _, _ in seen[target]} == {200}
        assert {kind for _, _, kind in seen[target]} == {owed(files[target])["content-type"]}
        assert {body for _, body, _ in seen[target]} <= allowed[target], target
        assert len({body for _, body, _ in seen[target]}) > 1, target


def test_an_account_that_is_no_more_is_no_more(
    nginx: WebServer, print_site: Print, city: Account
) -> None:
    page = f"/accounts/{city.pk}/"
    assert nginx.ask(page).status == 200
    Account.objects.filter(pk=city.pk).update(status="preparing")
    print_site()

    assert nginx.ask(page).status == 404


def test_a_link_that_is_turned_to_another_folder_shows_that_one_at_once(
    tmp_path: Path,
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text(name)
    (tmp_path / "site").symlink_to("one")
    with serving(tmp_path / "site", tmp_path / "nginx") as server:
        assert server.ask("/").body == b"one"
        (tmp_path / "next").symlink_to("two")
        (tmp_path / "next").rename(tmp_path / "site")
        assert server.ask("/").body == b"two"


# --- The file as it is shipped -------------------------------------------------------------------


def certificate(folder: Path) -> None:
    """A key and a certificate where the configuration is told to look."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.city.shinshiro.example")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    folder.mkdir()
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pkcs8 = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, pkcs8, plain))


PROXY = re.findall(r"(?ms)^```nginx\n(.*?)^```", OPERATIONS.read_text())
FILES = [(SHIPPED.read_text(), "/etc/ssl/sns-public/")] + [
    (text, "/etc/ssl/portal/") for text in PROXY
]


@pytest.mark.parametrize(("text", "keys"), FILES, ids=["the public site", "before the portal"])
def test_nginx_takes_what_is_delivered_without_a_warning(
    tmp_path: Path, text: str, keys: str
) -> None:
    certificate(tmp_path / "tls")
    folder = tmp_path / "nginx"
    conf = configured(text, **{keys: f"{tmp_path}/tls/", LOGS: f"{folder}/"})

    judged = subprocess.run(
        [*write(folder, conf), "-t"], capture_output=True, text=True, check=False
    )

    assert judged.returncode == 0, judged.stderr
    assert "warn" not in judged.stderr


def test_before_the_portal_no_question_and_no_key_is_written_down_either(tmp_path: Path) -> None:
    # Nobody listens there: nginx complains of that too.
    nobody = {"proxy_pass http://127.0.0.1:8000;": "proxy_pass http://127.0.0.1:9;"}
    with running(PROXY[0], tmp_path / "nginx", **nobody) as server:
        for target in ("/check/?q=himitsu", "/api/check?q=himitsu", "/password/reset/key/himitsu/"):
            for method in ("GET", "POST"):
                assert server.ask(target, method).status == 502
            assert server.ask(target, port=server.plain_port).status == 301
        written(server, '"POST /password/reset/key/" 502')
        assert '"GET /check/" 502' in server.logs()
        assert "himitsu" not in server.logs()

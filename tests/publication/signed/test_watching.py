"""The public site is watched from outside: what is altered, old or silent is said, and nothing else."""

from __future__ import annotations

import datetime
import shutil
import time
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import time_machine

from publication import watching
from publication.keys import ONLINE, Keys, create
from publication.renewing import renew
from publication.signing import confirm
from tests.publication.signed.conftest import Look, Print, later, urgent
from tests.publication.signed.watched import (
    DRIP,
    ENDLESS,
    WELL,
    Town,
    a_watch,
    certify,
    counted,
    leads_to,
    status,
    town,
    well,
)

pytestmark = pytest.mark.usefixtures("few_pages")
ALTERED = "の内容が、市が署名したものと違います。書き換えられたおそれがあります。"


# --- All is well -------------------------------------------------------------------------------


def test_all_well_is_exit_code_0(served: Town, look: Look, city_site: Path) -> None:
    code, last, said = look(served.url)

    assert (code, said) == (0, WELL)
    # The important ones that there are, 20 others, and the root, snapshot, targets and sums.
    important = sum((city_site / name).exists() for name in watching.IMPORTANT)
    assert last == f"checked {important + 20 + 4}, altered 0, stale 0, silent 0"


def test_every_file_is_looked_at_where_it_is_asked_for(
    served: Town, look: Look, city_site: Path
) -> None:
    code, last, said = look(f"{served.url}/", "--all")

    # Only the timestamp is read and not compared: it is what the rest is compared by.
    files = [path for path in city_site.rglob("*") if path.is_file()]
    assert (code, last, said) == (
        0, f"checked {len(files) - 1}, altered 0, stale 0, silent 0", WELL,
    )  # fmt: skip


def test_without_others_only_the_important_ones(served: Town, look: Look) -> None:
    look(served.url, "--sample", "0")

    assert sorted(path for path in served.asked if not path.startswith("/signed/")) == [
        "/", "/404.html", "/notices/",
    ]  # fmt: skip


def test_it_goes_below_a_path_too(city_site: Path, look: Look) -> None:
    with town(city_site.parent) as above:
        assert look(f"{above.url}/{city_site.name}", "--all")[0] == 0
        assert {path.split("/")[1] for path in above.asked} == {city_site.name}


def test_the_page_for_what_is_not_there_may_come_with_its_own_status(
    served: Town, look: Look, city_site: Path
) -> None:
    def not_found(handler: Any) -> None:
        data = (city_site / "404.html").read_bytes()
        handler.send_response(404)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    served.odd["/404.html"] = not_found
    assert look(served.url)[0] == 0


# --- Altered -----------------------------------------------------------------------------------


def test_one_altered_byte_in_a_page_is_an_alarm_that_names_the_address(
    served: Town, look: Look, city_site: Path
) -> None:
    page = city_site / "notices" / "index.html"
    data = bytearray(page.read_bytes())
    data[100] ^= 1
    page.unlink()
    page.write_bytes(data)

    code, last, said = look(served.url)

    assert (code, counted(last)) == (1, "altered 1, stale 0, silent 0")
    assert said == f"「{served.url}/notices/」{ALTERED}"


def test_an_altered_page_that_few_look_at_is_found_among_all(
    served: Town, look: Look, city_site: Path
) -> None:
    page = city_site / "accessibility" / "index.html"
    page.unlink()
    page.write_text("<p>偽</p>")

    assert look(served.url, "--sample", "0")[0] == 0
    code, last, said = look(served.url, "--all")
    assert (code, counted(last)) == (1, "altered 1, stale 0, silent 0")
    assert said == f"「{served.url}/accessibility/」{ALTERED}"


def test_what_was_altered_is_looked_at_until_it_is_right_again(
    served: Town, city_site: Path, keys: Keys, tmp_path: Path
) -> None:
    page = city_site / "accessibility" / "index.html"
    honest = page.read_bytes()
    page.unlink()
    page.write_text("<p>偽</p>")
    half = sum(1 for path in city_site.rglob("*") if path.is_file()) // 2
    watch = a_watch(served.url, keys, tmp_path, sample=half)
    found = [bool(well(watch)) for _ in range(40)]

    # Chance finds it at some time; from then on it is no matter of chance.
    first = found.index(False)
    assert found[first:] == [False] * (40 - first)
    page.write_bytes(honest)
    assert well(watch)


@pytest.mark.parametrize("kind", ["targets.json", "snapshot.json", "SHA256SUMS"])
def test_altered_signatures_are_found_by_one_who_has_seen_them_too(
    served: Town, look: Look, city_site: Path, tmp_path: Path, kind: str
) -> None:
    state = ("--state", str(tmp_path / "state"))
    assert look(served.url, *state)[0] == 0
    file = next((city_site / "signed").glob(f"*.{kind}"))
    file.write_bytes(file.read_bytes()[:-9])

    assert look(served.url)[0] == 1
    code, last, _said = look(served.url, *state)
    assert (code, counted(last)) == (1, "altered 1, stale 0, silent 0")


def test_another_citys_site_is_refused(served: Town, look: Look, tmp_path: Path) -> None:
    create(tmp_path / "theirs", tmp_path / "their-root.pem")

    code, last, said = look(served.url, "--root", str(tmp_path / "theirs" / "1.root.json"))

    assert (code, last) == (1, "checked 0, altered 1, stale 0, silent 0")
    assert said == (
        f"「{served.url}/」の署名が、市のものではありません。書き換えられたおそれがあります。"
    )


@pytest.mark.parametrize("path", ["/notices/", "/signed/timestamp.json"])
def test_visitors_who_are_sent_to_another_host_are_an_alarm_and_it_is_not_asked(
    served: Town, look: Look, city_site: Path, path: str
) -> None:
    with town(city_site) as other:
        served.odd[path] = leads_to(f"{other.url}{path}")
        code, last, said = look(served.url)

        assert other.asked == []
    assert (code, counted(last)) == (1, "altered 1, stale 0, silent 0")
    assert said == f"「{served.url}{path}」が、ほかのサイト({other.url})へ転送しています。"


def test_another_name_is_another_host(served: Town, look: Look) -> None:
    served.odd["/notices/"] = leads_to(f"{served.url.replace('127.0.0.1', 'localhost')}/notices/")
    code, last, _said = look(served.url)

    assert (code, counted(last)) == (1, "altered 1, stale 0, silent 0")


def test_on_the_same_host_it_goes_where_it_is_sent_but_not_for_ever(
    served: Town, look: Look, city_site: Path
) -> None:
    shutil.copy(city_site / "notices" / "index.html", city_site / "moved.html")
    served.odd["/notices/"] = leads_to("/moved.html")
    assert look(served.url)[0] == 0
    served.odd["/moved.html"] = leads_to("/notices/")
    code, last, _said = look(served.url)
    assert (code, counted(last)) == (1, "altered 0, stale 0, silent 1")


@pytest.mark.parametrize("switches", [1, 2])
def test_a_switch_in_the_middle_is_no_alarm_nor_are_two(
    served: Town, look: Look, print_site: Print, city_site: Path, tmp_path: Path, switches: int
) -> None:
    folders = [tmp_path / "0"]
    shutil.copytree(city_site, folders[0])
    for number in range(1, switches + 1):
        with time_machine.travel(later(seconds=5 * number)):
            urgent(title=f"注意{number}")
            print_site()
        folders.append(tmp_path / str(number))
        shutil.copytree(city_site, folders[-1])
    served.folder = folders.pop(0)

    def switch(handler: Any) -> None:
        served.folder = folders.pop(0)
        handler.directory = str(served.folder)
        if not folders:
            served.odd.clear()
        SimpleHTTPRequestHandler.do_GET(handler)

    # The sums are of before, and this page is of afterwards.
    served.odd["/"] = switch
    with time_machine.travel(later(seconds=20)):
        code, last, said = look(served.url)

    assert folders == []
    assert (code, counted(last), said) == (0, "altered 0, stale 0, silent 0", WELL)


def test_a_page_of_an_earlier_publication_is_an_alarm(
    served: Town, look: Look, print_site: Print, city_site: Path
) -> None:
    old = (city_site / "index.html").read_bytes()
    urgent()
    with time_machine.travel(later(seconds=5)):
        print_site()
        (city_site / "index.html").unlink()
        (city_site / "index.html").write_bytes(old)
        code, _last, said = look(served.url, "--sample", "0")

    assert (code, said) == (1, f"「{served.url}/」{ALTERED}")


# --- Endless and slow --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kind"), [("/notices/", "altered"), ("/signed/timestamp.json", "altered")]
)
def test_endless_data_are_cut_off(
    served: Town, look: Look, city_site: Path, path: str, kind: str
) -> None:
    served.odd[path] = ENDLESS
    code, last, _said = look(served.url, "--sample", "0")

    assert (code, counted(last)) == (1, "altered 1, stale 0, silent 0")
    largest = max(path.stat().st_size for path in city_site.rglob("*") if path.is_file())
    # Twice looked at, and what the system takes in before anybody reads it.
    assert served.sent < 2 * (largest + 16 * 1024 * 1024)


@pytest.mark.parametrize("path", ["/notices/", "/signed/timestamp.json"])
def test_slow_retrieval_ends_within_the_time_set(served: Town, look: Look, path: str) -> None:
    served.odd[path] = DRIP
    began = time.monotonic()
    code, last, said = look(served.url, "--sample", "0", "--timeout", "0.5")

    assert time.monotonic() - began < 5
    assert (code, counted(last)) == (1, "altered 0, stale 0, silent 1")
    assert said == f"「{served.url}{path}」の返事が、時間内に終わりませんでした。"


def test_a_site_whose_files_all_drip_is_not_asked_for_each(served: Town, look: Look) -> None:
    look(served.url, "--all")
    served.odd = {path: DRIP for path in served.asked if not path.startswith("/signed/")}
    began = time.monotonic()
    code, last, _said = look(served.url, "--all", "--timeout", "0.3")

    assert time.monotonic() - began < 10
    # The page and its two compressed forms, of one address.
    assert (code, last) == (1, "checked 3, altered 0, stale 0, silent 1")
    assert watching.MOST_SILENT == 3


# --- Old ---------------------------------------------------------------------------------------


def test_an_older_publication_put_back_is_an_alarm(
    served: Town, look: Look, print_site: Print, city_site: Path, tmp_path: Path
) -> None:
    shutil.copytree(city_site, tmp_path / "old")
    state = ("--state", str(tmp_path / "state"))
    with time_machine.travel(later(minutes=5)):
        print_site(anew=True)
        assert look(served.url, *state)[0] == 0
        served.folder = tmp_path / "old"
        code, last, said = look(served.url, *state)

        assert (code, last) == (1, "checked 0, altered 0, stale 1, silent 0")
        assert said == "公開ページが、以前に確かめたものより古い版に戻されています。"
        # Who never saw the newer one cannot know.
        assert look(served.url)[0] == 0


def test_what_nobody_confirms_any_more_is_stale(
    served: Town, look: Look, city_site: Path, keys: Keys
) -> None:
    with time_machine.travel(later(minutes=14)):
        assert look(served.url)[0] == 0
        assert look(served.url, "--stale-after", "10")[0] == 1
    with time_machine.travel(later(minutes=16)):
        # To renew the signature is no confirmation.
        moment = datetime.datetime.now(datetime.UTC)
        renew(city_site, keys.signer(ONLINE), datetime.timedelta(days=1), moment)
        code, last, said = look(served.url)
        assert (code, counted(last)) == (1, "altered 0, stale 1, silent 0")
        assert said.startswith("公開ページが古くなっています。最後に確認されたのは ")
        confirm(city_site, keys)
        assert look(served.url)[0] == 0


def test_what_has_expired_is_stale(served: Town, look: Look) -> None:
    with time_machine.travel(later(hours=25)):
        code, last, said = look(served.url)

    assert (code, last) == (1, "checked 0, altered 0, stale 1, silent 0")
    assert said == "公開ページの有効期限が過ぎています。公開処理が動いているか確かめてください。"


def test_a_clock_that_is_behind_is_said_for_then_nothing_would_ever_be_stale(
    served: Town, look: Look
) -> None:
    with time_machine.travel(later(minutes=-10)):
        code, last, said = look(served.url)

    assert (code, counted(last)) == (1, "altered 0, stale 1, silent 0")
    assert said.endswith("この機械の時計より先です。時計が合っているか確かめてください。")


# --- Silent ------------------------------------------------------------------------------------


def test_a_server_that_is_stopped_is_silent(served: Town, look: Look) -> None:
    served.stop()
    code, last, said = look(served.url)

    assert (code, last) == (1, "checked 0, altered 0, stale 0, silent 1")
    assert said == f"「{served.url}/signed/2.root.json」に接続できませんでした。"


def test_a_server_whose_certificate_nobody_vouches_for_is_silent(
    city_site: Path, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "AGAIN_AFTER", 0.05)
    with town(city_site, certify(tmp_path / "certificate.pem")) as secure:
        code, last, said = look(secure.url)
        assert (code, last) == (1, "checked 0, altered 0, stale 0, silent 1")
        assert said.endswith("」の証明書を確かめられず、接続しませんでした。")
        # The city's own may be among those that the system trusts.
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        assert look(secure.url)[0] == 0


def test_from_a_secure_address_it_is_not_led_to_one_in_the_clear(
    city_site: Path, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "AGAIN_AFTER", 0.05)
    monkeypatch.setenv("SSL_CERT_FILE", str(certify(tmp_path / "certificate.pem")))
    with town(city_site, tmp_path / "certificate.pem") as secure:
        secure.odd["/notices/"] = leads_to(f"{secure.url.replace('https', 'http')}/notices/")
        code, last, _said = look(secure.url)

    assert (code, counted(last)) == (1, "altered 1, stale 0, silent 0")


@pytest.mark.parametrize("code", [404, 500, 503])
def test_a_file_that_is_not_answered_is_silent(served: Town, look: Look, code: int) -> None:
    served.odd["/notices/"] = status(code)
    ended, last, said = look(served.url)

    assert (ended, counted(last)) == (1, "altered 0, stale 0, silent 1")
    assert said == f"「{served.url}/notices/」の返事が{code}でした。"


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx",
        b"HTTP/1.1 302 Found\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n",
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_silent(served: Town, look: Look, answer: bytes) -> None:
    served.odd["/notices/"] = lambda handler: handler.wfile.write(answer) and None
    code, last, _said = look(served.url)

    assert (code, counted(last)) == (1, "altered 0, stale 0, silent 1")

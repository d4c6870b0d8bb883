"""The watch from outside goes on, says what is new once, sends mails, and ends when it is told."""

from __future__ import annotations

import datetime
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError

from publication import watching
from publication.keys import Keys
from publication.management.commands.watch_publication import Command
from publication.signing import confirm
from shinshiro_sns.stopping import Told
from tests.mail.conftest import ROOT
from tests.publication.signed.conftest import Look
from tests.publication.signed.test_following import Rounds
from tests.publication.signed.watched import WELL, Town, a_watch, status

pytestmark = pytest.mark.usefixtures("few_pages")
GoOn = Callable[..., list[str]]
BROKEN = "/notices/"


class Looks(Rounds):
    """So many looks, and what happens between them; the pause before a second look is none of them."""

    def wait(self, seconds: float) -> bool:
        """Does the next thing; over when there is none."""
        return seconds != watching.AGAIN_AFTER and super().wait(seconds)


@pytest.fixture
def go_on(served: Town, keys: Keys, tmp_path: Path) -> GoOn:
    """`go_on(then, …)`: what was said, looking once before and once after each thing that happens."""

    def go_on(*between: Callable[[], object], to: tuple[str, ...] = ()) -> list[str]:
        said: list[str] = []
        watch = a_watch(served.url, keys, tmp_path)
        command = Command(stderr=Written(said))
        watching.go_on(
            watch, 300.0, Looks(*between), said.append, lambda *new: command._mail(list(to), *new)
        )
        return said

    return go_on


class Written:
    """Where a command writes, as a list."""

    def __init__(self, lines: list[str]) -> None:
        self.write = lines.append


def breaks(served: Town) -> Callable[[], object]:
    return lambda: served.odd.update({BROKEN: status(500)})


def mends(served: Town) -> Callable[[], object]:
    return served.odd.clear


def nothing() -> None:
    pass


def test_what_is_new_is_said_once_and_so_is_that_all_is_well_again(
    served: Town, go_on: GoOn
) -> None:
    said = go_on(nothing, breaks(served), nothing, nothing, mends(served), nothing)

    checked = "checked 7, altered 0, stale 0, silent"
    assert said == [
        f"{WELL}\n{checked} 0",
        f"「{served.url}/notices/」の返事が500でした。\n{checked} 1",
        f"{WELL}\n{checked} 0",
    ]


def test_other_words_for_the_same_are_nothing_new(served: Town, go_on: GoOn) -> None:
    served.odd[BROKEN] = status(500)
    assert len(go_on(lambda: served.odd.update({BROKEN: status(503)}), nothing)) == 1


def test_once_a_day_it_says_that_all_is_well(
    served: Town, go_on: GoOn, city_site: Path, keys: Keys
) -> None:
    with time_machine.travel(datetime.datetime.now(datetime.UTC)) as clock:

        def hours(number: int) -> Callable[[], object]:
            def shift() -> None:
                clock.shift(datetime.timedelta(hours=number))
                confirm(city_site, keys)

            return shift

        said = go_on(*[hours(6)] * 8)

    assert [line.splitlines()[0] for line in said] == [WELL] * 3


def test_a_mail_goes_out_when_something_changes_and_at_no_other_time(
    served: Town, go_on: GoOn
) -> None:
    to = ("outside@city.shinshiro.example", "other@city.shinshiro.example")
    go_on(nothing, breaks(served), nothing, mends(served), nothing, to=to)

    assert [each.subject for each in mail.outbox] == [
        "公開ページに異常があります", "公開ページの異常がなくなりました",
    ]  # fmt: skip
    assert [each.to for each in mail.outbox] == [list(to)] * 2
    assert mail.outbox[0].body.startswith(f"「{served.url}/notices/」の返事が500でした。\nchecked ")


def test_a_mail_that_fails_stops_nothing_and_is_sent_later(
    served: Town, go_on: GoOn, settings: Any
) -> None:
    works = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    served.odd[BROKEN] = status(500)

    def mend() -> None:
        settings.EMAIL_BACKEND = works

    said = go_on(nothing, mend, nothing, to=("outside@city.shinshiro.example",))

    assert [line.split("(")[0] for line in said[1:]] == ["メールを送れませんでした"] * 2
    assert [each.subject for each in mail.outbox] == ["公開ページに異常があります"]


def test_as_a_process_it_needs_no_database_says_it_once_and_ends_when_told(
    served: Town, city_site: Path, keys: Keys, tmp_path: Path
) -> None:
    page = city_site / "notices" / "index.html"
    honest = page.read_bytes()
    process = subprocess.Popen(
        [
            sys.executable, "manage.py", "watch_publication", served.url, "--every", "0.2",
            "--root", str(keys.folder / "1.root.json"), "--state", str(tmp_path / "state"),
        ],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, env={
            **os.environ, "DJANGO_SETTINGS_MODULE": "shinshiro_sns.settings",
            "ENV_FILE": os.devnull, "SECRET_KEY": "only-for-tests-" + "x" * 50,
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        },
    )  # fmt: skip
    try:
        assert process.stdout is not None
        said = [process.stdout.readline(), process.stdout.readline()]
        page.unlink()
        page.write_text("<p>偽</p>")
        said += [process.stdout.readline(), process.stdout.readline()]
        page.write_bytes(honest)
        said += [process.stdout.readline(), process.stdout.readline()]
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert process.wait(30) == 0
        assert time.monotonic() - began < 10
    finally:
        process.kill()
        rest, _ = process.communicate()
    assert [line.rstrip("\n") for line in said[::2]] == [
        WELL, f"「{served.url}/notices/」の内容が、市が署名したものと違います。書き換えられたおそれがあります。", WELL,
    ]  # fmt: skip
    assert rest == ""


class ToldNow(Told):
    """It is told to end while it looks."""

    def is_told(self) -> bool:
        """It is."""
        return True


def test_told_to_end_it_asks_for_no_further_file_and_judges_nothing(
    served: Town, keys: Keys, tmp_path: Path
) -> None:
    assert a_watch(served.url, keys, tmp_path).look(ToldNow()) is None
    assert {path.split("/")[1] for path in served.asked} == {"signed"}


def test_that_what_was_old_has_expired_is_new(go_on: GoOn, served: Town) -> None:
    with time_machine.travel(datetime.datetime.now(datetime.UTC)) as clock:
        said = go_on(
            lambda: clock.shift(datetime.timedelta(hours=1)), nothing,
            lambda: clock.shift(datetime.timedelta(hours=24)),
        )  # fmt: skip

    assert [line.split("。")[0] for line in said[1:]] == [
        "公開ページが古くなっています", "公開ページの有効期限が過ぎています",
    ]  # fmt: skip


# --- What was asked for ------------------------------------------------------------------------


@pytest.mark.parametrize("damage", ["{", '["a"]', '{"../x.json": "{}"}'])
def test_a_damaged_state_file_is_said_as_what_it_is(
    served: Town, look: Look, tmp_path: Path, damage: str
) -> None:
    (tmp_path / "state").write_text(damage)
    code, last, said = look(served.url, "--state", str(tmp_path / "state"))

    assert (code, last) == (1, "checked 0, altered 0, stale 0, silent 1")
    assert said.startswith("見守りの控えを読み書きできません。この機械を確かめてください。")
    assert not (tmp_path / "x.json").exists()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["example.com"], "URLには"), (["ftp://example.com/"], "URLには"),
        (["http://a:99999/"], "URLには"),
        (["http://:secret@a/"], "URLには"), (["http://a/?q=1"], "URLには"),
        (["http://a/", "--every", "0"], "時間には"), (["http://a/", "--timeout", "-1"], "時間には"),
        (["http://a/", "--stale-after", "0"], "時間には"), (["http://a/", "--sample", "-1"], "時間には"),
        (["http://a/", "--mail", "a@example.com"], "--mail は"),
        (["http://a/", "--mail", "a@example.com", "--every", "9"], "EMAIL_URL を設定"),
        (["http://a/", "--root", __file__], "test_watching_on.py」は、ルート情報の"),
        (["http://a/", "--root", "/nowhere/1.root.json"], "「/nowhere/1.root.json」を読めません"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said(arguments: list[str], why: str, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    with pytest.raises(CommandError, match=why):
        call_command("watch_publication", *arguments)

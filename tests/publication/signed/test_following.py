"""`manage.py publish DIR --follow`: what changes becomes public by itself, and a failure is somebody's duty."""

from __future__ import annotations

import datetime
import errno
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
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from publication import following
from publication.keys import Keys
from publication.models import SILENT_AFTER, Publisher
from publication.serving import YOUNG_FOR
from publication.signing import standing
from shinshiro_sns.duties import rows_for
from shinshiro_sns.models import OutgoingMail
from shinshiro_sns.stopping import Told
from tests import factories
from tests.conftest import Cast
from tests.mail.conftest import ROOT, database_url

Follow = Callable[..., list[str]]


class Rounds(Told):
    """So many rounds, and what happens between them."""

    def __init__(self, *between: Callable[[], object]) -> None:
        object.__setattr__(self, "between", list(between))
        object.__setattr__(self, "pauses", [])

    def wait(self, seconds: float) -> bool:
        """Does the next thing; over when there is none."""
        self.pauses.append(seconds)  # type: ignore[attr-defined]
        between = self.between  # type: ignore[attr-defined]
        if not between:
            return True
        between.pop(0)()
        return False

    def is_told(self) -> bool:
        return False


@pytest.fixture
def follow(site: Path, few_pages: None, monkeypatch: pytest.MonkeyPatch) -> Follow:
    # The test's own connection outlives each round.
    monkeypatch.setattr(following, "close_old_connections", lambda: None)

    def follow(*between: Callable[[], object]) -> list[str]:
        said: list[str] = []
        told = Rounds(*between)
        following.follow(site, 5.0, told, said.append)
        said.append(str(told.pauses))  # type: ignore[attr-defined]
        return said

    return follow


def page(site: Path, account: Account) -> str:
    return (site / f"accounts/{account.pk}/index.html").read_text()


def test_what_changes_is_published_and_what_does_not_is_left_alone(
    follow: Follow, site: Path, city: Account, cast: Cast
) -> None:
    def renamed() -> None:
        Account.objects.filter(pk=city.pk).update(name="新しい名前")

    said = follow(lambda: None, renamed, lambda: None)

    assert "新しい名前" in page(site, city)
    assert len([line for line in said if line.startswith("number")]) == 2
    [row] = Publisher.objects.all()
    assert (row.directory, row.wrong, row.department) == (str(site), "", cast.pr_division)


def test_a_failure_is_told_once_is_a_red_duty_and_ends_with_the_next_success(
    follow: Follow, site: Path, city: Account, cast: Cast, settings: Any
) -> None:
    host = settings.ALLOWED_HOSTS
    seen: list[Any] = []

    def broken() -> None:
        settings.ALLOWED_HOSTS = ["elsewhere.example"]
        Account.objects.filter(pk=city.pk).update(name="新しい名前")

    def look() -> None:
        people = (cast.pr_officer, cast.administrator, cast.head, cast.auditor)
        seen.append([len(rows_for(person, "publication")) for person in people])
        settings.ALLOWED_HOSTS = host

    said = follow(broken, lambda: None, look)

    failures = [line for line in said if line.startswith("公開しませんでした。")]
    assert len(failures) == 1
    assert seen == [[1, 1, 0, 0]]
    # Each time it waits longer, until it works again.
    assert said[-1] == "[5.0, 10.0, 20.0, 5.0]"
    told = OutgoingMail.objects.filter(subject__contains="公開ページが更新されていません")
    assert {mail.recipient for mail in told} == {
        cast.pr_head, cast.pr_officer, cast.pr_second, cast.administrator,
    }  # fmt: skip
    assert "新しい名前" in page(site, city)
    assert Publisher.objects.get().wrong == ""
    assert list(rows_for(cast.pr_officer, "publication")) == []


def test_on_the_desk_a_failure_is_marked_red_with_its_reason(
    follow: Follow, site: Path, city: Account, cast: Cast, client: Client, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["elsewhere.example", "testserver"]
    settings.PORTAL_URL = "https://nowhere.example"
    follow()
    client.force_login(cast.pr_officer)

    desk = client.get("/desk/").content.decode()

    pile = desk.partition("公開ページが更新されていない</h3>")[2].partition("</section>")[0]
    about = pile.partition("</p>")[0]
    assert "danger" in about
    assert "重要" in about
    assert "PORTAL_URLのホスト名(nowhere.example)が、ALLOWED_HOSTSにありません。" in pile


def test_what_does_not_change_is_confirmed_well_before_the_own_server_stops_believing_it(
    follow: Follow, site: Path, city: Account
) -> None:
    ages = []
    with time_machine.travel(timezone.now(), tick=False) as clock:

        def a_while() -> None:
            clock.shift(datetime.timedelta(seconds=50))

        def look() -> None:
            now = standing(site)
            assert now is not None
            ages.append((timezone.now() - now.confirmed).total_seconds())

        follow(*[a_while, look] * 6)
    assert len(ages) == 6
    assert max(ages) * 2 < YOUNG_FOR


def test_with_the_database_gone_it_goes_on_and_what_stood_there_stands(
    follow: Follow, site: Path, city: Account
) -> None:
    def gone(*_: Any) -> Any:
        raise DatabaseError("gone")

    follow()
    before = page(site, city)
    with connection.execute_wrapper(gone):
        said = follow(lambda: None)

    assert said[0] == "公開しませんでした。データベースに接続できません。"
    assert page(site, city) == before


def test_a_full_disk_is_said_in_plain_words_and_the_next_round_mends_it(
    follow: Follow, site: Path, city: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow()
    Account.objects.filter(pk=city.pk).update(name="新しい名前")

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "sync", full)
    said = follow(lambda: None, lambda: monkeypatch.setattr(os, "sync", lambda: None), lambda: None)

    assert said[0] == "公開しませんでした。書き込めません(ディスクに空きがありません)。"
    assert "新しい名前" in page(site, city)
    assert Publisher.objects.get().wrong == ""


def test_many_accounts_vanishing_wait_for_a_person_who_is_told_what_to_do(
    follow: Follow, site: Path, city: Account, cast: Cast
) -> None:
    follow()
    follow(lambda: Account.objects.update(status="preparing"))

    assert "--confirm 3" in Publisher.objects.get().failure
    assert "しんしろ防災" in page(site, city)


def test_one_that_says_nothing_for_long_is_a_duty_too(cast: Cast) -> None:
    Publisher.objects.record_success("/srv/site", 1)
    assert list(rows_for(cast.pr_officer, "publication")) == []
    Publisher.objects.update(confirmed_at=timezone.now() - SILENT_AFTER * 2)

    [row] = rows_for(cast.pr_officer, "publication")
    assert row.wrong == "公開処理が止まっています。動かし直してください。"


def test_without_a_folder_it_is_that_of_the_settings(
    site: Path, few_pages: None, city: Account, settings: Any
) -> None:
    with pytest.raises(CommandError, match="公開先のフォルダーを指定してください。"):
        call_command("publish")
    settings.PUBLICATION_DIR = str(site)

    call_command("publish")

    assert "しんしろ防災" in page(site, city)


def test_a_folder_that_is_used_no_more_is_watched_no_more(site: Path, cast: Cast) -> None:
    Publisher.objects.record_success(str(site), 1)

    call_command("publish", str(site), "--forget")

    assert not Publisher.objects.exists()
    with pytest.raises(CommandError, match="記録されていません"):
        call_command("publish", str(site), "--forget")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--follow", "--anew"], "--follow は"), (["--follow", "--confirm", "3"], "--follow は"),
        (["--follow", "--every", "0"], "--every には"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_said(
    site: Path, db: None, arguments: list[str], why: str
) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("publish", str(site), *arguments)


@pytest.mark.django_db(transaction=True)
def test_as_a_process_it_publishes_what_changes_and_ends_when_told(
    site: Path, keys: Keys, transactional_db: None
) -> None:
    account = factories.official(
        factories.department("観光課", is_pr_division=True), name="しんしろ観光"
    )
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "shinshiro_sns.settings",
        "ENV_FILE": os.devnull, "SECRET_KEY": "only-for-tests-" + "x" * 50,
        "DATABASE_URL": database_url(), "PUBLICATION_KEYS": str(keys.folder),
    }  # fmt: skip
    manage = [sys.executable, "manage.py"]
    # As in use, pages name their style by its content.
    collect = [*manage, "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(collect, cwd=ROOT, env=environment, check=True)
    process = subprocess.Popen(
        [*manage, "publish", str(site), "--follow", "--every", "0.2"],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    try:
        assert _within(300, lambda: "しんしろ観光" in page(site, account))
        Account.objects.filter(pk=account.pk).update(name="新しい名前")
        assert _within(300, lambda: "新しい名前" in page(site, account))
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.communicate()
    assert Publisher.objects.get().wrong == ""


def _within(seconds: float, happens: Callable[[], bool]) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        try:
            if happens():
                return True
        except OSError:
            pass
        time.sleep(0.1)
    return False

"""A publication killed at its every step, on a full disk, by two at once, and read while it is switched.

Each is tried: by SIGKILL, by a limit of the kernel's, by processes at the same time.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Account
from publication import catalogue
from publication.keys import Keys
from publication.place import Place
from publication.verifier import Signed
from tests.mail.conftest import ROOT, database_url
from tests.publication.conftest import Publish
from tests.publication.signed.conftest import Print, files_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

KILLED = -9
Runs = Callable[..., list[int]]
Check = Callable[..., Signed]


@pytest.fixture
def account(transactional_db: None, publish: Publish) -> Account:
    """One account, which has its page and stands on the list."""
    return publish("one", name="一つ目の名前")


@pytest.fixture
def runs(account: Account, site: Path, keys: Keys) -> Iterator[Runs]:
    """Publish: one process for each thing told, see `publish_process`."""
    keeper = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.publication.signed.publish_process",
            str(site),
            str(keys.folder),
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": database_url(),
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert keeper.stdin is not None
    assert keeper.stdout is not None
    said = keeper.stdout
    assert said.readline() == "ready\n"

    def run(*told: Any) -> list[int]:
        print(*told, file=keeper.stdin, flush=True)
        return [int(end) for end in said.readline().split()]

    with contextlib.closing(said):
        yield run
        keeper.stdin.close()
        keeper.wait(30)


def names(site: Path) -> set[str]:
    """The name of the account on each page that has one: of one publication it is one name."""
    pages = [data.decode() for name, data in files_of(site).items() if name.endswith(".html")]
    return {found for page in pages for found in re.findall(r"(\w+の名前)</(?:a|h1)>", page)}


def test_killed_at_any_step_what_stood_there_stands_and_the_next_one_goes_on(
    runs: Runs, account: Account, site: Path, check: Check
) -> None:
    assert runs(0) == [0]
    now, step, ends, seen = "一つ目の名前", 1, [KILLED], set()
    while ends == [KILLED]:
        # Each one has something to say, and what the one before left half done to begin from.
        before, now = now, f"{step}番目の名前"
        Account.objects.update(name=now)
        ends = runs(step)
        check()
        assert names(site) in ({before}, {now})
        seen.add(now in names(site))
        # The first steps one by one, then some of them: there are almost two hundred.
        step += 1 if step < 8 else 17
        now = next(iter(names(site)))
    assert ends == [0]
    assert seen == {False, True}
    assert step > 60


def test_what_a_killed_one_wrote_is_not_published_with_what_was_taken_back(
    runs: Runs, account: Account, publish: Publish, site: Path, check: Check
) -> None:
    other = publish("other", name="初めの名前")
    assert runs(0) == [0]
    for step in (10, 25, 40, 55):
        # Both trees have the page of the one account as it is.
        for name in ("別の名前", f"{step}番目の名前"):
            Account.objects.filter(pk=other.pk).update(name=name)
            assert runs(0) == [0]
        Account.objects.filter(pk=account.pk).update(name="取り消した名前")
        assert runs(step) == [KILLED]
        Account.objects.filter(pk=account.pk).update(name="一つ目の名前")
        Account.objects.filter(pk=other.pk).update(name="次の名前")
        assert runs(0) == [0]
        check()
        assert names(site) == {"一つ目の名前", "次の名前"}


def test_the_first_one_killed_leaves_nothing_that_could_be_served(
    runs: Runs, site: Path, check: Check
) -> None:
    for step in (1, 5, 30, 60):
        assert runs(step) == [KILLED]
        assert not site.exists()
    assert runs(0) == [0]
    check()


def test_a_full_disk_leaves_what_stood_there(
    runs: Runs, account: Account, site: Path, check: Check
) -> None:
    for room in (0, 500, 3000, 6000):
        assert runs(f"+{room}") == [errno.EFBIG]
        assert not site.exists()
    assert runs(0) == [0]
    before = files_of(site)
    Account.objects.update(name="二つ目の名前")
    for room in (0, 500, 3000, 6000):
        assert runs(f"+{room}") == [errno.EFBIG]
        assert files_of(site) == before
        # What it wrote leaves room for others.
        assert not Place(site).spare.exists()
        check()
    assert runs(0) == [0]
    assert names(site) == {"二つ目の名前"}
    check()


def test_several_at_once_wait_for_each_other(runs: Runs, site: Path, check: Check) -> None:
    assert runs(0, 0, 0) == [0, 0, 0]
    check()
    Account.objects.update(name="二つ目の名前")
    # One of them dies holding the lock.
    assert sorted(runs(9, 0, 0)) == [KILLED, 0, 0]
    assert names(site) == {"二つ目の名前"}
    check()


def test_whoever_reads_while_it_is_switched_reads_the_one_or_the_other(
    account: Account, site: Path, print_site: Print, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = [each for each in catalogue.PUBLISHED if each.name in ("accounts", "account")]
    monkeypatch.setattr(catalogue, "PUBLISHED", few)
    print_site()
    stop, read, wrong = threading.Event(), set(), []
    published = {data for name, data in files_of(site).items() if name.endswith(".html")}

    def by_name() -> None:
        while not stop.is_set():
            read.add((site / "index.html").read_bytes())
            read.add((site / "accounts" / str(account.pk) / "index.html").read_bytes())

    def all_of_it() -> None:
        while not stop.is_set():
            try:
                check()
            except Exception as error:
                wrong.append(error)

    readers = [threading.Thread(target=each) for each in (by_name, all_of_it)]
    for reader in readers:
        reader.start()
    for number in range(8):
        Account.objects.update(name=f"{number}番目の名前")
        print_site()
        published |= {data for name, data in files_of(site).items() if name.endswith(".html")}
    stop.set()
    for reader in readers:
        reader.join()

    assert wrong == []
    assert len(read) > 4
    assert read <= published

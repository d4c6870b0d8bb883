"""`manage.py remind` killed before every statement it sends, and run by several processes at once.

Each is a process of its own, ended by SIGKILL: nothing is lost, nothing is left half done, and
nobody has two digests of a day.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from shinshiro_sns.models import OutgoingMail
from staff.models import Reminder, User
from tests import factories
from tests.mail.conftest import ROOT, database_url

pytestmark = pytest.mark.django_db(transaction=True)

KILLED = -9
Runs = Callable[..., list[int]]


@pytest.fixture
def runs(transactional_db: None) -> Iterator[Runs]:
    """Run `remind`: one process for each number given, killed before that statement (0: never)."""
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.staff.remind_process", str(timezone.localdate())],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "shinshiro_sns.settings",
            "ENV_FILE": os.devnull,
            "SECRET_KEY": "only-for-tests-" + "x" * 50,
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

    def run(*before: int) -> list[int]:
        print(*before, file=keeper.stdin, flush=True)
        return [int(end) for end in said.readline().split()]

    with contextlib.closing(said):
        yield run
        keeper.stdin.close()
        keeper.wait(30)


def two_departments_with_something_to_do() -> None:
    """Accounts for which no policy was ever drafted, in the hands of five people."""
    one, other = factories.department("観光課"), factories.department("防災課")
    factories.members(
        (one, "officer", "一"), (one, "officer", "二"), (one, "head", "課長"),
        (other, "officer", "三"), (other, "officer", "四"), (other, "officer", "五"),
    )  # fmt: skip
    for of in (one, one, other):
        factories.account(of)


def told() -> dict[str, int]:
    """Who is told how many things, as the records say."""
    counts: dict[str, int] = {}
    for name in Reminder.objects.exclude(told_on=None).values_list("person__name", flat=True):
        counts[name] = counts.get(name, 0) + 1
    return counts


def digests() -> dict[str, int]:
    """Who has a digest, and how many things it tells."""
    mails = OutgoingMail.objects.select_related("recipient")
    found = {mail.recipient.name: mail.body.count("運用ポリシーがまだない") for mail in mails}
    assert len(found) == len(mails)
    return found


EVERYTHING = {"一": 2, "二": 2, "三": 1, "四": 1, "五": 1}


def test_killed_before_any_of_its_statements_it_loses_nothing_and_leaves_nothing_half(runs):
    two_departments_with_something_to_do()
    ends, before, told_before, seen = [KILLED], 0, set(), set()
    while ends == [KILLED]:
        before += 1
        ends = runs(before)
        # What is told stands in a digest, and a digest tells all of it.
        assert told() == digests()
        assert set(told()) >= told_before
        assert told().items() <= EVERYTHING.items()
        told_before = set(told())
        seen.add(len(told_before))
    assert ends == [0]
    # It was killed before, between and after its groups of two.
    assert seen == {0, 2, 4, 5}
    assert told() == digests() == EVERYTHING
    assert Reminder.objects.filter(told_on=None).count() == 0


def test_several_processes_at_once_queue_one_digest_for_each_person(runs):
    two_departments_with_something_to_do()
    assert runs(0, 0, 0) == [0, 0, 0]
    assert told() == digests() == EVERYTHING
    assert User.objects.filter(reminders__told_on=None, reminders__isnull=False).count() == 0


def test_one_killed_beside_another_costs_nobody_his_digest(runs):
    two_departments_with_something_to_do()
    assert runs(12, 0) == [KILLED, 0]
    assert runs(0) == [0]
    assert told() == digests() == EVERYTHING

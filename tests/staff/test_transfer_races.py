"""A transfer meets another process, or dies in the middle: one wins, and nothing stays half."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account, AccountMove, Handover
from accounts.moving import carry_out
from shinshiro_sns.models import OutgoingMail
from staff.models import Membership, Transfer
from staff.transferring.applying import TransferRefused, apply
from staff.transferring.undoing import undo
from tests import factories
from tests.mail.conftest import PATIENCE, ROOT, database_url
from tests.policies.test_races import at_once
from tests.staff.transfer_helpers import DAY, bytes_of, file_of, row, transferred

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = timezone.localdate()


def outcome(act):
    """The act, with its refusal as what comes of it."""

    def acted():
        try:
            return act()
        except TransferRefused as refused:
            return str(refused)

    return acted


@pytest.mark.races
def test_of_two_who_apply_the_same_file_one_does(cast):
    rows = [row(cast.officer, "kanko", "bosai")]
    results = at_once(*[outcome(lambda: apply(file_of(*rows), DAY, by=None)[1])] * 2)
    [made] = Transfer.objects.all()
    refused = [result for result in results if result != made]
    assert len(refused) == 1
    assert "反映されています" in refused[0]
    assert Membership.objects.filter(user=cast.officer).count() == 2


@pytest.mark.races
def test_of_two_files_about_the_same_person_the_second_is_judged_after_the_first(cast):
    results = at_once(
        *(
            outcome(lambda to=to: apply(file_of(row(cast.officer, "kanko", to)), DAY, by=None))
            for to in ("bosai", "hisho")
        )
    )
    made = [transfer for _, transfer in results if transfer is not None]
    # The day before he is still there, so the second file is a second place (兼務), and no half.
    assert Transfer.objects.count() == len(made)
    ended = Membership.objects.filter(user=cast.officer, department=cast.tourism)
    assert ended.get().valid_until == made[0].last_day_before


@pytest.mark.races
def test_a_transfer_is_undone_once(cast):
    transfer = transferred(row(cast.officer, "kanko", "bosai"))
    results = at_once(*[outcome(lambda: undo(transfer.pk, by=None))] * 2)
    assert max(map(str, results)) == "この人事異動は、すでに取り消されています。"
    assert Membership.objects.filter(user=cast.officer).count() == 1


@pytest.mark.races
def test_an_account_moves_once_however_many_processes_carry_it_out(cast):
    accounts = [factories.account(cast.tourism) for _ in range(3)]
    lines = [row(kind="アカウント", target="bosai", account=a.pk) for a in accounts]
    transferred(*lines, day=DAY)
    AccountMove.objects.update(effective_on=TODAY)
    assert sum(at_once(*[lambda: carry_out(TODAY)] * 3)) == 3
    assert [a.history.count() for a in accounts] == [2, 2, 2]
    assert set(Account.objects.values_list("department", flat=True)) == {cast.safety.pk}


@pytest.mark.races
def test_an_undo_and_the_day_itself_do_not_leave_an_account_half_moved(cast):
    account = factories.account(cast.tourism)
    transfer = transferred(row(kind="アカウント", target="bosai", account=account.pk))
    AccountMove.objects.update(effective_on=TODAY)
    at_once(lambda: carry_out(TODAY), outcome(lambda: undo(transfer.pk, by=None)))
    account.refresh_from_db()
    assert account.department == cast.tourism
    assert carry_out(TODAY) == 0


def test_an_undo_holds_what_its_obstacles_depend_on_before_it_asks_for_them(cast):
    account = factories.account(cast.tourism, status="official", official_since=TODAY)
    transfer = transferred(row(kind="アカウント", target="bosai", account=account.pk), day=TODAY)
    with CaptureQueriesContext(connection) as asked:
        undo(transfer.pk, by=None)

    if not connection.features.has_select_for_update:
        return
    queries = [query["sql"] for query in asked]
    tables = ("accounts_handover", "accounts_account", "accounts_account_partners")
    held = [
        next(
            at for at, sql in enumerate(queries) if f'FROM "{table}"' in sql and "FOR UPDATE" in sql
        )
        for table in tables
    ]
    confirmed = next(at for at, sql in enumerate(queries) if '"confirmed_at" IS NOT NULL' in sql)
    assert held == sorted(held)
    assert held[-1] < confirmed


class Transferring:
    """`manage.py transfer` in a process of its own, on the database of this test."""

    def __init__(self, path: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "transfer", str(path), "--effective", TODAY.isoformat()],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "shinshiro_sns.settings",
                "ENV_FILE": os.devnull,
                "SECRET_KEY": "only-for-tests-" + "x" * 50,
                "DATABASE_URL": database_url(),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def kill(self) -> str:
        """SIGKILL: no chance to tidy up. What it had to say until then."""
        self.process.kill()
        return self.process.communicate(timeout=PATIENCE)[1]

    def ends(self) -> tuple[int, str]:
        """Exit code and the last line of the output."""
        out, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, (out.splitlines() or [err])[-1]


@pytest.fixture
def city_and_file(cast, tmp_path):
    """Thirty newcomers to a department with an account, one who leaves, an account that moves."""
    kept = factories.account(cast.safety, status="official", official_since=TODAY)
    moving = factories.account(cast.tourism)
    people = factories.members(*[(cast.tourism, "officer", f"職員{n}") for n in range(30)])
    path = tmp_path / "異動.csv"
    path.write_bytes(
        bytes_of(
            *(row(person, "kanko", "bosai") for person in people),
            row(kind="アカウント", target="bosai", account=moving.pk),
        )
    )
    return path, kept, moving, people


def left(people):
    """What is there of the transfer: rows of each kind that it writes."""
    return (
        Transfer.objects.count(),
        Membership.objects.filter(user__in=people).count(),
        AccountMove.objects.filter(moved_at__isnull=False).count(),
        Handover.objects.count(),
        OutgoingMail.objects.count(),
    )


@pytest.mark.races
def test_killed_when_half_is_written_nothing_of_it_stays(city_and_file):
    path, _, moving, people = city_and_file
    with transaction.atomic():
        # The account's move comes after all memberships: there the process waits for this row.
        Account.objects.select_for_update().get(pk=moving.pk)
        process = Transferring(path)
        until = time.monotonic() + PATIENCE
        while not _somebody_waits() and time.monotonic() < until:
            time.sleep(0.05)
        waited = _somebody_waits()
        assert waited, process.kill()
        process.kill()
    assert left(people) == (0, 30, 0, 0, 0)
    assert Transferring(path).ends() == (0, "ended 30, begun 30, moved 1, failed 0")
    assert left(people) == (1, 60, 1, 30, 30)


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        # Within a transaction the server goes on showing what it showed first.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def test_killed_at_any_moment_it_is_done_or_it_is_not(city_and_file):
    path, _, _, people = city_and_file
    began = time.monotonic()
    process = Transferring(path)
    time.sleep(random.uniform(0.8, 2.5))
    process.kill()
    assert left(people) in [(0, 30, 0, 0, 0), (1, 60, 1, 30, 30)], time.monotonic() - began
    code, said = Transferring(path).ends()
    assert (code, "failed 0" in said) == (0, True) or "反映されています" in said
    assert left(people) == (1, 60, 1, 30, 30)

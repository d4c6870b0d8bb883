"""`manage.py remind`: what it says, what it leaves alone, and what it goes on with when something fails."""

from __future__ import annotations

import datetime
import io
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccountMove
from shinshiro_sns import daily
from shinshiro_sns.models import OutgoingMail
from staff import reminding
from staff.audience import City
from staff.models import Reminder, Transfer
from tests import factories
from tests.staff.conftest import DUE_ON, before, late, names_told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_rule")]


@pytest.fixture(autouse=True)
def later(time_machine):
    """A day on which all the days named here have come."""
    time_machine.move_to("2026-12-31T09:00:00+09:00", tick=False)


def call(*arguments: str) -> tuple[int, list[str], str]:
    """Run the command: exit code, its lines, and what it says on standard error."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("remind", *arguments, stdout=out, stderr=err)
    except SystemExit as left:
        code = int(left.code or 0)
    return code, out.getvalue().splitlines(), err.getvalue()


def test_its_last_line_counts_who_was_told_and_who_had_been(cast, official):
    official(cast.tourism)
    assert call("--today", "2026-11-30") == (
        0,
        ["sent 2, already sent 0, failed 0"],
        "",
    )
    assert call("--today", "2026-11-30") == (
        0,
        ["sent 0, already sent 2, failed 0"],
        "",
    )


def test_without_a_day_it_is_today(cast, official, time_machine):
    official(cast.tourism)
    time_machine.move_to("2026-11-30T00:30:00+09:00", tick=False)
    assert call() == (0, ["sent 2, already sent 0, failed 0"], "")
    assert set(Reminder.objects.values_list("told_on", flat=True)) == {DUE_ON}


@pytest.mark.parametrize("text", ["2026-11-31", "30.11.2026", "", "1600-01-01", "9999-12-31"])
def test_what_is_no_day_is_refused(cast, text):
    with pytest.raises(CommandError, match="は日付ではありません"):
        call("--today", text)


def test_a_dry_run_says_who_would_get_what_and_changes_nothing(cast, official):
    account = official(cast.tourism)
    task = (
        f"    2026-11-30 パスワードの変更(3(7)) {account}(観光課) — 定期の変更の時期のため"
        f" /desk/accounts/{account.pk}/credentials/"
    )
    code, lines, err = call("--today", "2026-12-07", "--dry-run")
    assert (code, err) == (0, "")
    assert lines == [
        f"観光 担当 <{cast.officer.email}>", "  していただくこと:1件", task,
        f"観光 同僚 <{cast.colleague.email}>", "  していただくこと:1件", task,
        f"観光 課長 <{cast.head.email}>", "  期限を過ぎているもの(ほかの人のすること):1件",
        task.removesuffix("credentials/"),
        "sent 3, already sent 0, failed 0",
    ]  # fmt: skip
    assert not OutgoingMail.objects.exists()
    assert not Reminder.objects.exists()
    assert call("--today", "2026-12-07")[1] == ["sent 3, already sent 0, failed 0"]


def test_an_account_moves_on_its_day_before_anybody_is_reminded(cast, official, time_machine):
    time_machine.move_to("2026-11-30T00:30:00+09:00", tick=False)
    account = official(cast.tourism)
    transfer = Transfer.objects.create(
        file_name="異動.csv", sha256="0" * 64, effective_on=DUE_ON, lines=1
    )
    AccountMove.objects.create(
        account=account, transfer=transfer, source=cast.tourism, target=cast.safety,
        effective_on=DUE_ON,
    )  # fmt: skip
    code, lines, _ = call("--dry-run")
    assert (code, lines[0]) == (0, f"防災 担当 <{cast.partner_officer.email}>")
    account.refresh_from_db()
    assert account.department == cast.tourism
    assert names_told(DUE_ON) == {"防災 担当"}


def test_a_person_who_cannot_be_told_stops_nobody_else(cast, official):
    official(cast.tourism)
    # A task of a rule that this version of the portal does not know any more.
    Reminder.objects.create(
        person=cast.officer, duty="forgotten", row=1, due_on=DUE_ON, milestone=DUE_ON,
        seen_on=DUE_ON, text="観光 担当のすること", path="/",
    )  # fmt: skip
    code, lines, err = call("--today", "2026-11-30")
    assert (code, lines) == (1, ["sent 1, already sent 0, failed 1"])
    assert err.startswith(f"失敗しました。職員{cast.officer.pk}番:LookupError (")
    assert "観光" not in err
    assert cast.officer.email not in err
    told = Reminder.objects.filter(told_on__isnull=False).values_list("person__name", flat=True)
    assert list(told) == ["観光 同僚"]
    Reminder.objects.filter(duty="forgotten").delete()
    assert call("--today", "2026-11-30")[1] == ["sent 1, already sent 1, failed 0"]


def test_a_rule_that_cannot_be_looked_through_stops_no_other(cast, official, one_rule):
    official(cast.tourism)

    def broken(row):
        raise ValueError("観光 担当")

    one_rule.insert(0, replace(one_rule[0], name="broken", due=broken))
    code, lines, err = call("--today", "2026-11-30")
    assert (code, lines) == (1, ["sent 2, already sent 0, failed 1"])
    assert err.startswith("失敗しました。催促の対象「broken」:ValueError (broken, ")
    assert "観光" not in err


def test_a_chore_that_fails_stops_neither_the_others_nor_the_reminders(
    cast, official, monkeypatch, time_machine
):
    time_machine.move_to("2026-11-30T00:30:00+09:00", tick=False)
    done = []

    def fails(day):
        raise ValueError(day)

    chores = [daily.Chore("壊れた処理", fails), daily.Chore("次の処理", done.append)]
    monkeypatch.setattr(daily, "CHORES", chores)
    official(cast.tourism)
    code, lines, err = call("--today", "2026-11-30")
    assert (code, lines) == (1, ["sent 2, already sent 0, failed 1"])
    assert err.startswith("失敗しました。毎日の処理「壊れた処理」:ValueError (fails, ")
    assert done == [DUE_ON]


def test_what_was_found_400_days_ago_is_forgotten_and_not_a_day_sooner(
    cast, official, time_machine
):
    official(cast.tourism)
    names_told(before(1))
    names_told(DUE_ON)
    time_machine.move_to("2028-01-04T00:30:00+09:00", tick=False)
    names_told(DUE_ON + datetime.timedelta(days=400))
    kept = Reminder.objects.filter(person=cast.officer).order_by("told_on")
    assert list(kept.values_list("told_on", flat=True)) == [
        DUE_ON, DUE_ON + datetime.timedelta(days=400),
    ]  # fmt: skip


def test_every_batch_is_looked_through(cast, official, monkeypatch):
    monkeypatch.setattr(reminding, "BATCH", 2)
    accounts = [official(cast.tourism) for _ in range(5)]
    names_told(DUE_ON)
    told = Reminder.objects.filter(person=cast.officer, told_on=DUE_ON)
    assert sorted(told.values_list("row", flat=True)) == [each.pk for each in accounts]


def queries_of_a_day(duty, day):
    with CaptureQueriesContext(connection) as captured:
        reminding.find(duty, City.on(day))
    return len(captured)


def test_a_batch_takes_as_many_queries_for_three_rows_as_for_one(cast, official, one_rule):
    official(cast.tourism)
    one = queries_of_a_day(one_rule[0], DUE_ON)
    official(cast.tourism)
    official(cast.safety)
    assert queries_of_a_day(one_rule[0], DUE_ON) == one
    assert queries_of_a_day(one_rule[0], late(14)) == one


def test_a_digest_takes_as_many_queries_for_three_tasks_as_for_one(cast, official):
    def queries_of_a_digest(day):
        city = City.on(day)
        with CaptureQueriesContext(connection) as captured:
            reminding.tell([cast.officer], city)
        return len(captured)

    factories.user()
    official(cast.tourism)
    for duty in reminding.DUTIES:
        reminding.find(duty, City.on(before(1)))
    one = queries_of_a_digest(before(1))
    official(cast.tourism)
    official(cast.tourism)
    for duty in reminding.DUTIES:
        reminding.find(duty, City.on(DUE_ON))
    assert queries_of_a_digest(DUE_ON) == one


def test_a_day_to_come_is_warned_of_for_the_city_hears_nothing_until_then(
    cast, official, time_machine
):
    official(cast.tourism)
    time_machine.move_to("2026-11-29T23:30:00+09:00", tick=False)
    code, lines, err = call("--today", "2026-11-30")
    assert (code, lines[-1]) == (0, "sent 2, already sent 0, failed 0")
    assert "2026-11-30は今日より後の日です" in err
    assert call("--today", "2026-11-29") == (0, ["sent 0, already sent 0, failed 0"], "")
    assert call("--today", "2026-11-30", "--dry-run")[2] == ""


def test_the_days_chores_are_done_for_today_alone(cast, monkeypatch, time_machine):
    done = []
    monkeypatch.setattr(daily, "CHORES", [daily.Chore("毎日の処理", done.append)])
    time_machine.move_to("2026-11-30T00:30:00+09:00", tick=False)
    for day in ("2026-11-29", "2026-12-01"):
        call("--today", day)
    assert done == []
    call("--today", "2026-11-30")
    call()
    assert done == [DUE_ON, DUE_ON]

"""3(7): who is reminded of what, on which day, and never twice of the same."""

from __future__ import annotations

import datetime

import pytest

from accounts.duties import DUTIES as OF_ACCOUNTS
from accounts.models import Access, Account
from policies.duties import DUTIES as OF_POLICIES
from shinshiro_sns.models import OutgoingMail
from staff.models import Membership, Reminder
from staff.reminding import remind
from tests import factories
from tests.staff.conftest import CHANGED_ON, DUE_ON, before, late, names_told, run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_rule")]

OFFICERS = {"観光 担当", "観光 同僚"}
HEAD = {"観光 課長"}
PR_DIVISION = {"広報 課長", "広報 担当", "広報 同僚"}
DAY = datetime.timedelta(days=1)


def test_who_acts_is_reminded_30_7_and_1_days_before_and_on_the_day(cast, official):
    official(cast.tourism)
    days = [before(n) for n in range(32, -1, -1)]
    told = {(day - DUE_ON).days: names_told(day) for day in days}
    assert {n: names for n, names in told.items() if names} == dict.fromkeys(
        (-30, -7, -1, 0), OFFICERS
    )


def test_late_it_is_told_weekly_to_the_head_too_and_after_a_fortnight_to_the_pr_division(
    cast, official
):
    official(cast.tourism)
    remind(DUE_ON)
    told = {n: names_told(late(n)) for n in range(1, 23)}
    assert {n: names for n, names in told.items() if names} == {
        7: OFFICERS | HEAD,
        14: OFFICERS | HEAD | PR_DIVISION,
        21: OFFICERS | HEAD | PR_DIVISION,
    }
    escalated = Reminder.objects.filter(is_escalation=True).values_list("person__name", flat=True)
    assert set(escalated) == HEAD | PR_DIVISION


def test_where_there_is_no_officer_the_head_acts_and_it_is_no_escalation_to_him(cast, official):
    official(cast.safety)
    cast.partner_officer.memberships.update(valid_until=CHANGED_ON)
    assert names_told(late(7)) == {"防災 課長"}
    assert list(Reminder.objects.values_list("is_escalation", flat=True)) == [False]


def test_what_only_the_pr_division_can_do_is_no_matter_for_the_head_of_another_department(
    cast, one_rule
):
    one_rule[:] = [duty for duty in OF_POLICIES if duty.name == "receive"]
    account = factories.account(cast.tourism)
    policy = factories.policy(account, cast.officer, "reported", head=cast.head)
    assert names_told(policy.state_since.date() + 40 * DAY) == PR_DIVISION


def test_after_a_missed_week_only_the_latest_is_told(cast, official):
    official(cast.tourism)
    remind(before(30))
    assert names_told(late(3)) == OFFICERS
    stones = Reminder.objects.filter(person=cast.officer).values_list("milestone", "told_on")
    assert list(stones.order_by("told_on")) == [(before(30), before(30)), (DUE_ON, late(3))]


def test_a_day_between_two_reminders_is_silent(cast, official):
    official(cast.tourism)
    remind(before(7))
    assert names_told(before(2)) == set()


def test_a_clock_set_back_repeats_nothing(cast, official):
    official(cast.tourism)
    remind(late(14))
    queued = OutgoingMail.objects.count()
    for n in (13, 7, 0, -1, -7, -30):
        assert run(late(n)) == (0, 0, 0)
    assert OutgoingMail.objects.count() == queued
    assert names_told(late(20)) == set()
    assert names_told(late(21)) == OFFICERS | HEAD | PR_DIVISION


def test_twice_on_a_day_sends_nothing_twice(cast, official):
    official(cast.tourism)
    assert run(DUE_ON) == (2, 0, 0)
    assert run(DUE_ON) == (0, 2, 0)
    assert OutgoingMail.objects.count() == 2


def test_what_is_found_after_the_days_digest_waits_for_the_next_day(cast, official):
    official(cast.tourism)
    remind(DUE_ON)
    second = official(cast.tourism)
    assert run(DUE_ON) == (0, 2, 0)
    assert not Reminder.objects.filter(row=second.pk, told_on__isnull=False).exists()
    assert run(late(1)) == (2, 0, 0)
    assert set(Reminder.objects.filter(told_on=late(1)).values_list("row", flat=True)) == {
        second.pk
    }


def test_what_is_settled_before_it_is_told_is_never_told(cast, official):
    official(cast.tourism)
    remind(DUE_ON)
    second = official(cast.tourism)
    remind(DUE_ON)
    Account.objects.filter(pk=second.pk).update(password_changed_on=DUE_ON)
    # On the same day it is struck off, and on the next nobody finds it.
    remind(DUE_ON)
    assert not Reminder.objects.filter(row=second.pk).exists()
    assert names_told(late(1)) == set()


def test_what_was_found_and_settled_on_another_day_stays_untold(cast, official):
    official(cast.tourism)
    remind(DUE_ON)
    second = official(cast.tourism)
    remind(DUE_ON)
    Account.objects.filter(pk=second.pk).update(password_changed_on=DUE_ON)
    assert names_told(late(1)) == set()


def test_a_changed_password_is_due_anew_and_told_anew(cast, official):
    account = official(cast.tourism)
    remind(DUE_ON)
    Account.objects.filter(pk=account.pk).update(password_changed_on=DUE_ON)
    assert names_told(late(7)) == set()
    assert names_told(datetime.date(2027, 1, 29)) == OFFICERS
    assert set(Reminder.objects.values_list("due_on", flat=True)) == {
        DUE_ON, datetime.date(2027, 2, 28),
    }  # fmt: skip


def test_who_joins_hears_of_what_is_open_and_who_left_no_more(cast, official):
    official(cast.tourism)
    remind(DUE_ON)
    cast.colleague.memberships.update(valid_until=late(1))
    Membership.objects.create(user=cast.stranger, department=cast.tourism, valid_from=late(2))
    assert names_told(late(1)) == set()
    assert names_told(late(2)) == {"所属 なし"}
    assert names_told(late(7)) == {"観光 担当", "所属 なし", "観光 課長"}


@pytest.mark.parametrize("mark", [{"is_active": False}, {"is_auditor": True}])
def test_who_left_the_city_or_audits_hears_nothing(cast, official, mark):
    official(cast.tourism)
    for person in (cast.colleague, cast.head, cast.pr_second):
        type(person).objects.filter(pk=person.pk).update(**mark)
    assert names_told(late(14)) == {"観光 担当", "広報 課長", "広報 担当"}


@pytest.mark.parametrize(
    ("changed_on", "due_on"),
    [
        ("2026-01-31", "2026-04-30"),
        ("2026-11-30", "2027-02-28"),
        ("2027-11-29", "2028-02-29"),
        ("2027-11-30", "2028-02-29"),
        ("2028-02-29", "2028-05-29"),
    ],
)
def test_at_the_ends_of_months_the_calendar_counts_and_not_90_days(
    cast, official, changed_on, due_on
):
    official(cast.tourism, datetime.date.fromisoformat(changed_on))
    day = datetime.date.fromisoformat(due_on)
    assert names_told(day - 31 * DAY) == set()
    assert names_told(day - 30 * DAY) == OFFICERS
    assert names_told(day) == OFFICERS


def test_who_leaves_makes_the_password_due_at_once_for_those_who_stay(cast, official, one_rule):
    one_rule[:] = [duty for duty in OF_ACCOUNTS if duty.name == "password"]
    account = official(cast.tourism)
    Access.objects.create(account=account, person=cast.colleague, kind="user", since=CHANGED_ON)
    cast.colleague.memberships.update(valid_until=before(61))
    assert names_told(before(61)) == set()
    assert names_told(before(60)) == {"観光 担当"}
    assert names_told(before(53)) == {"観光 担当"} | HEAD


def test_the_days_tasks_are_one_mail_with_the_latest_first(cast, official):
    soon = official(cast.tourism, name="まもなくの課")
    overdue = official(cast.tourism, CHANGED_ON - 3 * DAY, name="遅れた課")
    elsewhere = official(cast.safety, CHANGED_ON - 10 * DAY, name="よその課")
    Membership.objects.create(
        user=cast.officer, department=cast.safety, role="head", valid_from=factories.SINCE
    )
    assert run(before(1))[0] == 4
    mail = OutgoingMail.objects.get(recipient=cast.officer)
    assert mail.key == f"staff/reminder remind 2026-11-29 user {cast.officer.pk}"
    assert mail.subject == (
        "【期限を過ぎています】していただくことが2件あります(うち期限を過ぎたもの1件)"
    )
    address = "http://127.0.0.1:8000/desk/"
    assert (
        mail.body
        == f"""\
していただくことが2件あります。期限の早いものから順に並べています。
1番から順に、それぞれのページを開いて手続きをしてください。

1.パスワードの変更(3(7))
  {overdue}(観光課) — 定期の変更の時期のため
  期限を1日過ぎています(2026年11月28日まで)
  変更して記録する:{address}accounts/{overdue.pk}/credentials/

2.パスワードの変更(3(7))
  {soon}(観光課) — 定期の変更の時期のため
  期限まであと1日です(2026年11月30日まで)
  変更して記録する:{address}accounts/{soon.pk}/credentials/

■ 所属で期限を過ぎているもの:1件
期限を1週間以上過ぎています。担当者に事情を確かめ、手続きを促してください。

1.パスワードの変更(3(7))
  {elsewhere}(防災課) — 定期の変更の時期のため
  期限を8日過ぎています(2026年11月21日まで)
  {address}accounts/{elsewhere.pk}/

今していただくことのすべては、次のページで確かめられます。
{address}

このメールは、期限の30日前・7日前・前日・当日と、期限を過ぎてからは1週間ごとに、1日1通にまとめて送ります。
手続きが済むと、そのものについては届かなくなります。
"""
    )


def test_a_digest_shows_twenty_and_says_how_many_more_there_are_and_where(cast, official):
    for number in range(21):
        official(cast.tourism, name=f"第{number}番")
    official(cast.pr_division, CHANGED_ON)
    remind(late(14))
    own = OutgoingMail.objects.get(recipient=cast.officer).body
    assert own.count("パスワードの変更") == 20
    assert (
        "\nこのほかに1件あります。次のページで確かめてください。\nhttp://127.0.0.1:8000/desk/\n"
        in own
    )
    pr = OutgoingMail.objects.get(recipient=cast.pr_officer)
    assert pr.body.count("パスワードの変更") == 20
    assert "\n■ 全庁で期限を過ぎているもの:21件\n" in pr.body
    assert (
        "\nこのほかに2件あります。次のページで確かめてください。\n"
        "http://127.0.0.1:8000/admin/overview/\n" in pr.body
    )


def test_twenty_tasks_of_ones_own_leave_room_for_five_of_others(cast, official):
    for number in range(20):
        official(cast.tourism, name=f"自課の第{number}番")
    Membership.objects.create(user=cast.head, department=cast.safety, role="head")
    Membership.objects.create(user=cast.officer, department=cast.safety, role="head")
    for number in range(7):
        official(cast.safety, name=f"他課の第{number}番")
    remind(late(7))
    body = OutgoingMail.objects.get(recipient=cast.officer).body
    assert (body.count("自課の第"), body.count("他課の第")) == (15, 5)
    assert "このほかに5件あります。" in body
    assert "このほかに2件あります。" in body


def test_who_stands_above_is_led_to_a_page_that_is_open_to_him(cast, official, client):
    account = official(cast.tourism)
    remind(late(14))
    paths = dict(Reminder.objects.values_list("is_escalation", "path"))
    assert paths == {
        False: f"/desk/accounts/{account.pk}/credentials/",
        True: f"/desk/accounts/{account.pk}/",
    }
    for person in (cast.head, cast.pr_officer):
        client.force_login(person)
        assert client.get(paths[True]).status_code == 200

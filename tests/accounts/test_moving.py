"""所管の移管, 3(1): an account comes to another department with all that belongs to it."""

from __future__ import annotations

import datetime

import pytest
from django.db.models.signals import pre_save
from django.utils import timezone

from accounts.models import Account, AccountMove
from accounts.moving import carry_out
from staff.models import Membership
from staff.reminding import remind
from staff.transferring.undoing import obstacles, undo
from tests import factories
from tests.staff.transfer_helpers import DAY, faults_of, plan_of, row, said, transferred

TODAY = timezone.localdate()
YESTERDAY = TODAY - datetime.timedelta(days=1)


def move(account, target="bosai", source=""):
    return row(kind="アカウント", source=source, target=target, account=account.pk)


@pytest.fixture
def official(cast):
    account = factories.account(cast.tourism)
    factories.policy(account, cast.officer, "in_force", head=cast.head, receiver=cast.pr_officer)
    return Account.objects.get(pk=account.pk)


def test_an_account_moves_on_its_day_and_not_before(cast, official):
    transferred(move(official))
    day_before = DAY - datetime.timedelta(days=1)
    assert carry_out(day_before) == 0
    official.refresh_from_db()
    assert official.department == cast.tourism
    assert carry_out(DAY) == 1
    assert carry_out(DAY) == 0
    official.refresh_from_db()
    assert official.department == cast.safety
    assert AccountMove.objects.get().moved_at is not None


def test_one_move_that_fails_stops_no_other_and_is_counted(cast, time_machine):
    accounts = [factories.account(cast.tourism) for _ in range(3)]
    transferred(*(move(account) for account in accounts))

    def refuse(sender, instance, **kwargs):
        if instance.pk == accounts[0].pk:
            raise RuntimeError("secret")

    pre_save.connect(refuse, Account)
    time_machine.move_to(datetime.datetime.combine(DAY, datetime.time(12)))
    try:
        tally = remind(DAY)
    finally:
        pre_save.disconnect(refuse, Account)

    departments = dict(Account.objects.values_list("pk", "department"))
    assert [departments[account.pk] for account in accounts] == [
        cast.tourism.pk, cast.safety.pk, cast.safety.pk,
    ]  # fmt: skip
    [failure] = tally.failures
    assert failure.startswith("毎日の処理「アカウントの所管の移管」:ExceptionGroup")
    assert carry_out(DAY) == 1


def test_a_missed_week_is_made_up_for(cast, official):
    transferred(move(official))
    assert carry_out(DAY + datetime.timedelta(days=7)) == 1


def test_what_belongs_to_the_account_comes_along(cast, official):
    before = {
        name: getattr(official, name)
        for name in ("pk", "identity", "url", "status", "official_since", "search_text")
    }
    policy = official.policies.get()
    transferred(move(official), day=TODAY, by=cast.administrator)
    official.refresh_from_db()
    assert {name: getattr(official, name) for name in before} == before
    assert official.policies.get() == policy
    latest = official.history.latest()
    assert (latest.department, latest.history_user) == (cast.safety, cast.administrator)
    assert latest.history_change_reason.endswith(f"({AccountMove.objects.get().transfer_id}番)")


def test_all_accounts_of_a_department_that_ends_move_closed_ones_too(cast):
    states = ("preparing", "official", "suspended", "closed")
    accounts = [
        factories.account(cast.tourism, status=state, official_since=TODAY) for state in states
    ]
    elsewhere = factories.account(cast.tourism)
    plan = plan_of(move(elsewhere, "hisho"), row(kind="所属", source="kanko", target="bosai"))
    assert len(said(plan, "moves")) == 5
    transferred(
        move(elsewhere, "hisho"), row(kind="所属", source="kanko", target="bosai"), day=TODAY
    )
    assert {a.department for a in Account.objects.filter(pk__in=[a.pk for a in accounts])} == {
        cast.safety
    }
    elsewhere.refresh_from_db()
    assert elsewhere.department == cast.pr_division


def test_a_new_manager_is_a_partner_no_longer(cast):
    alone = factories.account(
        cast.tourism, is_shared=True, shared_theme="催し", shared_reason="探しやすい"
    )
    alone.partners.set([cast.safety])
    among = factories.account(
        cast.tourism, is_shared=True, shared_theme="催し", shared_reason="便利"
    )
    among.partners.set([cast.safety, cast.pr_division])
    closing = row(kind="所属", source="kanko", target="bosai")
    assert len(said(plan_of(closing), "no_longer_shared")) == 2
    transfer = transferred(closing, day=TODAY)
    for account in (alone, among):
        account.refresh_from_db()
    assert (alone.is_shared, alone.shared_theme, set(alone.partners.all())) == (False, "", set())
    assert (among.is_shared, set(among.partners.all())) == (True, {cast.pr_division})

    undo(transfer.pk, by=None)
    for account in (alone, among):
        account.refresh_from_db()
        assert account.department == cast.tourism
    assert (alone.is_shared, alone.shared_theme, alone.shared_reason) == (
        True, "催し", "探しやすい",
    )  # fmt: skip
    assert set(alone.partners.all()) == {cast.safety}
    assert set(among.partners.all()) == {cast.safety, cast.pr_division}


def test_what_is_wrong_with_a_move_is_named_by_its_line(cast, official):
    number = f"{official.pk}番の「{official}」"
    official.is_shared = True
    official.save()
    official.partners.set([cast.pr_division])
    assert faults_of(move(official, "kanko")) == {
        2: [f"{number}は、すでに「観光課」が管理しています。"]
    }
    assert faults_of(move(official, "bosai", "hisho")) == {
        2: [f"{number}を管理しているのは、「観光課」です。"]
    }
    assert faults_of(move(official, "hisho")) == {
        2: [f"{number}は、「秘書人事課」が共同で利用しています。"
            "先に運用ポリシーを改め、共同で利用する所属から外してください。"],
    }  # fmt: skip
    assert faults_of(move(official), move(official, "hisho")) == {
        3: ["2行目と同じアカウントが書かれています。"]
    }


def test_an_account_with_a_move_to_come_is_moved_by_no_other_transfer(cast, official):
    transferred(move(official))
    announced = f"{official.pk}番の「{official}」は、ほかの人事異動で移管されることになっています。"
    assert faults_of(move(official, "hisho", "kanko")) == {2: [announced]}
    assert faults_of(row(kind="所属", source="kanko", target="hisho")) == {2: [announced]}
    assert faults_of(row(kind="所属", source="bosai", target="hisho")) == {
        2: ["「防災課」には、ほかの人事異動でアカウントが移管されることになっています。"]
    }


@pytest.mark.parametrize(
    ("status", "fate"),
    [("preparing", ""), ("official", ""), ("suspended", ""), ("closed", "guarded")],
)
def test_the_last_head_does_not_leave_accounts_behind(cast, status, fate):
    factories.account(cast.tourism, status=status, handle_fate=fate, official_since=TODAY)
    leaves = row(cast.head, "kanko", "")
    assert faults_of(leaves) == {
        2: ["「観光課」から所属の長がいなくなります。アカウントを1件管理しているため、"
            "後任の所属の長を同じファイルに書いてください。"],
    }  # fmt: skip
    assert faults_of(leaves, row(cast.deputy, "kanko", "kanko", "所属の長")) == {}
    assert faults_of(row(cast.head, "kanko", "kanko", "代決者"))[2][0].startswith("「観光課」から")


def test_the_last_head_may_leave_with_the_accounts_or_where_there_are_none(cast):
    account = factories.account(cast.tourism, status="official", official_since=TODAY)
    leaves = row(cast.head, "kanko", "")
    assert faults_of(leaves, move(account)) == {}
    assert faults_of(leaves, row(kind="所属", source="kanko", target="bosai")) == {}
    Account.objects.update(status="closed")
    assert faults_of(leaves) == {}


def test_the_preview_names_targets_without_a_head(cast, official):
    Membership.objects.filter(user=cast.partner_head).delete()
    assert said(plan_of(move(official)), "targets_without_head") == [
        "「防災課」には所属の長がいない。受け取るアカウントの決定ができない"
    ]


def test_an_undo_brings_the_account_back_and_says_so(cast, official):
    transfer = transferred(move(official), day=TODAY)
    undo(transfer.pk, by=cast.administrator)
    official.refresh_from_db()
    assert official.department == cast.tourism
    assert official.history.latest().history_change_reason.endswith("の取消し")
    assert carry_out(DAY) == 0


def test_an_undo_before_the_day_keeps_the_account_where_it_is(cast, official):
    transfer = transferred(move(official))
    undo(transfer.pk, by=None)
    assert carry_out(DAY) == 0
    assert official.history.count() == 2
    assert faults_of(move(official)) == {}


def test_an_account_changed_after_its_move_is_named(cast, official):
    transfer = transferred(move(official), day=TODAY)
    Account.objects.filter(pk=official.pk).update(department=cast.pr_division)
    assert obstacles(transfer) == [
        f"「{official}」の所管か共同利用が、移管した後に変わっています。"
    ]

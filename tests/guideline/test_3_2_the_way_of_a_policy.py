"""Clause 3(2): the head sets the policy beforehand, per account, and reports it to the PR division."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from policies import turns
from policies.models import OperatingPolicy
from policies.workflow import policy_workflow
from shinshiro_sns.steps import StepNotMet, StepOvertaken
from staff.models import Membership, User
from tests import factories

State = OperatingPolicy.State


@pytest.fixture
def account(cast):
    return factories.account(cast.tourism)


@pytest.fixture
def submitted(cast, account):
    return factories.policy(account, cast.officer, State.WITH_HEAD)


@pytest.fixture
def reported(cast, account):
    return factories.policy(account, cast.officer, State.REPORTED, head=cast.head)


def sentences(refusal):
    return [unmet.sentence for unmet in refusal.value.reasons]


# --- Set by the head, and reported by that very step -----------------------------------------


def test_the_head_sets_it_and_so_reports_it(cast, submitted):
    policy = policy_workflow.take(submitted, "set", by=cast.head)
    assert (policy.state, policy.set_by, policy.set_for_head) == (State.REPORTED, cast.head, False)


@pytest.mark.parametrize("who", ["officer", "deputy", "partner_head", "pr_head", "auditor",
                                 "administrator", "stranger"])  # fmt: skip
def test_nobody_but_the_head_of_the_department_sets_it(cast, submitted, who):
    with pytest.raises(PermissionDenied):
        policy_workflow.take(submitted, "set", by=getattr(cast, who))


def test_an_account_becomes_official_by_receipt_alone(cast, account):
    factories.policy(account, cast.officer, State.REPORTED, head=cast.head)
    account.refresh_from_db()
    assert (account.status, account.official_since) == ("preparing", None)
    policy_workflow.take(account.policies.get(), "receive", by=cast.pr_officer)
    account.refresh_from_db()
    assert account.status == "official"
    assert account.official_since is not None


def test_the_setting_lets_the_report_alone_make_it_official(cast, account, settings):
    settings.OFFICIAL_BEFORE_RECEIPT = True
    policy = factories.policy(account, cast.officer, State.REPORTED, head=cast.head)
    account.refresh_from_db()
    assert account.status == "official"
    policy_workflow.take(policy, "return", by=cast.pr_officer, note="直してください。")
    account.refresh_from_db()
    assert (account.status, account.official_since) == ("preparing", None)


def test_an_incomplete_policy_is_not_submitted_and_says_why(cast, account):
    draft = factories.draft(account, cast.officer, purpose="", hours=[])
    with pytest.raises(StepNotMet) as refused:
        policy_workflow.take(draft, "submit", by=cast.officer)
    assert [(u.sentence, u.clause, u.place) for u in refused.value.reasons] == [
        ("情報発信の目的を入力してください。", "3(3)ウ", "purpose"),
        ("運用時間を入力してください。", "3(3)エ", "operation"),
    ]


# --- Received or returned by the PR division --------------------------------------------------


def test_the_pr_division_receives_it(cast, reported):
    policy = policy_workflow.take(reported, "receive", by=cast.pr_officer)
    assert (policy.state, policy.received_by) == (State.IN_FORCE, cast.pr_officer)


def test_several_reasons_and_words_go_back_at_once(cast, reported):
    policy = policy_workflow.take(
        reported, "return", by=cast.pr_officer, reasons=["hours", "reply"], note="返信の方針を。"
    )
    sent_back = policy.last_return()
    assert (policy.state, policy.set_by) == (State.RETURNED, None)
    assert (sent_back.reasons, sent_back.words, sent_back.by_pr_division) == (
        ["hours", "reply"], "返信の方針を。", True,
    )  # fmt: skip


def test_a_return_without_any_reason_is_refused(cast, reported):
    with pytest.raises(StepNotMet) as refused:
        policy_workflow.take(reported, "return", by=cast.pr_officer, reasons=["unknown"])
    assert sentences(refused) == ["差し戻す理由を選ぶか、説明を入力してください。"]
    assert OperatingPolicy.objects.get().state == State.REPORTED


def test_nobody_receives_what_he_himself_reported(cast):
    account = factories.account(cast.pr_division)
    policy = factories.policy(account, cast.pr_officer, State.REPORTED, head=cast.pr_head)
    with pytest.raises(StepNotMet) as refused:
        policy_workflow.take(policy, "receive", by=cast.pr_head)
    assert sentences(refused) == [
        "ご自身が報告したものは受理できません。広報主管課の別の人が受理します。"
    ]
    assert policy_workflow.take(policy, "receive", by=cast.pr_second).state == State.IN_FORCE


def test_the_database_itself_refuses_a_receipt_by_the_reporter(cast, reported):
    with pytest.raises(IntegrityError), transaction.atomic():
        OperatingPolicy.objects.update(
            state=State.IN_FORCE, received_by=cast.head, received_at=reported.set_at
        )


def test_a_set_up_in_which_nobody_could_receive_is_named(cast):
    Membership.objects.filter(user__in=[cast.pr_officer, cast.pr_second]).delete()
    account = factories.account(cast.pr_division)
    policy = factories.draft(account, cast.pr_head)
    for step in ("submit", "set"):
        policy = policy_workflow.take(policy, step, by=cast.pr_head)
    turn = turns.turn(policy)
    assert turn.people == []
    assert turn.dead_end.startswith("広報主管課に、受理できる人がいません")


def test_a_department_without_a_head_is_named(cast, submitted):
    Membership.objects.filter(user=cast.head).delete()
    assert turns.turn(submitted).dead_end.startswith("観光課に所属の長がいないため")


# --- 引戻し: until the next person has acted ----------------------------------------------------


def test_the_sender_takes_it_back_until_the_head_acts(cast, submitted):
    policy = policy_workflow.take(submitted, "recall", by=cast.officer)
    assert (policy.state, policy.submitted_by, policy.submitted_at) == (State.DRAFT, None, None)


def test_only_the_sender_himself_takes_it_back(cast, submitted):
    with pytest.raises(StepOvertaken):
        policy_workflow.take(submitted, "recall", by=cast.colleague)


def test_what_the_head_has_set_is_not_taken_back_by_the_officer(cast, reported):
    with pytest.raises(StepOvertaken) as refused:
        policy_workflow.take(reported, "recall", by=cast.officer)
    assert sentences(refused) == ["すでに「報告済」になっているため、「引き戻す」はできません。"]


def test_the_head_takes_his_report_back_until_it_is_received(cast, reported):
    policy = policy_workflow.take(reported, "recall_report", by=cast.head)
    assert (policy.state, policy.set_by) == (State.WITH_HEAD, None)
    received = policy_workflow.take(
        policy_workflow.take(policy, "set", by=cast.head), "receive", by=cast.pr_officer
    )
    with pytest.raises(StepOvertaken):
        policy_workflow.take(received, "recall_report", by=cast.head)


# --- 取下げ: given up, at any time --------------------------------------------------------------


@pytest.mark.parametrize("state", [State.DRAFT, State.WITH_HEAD, State.REPORTED, State.RETURNED])
def test_it_is_given_up_at_any_time_with_a_reason(cast, account, state):
    policy = factories.policy(
        account, cast.officer, state, head=cast.head, receiver=cast.pr_officer
    )
    with pytest.raises(StepNotMet):
        policy_workflow.take(policy, "withdraw", by=cast.officer, note="  ")
    policy = policy_workflow.take(policy, "withdraw", by=cast.officer, note="利用をやめたため")
    assert policy.state == State.WITHDRAWN
    assert policy.history.first().history_change_reason == "利用をやめたため"


# --- 代決 and 後閲 ------------------------------------------------------------------------------


def test_a_deputy_does_not_act_without_a_recorded_absence(cast, submitted):
    with pytest.raises(StepNotMet) as refused:
        policy_workflow.take(submitted, "set_for_head", by=cast.deputy, note="至急のため")
    assert sentences(refused) == ["今日は所属の長の不在が記録されていないため、代決できません。"]


def test_a_deputy_acts_in_the_absence_with_a_reason_and_the_head_looks_at_it(cast, submitted):
    absence = factories.absence(cast.tourism, cast.head)
    with pytest.raises(StepNotMet):
        policy_workflow.take(submitted, "set_for_head", by=cast.deputy)
    policy = policy_workflow.take(submitted, "set_for_head", by=cast.deputy, note="至急のため")
    assert (policy.set_by, policy.set_for_head, policy.absence) == (cast.deputy, True, absence)
    assert list(OperatingPolicy.objects.awaiting_review()) == [policy]
    policy = policy_workflow.take(policy, "review", by=cast.head)
    assert (policy.state, policy.reviewed_by) == (State.REPORTED, cast.head)
    assert list(OperatingPolicy.objects.awaiting_review()) == []


def test_a_deputy_returns_it_in_the_absence_too(cast, submitted):
    with pytest.raises(StepNotMet):
        policy_workflow.take(submitted, "return_for_head", by=cast.deputy, note="直して")
    factories.absence(cast.tourism, cast.head)
    policy = policy_workflow.take(submitted, "return_for_head", by=cast.deputy, note="直して")
    assert (policy.state, policy.last_return().by_pr_division) == (State.RETURNED, False)


@pytest.mark.parametrize("days", [-1, 1])
def test_the_day_before_and_the_day_after_the_absence_do_not_count(cast, submitted, days):
    factories.absence(cast.tourism, cast.head)
    when = datetime.datetime.now(tz=datetime.UTC) + datetime.timedelta(days=days)
    with time_machine.travel(when), pytest.raises(StepNotMet):
        policy_workflow.take(submitted, "set_for_head", by=cast.deputy, note="至急のため")


def test_an_absence_of_another_department_opens_nothing(cast, submitted):
    factories.absence(cast.safety, cast.partner_head)
    with pytest.raises(StepNotMet):
        policy_workflow.take(submitted, "set_for_head", by=cast.deputy, note="至急のため")


def test_what_the_head_set_himself_is_not_to_be_reviewed(cast, reported):
    with pytest.raises(StepOvertaken):
        policy_workflow.take(reported, "review", by=cast.head)


# --- Versions -----------------------------------------------------------------------------------


def test_the_one_in_force_stays_until_the_next_is_received(cast, account):
    first = factories.policy(
        account, cast.officer, State.IN_FORCE, head=cast.head, receiver=cast.pr_officer
    )
    account.refresh_from_db()
    second = factories.policy(
        account, cast.officer, State.REPORTED, head=cast.head, name="新しい表示名"
    )
    account.refresh_from_db()
    assert list(account.policies.in_force()) == [first]
    assert account.name == "観光課の公式アカウント"
    policy_workflow.take(second, "receive", by=cast.pr_officer)
    account.refresh_from_db()
    assert [p.version for p in account.policies.in_force()] == [2]
    assert account.name == "新しい表示名"
    first.refresh_from_db()
    assert first.state == State.SUPERSEDED


def test_an_account_has_one_version_on_its_way(cast, account):
    factories.draft(account, cast.officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.draft(account, cast.officer)


def test_who_left_the_department_acts_no_more(cast, submitted):
    Membership.objects.filter(user=cast.head).update(valid_until=datetime.date(2021, 3, 31))
    with pytest.raises(PermissionDenied):
        policy_workflow.take(submitted, "set", by=User.objects.get(pk=cast.head.pk))


def test_a_step_on_a_text_that_changed_meanwhile_is_refused(cast, submitted):
    with pytest.raises(StepOvertaken) as refused:
        policy_workflow.take(submitted, "set", by=cast.head, seen=submitted.revision - 1)
    assert sentences(refused) == [
        "画面を開いた後に内容が変わりました。今の内容を確かめてから、もう一度行ってください。"
    ]


def test_with_the_setting_the_first_report_is_public_whatever_its_number(cast, account, settings):
    settings.OFFICIAL_BEFORE_RECEIPT = True
    factories.policy(account, cast.officer, State.WITHDRAWN)
    second = factories.policy(account, cast.officer, State.REPORTED, head=cast.head)
    assert list(OperatingPolicy.objects.public()) == [second]
    policy_workflow.take(second, "receive", by=cast.pr_officer)
    factories.policy(account, cast.officer, State.REPORTED, head=cast.head)
    assert [policy.version for policy in OperatingPolicy.objects.public()] == [2]

"""What the one way to take a step promises, whatever the table says of the step."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Account
from accounts.workflow import account_workflow
from policies.models import OperatingPolicy
from policies.workflow import policy_workflow
from shinshiro_sns.steps import StepNotMet, StepOvertaken
from tests import factories

State = OperatingPolicy.State


@pytest.fixture
def reported(cast):
    account = factories.account(cast.tourism)
    return factories.policy(account, cast.officer, State.REPORTED, head=cast.head)


@pytest.mark.parametrize("who", ["officer", "head", "auditor", "administrator", "stranger"])
def test_a_step_that_follows_another_is_still_refused_to_who_may_not_take_it(cast, reported, who):
    with pytest.raises(PermissionDenied):
        policy_workflow.take(reported, "receive", by=getattr(cast, who), follows=True)
    reported.refresh_from_db()
    assert (reported.state, reported.received_by) == (State.REPORTED, None)


@pytest.mark.parametrize("who", ["officer", "head", "pr_head", "pr_officer", "administrator"])
def test_a_step_that_only_follows_others_is_nobodys_to_take(cast, reported, who):
    person = getattr(cast, who)
    with pytest.raises(PermissionDenied):
        account_workflow.take(reported.account, "open", by=person)
    assert account_workflow.offers(reported.account, person) == []
    assert Account.objects.get().status == Account.Status.PREPARING


def test_a_step_asks_permission_before_it_tells_anything_of_the_state(cast, reported):
    with pytest.raises(PermissionDenied):
        policy_workflow.take(reported, "submit", by=cast.stranger)


@pytest.mark.parametrize("note", ["", " ", "\n\t"])
def test_a_reason_that_is_asked_for_is_more_than_blanks(cast, reported, note):
    with pytest.raises(StepNotMet, match="「取り下げる理由」を入力してください。"):
        policy_workflow.take(reported, "withdraw", by=cast.officer, note=note)
    reported.refresh_from_db()
    assert reported.state == State.REPORTED


def test_a_page_of_an_earlier_revision_takes_no_step(cast, reported):
    with pytest.raises(StepOvertaken, match="画面を開いた後に内容が変わりました"):
        policy_workflow.take(
            reported, "receive", by=cast.pr_officer, seen=reported.revision - 1
        )  # fmt: skip
    received = policy_workflow.take(
        reported, "receive", by=cast.pr_officer, seen=reported.revision
    )  # fmt: skip
    assert (received.state, received.revision) == (State.IN_FORCE, reported.revision + 1)


def test_what_a_step_was_and_who_took_it_stands_in_the_history(cast, reported):
    withdrawn = policy_workflow.take(reported, "withdraw", by=cast.officer, note=" 催しの中止 ")
    last = withdrawn.history.first()
    assert (last.step, last.history_user, last.history_change_reason, last.state) == (
        "withdraw", cast.officer, "催しの中止", State.WITHDRAWN,
    )  # fmt: skip
    withdrawn.save()
    assert (withdrawn.history.first().step, withdrawn.history.first().history_change_reason) == (
        "", "",
    )  # fmt: skip

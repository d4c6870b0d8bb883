"""Clause 4(1): what goes out beside its hours has a ground that the clause knows, and is on the record."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.models import Account
from policies.models import OperatingPolicy
from postings.models import Ground, Post
from postings.permission import may_post
from postings.practice import practice_of
from postings.workflow import post_workflow
from shinshiro_sns.steps import StepNotMet
from tests import factories
from tests.postings import making

TOKYO = ZoneInfo("Asia/Tokyo")
OPEN = datetime.datetime(2026, 11, 24, 10, tzinfo=TOKYO)
SHUT = datetime.datetime(2026, 11, 24, 18, tzinfo=TOKYO)


@pytest.fixture
def account(cast) -> Account:
    """Open from Monday to Friday, 8:30 to 17:15."""
    with time_machine.travel(OPEN, tick=False):
        policy = factories.policy(
            factories.account(cast.tourism), cast.officer, "in_force",
            head=cast.head, receiver=cast.pr_officer,
        )  # fmt: skip
    return Account.objects.get(pk=policy.account_id)


@pytest.mark.parametrize("ground", Ground.values)
def test_each_ground_of_the_clause_lets_a_post_go_out_and_stays_with_it(account, cast, ground):
    with time_machine.travel(SHUT, tick=False):
        posted = making.post(
            account, cast.officer, "posted", ground=ground, ground_reason="通行止めのため"
        )

    row = Post.objects.get(pk=posted.pk)
    assert (row.allowed, row.ground, row.ground_reason, row.answered_for) == (
        False, ground, "通行止めのため", SHUT,
    )  # fmt: skip
    assert row.answer.startswith("発信できません。次は11月25日(水)8:30からです。")


def test_without_a_ground_it_does_not(account, cast):
    with time_machine.travel(SHUT, tick=False):
        post = making.post(account, cast.officer, ground="", ground_reason="")
        with pytest.raises(StepNotMet) as refused:
            post_workflow.take(post, "ready", by=cast.officer)

    assert [unmet.clause for unmet in refused.value.reasons] == ["4(1)"]


@pytest.mark.parametrize(
    ("record", "approval", "at", "asked"),
    [
        ("outside", False, OPEN, False), ("outside", False, SHUT, True),
        ("always", False, OPEN, True), ("always", False, SHUT, True),
        ("outside", True, OPEN, True),
    ],
)  # fmt: skip
def test_a_record_is_asked_for_as_the_policy_says_and_always_beside_the_hours(
    account, record, approval, at, asked
):
    OperatingPolicy.objects.update(post_record=record, post_approval=approval)

    assert practice_of(account).asks_for_record(may_post(account, at)) is asked


def test_the_rule_comes_into_force_with_the_version_that_carries_it(account, cast):
    draft = factories.draft(account, cast.officer, post_record="always", post_approval=True)
    assert practice_of(account).says == (
        "運用時間の外に発信したときに、記録を残します。発信する前の承認は受けません。"
    )

    for step, by in (("submit", cast.officer), ("set", cast.head), ("receive", cast.pr_officer)):
        draft = factories.policy_workflow.take(draft, step, by=by)

    assert practice_of(account).says == (
        "発信したときは、いつも記録を残します。発信する前に、ほかの職員の承認を受けます。"
    )


def test_an_account_without_a_policy_has_the_mildest_rule_and_may_not_post(cast):
    account = factories.account(cast.tourism)

    assert (practice_of(account).records_always, practice_of(account).needs_approval) == (
        False, False,
    )  # fmt: skip
    assert not may_post(account).allowed

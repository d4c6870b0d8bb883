"""Clause 4(2): who posts takes care; the portal warns and explains, a person decides, the decision is kept."""

from __future__ import annotations

import pytest

from accounts.models import Account
from policies.models import OperatingPolicy
from postings import decisions
from postings.models import Post
from postings.workflow import post_workflow
from shinshiro_sns.steps import StepNotMet
from tests import factories
from tests.postings import making

TEXT = "11月31日に開きます。 https://example.com/ ①"


@pytest.fixture
def account(cast) -> Account:
    """An official account; its hours are another clause's."""
    policy = factories.policy(
        factories.account(cast.tourism), cast.officer, "in_force",
        head=cast.head, receiver=cast.pr_officer,
    )  # fmt: skip
    return Account.objects.get(pk=policy.account_id)


def test_nothing_goes_on_before_a_person_has_decided_about_each_error_and_warning(account, cast):
    post = making.post(account, cast.officer, text=TEXT, decisions={})

    with pytest.raises(StepNotMet) as refused:
        post_workflow.take(post, "ready", by=cast.officer)

    assert sorted(unmet.clause for unmet in refused.value.reasons) == ["4(2)ア", "4(2)ウ"]


def test_what_was_found_and_decided_stays_with_the_post_as_it_was_that_day(account, cast):
    post = making.post(account, cast.officer, "posted", text=TEXT)

    read = decisions.read(Post.objects.get(pk=post.pk))

    assert [(point.finding.rule, point.finding.words, point.decision) for point in read] == [
        ("day.impossible", "11月31日", "確かめました"),
        ("link.third_party", "https://example.com/", "確かめました"),
        ("characters.dependent", "①", "確かめました"),
    ]
    assert (post.checked_by, post.posted_by) == (cast.officer, cast.officer)


def test_where_the_policy_wants_it_two_people_have_looked_before_it_goes_out(account, cast):
    OperatingPolicy.objects.update(post_approval=True)

    post = making.post(account, cast.officer, "approved", approver=cast.colleague, text=TEXT)

    assert (post.asked_by, post.approved_by) == (cast.officer, cast.colleague)

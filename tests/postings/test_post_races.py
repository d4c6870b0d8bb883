"""Two people on one post at the same moment: one wins, the other is told. On real connections."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import Account
from policies.models import OperatingPolicy
from postings import drafting, keys
from postings.models import Post, ToolKey
from postings.workflow import post_workflow
from shinshiro_sns.models import OutgoingMail
from shinshiro_sns.steps import StepRefused
from staff.models import User
from tests import factories
from tests.policies.test_races import at_once, refusals
from tests.postings import making

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ready_account(cast):
    policy = factories.policy(
        factories.account(cast.tourism), cast.officer, "in_force",
        head=cast.head, receiver=cast.pr_officer,
    )  # fmt: skip
    OperatingPolicy.objects.update(post_approval=True)
    return Account.objects.get(pk=policy.account_id)


def taking(post, step, by, **more):
    return lambda: post_workflow.take(
        Post.objects.get(pk=post.pk), step, by=User.objects.get(pk=by.pk), **more
    )


@pytest.mark.parametrize("attempt", range(3))
def test_one_approves_while_its_author_takes_it_back_to_change_it(ready_account, cast, attempt):
    post = making.post(ready_account, cast.officer, "awaiting")

    def changes():
        recalled = taking(post, "recall", cast.officer)()
        written = making.written(ready_account, "別の文")
        return drafting.changed(recalled, written, cast.officer, seen=recalled.revision)

    results = at_once(taking(post, "approve", cast.head, seen=post.revision), changes)

    assert len(refusals(results)) == 1
    row = Post.objects.get(pk=post.pk)
    assert (row.state, row.text) in [
        ("approved", "本日、図書館は開館します。"), ("draft", "別の文"),
    ]  # fmt: skip
    assert (row.approved_by is not None) is (row.state == "approved")


@pytest.mark.parametrize("attempt", range(3))
def test_one_approves_and_another_sends_it_back(ready_account, cast, attempt):
    post = making.post(ready_account, cast.officer, "awaiting")
    OutgoingMail.objects.all().delete()

    results = at_once(
        taking(post, "approve", cast.head, seen=post.revision),
        taking(post, "return", cast.deputy, seen=post.revision, note="場所も書く"),
    )

    assert len(refusals(results)) == 1
    assert OutgoingMail.objects.filter(recipient=cast.officer).count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_two_people_record_the_same_post(ready_account, cast, attempt):
    post = making.post(ready_account, cast.officer, "approved", approver=cast.head)
    first, second = (f"{ready_account.url}/status/{n}" for n in (1, 2))

    results = at_once(
        taking(post, "post", cast.officer, **making.sent(ready_account, urls=first)),
        taking(post, "post", cast.colleague, **making.sent(ready_account, urls=second)),
    )

    [told] = refusals(results)
    assert "すでに「発信済」になっているため" in str(told)
    [won] = [result for result in results if isinstance(result, Post)]
    assert Post.objects.get(pk=post.pk).urls == won.urls


@pytest.mark.parametrize("attempt", range(3))
def test_two_people_save_the_same_draft(ready_account, cast, attempt):
    post = making.post(ready_account, cast.officer)

    def saving(by, text):
        return lambda: drafting.changed(
            post, making.written(ready_account, text), User.objects.get(pk=by.pk),
            seen=post.revision,
        )  # fmt: skip

    results = at_once(saving(cast.officer, "一人目"), saving(cast.colleague, "二人目"))

    [told] = refusals(results)
    assert isinstance(told, drafting.Stale)
    [won] = [result for result in results if isinstance(result, Post)]
    assert Post.objects.get(pk=post.pk).text == won.text


@pytest.mark.parametrize("attempt", range(3))
def test_a_form_sent_twice_at_the_same_moment_makes_one_post(ready_account, cast, attempt):
    key = uuid.uuid4()

    def begins():
        try:
            return drafting.begun(ready_account, making.written(ready_account), cast.officer, key)
        except (IntegrityError, StepRefused) as error:
            return error

    results = at_once(begins, begins)

    assert [result for result in results if isinstance(result, Post)] == [Post.objects.get()] * 2


def test_every_use_of_a_key_is_counted(ready_account, cast):
    row, secret = keys.make(
        ready_account, cast.head, name="予約投稿", expires_on=timezone.localdate()
    )

    at_once(*[lambda: keys.recognised(secret)] * 4)

    assert ToolKey.objects.get(pk=row.pk).used_in_minute == 4

"""Two people, one record: one wins, the other is told. On real connections, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from accounts.models import Account
from accounts.profiles import read_profile
from policies import drafting
from policies.consulting import consultation_workflow
from policies.models import Consultation, OperatingPolicy
from policies.workflow import policy_workflow
from shinshiro_sns.models import OutgoingMail
from shinshiro_sns.steps import StepRefused
from staff.models import User
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
State = OperatingPolicy.State


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run every act in a thread of its own, all starting together; their results or refusals."""
    barrier = threading.Barrier(len(acts), timeout=30)
    results: list[Any] = [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            results[number] = act()
        except StepRefused as refused:
            results[number] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return results


def taking(policy: OperatingPolicy, step: str, by: User, **more: Any) -> Callable[[], Any]:
    return lambda: policy_workflow.take(
        OperatingPolicy.objects.get(pk=policy.pk), step, by=User.objects.get(pk=by.pk), **more
    )


def refusals(results: list[Any]) -> list[StepRefused]:
    return [result for result in results if isinstance(result, StepRefused)]


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_who_receive_the_same_report_one_does(cast, attempt):
    policy = factories.policy(
        factories.account(cast.tourism), cast.officer, State.REPORTED, head=cast.head
    )
    mails = OutgoingMail.objects.count()
    results = at_once(
        taking(policy, "receive", cast.pr_officer), taking(policy, "receive", cast.pr_second)
    )
    [refused] = refusals(results)
    assert str(refused) == "すでに「受理(施行中)」になっているため、「受理する」はできません。"
    [received] = [result for result in results if result is not refused]
    assert OperatingPolicy.objects.get().received_by == received.received_by
    # One notice to the officer, one to the head.
    assert OutgoingMail.objects.count() == mails + 2


def test_of_two_who_submit_one_does_and_the_departments_are_asked_once(cast):
    draft = factories.draft(factories.account(cast.tourism), cast.officer, partners=(cast.safety,))
    results = at_once(
        taking(draft, "submit", cast.officer), taking(draft, "submit", cast.colleague)
    )
    assert len(refusals(results)) == 1
    assert OperatingPolicy.objects.get().round == 1
    assert Consultation.objects.count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_withdrawn_or_received_but_never_both(cast, attempt):
    policy = factories.policy(
        factories.account(cast.tourism), cast.officer, State.REPORTED, head=cast.head
    )
    results = at_once(
        taking(policy, "withdraw", cast.officer, note="利用をやめたため"),
        taking(policy, "receive", cast.pr_officer),
    )
    assert len(refusals(results)) == 1
    ended = OperatingPolicy.objects.get().state
    account = Account.objects.get()
    assert (ended, account.status) in [(State.WITHDRAWN, "preparing"), (State.IN_FORCE, "official")]


@pytest.mark.parametrize("attempt", range(3))
def test_an_answer_and_the_officers_recall_do_not_pass_each_other(cast, attempt):
    draft = factories.draft(factories.account(cast.tourism), cast.officer, partners=(cast.safety,))
    policy = policy_workflow.take(draft, "submit", by=cast.officer)
    consultation = Consultation.objects.get()
    results = at_once(
        lambda: consultation_workflow.take(
            consultation, "agree", by=User.objects.get(pk=cast.partner_head.pk)
        ),
        taking(policy, "recall", cast.officer),
    )
    [refused] = refusals(results)
    agreed = Consultation.objects.filter(state=Consultation.State.AGREED).exists()
    # Either it was answered and stays with the head, or it is a draft again and nobody answered.
    assert (refused is results[1], OperatingPolicy.objects.get().state) in [
        (True, State.WITH_HEAD),
        (False, State.DRAFT),
    ]
    assert agreed is (refused is results[1])


def test_of_two_who_register_the_same_account_one_does(cast):
    results = at_once(
        *(
            lambda who=who, of=of: drafting.registered(
                read_profile("example_kanko", "x"), of, "新城市", User.objects.get(pk=who.pk)
            )
            for who, of in ((cast.officer, cast.tourism), (cast.partner_officer, cast.safety))
        )
    )
    assert results.count(None) == 1
    assert Account.objects.count() == OperatingPolicy.objects.count() == 1


def test_of_two_who_begin_the_next_version_both_get_the_same_draft(cast):
    account = factories.account(cast.tourism)
    results = at_once(
        *(
            lambda who=who: drafting.begun(
                Account.objects.get(pk=account.pk), User.objects.get(pk=who.pk)
            )
            for who in (cast.officer, cast.colleague)
        )
    )
    assert len({policy.pk for policy in results}) == 1
    assert OperatingPolicy.objects.count() == 1

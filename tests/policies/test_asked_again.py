"""合議 of an earlier submission: it was about another text, so nobody owes or gives an answer to it."""

import pytest

from policies.consulting import consultation_workflow
from policies.models import Consultation
from policies.workflow import policy_workflow
from shinshiro_sns.duties import rows_for
from shinshiro_sns.steps import StepOvertaken
from tests import factories


@pytest.fixture
def asked_twice(cast):
    """Submitted, returned before the other department answered, and submitted once more."""
    account = factories.account(cast.tourism)
    policy = factories.draft(account, cast.officer, partners=(cast.safety,))
    policy = policy_workflow.take(policy, "submit", by=cast.officer)
    policy = policy_workflow.take(policy, "return_to_officer", by=cast.head, note="目的を直す")
    policy_workflow.take(policy, "submit", by=cast.officer)
    return list(Consultation.objects.order_by("round"))


def test_only_the_present_one_waits_for_an_answer(cast, asked_twice):
    _, present = asked_twice

    assert list(rows_for(cast.partner_head, "answer")) == [present]


def test_the_earlier_one_is_neither_offered_nor_taken(cast, asked_twice):
    earlier, _ = asked_twice

    assert consultation_workflow.offers(earlier, cast.partner_head) == []
    with pytest.raises(StepOvertaken):
        consultation_workflow.take(earlier, "agree", by=cast.partner_head)


def test_the_head_decides_once_the_present_one_is_answered(cast, asked_twice):
    _, present = asked_twice
    consultation_workflow.take(present, "agree", by=cast.partner_head)

    assert list(rows_for(cast.head, "set")) == [present.policy]

"""Who may act in whose place, who sees what to do, and what a repeated submission starts from."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Account
from policies import summary
from policies.models import Consultation, OperatingPolicy
from policies.workflow import policy_workflow
from shinshiro_sns.duties import piles
from shinshiro_sns.workflow import StepNotMet, StepOvertaken
from staff.models import Membership, User
from tests import factories

State = OperatingPolicy.State


def to_do(person):
    return {pile.duty.name: [task.label for task in pile.tasks] for pile in piles(person)}


@pytest.fixture
def account(cast):
    return factories.account(cast.tourism)


@pytest.fixture
def submitted(cast, account):
    return factories.policy(account, cast.officer, State.WITH_HEAD)


@pytest.fixture
def reported(cast, account):
    return factories.policy(account, cast.officer, State.REPORTED, head=cast.head)


def set_for_head(policy, by):
    return policy_workflow.take(policy, "set_for_head", by=by, note="至急のため")


# --- 代決: in whose absence -------------------------------------------------------------------------


def test_the_absence_of_a_former_head_opens_nothing(cast, submitted):
    factories.absence(cast.tourism, cast.head)
    Membership.objects.filter(user=cast.head).update(valid_until=datetime.date(2021, 3, 31))
    factories.member(cast.tourism, "head", "新しい課長")
    with pytest.raises(StepNotMet):
        set_for_head(submitted, cast.deputy)
    assert "set_for_head" not in to_do(cast.deputy)


def test_while_one_of_two_heads_is_there_no_deputy_acts(cast, submitted):
    factories.absence(cast.tourism, cast.head)
    other = factories.member(cast.tourism, "head", "もう一人の課長")
    with pytest.raises(StepNotMet):
        set_for_head(submitted, cast.deputy)
    factories.absence(cast.tourism, other)
    assert set_for_head(submitted, cast.deputy).state == State.REPORTED


def test_a_second_head_who_only_audits_does_not_stop_the_deputy(cast, submitted):
    factories.absence(cast.tourism, cast.head)
    factories.member(cast.tourism, "head", "監査になった課長", is_auditor=True)
    assert set_for_head(submitted, cast.deputy).state == State.REPORTED


def test_a_cancelled_absence_opens_nothing(cast, submitted):
    absence = factories.absence(cast.tourism, cast.head)
    absence.cancelled_at, absence.cancelled_by = timezone.now(), cast.head
    absence.save()
    with pytest.raises(StepNotMet):
        set_for_head(submitted, cast.deputy)


def test_who_acted_for_the_head_does_not_review_it_himself(cast, submitted):
    factories.absence(cast.tourism, cast.head)
    policy = set_for_head(submitted, cast.deputy)
    Membership.objects.create(
        user=cast.deputy, department=cast.tourism, role="head",
        valid_from=timezone.localdate(),
    )  # fmt: skip
    promoted = User.objects.get(pk=cast.deputy.pk)
    assert "review" not in to_do(promoted)
    with pytest.raises(StepOvertaken):
        policy_workflow.take(policy, "review", by=promoted)


def test_the_database_itself_refuses_a_review_by_the_deputy(cast, submitted):
    factories.absence(cast.tourism, cast.head)
    set_for_head(submitted, cast.deputy)
    with pytest.raises(IntegrityError), transaction.atomic():
        OperatingPolicy.objects.update(reviewed_by=cast.deputy, reviewed_at=timezone.now())


def test_a_head_who_is_his_own_deputy_sees_it_once(cast, submitted):
    factories.absence(cast.tourism, cast.head)
    Membership.objects.create(
        user=cast.head, department=cast.tourism, role="deputy",
        valid_from=datetime.date(2020, 1, 1),
    )  # fmt: skip
    assert list(to_do(User.objects.get(pk=cast.head.pk))) == ["set"]


def test_a_deputy_has_no_answer_to_give_while_his_head_is_there(cast, account):
    deputy = factories.member(cast.safety, "deputy")
    draft = factories.draft(account, cast.officer, partners=(cast.safety,))
    policy_workflow.take(draft, "submit", by=cast.officer)
    assert to_do(deputy) == {}
    factories.absence(cast.safety, cast.partner_head)
    assert list(to_do(deputy)) == ["answer_for_head"]


# --- A report and who takes it on ------------------------------------------------------------------


def test_nobody_takes_on_his_own_report_nor_sees_it_as_his_to_receive(cast):
    own = factories.policy(
        factories.account(cast.pr_division), cast.pr_officer, State.REPORTED, head=cast.pr_head
    )
    assert "receive" not in to_do(cast.pr_head)
    with pytest.raises(StepOvertaken):
        policy_workflow.take(own, "assign", by=cast.pr_head)
    assert "receive" in to_do(cast.pr_second)


@pytest.mark.parametrize("leaving", ["membership", "user"])
def test_a_report_of_an_assignee_who_left_comes_back_to_all(cast, reported, leaving):
    policy_workflow.take(reported, "assign", by=cast.pr_officer)
    assert "receive" not in to_do(cast.pr_second)
    if leaving == "user":
        User.objects.filter(pk=cast.pr_officer.pk).update(is_active=False)
    else:
        Membership.objects.filter(user=cast.pr_officer).update(
            valid_until=datetime.date(2021, 3, 31)
        )
    assert "receive" in to_do(cast.pr_second)
    assert list(OperatingPolicy.objects.awaiting_receipt().unassigned()) == [reported]


def test_assignee_and_review_do_not_outlive_a_return(cast, submitted):
    absence = factories.absence(cast.tourism, cast.head)
    policy = set_for_head(submitted, cast.deputy)
    policy = policy_workflow.take(policy, "assign", by=cast.pr_officer)
    policy = policy_workflow.take(policy, "review", by=cast.head)
    policy = policy_workflow.take(policy, "return", by=cast.pr_officer, note="直してください。")
    assert (policy.assignee, policy.set_for_head, policy.reviewed_by) == (None, False, None)
    absence.delete()
    policy = policy_workflow.take(policy, "submit", by=cast.officer)
    policy = policy_workflow.take(policy, "set", by=cast.head)
    assert (policy.assignee, policy.reviewed_at, policy.absence) == (None, None, None)


# --- A return, and what comes after ------------------------------------------------------------------


def returned_by_both(cast, reported):
    """Returned by the PR division, mended, returned by the head, mended again, set."""
    policy = policy_workflow.take(reported, "return", by=cast.pr_officer, note="目的を。")
    policy.purpose = "具体的な目的"
    policy.save()
    policy = policy_workflow.take(policy, "submit", by=cast.officer)
    policy = policy_workflow.take(policy, "return_to_officer", by=cast.head, note="誤字。")
    policy.content = "具体的な内容"
    policy.save()
    policy = policy_workflow.take(policy, "submit", by=cast.officer)
    return policy_workflow.take(policy, "set", by=cast.head)


def test_the_pr_division_sees_every_change_since_its_own_return(cast, reported):
    policy = returned_by_both(cast, reported)
    pr_division = (OperatingPolicy.RETURN_BY_PR_DIVISION,)
    since = summary.changes_since_return(policy, pr_division)
    assert [change.label for change in since] == ["情報発信の目的", "発信する内容"]


def test_the_department_sees_what_changed_since_the_last_return(cast, reported):
    since = summary.changes_since_return(returned_by_both(cast, reported))
    assert [change.label for change in since] == ["発信する内容"]


def test_only_what_the_pr_division_sent_back_is_a_resubmission(cast, submitted):
    policy = policy_workflow.take(submitted, "return_to_officer", by=cast.head, note="誤字。")
    policy = policy_workflow.take(policy, "submit", by=cast.officer)
    policy = policy_workflow.take(policy, "set", by=cast.head)
    assert not policy.is_resubmission
    assert returned_by_both(cast, policy).is_resubmission


def test_a_recalled_resubmission_is_returned_again_with_its_reasons(cast, reported, client):
    policy = policy_workflow.take(
        reported, "return", by=cast.pr_officer, reasons=["hours"], note="朝だけ?"
    )
    policy = policy_workflow.take(policy, "submit", by=cast.officer)
    with pytest.raises(StepOvertaken):
        policy_workflow.take(policy, "recall", by=cast.officer)
    policy = policy_workflow.take(policy, "recall_again", by=cast.officer)
    assert policy.state == State.RETURNED
    assert list(to_do(cast.officer)) == ["mend"]
    client.force_login(cast.officer)
    page = client.get(policy.get_absolute_url())
    assert page.context["returned"]["words"] == "朝だけ?"
    client.force_login(cast.pr_officer)
    queue = client.get("/admin/policies/operatingpolicy/?list=returned").content.decode()
    assert f"/admin/policies/operatingpolicy/{policy.pk}/change/" in queue


# --- What is asked again at each step -----------------------------------------------------------------


def test_receipt_asks_again_whether_everything_is_complete(cast, reported):
    Membership.objects.filter(user=cast.officer).update(valid_until=datetime.date(2021, 3, 31))
    with pytest.raises(StepNotMet) as refused:
        policy_workflow.take(reported, "receive", by=cast.pr_officer)
    assert {unmet.place for unmet in refused.value.reasons} == {"people"}


@pytest.mark.parametrize("fact", ["identity", "service_account_id"])
@pytest.mark.parametrize(("state", "step", "who"), [
    (State.DRAFT, "submit", "officer"), (State.REPORTED, "receive", "pr_officer"),
])  # fmt: skip
def test_an_account_that_is_anothers_is_neither_submitted_nor_received(
    cast, account, fact, state, step, who
):
    policy = factories.policy(account, cast.officer, state, head=cast.head)
    other = factories.account(cast.safety, "example_other", service_account_id="12345")
    OperatingPolicy.objects.filter(pk=policy.pk).update(**{fact: getattr(other, fact)})
    with pytest.raises(StepNotMet) as refused:
        policy_workflow.take(policy, step, by=getattr(cast, who))
    assert [unmet.sentence.split("(")[0] for unmet in refused.value.reasons] == [
        "このアカウントは防災課が登録しています"
    ]


def test_no_department_is_asked_where_nothing_is_shared(cast, account):
    draft = factories.draft(account, cast.officer)
    # A leftover of an earlier choice, which the section's form would refuse to save.
    draft.partners.set([cast.safety])
    OperatingPolicy.objects.filter(pk=draft.pk).update(is_shared=False)
    with pytest.raises(StepNotMet):
        policy_workflow.take(draft, "submit", by=cast.officer)
    assert Consultation.objects.count() == 0


def test_a_withdrawn_report_closes_an_account_it_alone_had_opened(cast, account, settings):
    settings.OFFICIAL_BEFORE_RECEIPT = True
    policy = factories.policy(account, cast.officer, State.REPORTED, head=cast.head)
    policy_workflow.take(policy, "withdraw", by=cast.officer, note="やめたため")
    assert Account.objects.get().status == "preparing"


def test_only_accounts_in_preparation_are_missing_a_policy(cast, account):
    Account.objects.update(status="closed", official_since=timezone.localdate())
    assert to_do(cast.officer) == {}


def test_a_step_on_what_is_gone_is_told_as_overtaken(cast, submitted):
    gone = OperatingPolicy(pk=submitted.pk + 1000, account=submitted.account)
    with pytest.raises(StepOvertaken):
        policy_workflow.take(gone, "submit", by=cast.officer)

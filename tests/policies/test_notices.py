"""Who is told what: those whose turn it is, once, in the transaction of the step."""

import pytest
from django.db import transaction

from policies.consulting import consultation_workflow
from policies.models import Consultation, OperatingPolicy
from policies.workflow import policy_workflow
from shinshiro_sns.models import OutgoingMail
from tests import factories

State = OperatingPolicy.State


@pytest.fixture
def account(cast):
    return factories.account(cast.tourism)


@pytest.fixture
def told():
    """Who was told since the fixture was last asked: pairs of recipient and the subject's head."""
    seen = set()

    def since():
        new = OutgoingMail.objects.exclude(pk__in=seen).select_related("recipient")
        rows = [(mail.recipient, mail.subject.split("】")[0] + "】", mail.pk) for mail in new]
        seen.update(pk for *_, pk in rows)
        return {(person, head) for person, head, _ in rows}

    return since


def test_a_submission_is_told_to_the_head_alone(cast, account, told):
    factories.policy(account, cast.officer, State.WITH_HEAD)
    assert told() == {(cast.head, "【確認のお願い】")}


def test_during_an_absence_the_deputy_is_told_too(cast, account, told):
    factories.absence(cast.tourism, cast.head)
    factories.policy(account, cast.officer, State.WITH_HEAD)
    assert told() == {(cast.head, "【確認のお願い】"), (cast.deputy, "【確認のお願い】")}


def test_a_shared_account_is_told_to_the_departments_first_then_to_the_head(cast, account, told):
    draft = factories.draft(account, cast.officer, partners=(cast.safety,))
    policy_workflow.take(draft, "submit", by=cast.officer)
    assert told() == {(cast.partner_head, "【合議のお願い】")}
    consultation_workflow.take(Consultation.objects.get(), "agree", by=cast.partner_head)
    assert told() == {(cast.head, "【確認のお願い】")}


def test_an_objection_is_told_to_the_officer_and_the_head(cast, account, told):
    draft = factories.draft(account, cast.officer, partners=(cast.safety,))
    policy_workflow.take(draft, "submit", by=cast.officer)
    told()
    consultation_workflow.take(
        Consultation.objects.get(), "object", by=cast.partner_head, note="別にします。"
    )
    assert told() == {(cast.officer, "【異議あり】"), (cast.head, "【異議あり】")}


def test_a_report_is_told_to_the_whole_pr_division_and_to_the_officer(cast, account, told):
    policy = factories.policy(account, cast.officer, State.WITH_HEAD)
    told()
    policy_workflow.take(policy, "set", by=cast.head)
    assert told() == {
        (cast.pr_head, "【報告】"),
        (cast.pr_officer, "【報告】"),
        (cast.pr_second, "【報告】"),
        (cast.officer, "【報告しました】"),
    }


def test_the_reporter_is_not_asked_to_receive_his_own_report(cast, told):
    policy = factories.policy(factories.account(cast.pr_division), cast.pr_officer, "with_head")
    told()
    policy_workflow.take(policy, "set", by=cast.pr_head)
    assert (cast.pr_head, "【報告】") not in told()


def test_a_return_carries_every_reason_in_one_message(cast, account, told):
    policy = factories.policy(account, cast.officer, State.REPORTED, head=cast.head)
    told()
    policy_workflow.take(
        policy, "return", by=cast.pr_officer, reasons=["hours", "personal"], note="二点です。"
    )
    assert told() == {(cast.officer, "【差戻し】"), (cast.head, "【差戻し】")}
    body = OutgoingMail.objects.filter(recipient=cast.officer).latest("pk").body
    assert "・運用時間が勤務時間と合っていないか、はっきりしません。(3(3)エ)" in body
    assert "・個人情報の取扱いが十分に定められていません。(3(3)オ)" in body
    assert "二点です。" in body
    assert f"/desk/policies/{policy.pk}/" in body


def test_a_receipt_tells_the_officer_and_the_head_with_the_public_address(cast, account, told):
    policy = factories.policy(account, cast.officer, State.REPORTED, head=cast.head)
    told()
    policy_workflow.take(policy, "receive", by=cast.pr_officer)
    assert told() == {(cast.officer, "【受理】"), (cast.head, "【受理】")}
    body = OutgoingMail.objects.filter(recipient=cast.officer).latest("pk").body
    assert f"http://127.0.0.1:8000/accounts/{account.pk}/" in body


def test_who_acts_is_not_told_of_his_own_act(cast, account, told):
    draft = factories.draft(account, cast.head)
    policy_workflow.take(draft, "submit", by=cast.head)
    assert told() == set()


def test_an_officer_who_left_is_replaced_by_those_who_are_there(cast, account, told):
    policy = factories.policy(account, cast.officer, State.REPORTED, head=cast.head)
    cast.officer.is_active = False
    cast.officer.save()
    told()
    policy_workflow.take(policy, "return", by=cast.pr_officer, note="直してください。")
    people = {person for person, _ in told()}
    assert people == {cast.colleague, cast.head}


def test_a_deputys_decision_is_told_to_the_head_for_review(cast, account, told):
    policy = factories.policy(account, cast.officer, State.WITH_HEAD)
    factories.absence(cast.tourism, cast.head)
    told()
    policy_workflow.take(policy, "set_for_head", by=cast.deputy, note="至急")
    assert (cast.head, "【後閲のお願い】") in told()


@pytest.mark.parametrize(
    ("state", "step", "who", "expected"),
    [
        (State.WITH_HEAD, "recall", "officer", {("head", "【引戻し】")}),
        (
            State.REPORTED, "recall_report", "head",
            {("pr_head", "【報告の引戻し】"), ("pr_officer", "【報告の引戻し】"),
             ("pr_second", "【報告の引戻し】")},
        ),
        (State.WITH_HEAD, "withdraw", "officer", {("head", "【取下げ】")}),
        (
            State.REPORTED, "withdraw", "officer",
            {("head", "【取下げ】"), ("pr_head", "【取下げ】"), ("pr_officer", "【取下げ】"),
             ("pr_second", "【取下げ】")},
        ),
        (State.DRAFT, "withdraw", "colleague", set()),
    ],
)  # fmt: skip
def test_what_is_taken_back_is_told_to_who_had_it(cast, account, told, state, step, who, expected):
    policy = factories.policy(account, cast.officer, state, head=cast.head)
    told()
    policy_workflow.take(policy, step, by=getattr(cast, who), note="理由")
    assert told() == {(getattr(cast, name), head) for name, head in expected}


def test_a_step_that_is_rolled_back_tells_nobody(cast, account):
    draft = factories.draft(account, cast.officer)

    def submit_and_fail():
        with transaction.atomic():
            policy_workflow.take(draft, "submit", by=cast.officer)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        submit_and_fail()
    assert OutgoingMail.objects.count() == 0


def test_a_name_cannot_add_a_header_line(cast, account):
    factories.policy(account, cast.officer, State.WITH_HEAD, name="観光課\r\nBcc: x@evil.example")
    assert "\n" not in OutgoingMail.objects.get().subject

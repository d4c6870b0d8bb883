"""Who is told what: those whose turn it is, once, in the transaction of the step."""

import pytest
from django.db import transaction

from policies.consulting import consultation_workflow
from policies.models import Consultation, OperatingPolicy
from policies.workflow import policy_workflow
from shinshiro_sns.models import OutgoingMail
from staff.models import Membership
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
    factories.walked(account, cast.officer, State.WITH_HEAD)
    assert told() == {(cast.head, "【確認のお願い】")}


def test_during_an_absence_the_deputy_is_told_too(cast, account, told):
    factories.absence(cast.tourism, cast.head)
    factories.walked(account, cast.officer, State.WITH_HEAD)
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
    policy = factories.walked(account, cast.officer, State.WITH_HEAD)
    told()
    policy_workflow.take(policy, "set", by=cast.head)
    assert told() == {
        (cast.pr_head, "【報告】"),
        (cast.pr_officer, "【報告】"),
        (cast.pr_second, "【報告】"),
        (cast.officer, "【報告しました】"),
    }


def test_the_reporter_is_not_asked_to_receive_his_own_report(cast, told):
    policy = factories.walked(factories.account(cast.pr_division), cast.pr_officer, "with_head")
    told()
    policy_workflow.take(policy, "set", by=cast.pr_head)
    assert (cast.pr_head, "【報告】") not in told()


def test_a_return_carries_every_reason_in_one_message(cast, account, told):
    policy = factories.walked(account, cast.officer, State.REPORTED, head=cast.head)
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
    policy = factories.walked(account, cast.officer, State.REPORTED, head=cast.head)
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
    policy = factories.walked(account, cast.officer, State.REPORTED, head=cast.head)
    cast.officer.is_active = False
    cast.officer.save()
    told()
    policy_workflow.take(policy, "return", by=cast.pr_officer, note="直してください。")
    people = {person for person, _ in told()}
    assert people == {cast.colleague, cast.head}


def test_a_deputys_decision_is_told_to_the_head_for_review(cast, account, told):
    policy = factories.walked(account, cast.officer, State.WITH_HEAD)
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
    policy = factories.walked(account, cast.officer, state, head=cast.head)
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
    factories.walked(account, cast.officer, State.WITH_HEAD, name="観光課\r\nBcc: x@evil.example")
    assert "\n" not in OutgoingMail.objects.get().subject


# --- What is taken away again is told to who was told of it -----------------------------------


@pytest.fixture
def shared(cast, account):
    draft = factories.draft(account, cast.officer, partners=(cast.safety,))
    return policy_workflow.take(draft, "submit", by=cast.officer)


@pytest.mark.parametrize(
    ("step", "head"),
    [("recall", "【引戻し】"), ("withdraw", "【取下げ】")],
)
def test_before_its_answer_the_department_asked_is_told_and_not_the_head(
    cast, shared, told, step, head
):
    told()
    policy_workflow.take(shared, step, by=cast.officer, note="理由")
    assert told() == {(cast.partner_head, head)}


@pytest.mark.parametrize("answer", ["agree", "object"])
def test_after_its_answer_both_are_told_of_a_withdrawal(cast, shared, told, answer):
    consultation_workflow.take(
        Consultation.objects.get(), answer, by=cast.partner_head, note="意見"
    )
    told()
    policy_workflow.take(shared, "withdraw", by=cast.officer, note="理由")
    assert told() == {(cast.partner_head, "【取下げ】"), (cast.head, "【取下げ】")}


def test_who_returned_it_is_told_that_it_does_not_come_back(cast, account, told):
    policy = factories.walked(
        account, cast.officer, State.RETURNED, head=cast.head, receiver=cast.pr_officer
    )
    told()
    policy_workflow.take(policy, "withdraw", by=cast.officer, note="理由")
    assert {person for person, _ in told()} == {
        cast.head, cast.pr_head, cast.pr_officer, cast.pr_second,
    }  # fmt: skip


def test_a_return_tells_the_department_that_its_answer_is_no_longer_needed(cast, shared, told):
    told()
    policy_workflow.take(shared, "return_to_officer", by=cast.head, note="直してください。")
    assert told() == {(cast.officer, "【差戻し】"), (cast.partner_head, "【合議の取りやめ】")}


def test_the_head_of_two_departments_is_asked_for_each(cast, account, told):
    other = factories.department("商工課")
    Membership.objects.create(
        user=cast.partner_head, department=other, role="head", valid_from="2020-01-01"
    )
    draft = factories.draft(account, cast.officer, partners=(cast.safety, other))
    policy_workflow.take(draft, "submit", by=cast.officer)
    bodies = OutgoingMail.objects.filter(recipient=cast.partner_head).values_list("body", flat=True)
    asked = sorted(name for name in ("商工課", "防災課") for b in bodies if f"、{name}と共同" in b)
    assert asked == ["商工課", "防災課"]


def test_a_deputys_answer_is_told_to_his_head_for_review(cast, shared, told):
    deputy = factories.member(cast.safety, "deputy")
    factories.absence(cast.safety, cast.partner_head)
    told()
    consultation_workflow.take(Consultation.objects.get(), "agree_for_head", by=deputy, note="出張")
    assert told() == {(cast.partner_head, "【後閲のお願い】"), (cast.head, "【確認のお願い】")}


# --- Words ------------------------------------------------------------------------------------


def last_to(person):
    return OutgoingMail.objects.filter(recipient=person).latest("pk").body


def test_a_deputys_decision_is_not_called_the_heads(cast, account):
    policy = factories.walked(account, cast.officer, State.WITH_HEAD)
    factories.absence(cast.tourism, cast.head)
    policy_workflow.take(policy, "set_for_head", by=cast.deputy, note="至急")
    for person in (cast.pr_officer, cast.officer):
        assert "観光 補佐さんが代決し" in last_to(person)
        assert "所属の長が" not in last_to(person)


def test_a_later_version_is_not_said_to_make_the_account_official(cast, account):
    factories.walked(
        account, cast.officer, State.IN_FORCE, head=cast.head, receiver=cast.pr_officer
    )
    factories.walked(account, cast.officer, State.REPORTED, head=cast.head)
    assert "公式アカウントになります" not in last_to(cast.officer)
    assert "広報主管課が受理すると、施行されます。" in last_to(cast.officer)


def test_only_an_official_account_is_said_to_be_one(cast, account):
    ours = {"head": cast.head, "receiver": cast.pr_officer}
    said = "公式アカウントとして、市の一覧で公開しています。"
    factories.walked(account, cast.officer, State.IN_FORCE, **ours)
    assert said in last_to(cast.officer)
    account.refresh_from_db()
    account.status = "suspended"
    account.save()
    factories.walked(account, cast.officer, State.IN_FORCE, **ours)
    assert said not in last_to(cast.officer)


def test_a_return_in_words_alone_has_no_empty_list_of_reasons(cast, account):
    policy = factories.walked(account, cast.officer, State.WITH_HEAD)
    policy_workflow.take(policy, "return_to_officer", by=cast.head, note="直してください。")
    assert "差し戻した理由" not in last_to(cast.officer)
    assert "直してください。" in last_to(cast.officer)


def test_who_has_nothing_to_do_is_not_told_to_open_a_page(cast, account):
    shared = factories.draft(account, cast.officer, partners=(cast.safety,))
    shared = policy_workflow.take(shared, "submit", by=cast.officer)
    shared = policy_workflow.take(shared, "return_to_officer", by=cast.head, note="直す")
    policy_workflow.take(shared, "withdraw", by=cast.officer, note="理由")
    other = factories.account(cast.tourism)
    policy = factories.walked(other, cast.officer, State.REPORTED, head=cast.head)
    policy = policy_workflow.take(policy, "recall_report", by=cast.head)
    policy_workflow.take(policy, "recall", by=cast.officer)
    idle = OutgoingMail.objects.filter(body__contains="していただくことはありません")
    assert {mail.subject.split("】")[0] for mail in idle} == {
        "【合議の取りやめ", "【取下げ", "【報告しました", "【報告の引戻し", "【引戻し",
    }  # fmt: skip
    assert [mail.subject for mail in idle if "次のページを開いてください" in mail.body] == []


def test_the_pr_divisions_mails_lead_to_the_admin_and_the_departments_to_the_desk(cast, account):
    policy = factories.walked(account, cast.officer, State.REPORTED, head=cast.head)
    assert f"/admin/policies/operatingpolicy/{policy.pk}/change/" in last_to(cast.pr_officer)
    assert f"/desk/policies/{policy.pk}/" in last_to(cast.officer)

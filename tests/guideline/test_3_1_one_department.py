"""Clause 3(1): one account is one department's; a shared one needs theme and reason, and agreement."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Account
from policies import turns
from policies.consulting import consultation_workflow
from policies.items import BY_KEY
from policies.models import Consultation
from policies.workflow import policy_workflow
from shinshiro_sns.steps import StepNotMet, StepOvertaken
from tests import factories


def test_the_same_account_cannot_be_registered_twice(cast):
    factories.account(cast.tourism, "Example_Kanko")
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.account(cast.safety, "https://mobile.twitter.com/@EXAMPLE_KANKO?lang=ja")
    assert Account.objects.count() == 1


def test_the_services_permanent_id_cannot_be_registered_twice(cast):
    factories.account(cast.tourism, "example_one", service_account_id="12345")
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.account(cast.safety, "example_two", service_account_id="12345")


def test_an_account_that_is_not_shared_has_no_theme(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.account(cast.tourism, shared_theme="催しの案内")


def test_a_shared_account_names_theme_reason_and_departments(cast):
    policy = factories.draft(factories.account(cast.tourism), cast.officer, is_shared=True)
    assert [unmet.sentence for unmet in BY_KEY["shared"].missing(policy)] == [
        "共同で利用する所属を選んでください。",
        "複数の所属に共通するテーマを入力してください。",
        "利用者の便宜のために必要な理由を入力してください。",
    ]
    assert {unmet.clause for unmet in BY_KEY["shared"].missing(policy)} == {"3(1)"}


def test_the_managing_department_is_not_among_those_that_share(cast):
    account = factories.account(cast.tourism)
    policy = factories.draft(account, cast.officer, partners=(cast.tourism, cast.safety))
    assert [unmet.sentence for unmet in BY_KEY["shared"].missing(policy)] == [
        "管理する所属は、共同で利用する所属から外してください。"
    ]


def test_each_sharing_department_is_asked_when_the_policy_is_submitted(cast):
    other = factories.department("商工課")
    factories.member(other, "head")
    account = factories.account(cast.tourism)
    draft = factories.draft(account, cast.officer, partners=(cast.safety, other))
    policy_workflow.take(draft, "submit", by=cast.officer)
    asked = Consultation.objects.values_list("department__name", "state")
    assert sorted(asked) == [("商工課", "asked"), ("防災課", "asked")]


@pytest.fixture
def shared(cast):
    draft = factories.draft(factories.account(cast.tourism), cast.officer, partners=(cast.safety,))
    return policy_workflow.take(draft, "submit", by=cast.officer)


def test_the_head_sets_nothing_before_every_department_has_agreed(cast, shared):
    with pytest.raises(StepNotMet) as refused:
        policy_workflow.take(shared, "set", by=cast.head)
    assert [u.sentence for u in refused.value.reasons] == ["防災課は、合議にまだ回答していません。"]


def test_an_objection_stops_the_head_and_needs_words(cast, shared):
    consultation = Consultation.objects.get()
    with pytest.raises(StepNotMet):
        consultation_workflow.take(consultation, "object", by=cast.partner_head)
    consultation_workflow.take(
        consultation, "object", by=cast.partner_head, note="避難情報は別のアカウントで出します。"
    )
    with pytest.raises(StepNotMet) as refused:
        policy_workflow.take(shared, "set", by=cast.head)
    assert [u.sentence for u in refused.value.reasons] == [
        "防災課は、合議で異議があると回答しています。"
    ]


def test_after_an_objection_the_screen_says_that_it_goes_back(cast, shared):
    consultation_workflow.take(
        Consultation.objects.get(), "object", by=cast.partner_head, note="別に出します。"
    )
    turn = turns.turn(shared)
    assert (turn.who, turn.what) == (
        "観光課の所属の長", "合議で異議があったため、担当者に差し戻して内容を直します。",
    )  # fmt: skip


def test_after_agreement_the_head_sets_it(cast, shared):
    consultation_workflow.take(Consultation.objects.get(), "agree", by=cast.partner_head)
    assert policy_workflow.take(shared, "set", by=cast.head).state == "reported"


def test_a_deputy_agrees_only_in_a_recorded_absence_of_his_head(cast, shared):
    deputy = factories.member(cast.safety, "deputy")
    consultation = Consultation.objects.get()
    with pytest.raises(StepNotMet):
        consultation_workflow.take(consultation, "agree_for_head", by=deputy, note="出張のため")
    factories.absence(cast.safety, cast.partner_head)
    consultation_workflow.take(consultation, "agree_for_head", by=deputy, note="出張のため")
    consultation.refresh_from_db()
    assert (consultation.state, consultation.answered_by) == ("agreed", deputy)


def test_a_resubmission_asks_every_department_anew(cast, shared):
    consultation_workflow.take(Consultation.objects.get(), "agree", by=cast.partner_head)
    returned = policy_workflow.take(
        shared, "return_to_officer", by=cast.head, note="内容を広げてください。"
    )
    again = policy_workflow.take(returned, "submit", by=cast.officer)
    assert list(Consultation.objects.of_round(again).values_list("state", flat=True)) == ["asked"]


def test_an_answer_after_the_policy_went_back_is_refused(cast, shared):
    policy_workflow.take(shared, "return_to_officer", by=cast.head, note="直してください。")
    with pytest.raises(StepOvertaken):
        consultation_workflow.take(Consultation.objects.get(), "agree", by=cast.partner_head)


def test_on_receipt_the_account_shows_theme_and_departments(cast):
    account = factories.account(cast.tourism)
    factories.policy(
        account, cast.officer, "in_force", head=cast.head, receiver=cast.pr_officer,
        partners=(cast.safety,),
    )  # fmt: skip
    account.refresh_from_db()
    assert (account.is_shared, account.shared_theme) == (True, "催しの案内")
    assert list(account.partners.all()) == [cast.safety]

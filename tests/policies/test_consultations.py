"""合議: an answer by 代決 is reviewed by the head; what is taken back is needed no more."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from policies.consulting import consultation_workflow
from policies.history import timeline
from policies.items import BY_KEY
from policies.models import Consultation
from policies.workflow import policy_workflow
from shinshiro_sns.duties import rows_for
from shinshiro_sns.steps import StepOvertaken
from staff.models import Membership, User
from tests import factories

take = consultation_workflow.take


@pytest.fixture
def policy(cast):
    draft = factories.draft(factories.account(cast.tourism), cast.officer, partners=(cast.safety,))
    return policy_workflow.take(draft, "submit", by=cast.officer)


@pytest.fixture
def stand_in(cast):
    factories.absence(cast.safety, cast.partner_head)
    return factories.member(cast.safety, "deputy", "防災 補佐")


@pytest.fixture
def acted_for(policy, stand_in):
    return take(Consultation.objects.get(), "agree_for_head", by=stand_in, note="出張のため")


def test_what_a_deputy_answered_waits_for_the_heads_review(cast, policy, stand_in, acted_for):
    assert (acted_for.for_head, acted_for.absence.person) == (True, cast.partner_head)
    assert list(rows_for(cast.partner_head, "review_answer")) == [acted_for]
    assert [list(rows_for(who, "review_answer")) for who in (stand_in, cast.head)] == [[], []]


def test_the_head_reviews_it_once(cast, acted_for):
    reviewed = take(acted_for, "review", by=cast.partner_head, note="確かめました")
    assert (reviewed.state, reviewed.reviewed_by) == ("agreed", cast.partner_head)
    assert reviewed.in_whose_place == "所属の長の不在により代決、後閲済み"
    assert list(rows_for(cast.partner_head, "review_answer")) == []
    with pytest.raises(StepOvertaken):
        take(acted_for, "review", by=cast.partner_head)


def test_the_review_stands_in_the_timeline(cast, policy, acted_for):
    take(acted_for, "review", by=cast.partner_head, note="確かめました")
    newest = timeline(policy)[0]
    assert (newest.who, newest.what, newest.note, newest.for_whom) == (
        "防災 課長", "合議:防災課が後閲しました", "所見:確かめました", "",
    )  # fmt: skip


def test_what_the_head_answered_himself_needs_no_review(cast, policy):
    answered = take(Consultation.objects.get(), "agree", by=cast.partner_head)
    assert (answered.for_head, answered.absence, answered.in_whose_place) == (False, None, "")
    assert list(rows_for(cast.partner_head, "review_answer")) == []
    with pytest.raises(StepOvertaken):
        take(answered, "review", by=cast.partner_head)


def test_a_deputy_who_became_head_does_not_review_himself(cast, stand_in, acted_for):
    Membership.objects.filter(user=stand_in).update(role="head")
    promoted = User.objects.get(pk=stand_in.pk)
    assert list(rows_for(promoted, "review_answer")) == []
    with pytest.raises(StepOvertaken):
        take(acted_for, "review", by=promoted)


@pytest.mark.parametrize(
    "fields",
    [
        {"for_head": True},
        {"reviewed_by": "head"},
        {"for_head": True, "absence": "absence", "reviewed_by": "deputy"},
    ],
)
def test_the_database_knows_who_may_have_reviewed(cast, policy, stand_in, fields):
    answered = take(Consultation.objects.get(), "agree", by=cast.partner_head)
    rows = Consultation.objects.filter(pk=answered.pk)
    rows.update(answered_by=stand_in)
    named = {
        "head": cast.partner_head, "deputy": stand_in,
        "absence": cast.safety.absences.get(), True: True,
    }  # fmt: skip
    values = {name: named[value] for name, value in fields.items()}
    if "reviewed_by" in values:
        values["reviewed_at"] = answered.answered_at
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**values)


def test_no_review_is_owed_once_the_answer_counts_no_more(cast, policy, acted_for):
    returned = policy_workflow.take(policy, "return_to_officer", by=cast.head, note="直す")
    assert list(rows_for(cast.partner_head, "review_answer")) == [acted_for]
    policy_workflow.take(returned, "submit", by=cast.officer)
    assert list(rows_for(cast.partner_head, "review_answer")) == []
    with pytest.raises(StepOvertaken):
        take(acted_for, "review", by=cast.partner_head)


def test_no_review_is_owed_for_what_was_withdrawn(cast, policy, acted_for):
    policy_workflow.take(policy, "withdraw", by=cast.officer, note="やめる")
    assert list(rows_for(cast.partner_head, "review_answer")) == []


def test_the_page_offers_the_review_and_says_that_it_was_by_proxy(cast, client, policy, acted_for):
    client.force_login(cast.partner_head)
    page = client.get(policy.get_absolute_url()).content.decode()
    assert "防災 補佐さん(所属の長の不在により代決、後閲はまだ)" in page
    address = reverse("policies:consultation_step", args=[acted_for.pk, "review"])
    assert address in page
    assert client.post(address, {"revision": acted_for.revision}).status_code == 302
    acted_for.refresh_from_db()
    assert acted_for.reviewed_by == cast.partner_head


# --- Taken back -----------------------------------------------------------------------------


def test_what_was_asked_before_a_recall_stays_on_record_and_is_needed_no_more(cast, policy):
    recalled = policy_workflow.take(policy, "recall", by=cast.officer)
    asked = Consultation.objects.get()
    assert (asked.is_needed, asked.standing, recalled.round) == (False, "回答不要", 1)
    assert list(rows_for(cast.partner_head, "answer")) == []
    with pytest.raises(StepOvertaken):
        take(asked, "agree", by=cast.partner_head)


def test_an_answer_page_left_open_over_a_recall_says_so(cast, client, policy):
    asked = Consultation.objects.get()
    policy_workflow.take(policy, "recall", by=cast.officer)
    client.force_login(cast.partner_head)
    address = reverse("policies:consultation_step", args=[asked.pk, "agree"])
    assert client.post(address, {"revision": asked.revision}).status_code == 409


def test_after_a_recall_the_same_departments_are_asked_anew(cast, policy):
    recalled = policy_workflow.take(policy, "recall", by=cast.officer)
    again = policy_workflow.take(recalled, "submit", by=cast.officer)
    assert list(Consultation.objects.values_list("round", "state")) == [(1, "asked"), (2, "asked")]
    assert [row.round for row in rows_for(cast.partner_head, "answer")] == [again.round] == [2]
    assert not again.is_resubmission


# --- Departments of today -------------------------------------------------------------------


def test_a_department_that_is_no_more_cannot_share(cast):
    gone = factories.department("旧支所", valid_until="2020-03-31")
    coming = factories.department("新支所", valid_from="2100-04-01")
    account = factories.account(cast.tourism)
    draft = factories.draft(account, cast.officer, partners=(cast.safety, gone, coming))
    assert [unmet.sentence for unmet in BY_KEY["shared"].missing(draft)] == [
        "旧支所、新支所は、今は存在しない所属です。共同で利用する所属から外してください。"
    ]

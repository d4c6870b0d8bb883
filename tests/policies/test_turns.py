"""Whose turn it is: the officers first, every department that is asked, and always the same queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from policies import turns
from policies.consulting import consultation_workflow
from policies.models import Consultation, OperatingPolicy
from policies.places import case, workplace
from policies.workflow import policy_workflow
from shinshiro_sns.duties import rows_for
from staff.models import Membership
from tests import factories

State = OperatingPolicy.State


@pytest.fixture
def account(cast):
    return factories.account(cast.tourism)


def without_officers(department):
    Membership.objects.filter(department=department, role="officer").delete()


def people(policy):
    return set(turns.turn(policy).people)


@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED])
def test_what_is_to_be_written_is_the_officers(cast, account, state):
    policy = factories.policy(account, cast.officer, state, head=cast.head, receiver=cast.pr_head)
    assert people(policy) == {cast.officer, cast.colleague}


def test_head_and_deputy_write_where_there_is_no_officer(cast, account):
    policy = factories.policy(account, cast.officer)
    without_officers(cast.tourism)
    assert people(policy) == {cast.head, cast.deputy}
    for person in (cast.head, cast.deputy):
        assert list(rows_for(person, "finish")) == [policy]


def test_an_officer_who_audits_or_left_is_none(cast, account):
    policy = factories.policy(account, cast.officer)
    cast.officer.is_active = False
    cast.officer.save()
    cast.colleague.is_auditor = True
    cast.colleague.save()
    assert people(policy) == {cast.head, cast.deputy}
    assert list(rows_for(cast.head, "finish")) == [policy]


def test_a_head_who_began_it_himself_keeps_it_on_his_desk(cast, account):
    policy = factories.policy(account, cast.head)
    assert people(policy) == {cast.officer, cast.colleague, cast.head}
    assert list(rows_for(cast.head, "finish")) == [policy]
    assert list(rows_for(cast.deputy, "finish")) == []


def test_an_account_without_a_policy_is_the_heads_where_there_is_no_officer(cast, account):
    assert list(rows_for(cast.head, "draft")) == []
    without_officers(cast.tourism)
    assert list(rows_for(cast.head, "draft")) == [account]


def submitted(cast, account, departments):
    draft = factories.draft(account, cast.officer, partners=departments)
    return policy_workflow.take(draft, "submit", by=cast.officer)


def test_every_department_asked_has_the_turn_and_who_has_no_head_is_named(cast, account):
    lonely = factories.department("支所")
    turn = turns.turn(submitted(cast, account, (cast.safety, lonely)))
    assert (turn.who, turn.people) == ("防災課の所属の長、支所の所属の長", [cast.partner_head])
    assert turn.dead_end.startswith("支所に所属の長がいないため")


def test_in_an_absence_the_deputy_of_that_department_has_it_too(cast, account):
    other = factories.department("商工課")
    head, deputy = factories.member(other, "head"), factories.member(other, "deputy")
    stand_in = factories.member(cast.safety, "deputy")
    policy = submitted(cast, account, (cast.safety, other))
    assert people(policy) == {cast.partner_head, head}
    factories.absence(cast.safety, cast.partner_head)
    assert people(policy) == {cast.partner_head, stand_in, head}
    assert deputy not in people(policy)


def test_a_turn_takes_as_many_queries_for_six_departments_as_for_one(cast, account):
    counts = []
    for number in (1, 6):
        departments = [factories.department() for _ in range(number)]
        for department in departments:
            factories.member(department, "head")
        policy = submitted(cast, factories.account(cast.tourism), departments)
        with CaptureQueriesContext(connection) as captured:
            assert len(turns.turn(policy).people) == number
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("page", ["policies:policy", "admin:policies_operatingpolicy_change"])
def test_a_page_takes_as_many_queries_for_six_departments_as_for_one(cast, client, page):
    client.force_login(cast.pr_officer)
    counts = []
    for number in (1, 1, 6):
        departments = [factories.department() for _ in range(number)]
        for department in departments:
            factories.member(department, "head")
        policy = submitted(cast, factories.account(cast.tourism), departments)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(page, args=[policy.pk])).status_code == 200
        counts.append(len(captured))
    assert counts[1] == counts[2]


def test_after_receipt_nobody_is_promised_what_is_so_already(cast, account):
    policy = factories.policy(account, cast.officer, State.REPORTED, head=cast.head)
    assert turns.turn(policy).then == "受理すると施行されます。"


# --- Where a person works -------------------------------------------------------------------


def test_a_department_works_on_its_desk_and_the_pr_division_in_the_admin(cast, account):
    policy = factories.policy(account, cast.officer, State.REPORTED, head=cast.head)
    for person in (cast.officer, cast.head, cast.deputy, cast.administrator):
        assert workplace(person, policy) == policy.get_absolute_url()
    for person in (cast.pr_head, cast.pr_officer):
        assert workplace(person, policy) == case(policy)


def test_the_pr_division_writes_its_own_at_the_desk_and_receives_it_in_the_admin(cast):
    own = factories.account(cast.pr_division)
    draft = factories.draft(own, cast.pr_officer)
    assert workplace(cast.pr_head, draft) == draft.get_absolute_url()
    with_head = policy_workflow.take(draft, "submit", by=cast.pr_officer)
    assert workplace(cast.pr_head, with_head) == draft.get_absolute_url()
    reported = policy_workflow.take(with_head, "set", by=cast.pr_head)
    assert workplace(cast.pr_head, reported) == draft.get_absolute_url()
    assert workplace(cast.pr_second, reported) == case(draft)


def test_the_pr_division_answers_as_a_sharing_department_at_the_desk(cast, account):
    policy = submitted(cast, account, (cast.pr_division,))
    assert workplace(cast.pr_head, policy) == policy.get_absolute_url()
    consultation_workflow.take(Consultation.objects.get(), "agree", by=cast.pr_head)
    reported = policy_workflow.take(policy, "set", by=cast.head)
    assert workplace(cast.pr_head, reported) == case(policy)

"""The desk shows each person what is his to do, and nothing else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Account
from policies.duties import DUTIES
from policies.models import OperatingPolicy
from policies.workflow import policy_workflow
from shinshiro_sns.duties import piles
from tests import factories

State = OperatingPolicy.State
OF_POLICIES = {duty.name for duty in DUTIES}


def to_do(person):
    """What policies leave to the person; what their accounts do besides is tested beside those."""
    return {
        pile.duty.name: [task.label for task in pile.tasks]
        for pile in piles(person)
        if pile.duty.name in OF_POLICIES
    }


@pytest.fixture
def account(cast):
    return factories.account(cast.tourism)


def test_an_account_without_a_policy_is_the_officers(cast, account):
    assert list(to_do(cast.officer)) == ["draft"]
    assert to_do(cast.head) == to_do(cast.deputy) == {}
    assert to_do(cast.partner_officer) == to_do(cast.pr_officer) == to_do(cast.auditor) == {}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.DRAFT, {"officer": ["finish"], "head": [], "deputy": [], "pr_officer": []}),
        (State.WITH_HEAD, {"officer": [], "head": ["set"], "deputy": [], "pr_officer": []}),
        (State.REPORTED, {"officer": [], "head": [], "pr_officer": ["receive"]}),
        (State.RETURNED, {"officer": ["mend"], "head": [], "deputy": [], "pr_officer": []}),
        (State.IN_FORCE, {"officer": [], "head": [], "pr_officer": []}),
        (State.WITHDRAWN, {"officer": [], "head": [], "pr_officer": []}),
    ],
)
def test_whose_turn_it_is_follows_the_state(cast, account, state, expected):
    factories.policy(account, cast.officer, state, head=cast.head, receiver=cast.pr_officer)
    assert {who: list(to_do(getattr(cast, who))) for who in expected} == expected


def test_while_a_department_is_asked_the_head_waits(cast, account):
    draft = factories.draft(account, cast.officer, partners=(cast.safety,))
    policy_workflow.take(draft, "submit", by=cast.officer)
    assert to_do(cast.head) == {}
    assert list(to_do(cast.partner_head)) == ["answer"]
    assert to_do(cast.partner_officer) == {}


def test_in_an_absence_the_deputy_has_it_too_and_the_head_reviews_afterwards(cast, account):
    policy = factories.policy(account, cast.officer, State.WITH_HEAD)
    factories.absence(cast.tourism, cast.head)
    assert list(to_do(cast.deputy)) == ["set_for_head"]
    policy_workflow.take(policy, "set_for_head", by=cast.deputy, note="至急")
    assert to_do(cast.deputy) == {}
    assert list(to_do(cast.head)) == ["review"]


def test_a_report_someone_took_on_leaves_the_others_desks(cast, account):
    policy = factories.policy(account, cast.officer, State.REPORTED, head=cast.head)
    policy_workflow.take(policy, "assign", by=cast.pr_officer)
    assert list(to_do(cast.pr_officer)) == ["receive"]
    assert to_do(cast.pr_second) == {}
    policy_workflow.take(policy, "unassign", by=cast.pr_second)
    assert list(to_do(cast.pr_second)) == ["receive"]


def queries(client, url):
    """How often a page asks the database once it has been opened before."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("page", ["desk", "policies:accounts"])
def test_a_page_asks_the_database_as_often_for_three_accounts_as_for_one(cast, client, page):
    client.force_login(cast.officer)
    factories.draft(factories.account(cast.tourism), cast.officer)
    of_one = queries(client, reverse(page))
    for _ in range(2):
        factories.draft(factories.account(cast.tourism), cast.officer)
    assert queries(client, reverse(page)) == of_one


def shared(cast, state, number):
    """A filing in `state` that `number` departments share, each with two heads."""
    partners = []
    for _ in range(number):
        partners.append(factories.department())
        for _ in range(2):
            factories.member(partners[-1], "head")
    draft = factories.draft(factories.account(cast.tourism), cast.officer, partners=partners)
    return policy_workflow.take(draft, "submit", by=cast.officer) if state != draft.state else draft


@pytest.mark.parametrize("who", ["officer", "head"])
@pytest.mark.parametrize("state", [State.DRAFT, State.WITH_HEAD])
def test_a_filing_asks_the_database_as_often_for_five_partners_as_for_two(cast, client, state, who):
    client.force_login(getattr(cast, who))
    of_two = queries(client, shared(cast, state, 2).get_absolute_url())
    assert queries(client, shared(cast, state, 5).get_absolute_url()) == of_two


@pytest.mark.parametrize("who", ["officer", "head"])
def test_an_account_asks_the_database_as_often_for_five_versions_as_for_two(
    cast, client, account, who
):
    def received(versions):
        for _ in range(versions):
            factories.policy(
                account, cast.officer, State.IN_FORCE, head=cast.head, receiver=cast.pr_officer
            )

    client.force_login(getattr(cast, who))
    received(2)
    url = reverse("policies:account", args=[account.pk])
    of_two = queries(client, url)
    received(3)
    assert queries(client, url) == of_two


def test_an_account_says_what_is_open_on_it_and_whose_it_is_to_each_who_may_see_it(
    cast, client, account
):
    factories.policy(account, cast.officer, State.WITH_HEAD, partners=(cast.safety,))
    Account.objects.filter(pk=account.pk).update(status="official", official_since="2020-04-01")
    account.partners.add(cast.safety)
    url = reverse("policies:account", args=[account.pk])

    def seen_by(person):
        client.force_login(person)
        page = client.get(url)
        found = {row.task.duty.name: row.people for row in page.context["open_tasks"]}
        return page.content.decode(), found, {line.area.title for line in page.context["areas"]}

    text, found, ledgers = seen_by(cast.officer)
    assert found["set"] == [cast.head]
    assert set(found["password"]) == {cast.officer, cast.colleague}
    assert "観光 課長さん" in text
    assert "変更して記録する" in text
    assert "パスワードとログイン手段" in ledgers
    text, found, ledgers = seen_by(cast.head)
    assert set(found) >= {"set", "password"}
    assert "変更して記録する" not in text
    text, found, ledgers = seen_by(cast.partner_officer)
    assert "password" not in found
    assert found["set"] == [cast.head]
    assert "パスワードとログイン手段" not in ledgers


def test_an_account_asks_the_database_as_often_for_three_ledger_rows_as_for_one(
    cast, client, account
):
    client.force_login(cast.officer)
    Account.objects.filter(pk=account.pk).update(status="official", official_since="2020-04-01")
    url = reverse("policies:account", args=[account.pk])

    def grow():
        factories.link_check(account, "missing", checked_by=cast.officer)
        factories.password_change(account, cast.officer)

    grow()
    of_one = queries(client, url)
    grow()
    grow()
    assert queries(client, url) == of_one


def test_who_has_no_department_is_told_whom_to_ask(cast, client):
    client.force_login(cast.stranger)
    page = client.get(reverse("desk")).content.decode()
    assert "システム管理者に、所属への登録を頼んでください。" in page


def test_auditors_and_administrators_go_on_to_the_admin(cast, client):
    for person in (cast.auditor, cast.administrator):
        client.force_login(person)
        assert client.get(reverse("desk")).headers["Location"] == "/admin/"

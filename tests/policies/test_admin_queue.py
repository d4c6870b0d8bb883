"""The PR division's queue: who may see it, what stands in it and in which order, at what price."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from policies.models import OperatingPolicy
from policies.workflow import policy_workflow
from tests import factories

QUEUE = reverse("admin:policies_operatingpolicy_changelist")
take = policy_workflow.take


def reported(cast, handle="", waiting_days=0, by=None, **fields):
    account = factories.account(cast.tourism, handle, **fields)
    policy = factories.policy(account, by or cast.officer, "reported", head=cast.head)
    since = timezone.now() - datetime.timedelta(days=waiting_days)
    OperatingPolicy.objects.filter(pk=policy.pk).update(state_since=since)
    policy.refresh_from_db()
    return policy


@pytest.fixture
def queue(client, cast):
    def queue(person=None, **query):
        client.force_login(person or cast.pr_officer)
        response = client.get(QUEUE, query)
        assert response.status_code == 200
        return response

    return queue


def rows(response):
    return list(response.context["cl"].result_list)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("pr_officer", 200), ("pr_head", 200), ("auditor", 200), ("administrator", 200),
        ("officer", 302), ("head", 302), ("deputy", 302), ("partner_head", 302), ("stranger", 302),
    ],
)  # fmt: skip
def test_the_queue_is_open_to_the_pr_division_auditors_and_administrators(
    client, cast, who, status
):
    client.force_login(getattr(cast, who))
    assert client.get(QUEUE).status_code == status


def test_the_longest_waiting_report_stands_first(cast, queue):
    new, old, middle = (reported(cast, waiting_days=days) for days in (1, 9, 4))
    assert rows(queue()) == [old, middle, new]


def test_the_first_tab_holds_what_waits_for_receipt_and_nothing_else(cast, queue):
    waiting = reported(cast)
    for state in ("draft", "with_head", "returned", "in_force", "withdrawn"):
        factories.policy(
            factories.account(cast.tourism), cast.officer, state,
            head=cast.head, receiver=cast.pr_officer,
        )  # fmt: skip
    assert rows(queue()) == [waiting]
    assert rows(queue(list="no-such-tab")) == [waiting]
    assert len(rows(queue(list="all"))) == 6
    assert [policy.state for policy in rows(queue(list="in_force"))] == ["in_force"]


def test_unassigned_and_one_s_own_are_told_apart(cast, queue):
    free, mine, another = reported(cast), reported(cast), reported(cast)
    take(mine, "assign", by=cast.pr_officer)
    take(another, "assign", by=cast.pr_second)
    assert rows(queue(list="unassigned")) == [free]
    assert rows(queue(list="mine")) == [mine]
    counts = {tab["label"]: tab["count"] for tab in queue().context["tabs"]}
    assert counts == {
        "受理待ち": 3, "未割当": 1, "自分の担当": 1,
        "差し戻したもの": 0, "施行中": None, "すべて": None,
    }  # fmt: skip


def test_what_the_head_sent_back_is_not_counted_among_the_division_s_returns(cast, queue):
    ours = reported(cast)
    take(ours, "return", by=cast.pr_officer, note="直してください")
    heads = factories.policy(factories.account(cast.tourism), cast.officer, "with_head")
    take(heads, "return_to_officer", by=cast.head, note="直してください")
    assert rows(queue(list="returned")) == [ours]
    # Sent in again, and this time back from the head alone.
    take(ours, "submit", by=cast.officer)
    take(ours, "return_to_officer", by=cast.head, note="もう一度")
    assert rows(queue(list="returned")) == []


def test_resubmissions_deputies_decisions_and_one_s_own_reports_are_marked(cast, queue):
    again = reported(cast)
    take(again, "return", by=cast.pr_officer, note="直してください")
    take(again, "submit", by=cast.officer)
    take(again, "set", by=cast.head)
    html = queue().content.decode()
    assert ("再提出" in html, "代決" in html, "自分の報告" in html) == (True, False, False)

    factories.absence(cast.tourism, cast.head)
    for_head = factories.policy(factories.account(cast.tourism), cast.officer, "with_head")
    take(for_head, "set_for_head", by=cast.deputy, note="急ぐため")
    assert "代決" in queue().content.decode()

    own = factories.policy(factories.account(cast.pr_division), cast.pr_officer, "with_head")
    take(own, "set", by=cast.pr_head)
    assert "自分の報告" in queue(cast.pr_head).content.decode()
    assert "自分の報告" not in queue(cast.pr_officer).content.decode()


def test_a_row_shows_account_department_service_since_when_and_who_has_it(cast, queue):
    policy = reported(cast, "example_kanko", 12, service="instagram", name="新城市の催し")
    take(policy, "assign", by=cast.pr_second)
    html = queue().content.decode()
    shown = ("新城市の催し", "観光課", "Instagram", "12日前から", "広報 同僚")
    assert [text for text in shown if f">{text}<" not in html] == []


@pytest.mark.parametrize("term", ["EXAMPLE_kanko", "かんこうか 春", "ハル祭り", "新しい名"])
def test_search_finds_by_handle_department_kana_and_the_new_name(cast, queue, term):
    found = reported(cast, "example_kanko", name="春まつり ハル祭り")
    OperatingPolicy.objects.filter(pk=found.pk).update(name="新しい名")
    reported(cast, "another", name="図書館だより")
    assert rows(queue(q=term)) == [found]


def test_filters_narrow_and_what_they_do_not_know_narrows_nothing(cast, queue):
    on_x = reported(cast)
    on_instagram = reported(cast, service="instagram")
    assert rows(queue(service="instagram")) == [on_instagram]
    assert rows(queue(department=cast.tourism.pk)) == [on_x, on_instagram]
    assert rows(queue(department=cast.safety.pk)) == []
    for bad in ("abc", "99999999999999999999", "\0"):
        assert rows(queue(department=bad, service=bad)) == [on_x, on_instagram]


def test_an_empty_tab_says_so(queue):
    assert "担当している報告はありません。" in queue(list="mine").content.decode()
    assert "条件に合うものはありません。" in queue(list="mine", q="x").content.decode()


def test_auditors_and_administrators_read_without_a_button_to_act(cast, queue):
    reported(cast)
    for person in (cast.auditor, cast.administrator):
        html = queue(person).content.decode()
        assert "_selected_action" not in html
        assert "formaction" not in html
        assert "自分の担当" not in html


@pytest.mark.parametrize("tab", ["waiting", "returned", "in_force", "all"])
def test_three_rows_take_as_many_queries_as_one(cast, client, tab):
    state = {"returned": "returned", "in_force": "in_force"}.get(tab, "reported")

    def count():
        client.force_login(cast.pr_officer)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(QUEUE, {"list": tab}).status_code == 200
        return len(queries)

    def one_more(department):
        head = factories.member(department, "head")
        officer = factories.member(department)
        factories.policy(
            factories.account(department), officer, state, head=head, receiver=cast.pr_officer
        )

    one_more(factories.department())
    count()
    one = count()
    one_more(factories.department())
    one_more(factories.department())
    assert count() == one

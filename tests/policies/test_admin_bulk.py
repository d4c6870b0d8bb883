"""A step on several reports at once: confirmed with a count, taken one by one, told one by one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from policies.admin_bulk import FORBIDDEN, LIMIT, take_each
from policies.models import OperatingPolicy, PolicyReturn
from policies.workflow import policy_workflow
from shinshiro_sns.models import OutgoingMail
from tests import factories

take = policy_workflow.take
STEPS = ("assign", "unassign", "receive", "return")


def act(step):
    return reverse("admin:policies_operatingpolicy_act", args=[step])


def chosen(*policies, **more):
    return {"_selected_action": [policy.pk for policy in policies], **more}


def confirmed(response, **more):
    """What the confirmation page would send."""
    rows = [f"{policy.pk}:{policy.revision}" for policy in response.context["rows"]]
    return {"row": rows, "back": response.context["back"], **more}


@pytest.fixture
def reports(cast):
    return [
        factories.policy(factories.account(cast.tourism), cast.officer, "reported", head=cast.head)
        for _ in range(3)
    ]


@pytest.fixture
def desk(client, cast):
    client.force_login(cast.pr_officer)
    return client


def states():
    return [policy.state for policy in OperatingPolicy.objects.order_by("pk")]


def test_choosing_rows_changes_nothing_but_asks_first_with_count_and_list(desk, reports):
    response = desk.post(act("receive"), chosen(*reports, back="list=unassigned"))
    html = response.content.decode()
    assert response.context["rows"] == reports
    assert "3件を受理する" in html
    assert [policy for policy in reports if str(policy) not in html] == []
    assert "?list=unassigned" in html
    assert states() == ["reported"] * 3


def test_each_confirmed_row_is_received(desk, cast, reports):
    response = desk.post(act("receive"), confirmed(desk.post(act("receive"), chosen(*reports))))
    assert states() == ["in_force"] * 3
    assert [outcome.policy for outcome in response.context["done"]] == reports
    assert response.context["refused"] == []
    assert set(OperatingPolicy.objects.values_list("received_by", flat=True)) == {
        cast.pr_officer.pk
    }


def test_a_row_overtaken_meanwhile_is_named_with_the_reason_and_stops_no_other(desk, cast, reports):
    asked = desk.post(act("receive"), chosen(*reports))
    take(reports[1], "return", by=cast.pr_second, note="直してください")
    take(reports[2], "assign", by=cast.pr_second)
    response = desk.post(act("receive"), confirmed(asked))
    assert states() == ["in_force", "returned", "reported"]
    assert [outcome.policy for outcome in response.context["done"]] == reports[:1]
    told = [
        (outcome.policy, [reason.sentence for reason in outcome.reasons])
        for outcome in response.context["refused"]
    ]
    assert told == [
        (reports[1], ["すでに「差戻し」になっているため、「受理する」はできません。"]),
        (
            reports[2],
            [
                "画面を開いた後に内容が変わりました。今の内容を確かめてから、もう一度行ってください。"
            ],
        ),
    ]
    assert "2件は処理できず、そのままです。" in response.content.decode()


def test_one_s_own_report_is_left_out_with_the_clause(client, cast, reports):
    own = factories.policy(factories.account(cast.pr_division), cast.pr_officer, "with_head")
    own = take(own, "set", by=cast.pr_head)
    client.force_login(cast.pr_head)
    asked = client.post(act("receive"), chosen(reports[0], own))
    response = client.post(act("receive"), confirmed(asked))
    assert [outcome.policy for outcome in response.context["done"]] == [reports[0]]
    [refused] = response.context["refused"]
    assert (refused.policy, refused.reasons[0].clause) == (own, "3(2)")


def test_a_return_gives_all_its_reasons_and_words_to_every_row(desk, cast, reports):
    asked = desk.post(act("return"), chosen(*reports))
    OutgoingMail.objects.all().delete()
    desk.post(
        act("return"), confirmed(asked, reasons=["purpose", "hours"], note="まとめて直してください")
    )
    assert states() == ["returned"] * 3
    assert [(row.reasons, row.words) for row in PolicyReturn.objects.all()] == [
        (["purpose", "hours"], "まとめて直してください")
    ] * 3
    # Officer and head are told of each report once, whatever the number of reasons.
    told = OutgoingMail.objects.values_list("address", flat=True)
    assert sorted(told) == sorted([cast.officer.email, cast.head.email] * 3)


@pytest.mark.parametrize("said", [{}, {"note": "  "}, {"reasons": ["no-such-reason"]}])
def test_a_return_without_reason_or_words_is_asked_again(desk, reports, said):
    asked = desk.post(act("return"), chosen(*reports))
    response = desk.post(act("return"), confirmed(asked, **said))
    assert response.status_code == 422
    assert response.context["rows"] == reports
    assert "<title>エラー:" in response.content.decode()
    assert states() == ["reported"] * 3


def test_taking_on_and_giving_back_several(desk, cast, reports):
    for step, assignee in (("assign", cast.pr_officer), ("unassign", None)):
        desk.post(act(step), confirmed(desk.post(act(step), chosen(*reports))))
        assert {policy.assignee for policy in OperatingPolicy.objects.all()} == {assignee}


def test_pressing_twice_takes_each_row_once(desk, reports):
    asked = desk.post(act("assign"), chosen(*reports))
    desk.post(act("assign"), confirmed(asked))
    again = desk.post(act("assign"), confirmed(asked))
    assert again.context["done"] == []
    assert len(again.context["refused"]) == 3
    assert OperatingPolicy.history.filter(step="assign").count() == 3


def test_who_lost_the_right_meanwhile_is_told_so_row_by_row(cast, reports):
    step = policy_workflow.steps["assign"]
    outcomes = take_each(step, reports, cast.auditor)
    assert [(outcome.done, outcome.reasons) for outcome in outcomes] == [(False, [FORBIDDEN])] * 3


def test_without_a_row_the_list_says_what_to_do(desk):
    response = desk.post(act("receive"), {"back": "list=mine"}, follow=True)
    assert response.redirect_chain[0][0].endswith("?list=mine")
    assert "対象を一覧で選んでから、もう一度押してください。" in response.content.decode()


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("auditor", 403), ("administrator", 403),
        ("officer", 302), ("head", 302), ("partner_head", 302), ("stranger", 302),
    ],
)  # fmt: skip
def test_only_the_pr_division_acts_on_several(client, cast, reports, who, status, step):
    client.force_login(getattr(cast, who))
    rows = {"row": [f"{policy.pk}:{policy.revision}" for policy in reports], "note": "x"}
    for data in (rows, chosen(*reports)):
        assert client.post(act(step), data).status_code == status
    assert states() == ["reported"] * 3
    assert OperatingPolicy.objects.filter(assignee__isnull=False).count() == 0


def test_a_step_on_several_is_only_posted(desk):
    assert [desk.get(act(step)).status_code for step in STEPS] == [405] * 4


@pytest.mark.parametrize("step", ["withdraw", "set", "supersede", "nothing"])
def test_no_other_step_is_taken_on_several(desk, reports, step):
    assert desk.post(act(step), chosen(*reports)).status_code == 404


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"row": ["1"]}, 400),
        ({"row": ["x:1"]}, 400),
        ({"row": [":"]}, 400),
        ({"row": ["99999999999999999999999:1"]}, 400),
        ({"row": ["999999:1"]}, 404),
        ({"_selected_action": ["x"]}, 400),
        ({"_selected_action": ["²"]}, 400),
        ({"_selected_action": ["7", "7"]}, 400),
        ({"_selected_action": ["999999"]}, 404),
        ({"_selected_action": [str(number) for number in range(LIMIT + 1)]}, 400),
    ],
)
def test_a_list_that_is_not_ours_is_refused(desk, reports, data, status):
    assert desk.post(act("receive"), data).status_code == status
    assert states() == ["reported"] * 3


def test_the_way_back_stays_on_the_list(desk, reports):
    response = desk.post(act("assign"), chosen(*reports, back="//evil.example/?x=1&list=mine"))
    assert response.context["list_url"].startswith(
        reverse("admin:policies_operatingpolicy_changelist") + "?"
    )


def test_asking_for_three_rows_takes_as_many_queries_as_for_one(desk, reports):
    def count(*policies):
        with CaptureQueriesContext(connection) as queries:
            desk.post(act("return"), chosen(*policies))
        return len(queries)

    count(reports[0])
    assert count(*reports) == count(reports[0])

"""開設届・変更届: the filing as a paper, 3(2) and 3(3)."""

import pytest
from django.urls import reverse

from policies import items, summary
from policies.workflow import policy_workflow
from tests import factories
from tests.papers import Paper

pytestmark = pytest.mark.once


def paper(client, person, policy):
    client.force_login(person)
    answer = client.get(reverse("policies:filing_paper", args=[policy.pk]))
    assert answer.status_code == 200
    return Paper(answer.content)


def said(text):
    return "".join(text.split())


@pytest.fixture
def reported(cast):
    policy = factories.draft(factories.account(cast.tourism), cast.officer)
    policy = policy_workflow.take(policy, "submit", by=cast.officer)
    return policy_workflow.take(policy, "set", by=cast.head)


def test_the_first_filing_is_an_opening_with_all_five_items(client, cast, reported):
    read = paper(client, cast.officer, reported)
    assert read.title == f"開設届 {reported.account.title}"
    for part in summary.parts(reported):
        assert said(part.section.title) in read.text
        for row in part.rows:
            assert said(row.label) + said(row.value or row.missing) in read.text
    assert len(items.SECTIONS) == len(summary.parts(reported))


def test_it_names_who_set_it_and_to_whom_and_says_that_it_is_not_received_yet(
    client, cast, reported
):
    read = paper(client, cast.officer, reported)
    assert f"{cast.pr_division.name}御中" in read.text
    assert said(f"決定者 {cast.head.name}") in read.text
    assert "この届は「報告済」のものです。" in read.text


def test_one_received_carries_no_mark_and_the_way_it_took(client, cast, reported):
    received = policy_workflow.take(reported, "receive", by=cast.pr_officer)
    read = paper(client, cast.officer, received)
    assert "この届は" not in read.text
    way = [said(cast.officer.name), said(cast.head.name), said(cast.pr_officer.name)]
    told = read.text.split("手続きの経過")[1]
    assert sorted(way, key=told.rindex) == way


def test_the_next_version_is_a_change_and_shows_what_changes(client, cast, reported):
    policy_workflow.take(reported, "receive", by=cast.pr_officer)
    following = factories.draft(reported.account, cast.officer, version=2, purpose="観光を案内する")
    read = paper(client, cast.officer, following)
    assert read.title == f"変更届 {reported.account.title}"
    changed = [d for d in summary.differences(reported, following) if d.field == "purpose"]
    [purpose] = changed
    assert said(purpose.label + purpose.before + purpose.after) in read.text


def test_a_draft_says_so_and_what_is_missing(client, cast):
    draft = factories.draft(factories.account(cast.tourism), cast.officer, purpose="")
    read = paper(client, cast.officer, draft)
    assert "(決定前)" in read.text
    assert "この届は「作成中」のものです。" in read.text
    assert "情報発信の目的未入力" in read.text


def test_what_was_typed_is_text(client, cast):
    draft = factories.draft(
        factories.account(cast.tourism), cast.officer, purpose="<script>alert(1)</script>"
    )
    assert "<script>alert(1)</script>" in paper(client, cast.officer, draft).text

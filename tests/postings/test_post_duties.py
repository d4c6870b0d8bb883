"""Who is told of a post, and on whose desk it stands until it is done."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from postings.workflow import post_workflow
from shinshiro_sns.duties import called, open_on, piles
from shinshiro_sns.models import OutgoingMail
from staff.models import Membership
from tests.postings import making
from tests.postings.conftest import OPEN

DAY = datetime.timedelta(days=1)
NAMES = ("approve_post", "mend_post", "record_post")


def on_the_desk(person):
    return [(pile.duty.name, pile.count) for pile in piles(person) if pile.duty.name in NAMES]


def told():
    """Who was told what, since it was last asked."""
    found = sorted(
        (mail.key.split()[0], mail.recipient.name) for mail in OutgoingMail.objects.all()
    )
    OutgoingMail.objects.all().delete()
    return found


def test_what_waits_for_approval_stands_on_the_desk_of_all_who_may_but_its_author(approving, cast):
    making.post(approving, cast.officer, "awaiting")

    assert {
        person.name: on_the_desk(person)
        for person in (cast.officer, cast.colleague, cast.head, cast.deputy, cast.partner_head)
    } == {
        cast.officer.name: [],
        cast.colleague.name: [("approve_post", 1)],
        cast.head.name: [("approve_post", 1)],
        cast.deputy.name: [("approve_post", 1)],
        cast.partner_head.name: [],
    }


@pytest.mark.parametrize("state", ["checked", "approved"])
def test_what_may_go_out_stands_on_its_authors_desk_until_it_is_recorded(account, cast, state):
    if state == "approved":
        account.policies.update(post_approval=True)
    post = making.post(account, cast.officer, state, approver=cast.head)
    assert [on_the_desk(person) for person in (cast.officer, cast.colleague, cast.head)] == [
        [("record_post", 1)], [], [],
    ]  # fmt: skip

    post_workflow.take(post, "post", by=cast.officer, **making.sent(account))

    assert on_the_desk(cast.officer) == []


def test_what_was_sent_back_stands_on_its_authors_desk(approving, cast):
    making.post(approving, cast.officer, "returned", approver=cast.head)

    assert on_the_desk(cast.officer) == [("mend_post", 1)]
    assert on_the_desk(cast.head) == []


@pytest.mark.parametrize("leaves", ["left", "moved"])
def test_where_its_author_has_gone_the_officers_take_it_up(account, cast, leaves):
    making.post(account, cast.officer, "checked")
    if leaves == "left":
        cast.officer.is_active = False
        cast.officer.save()
    else:
        Membership.objects.filter(user=cast.officer).update(department=cast.safety)

    assert [on_the_desk(person) for person in (cast.colleague, cast.head)] == [
        [("record_post", 1)], [],
    ]  # fmt: skip
    [task] = [row for row in open_on(account.pk) if row.task.duty.name == "record_post"]
    assert list(task.people) == [cast.colleague]


@pytest.mark.parametrize("name", NAMES)
def test_both_ends_of_a_duty_say_the_same(approving, cast, name):
    state = {"approve_post": "awaiting", "mend_post": "returned", "record_post": "approved"}[name]
    making.post(approving, cast.officer, state, approver=cast.head)
    duty = called(name)
    [row] = duty.rows(timezone.localdate())

    acting = duty.who.people([cast.tourism.pk])(row, cast.tourism.pk)

    everybody = (cast.officer, cast.colleague, cast.head, cast.deputy, cast.pr_officer)
    assert {person for person in everybody if (name, 1) in on_the_desk(person)} == set(acting)


@pytest.mark.parametrize(("days", "late"), [(0, 0), (1, 0), (2, 1)])
def test_a_post_may_wait_until_the_next_day(account, cast, clock, days, late):
    post = making.post(account, cast.officer, "checked")
    clock.move_to(OPEN + days * DAY)
    duty, today = called("record_post"), timezone.localdate()

    assert duty.count_overdue(duty.rows(today), today) == late
    assert (duty.deadline(post) < today) is bool(late)


def test_each_step_tells_whose_turn_it_is_and_nobody_who_took_it(approving, cast):
    post = making.post(approving, cast.officer)
    others = [cast.colleague.name, cast.head.name, cast.deputy.name]
    OutgoingMail.objects.all().delete()

    post = post_workflow.take(post, "ask", by=cast.officer)
    assert told() == sorted(("postings/approval_asked", name) for name in others)
    post = post_workflow.take(post, "recall", by=cast.officer)
    assert told() == sorted(("postings/approval_recalled", name) for name in others)
    post = post_workflow.take(post, "ask", by=cast.officer)
    told()
    post = post_workflow.take(post, "return", by=cast.head, note="場所も書く")
    assert told() == [("postings/returned", cast.officer.name)]
    post = post_workflow.take(post, "ask", by=cast.officer)
    told()
    post = post_workflow.take(post, "approve", by=cast.head)
    assert told() == [("postings/approved", cast.officer.name)]
    post_workflow.take(post, "drop", by=cast.colleague)
    assert told() == [("postings/dropped", cast.officer.name)]


def test_no_mail_carries_the_text_and_each_leads_to_the_page(approving, cast, settings):
    OutgoingMail.objects.all().delete()
    post = making.post(
        approving, cast.officer, "returned", approver=cast.head, text="山田太郎さんの受賞のお知らせ"
    )

    for mail in OutgoingMail.objects.all():
        assert "山田太郎" not in mail.subject + mail.body
        assert f"{settings.PORTAL_URL}{post.get_absolute_url()}" in mail.body
        assert str(approving) in mail.subject
    returned = OutgoingMail.objects.get(key__startswith="postings/returned")
    assert "日付を直してください" in returned.body


def test_the_accounts_page_names_the_last_post_on_record(account, cast, client):
    making.post(account, cast.officer, "posted")
    client.force_login(cast.officer)

    page = client.get(f"/desk/accounts/{account.pk}/")

    [line] = [line for line in page.context["areas"] if line.area.title == "発信"]
    assert [(fact.text, fact.day) for fact in line.says][-1] == (
        "最後に記録した発信:", OPEN.date(),
    )  # fmt: skip
    assert line.url == reverse("postings:account_posts", args=[account.pk])

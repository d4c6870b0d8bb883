"""The records: who reads which, found again, one page for each, and its steps by hand."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Account
from postings import drafting
from postings.models import Post
from postings.workflow import post_workflow
from tests import factories
from tests.postings import making
from tests.postings.conftest import OPEN, SHUT


def texts(answer):
    return [row.text for row in answer.context["page"]]


def step_url(post, name):
    return reverse("postings:step", args=[post.account_id, post.pk, name])


@pytest.fixture
def shared(account, cast) -> Account:
    """The account, shared with 防災課."""
    account.partners.add(cast.safety)
    return account


# --- Who reads them -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reader", "reads"),
    [
        ("officer", True), ("head", True), ("deputy", True), ("partner_officer", False),
        ("partner_head", False), ("pr_officer", True), ("auditor", True), ("stranger", False),
        ("administrator", False),
    ],
)  # fmt: skip
def test_the_department_the_pr_division_and_auditors_read_a_post(
    account, cast, client, reader, reads
):
    post = making.post(account, cast.officer, "posted", text="本日開館")
    client.force_login(getattr(cast, reader))

    answers = [client.get(post.get_absolute_url()), client.get(step_url(post, "amend"))]

    assert (answers[0].status_code == 200) is reads
    assert ("本日開館" in answers[0].content.decode()) is reads
    everything = client.get("/desk/posts/")
    assert (texts(everything) if everything.status_code == 200 else []) == ["本日開館"] * reads
    assert answers[1].status_code == (
        200 if reader in ("officer", "head", "deputy") else 403 if reads else 404
    )


@pytest.mark.parametrize("reader", ["partner_officer", "partner_head"])
def test_departments_that_share_the_account_read_its_posts_and_write_none(
    shared, cast, client, reader
):
    post = making.post(shared, cast.officer, "posted", text="本日開館")
    client.force_login(getattr(cast, reader))

    assert "本日開館" in client.get(post.get_absolute_url()).content.decode()
    assert texts(client.get(f"/desk/accounts/{shared.pk}/posts/")) == ["本日開館"]
    assert client.get(f"/desk/accounts/{shared.pk}/posts/new/").status_code == 403
    assert client.post(step_url(post, "amend")).status_code == 403


# --- The list -----------------------------------------------------------------------------------


@pytest.fixture
def several(account, cast, clock):
    for day, (text, state) in enumerate(
        [("図書館の休館日", "posted"), ("紅葉の見ごろ", "posted"), ("桜の見ごろ", "draft")]
    ):
        clock.move_to(OPEN + datetime.timedelta(days=day))
        making.post(account, cast.officer, state, text=text)
    clock.move_to(SHUT + datetime.timedelta(days=2))
    making.post(account, cast.officer, "posted", text="断水のお知らせ")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["断水のお知らせ", "桜の見ごろ", "紅葉の見ごろ", "図書館の休館日"]),
        ({"q": "見ごろ"}, ["桜の見ごろ", "紅葉の見ごろ"]),
        ({"q": "見ごろ 紅葉"}, ["紅葉の見ごろ"]),
        ({"state": "posted"}, ["断水のお知らせ", "紅葉の見ごろ", "図書館の休館日"]),
        ({"hours": "excepted"}, ["断水のお知らせ"]),
        ({"since": "2026-11-26"}, ["断水のお知らせ", "桜の見ごろ"]),
        ({"until": "令和8年11月25日"}, ["紅葉の見ごろ", "図書館の休館日"]),
        ({"state": "nothing"}, ["断水のお知らせ", "桜の見ごろ", "紅葉の見ごろ", "図書館の休館日"]),
        ({"q": "\0"}, ["断水のお知らせ", "桜の見ごろ", "紅葉の見ごろ", "図書館の休館日"]),
        ({"since": "x"}, ["断水のお知らせ", "桜の見ごろ", "紅葉の見ごろ", "図書館の休館日"]),
        ({"page": "99"}, ["断水のお知らせ", "桜の見ごろ", "紅葉の見ごろ", "図書館の休館日"]),
    ],
)
def test_a_post_is_found_by_words_state_day_and_hours(account, cast, client, several, asked, found):
    client.force_login(cast.officer)
    for address in (f"/desk/accounts/{account.pk}/posts/", "/desk/posts/"):
        assert texts(client.get(address, asked)) == found


def test_the_account_says_above_its_list_what_holds_for_the_next_post(account, cast, client):
    client.force_login(cast.officer)

    said = client.get(f"/desk/accounts/{account.pk}/posts/").content.decode()

    assert "いま発信できます(17:15まで)。" in said
    assert "運用時間の外に発信したときに、記録を残します。発信する前の承認は受けません。" in said


def test_fifty_stand_on_a_page(account, cast, client):
    for number in range(51):
        making.post(account, cast.officer, text=f"{number}番目")
    client.force_login(cast.officer)

    first = client.get("/desk/posts/")
    second = client.get("/desk/posts/", {"page": 2})

    assert (len(texts(first)), len(texts(second))) == (50, 1)


@pytest.mark.parametrize("address", ["/desk/posts/", "/desk/accounts/{}/posts/"])
def test_a_list_takes_as_many_queries_for_three_posts_as_for_one(account, cast, client, address):
    client.force_login(cast.pr_officer)
    asked = []
    for more in (1, 2):
        for _ in range(more):
            making.post(account, cast.officer, "posted")
        client.get(address.format(account.pk))
        with CaptureQueriesContext(connection) as queries:
            client.get(address.format(account.pk))
        asked.append(len(queries))
    assert asked[0] == asked[1]


# --- One post -----------------------------------------------------------------------------------


def test_a_post_shows_its_text_marked_what_was_decided_and_whose_turn_it_is(
    approving, cast, client
):
    post = making.post(
        approving, cast.officer, "awaiting", text="くわしくは https://example.com/ へ"
    )
    client.force_login(cast.head)

    page = client.get(post.get_absolute_url())

    said = page.content.decode()
    assert page.context["mine"]
    assert '<mark class="mark mark--warning">https://example.com/' in said
    assert "確かめました。" in said
    assert [button["label"] for button in page.context["buttons"]] == [
        "承認する", "差し戻す", "取りやめる",
    ]  # fmt: skip


def test_its_author_is_told_why_he_cannot_approve_it(approving, cast, client):
    post = making.post(approving, cast.officer, "awaiting")
    client.force_login(cast.officer)

    page = client.get(post.get_absolute_url())

    assert [button["label"] for button in page.context["buttons"]] == ["引き戻す", "取りやめる"]
    assert "ご自身が書いたものは承認できません。" in page.content.decode()


def test_it_is_approved_on_a_page_that_shows_the_text(approving, cast, client):
    post = making.post(approving, cast.officer, "awaiting", text="本日、図書館は開館します。")
    client.force_login(cast.head)
    page = client.get(step_url(post, "approve"), {"seen": post.revision})
    assert "本日、図書館は開館します。" in page.content.decode()

    answer = client.post(step_url(post, "approve"), {"revision": post.revision})

    assert answer["Location"] == post.get_absolute_url()
    post.refresh_from_db()
    assert (post.state, post.approved_by) == ("approved", cast.head)
    assert "承認しました。" in client.get(post.get_absolute_url()).content.decode()


def test_what_was_changed_meanwhile_is_not_approved_unseen(approving, cast, client):
    post = making.post(approving, cast.officer, "awaiting")
    seen = post.revision
    recalled = post_workflow.take(post, "recall", by=cast.officer)
    changed = drafting.changed(
        recalled, making.written(approving, "別の文"), cast.officer, seen=recalled.revision
    )
    post_workflow.take(changed, "ask", by=cast.officer)
    client.force_login(cast.head)

    assert client.get(step_url(post, "approve"), {"seen": seen}).status_code == 409
    answer = client.post(step_url(post, "approve"), {"revision": seen})

    assert answer.status_code == 409
    assert "画面を開いた後に内容が変わりました。" in answer.content.decode()
    assert Post.objects.get().state == "awaiting"


def test_sending_it_back_asks_for_words_and_shows_them_to_the_author(approving, cast, client):
    post = making.post(approving, cast.officer, "awaiting")
    client.force_login(cast.head)
    empty = client.post(step_url(post, "return"), {"revision": post.revision, "note": " "})
    assert empty.status_code == 422

    client.post(step_url(post, "return"), {"revision": post.revision, "note": "場所も書く"})

    client.force_login(cast.officer)
    page = client.get(post.get_absolute_url())
    assert page.context["mine"]
    assert "場所も書く" in page.content.decode()
    assert "直して依頼する" in page.content.decode()


def record(client, post, **fields):
    given = {
        "revision": post.revision, "urls": f"{post.account.url}/status/1",
        "posted_on": "2026-11-24", "posted_time": "9:30", "no_url_reason": "", "ground": "",
        "ground_reason": "",
    }  # fmt: skip
    return client.post(step_url(post, "post"), given | fields)


def test_that_it_went_out_is_recorded_on_its_own_page(account, cast, client):
    post = making.post(account, cast.officer, "checked", ground="", ground_reason="")
    client.force_login(cast.officer)
    page = client.get(post.get_absolute_url())
    form = page.context["form"]
    assert (form["posted_time"].value(), form.asks_for_ground) == ("10:00", False)

    answer = record(client, post)

    assert answer["Location"] == post.get_absolute_url()
    post.refresh_from_db()
    assert (post.state, post.posted_at) == ("posted", OPEN - datetime.timedelta(minutes=30))
    said = client.get(post.get_absolute_url()).content.decode()
    assert f'href="{account.url}/status/1"' in said


@pytest.mark.parametrize(
    ("fields", "place", "sentence"),
    [
        ({"urls": ""}, "urls", "どちらか一つを入力してください。"),
        ({"urls": "https://www.instagram.com/p/C/"}, "urls", "投稿のURLを入力してください。"),
        ({"posted_time": "25:00"}, "posted_time", "時刻は 8:30 のように"),
        ({"posted_time": "\0"}, "posted_time", "何か文字を入力してください。"),
        ({"posted_time": "10:01"}, "posted_time", "これからの時刻は入力できません。"),
        ({"posted_on": "2026-13-01"}, "posted_on", "日付を正しく入力してください。"),
        ({"ground": "harm"}, "ground_reason", "やむを得ない理由を入力してください。"),
        ({"ground": "whim"}, "ground", "選択"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_record_is_said_at_its_field(
    account, cast, client, fields, place, sentence
):
    post = making.post(account, cast.officer, "checked")
    client.force_login(cast.officer)

    answer = record(client, post, **fields)

    assert answer.status_code == 422
    assert sentence in "".join(answer.context["form"].errors[place])
    post.refresh_from_db()
    assert post.state == "checked"


def test_beside_its_hours_the_ground_is_asked_for_with_nothing_lost(account, cast, client):
    post = making.post(account, cast.officer, "checked", ground="", ground_reason="")
    client.force_login(cast.officer)

    answer = record(client, post, posted_time="7:00")

    assert answer.status_code == 409
    said = answer.content.decode()
    assert "発信する事由を選び、やむを得ない理由を入力してください。" in said
    assert f"{account.url}/status/1" in said
    again = record(client, post, posted_time="7:00", ground="disaster", ground_reason="大雨")
    assert again.status_code == 302


def test_recording_it_twice_keeps_the_first_record(account, cast, client):
    post = making.post(account, cast.officer, "checked")
    client.force_login(cast.officer)
    record(client, post)

    again = record(client, post, urls=f"{account.url}/status/2")

    assert again.status_code == 409
    assert "すでに「発信済」になっているため" in again.content.decode()
    post.refresh_from_db()
    assert post.addresses == [f"{account.url}/status/1"]


@pytest.mark.parametrize("name", ["nothing", "open", "ready", "ask"])
def test_a_step_that_there_is_not_is_not_found_and_writing_leads_to_the_text(
    account, cast, client, name
):
    post = making.post(account, cast.officer)
    client.force_login(cast.officer)

    answer = client.get(step_url(post, name))

    if name in ("ready", "ask"):
        assert answer["Location"] == reverse("postings:edit", args=[account.pk, post.pk])
    else:
        assert answer.status_code == 404


def test_a_post_is_found_below_its_own_account_alone(account, cast, client):
    post = making.post(account, cast.officer)
    other = factories.official(cast.tourism)
    client.force_login(cast.officer)

    assert client.get(f"/desk/accounts/{other.pk}/posts/{post.pk}/").status_code == 404


def test_a_page_takes_no_more_queries_for_a_longer_story(account, cast, client):
    client.force_login(cast.officer)
    post = making.post(account, cast.officer, text="0番目", ground="", ground_reason="")
    asked = []
    for number in (1, 3):
        for part in range(number):
            post = drafting.changed(
                post, making.written(account, f"{number}-{part}番目"), cast.officer,
                seen=post.revision,
            )  # fmt: skip
        client.get(post.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            client.get(post.get_absolute_url())
        asked.append(len(queries))
    assert asked[0] == asked[1]

"""What was typed survives a lost session, a broken machine, and whatever is pasted into it."""

from __future__ import annotations

import datetime
import uuid
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from postings import drafting
from postings.models import Post, WorkingCopy
from shinshiro_sns import daily
from tests import factories
from tests.postings import making
from tests.postings.conftest import OPEN
from tests.postings.test_check_page import carried_by, opened, page_of, sent

TYPED = "避難所を開設しました。"


@pytest.fixture
def officer(client, cast):
    client.force_login(cast.officer)
    return client


def check_now(client, account, carried, text, **more):
    address = reverse("postings:check_now", args=[account.pk])
    return client.post(address, {**carried, "text": text, **more})


# --- Kept as one types --------------------------------------------------------------------------


def test_a_look_as_one_types_keeps_what_was_typed_and_brings_the_parts_that_change(
    account, cast, officer
):
    _, carried = opened(officer, account)

    answer = check_now(officer, account, carried, "くわしくは https://example.com/ へ")

    parts = ("draft-answer", "draft-lengths", "draft-status", "draft-findings", "draft-actions")
    said = answer.content.decode()
    assert [f'id="{part}"' in said for part in parts] == [True] * 5
    assert "<textarea" not in said.replace('<textarea name="ground_reason"', "")
    copy = WorkingCopy.objects.get()
    assert (copy.person, str(copy.key)) == (cast.officer, carried["key"])
    assert copy.content["text"] == ["くわしくは https://example.com/ へ"]
    assert "seal" not in copy.content
    assert not Post.objects.exists()


def test_it_is_offered_again_and_opened_as_it_was(account, officer):
    _, carried = opened(officer, account)
    check_now(officer, account, carried, TYPED, **{"image-PHOTO": "2", "rights": "own"})

    page, fresh = opened(officer, account)
    assert page.context["form"]["text"].value() is None
    assert fresh["key"] != carried["key"]
    [copy] = page.context["copies"]
    again, taken_up = opened(officer, account, copy=copy.pk)

    form = again.context["form"]
    assert taken_up["key"] == carried["key"]
    values = [form[name].value() for name in ("text", "image-PHOTO", "rights")]
    assert values == [TYPED, "2", "own"]


def test_saved_it_is_no_working_copy_any_more(account, officer):
    _, carried = opened(officer, account)
    check_now(officer, account, carried, TYPED)

    sent(officer, account, carried, TYPED, "save")

    assert not WorkingCopy.objects.exists()


def test_what_was_typed_over_a_saved_draft_opens_with_it_and_can_be_thrown_away(
    account, cast, officer
):
    post = making.post(account, cast.officer, text="はじめの文")
    _, carried = opened(officer, account, post)
    check_now(officer, account, carried, "直しかけの文", post=post.pk)

    page, _ = opened(officer, account, post)
    assert page.context["form"]["text"].value() == "直しかけの文"
    copy = page.context["copy"]
    officer.post(reverse("postings:discard", args=[account.pk, copy.pk]))

    page, _ = opened(officer, account, post)
    assert page.context["form"]["text"].value() == "はじめの文"


def test_a_working_copy_is_its_persons_alone(account, cast, client):
    client.force_login(cast.officer)
    _, carried = opened(client, account)
    check_now(client, account, carried, TYPED)
    copy = WorkingCopy.objects.get()
    client.force_login(cast.colleague)

    page, _ = opened(client, account, copy=copy.pk)

    assert list(page.context["copies"]) == []
    assert TYPED not in page.content.decode()
    refused = client.post(reverse("postings:discard", args=[account.pk, copy.pk]))
    assert refused.status_code == 404


def test_the_latest_few_are_kept_for_some_days(account, cast, officer, clock):
    for number in range(5):
        clock.move_to(OPEN + datetime.timedelta(minutes=number))
        _, carried = opened(officer, account)
        check_now(officer, account, carried, f"{number}番目")
    kept = [copy.content["text"] for copy in drafting.copies(account, cast.officer)]
    assert kept == [["4番目"], ["3番目"], ["2番目"]]

    # The week that the manual and the table of terms promise.
    week = datetime.timedelta(days=7)
    assert list(daily.carry_out(OPEN.date() + week)) == []
    assert WorkingCopy.objects.count() == 3
    daily_after = OPEN.date() + week + datetime.timedelta(days=1)
    assert list(daily.carry_out(daily_after)) == []
    assert not WorkingCopy.objects.exists()


# --- A session that has ended -------------------------------------------------------------------


def log_in(client: Client, person) -> str:
    """By the log-in's own form, as people do; where it leads."""
    page = client.get("/login/")
    return client.post(
        "/login/",
        {"login": person.email, "password": factories.PASSWORD,
         "next": page.request.get("QUERY_STRING", "")},
    )["Location"]  # fmt: skip


@pytest.mark.parametrize("to", ["check", "save", "go"])
def test_what_is_sent_after_the_session_ended_comes_back_after_the_log_in(
    account, cast, officer, to
):
    _, carried = opened(officer, account)
    Session.objects.all().delete()

    turned = sent(officer, account, carried, TYPED, to, **{"image-CHART": "1"})

    assert turned["Location"] == f"/login/?next={page_of(account)}"
    assert not Post.objects.exists()
    log_in(officer, cast.officer)
    page, again = opened(officer, account)
    form = page.context["form"]
    assert (form["text"].value(), form["image-CHART"].value()) == (TYPED, "1")
    assert again["key"] == carried["key"]
    assert "ログインし直す前に入力した内容を戻しました。" in page.content.decode()
    # Given back once.
    assert opened(officer, account)[0].context["form"]["text"].value() is None


def test_of_a_saved_draft_too(account, cast, officer):
    post = making.post(account, cast.officer, text="はじめの文")
    _, carried = opened(officer, account, post)
    Session.objects.all().delete()
    sent(officer, account, carried, TYPED, "save", post)
    log_in(officer, cast.officer)

    page, _ = opened(officer, account, post)

    assert page.context["form"]["text"].value() == TYPED


def test_whoever_else_logs_in_at_the_same_machine_gets_none_of_it(account, cast, officer):
    _, carried = opened(officer, account)
    Session.objects.all().delete()
    sent(officer, account, carried, TYPED)

    log_in(officer, cast.colleague)

    assert TYPED not in opened(officer, account)[0].content.decode()
    officer.post("/logout/")
    log_in(officer, cast.officer)
    assert opened(officer, account)[0].context["form"]["text"].value() is None


@pytest.mark.parametrize("seal", ["", "forged", "Mg:1xVet6:EYWCckGo4cVjWI4hu"])
def test_nothing_is_kept_for_a_page_that_was_nobodys(account, client, seal):
    client.post(page_of(account), {"text": TYPED, "seal": seal, "key": uuid.uuid4()})

    assert dict(client.session.items()) == {}


def test_nor_for_one_that_was_left_open_for_days_nor_more_than_a_draft(account, cast, clock):
    client = Client()
    client.force_login(cast.officer)
    _, carried = opened(client, account)
    client.logout()
    client.post(page_of(account), {**carried, "text": "あ" * 500_000})
    assert dict(client.session.items()) == {}

    clock.shift(datetime.timedelta(hours=25))
    client.post(page_of(account), {**carried, "text": TYPED})
    assert dict(client.session.items()) == {}


def test_the_portal_keeps_nothing_of_it_in_the_browser(account, officer):
    page, _ = opened(officer, account)

    assert set(page.cookies) <= {"csrftoken", "sessionid", "messages"}
    script = (Path(settings.BASE_DIR) / "static/js/draft.js").read_text("utf-8")
    assert [
        word for word in ("localStorage", "sessionStorage", "indexedDB") if word in script
    ] == []


# --- Whatever is pasted -------------------------------------------------------------------------

HOSTILE = {
    "a hundred thousand signs": "あ" * 100_000,
    "only emoji": "🍁" * 300,
    "marks of direction": "本日\u202e開館\u202cします。\u200f",
    "a joiner inside a telephone": "電話は090-12\u200d34-5678です。",
    "full-width": "電話は０９０−１２３４−５６７８です。",
    "NUL": "本日\0開館",
    "a thousand links": " ".join(f"https://example.com/{n}" for n in range(1000)),
    "HTML": "<script>alert(1)</script></textarea><img src=x onerror=alert(2)>",
    "combining": "e" + "\u0301" * 5000,
    "a template": "{{ 7|add:7 }}{% debug %}",
    "old signs": "\x07\x1b[31m本日\x7f",
    "lines": "\r\n" * 3000 + "本日",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("way", ["check", "save", "go", "now"])
def test_it_is_answered_clearly_and_nothing_of_it_is_lost(account, officer, name, way):
    text = HOSTILE[name]
    _, carried = opened(officer, account)

    asked = {"now": check_now}.get(way, partial(sent, to=way))
    answer = asked(officer, account, carried, text)

    assert answer.status_code in (200, 302, 422)
    kept = text.replace("\0", "").replace("\r\n", "\n").strip()
    if way == "save":
        assert Post.objects.get().text == kept
    elif way == "now":
        assert WorkingCopy.objects.get().content["text"] == [text.replace("\0", "")]
    elif answer.status_code == 302:
        # A script or a smiley is nothing to look at again: it is a draft like any other.
        assert Post.objects.get().text == kept
    else:
        said = answer.content.decode()
        assert escape(kept[:200].split("\n")[0]) in said
        assert "<script>alert" not in said
        assert "<img src=x" not in said


def test_a_joiner_hides_no_telephone(account, officer):
    _, carried = opened(officer, account)
    answer = sent(officer, account, carried, HOSTILE["a joiner inside a telephone"])
    rules = [row["point"].finding.rule for row in answer.context["points"]]
    assert "personal.mobile" in rules


def test_that_a_sign_was_left_out_is_said(account, officer):
    _, carried = opened(officer, account)
    answer = sent(officer, account, carried, HOSTILE["NUL"])
    assert "目に見えない文字(NUL)を取り除きました。" in answer.content.decode()


def test_what_is_longer_than_anything_is_refused_with_the_text_in_its_place(account, officer):
    _, carried = opened(officer, account)

    answer = sent(officer, account, carried, "あ" * 100_001, "save")

    assert answer.status_code == 422
    assert "本文が長すぎます(100001字)。100000字までに減らすと" in answer.content.decode()
    assert len(answer.context["form"]["text"].value()) == 100_001
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"key": "x"}, {"key": ""}, {"revision": "\0"}, {"revision": "9" * 5000},
        {"image-PHOTO": "-1"}, {"image-PHOTO": "9" * 400}, {"image-PHOTO": "\0"},
        {"rights": "stolen"}, {"portrait": "\0"}, {"services": ["x", "nothing"]},
        {"ground": "whim"}, {"ground_reason": "あ" * 501}, {"rights_note": "a\0b"},
        {"ok-\0": "on"}, {"why-" + "a" * 300: "x" * 5000}, {"copied_from": "9" * 300},
        {"post": "9" * 300}, {"post": "987654"}, {"to": "\0"},
    ],
    ids=str,
)  # fmt: skip
def test_a_form_nobody_sends_by_mistake_is_refused_with_a_page(account, officer, broken):
    _, carried = opened(officer, account)

    for answer in (
        sent(officer, account, {**carried, **broken}, TYPED, broken.get("to", "go")),
        check_now(officer, account, {**carried, **broken}, TYPED),
    ):
        assert answer.status_code in (200, 302, 404, 422)


def test_a_draft_is_one_persons_key_alone(account, cast, client):
    client.force_login(cast.officer)
    mine = making.post(account, cast.officer, text="わたしの文")
    client.force_login(cast.colleague)
    _, carried = opened(client, account)

    answer = sent(client, account, {**carried, "key": mine.key}, "横取り", "save")

    assert answer.status_code == 409
    mine.refresh_from_db()
    assert mine.text == "わたしの文"


def test_the_way_back_and_another_press_loses_no_colleagues_words(account, cast, client):
    client.force_login(cast.officer)
    _, carried = opened(client, account)
    sent(client, account, carried, "はじめの文", "save")
    post = Post.objects.get()
    drafting.changed(post, making.written(account, "同僚の文"), cast.colleague, seen=0)

    answer = sent(client, account, carried, "戻って直した文", "save")

    assert answer.status_code == 409
    assert carried_by(answer)["revision"] == "1"
    assert answer.context["form"]["text"].value() == "戻って直した文"
    post.refresh_from_db()
    assert post.text == "同僚の文"

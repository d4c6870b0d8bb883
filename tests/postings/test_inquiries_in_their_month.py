"""What a question holds back, who is told of its end, and two people at once, 4(4): beside
`test_inquiries.py`, which follows a question through its pages."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from postings import inquiring
from postings.models import Inquiry, Post
from shinshiro_sns.duties import called, piles
from shinshiro_sns.models import OutgoingMail
from shinshiro_sns.steps import StepNotMet, StepOvertaken
from staff.models import User
from tests import factories
from tests.conftest import Cast
from tests.policies.test_races import at_once, refusals
from tests.postings.months import at, confirmed, period, went_out

OFFICIAL_SINCE = datetime.date(2026, 11, 1)


@pytest.fixture
def clock(db: None) -> Any:
    """The tenth of December: November is over."""
    with time_machine.travel(at("2026-12-10"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def account(clock: Any, cast: Cast) -> Account:
    return factories.official(cast.tourism, official_since=OFFICIAL_SINCE)


@pytest.fixture
def post(account: Account, cast: Cast) -> Post:
    return went_out(account, cast.officer, "2026-11-20")


def asked(of: Post, by: User, question: str = "なぜ夜に発信しましたか。") -> Inquiry:
    return inquiring.ask(of, by, question=question, key=uuid.uuid4())


def told() -> list[tuple[str, str]]:
    """Who was told, by which notice, since it was last asked."""
    found = sorted(
        (mail.key.split()[0], mail.recipient.name) for mail in OutgoingMail.objects.all()
    )
    OutgoingMail.objects.all().delete()
    return found


def waiting(person: User) -> int:
    return sum(pile.count for pile in piles(person) if pile.duty.name == "answer_inquiry")


def sent(client: Client, user: User, url: str, **given: Any) -> Any:
    client.force_login(user)
    return client.post(url, given)


def ask_url(of: Post) -> str:
    return reverse("postings:ask", args=[of.account_id, of.pk])


# --- Asking ------------------------------------------------------------------------------------------


def test_who_wrote_himself_is_not_asked_but_who_recorded_it(cast, account) -> None:
    post = went_out(account, cast.head, "2026-11-20", posted_by=cast.officer)

    assert asked(post, cast.head).addressee == cast.officer


@pytest.mark.parametrize(
    ("question", "sentence"),
    [("", "入力してください"), (" \u3000 ", "入力してください"), ("あ" * 2001, "2000")],
)
def test_an_empty_question_or_one_too_long_is_told_and_kept(
    client, cast, post, question: str, sentence: str
) -> None:
    answer = sent(client, cast.head, ask_url(post), question=question, key=uuid.uuid4())

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert answer.context["form"]["question"].value() == question
    assert not Inquiry.objects.exists()


def test_a_month_that_is_confirmed_may_still_be_asked_about(cast, post) -> None:
    confirmed(period(cast.tourism, "2026-11"), cast.head)

    assert asked(Post.objects.get(pk=post.pk), cast.head).is_open


# --- Answering and taking back -----------------------------------------------------------------------


def test_where_a_colleague_answers_both_are_told(cast, post) -> None:
    inquiry = asked(post, cast.head)
    told()

    inquiring.answer(inquiry, cast.colleague, text="席を外しています。")

    assert told() == sorted(
        ("postings/inquiry_answered", who.name) for who in (cast.head, cast.officer)
    )


def test_who_asked_does_not_answer_himself(client, cast, post) -> None:
    inquiry = asked(post, cast.deputy)

    with pytest.raises(StepNotMet, match="ご自身の照会には回答できません。"):
        inquiring.answer(inquiry, cast.deputy, text="私が答えます。")
    assert sent(
        client, cast.deputy, inquiry.get_absolute_url(), answer="私が答えます。"
    ).status_code == 403  # fmt: skip


def test_it_is_taken_back_with_a_reason_and_both_stay_on_the_record(client, cast, post) -> None:
    inquiry = asked(post, cast.head)
    told()
    url = reverse("postings:withdraw_inquiry", args=[inquiry.pk])

    assert sent(client, cast.head, url, reason="").status_code == 422
    assert sent(client, cast.head, url, reason="別の発信でした。").status_code == 302

    row = Inquiry.objects.get()
    assert (row.state, row.withdrawn_by, row.question) == (
        "取下げ", cast.head, "なぜ夜に発信しましたか。",
    )  # fmt: skip
    assert told() == [("postings/inquiry_withdrawn", cast.officer.name)]
    assert waiting(cast.officer) == 0
    page = client.get(row.get_absolute_url()).content.decode()
    assert "別の発信でした。" in page
    with pytest.raises(StepOvertaken, match="この照会は、すでに取り下げられています。"):
        inquiring.answer(inquiry, cast.officer, text="遅い回答")


def test_who_takes_back_what_was_answered_is_told_and_keeps_his_words(client, cast, post) -> None:
    inquiry = asked(post, cast.head)
    inquiring.answer(inquiry, cast.officer, text="大雨のためです。")
    url = reverse("postings:withdraw_inquiry", args=[inquiry.pk])

    answer = sent(client, cast.head, url, reason="別の発信でした。")

    page = answer.content.decode()
    assert answer.status_code == 409
    assert [words in page for words in ("すでに回答があります", "大雨のためです。")] == [True] * 2
    assert answer.context["form"]["reason"].value() == "別の発信でした。"
    assert Inquiry.objects.get().state == "回答済"


# --- What it holds back, and how it is shown ---------------------------------------------------------


def test_a_month_waits_until_what_was_asked_is_answered_or_taken_back(cast, account) -> None:
    month = period(cast.tourism, "2026-11")
    first, second = (
        asked(went_out(account, cast.officer, f"2026-11-{day}"), cast.head) for day in (20, 21)
    )

    with pytest.raises(StepNotMet, match="まだ回答のない照会が2件あります。"):
        confirmed(month, cast.head)
    inquiring.answer(first, cast.officer, text="大雨のためです。")
    with pytest.raises(StepNotMet, match="まだ回答のない照会が1件あります。"):
        confirmed(month, cast.head)
    inquiring.withdraw(second, cast.head, reason="別の発信でした。")
    assert confirmed(month, cast.head).confirmed_by == cast.head


def test_a_question_may_wait_a_week(cast, post, clock) -> None:
    asked(post, cast.head)

    def late() -> int:
        duty, today = called("answer_inquiry"), timezone.localdate()
        return duty.count_overdue(duty.rows(today), today)

    clock.move_to(at("2026-12-17 23:59"))
    assert late() == 0
    clock.move_to(at("2026-12-18 00:00"))
    assert late() == 1


def test_the_month_asks_the_database_as_often_for_three_questions_as_for_one(
    client, cast, post
) -> None:
    client.force_login(cast.head)
    url = period(cast.tourism, "2026-11").get_absolute_url()

    def page() -> tuple[int, int]:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            shown = client.get(url).content.decode()
        return len(captured), shown.count("さんの照会")

    asked(post, cast.head)
    queries, shown = page()
    assert shown == 1
    for question in ("二つめ", "三つめ"):
        asked(post, cast.head, question)
    assert page() == (queries, 3)


# --- Two at once -------------------------------------------------------------------------------------


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_of_two_who_answer_at_once_one_does(cast, attempt: int) -> None:
    inquiry = asked(
        went_out(factories.official(cast.tourism), cast.officer, "2026-11-20"), cast.head
    )
    OutgoingMail.objects.all().delete()

    results = at_once(
        lambda: inquiring.answer(inquiry, cast.officer, text="一"),
        lambda: inquiring.answer(inquiry, cast.colleague, text="二"),
    )

    [refused] = refusals(results)
    assert "この照会には、すでに回答があります。" in str(refused)
    [answered] = [result for result in results if result is not refused]
    row = Inquiry.objects.get()
    assert (row.answer, row.answered_by) == (answered.answer, answered.answered_by)


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_two_clicks_at_once_are_one_question(cast, attempt: int) -> None:
    post = went_out(factories.official(cast.tourism), cast.officer, "2026-11-20")
    key = uuid.uuid4()

    results = at_once(*[lambda: inquiring.ask(post, cast.head, question="なぜ", key=key)] * 2)

    assert results == [Inquiry.objects.get()] * 2
    assert OutgoingMail.objects.count() == 1

"""What a head asks about a post that went out, 4(4): asked once, answered by its author or a colleague."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from postings import declaring, inquiring
from postings.models import Inquiry, Post
from shinshiro_sns.duties import rows_for
from shinshiro_sns.models import OutgoingMail
from tests import factories
from tests.conftest import Cast
from tests.policies.test_races import at_once, refusals
from tests.postings.making import post as made
from tests.postings.months import at, went_out

QUESTION = "経緯を教えてください。"


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(at("2026-10-10"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def post(clock: Any, cast: Cast) -> Post:
    return went_out(factories.official(cast.tourism), cast.officer, "2026-10-05")


def form_of(post: Post) -> str:
    return f"/desk/accounts/{post.account_id}/posts/{post.pk}/inquiries/add/"


def asked(post: Post, cast: Cast) -> Inquiry:
    return inquiring.ask(post, cast.head, question=QUESTION, key=uuid.uuid4())


def test_the_head_asks_the_author_once_and_it_is_his_to_answer(
    client: Client, cast: Cast, post: Post
) -> None:
    client.force_login(cast.head)
    said = {"question": QUESTION, "key": str(uuid.uuid4())}

    assert [client.post(form_of(post), said).status_code for _ in range(2)] == [302, 302]

    [row] = Inquiry.objects.all()
    assert (row.addressee, row.asked_by) == (cast.officer, cast.head)
    assert list(rows_for(cast.officer, "answer_inquiry")) == [row]
    assert list(rows_for(cast.colleague, "answer_inquiry")) == []
    # What is asked may be confidential: the mail leads to it.
    [mail] = OutgoingMail.objects.all()
    assert mail.recipient == cast.officer
    assert [text in mail.body for text in (QUESTION, row.get_absolute_url())] == [False, True]
    # On the post's own page too, for whoever supervises.
    assert QUESTION in client.get(post.get_absolute_url()).content.decode()


def test_it_is_answered_and_the_head_hears_of_it(client: Client, cast: Cast, post: Post) -> None:
    row = asked(post, cast)
    OutgoingMail.objects.all().delete()
    client.force_login(cast.officer)
    assert client.post(row.get_absolute_url(), {"answer": " "}).status_code == 422
    assert client.post(row.get_absolute_url(), {"answer": "大雨のためです。"}).status_code == 302

    row.refresh_from_db()
    assert (row.answer, row.answered_by) == ("大雨のためです。", cast.officer)
    assert list(rows_for(cast.officer, "answer_inquiry")) == []
    assert [mail.recipient for mail in OutgoingMail.objects.all()] == [cast.head]


def test_who_answers_second_is_told_and_his_words_stay(
    client: Client, cast: Cast, post: Post
) -> None:
    row = asked(post, cast)
    inquiring.answer(row, cast.officer, text="先の回答")
    client.force_login(cast.colleague)

    answer = client.post(row.get_absolute_url(), {"answer": "後の回答"})

    html = answer.content.decode()
    assert answer.status_code == 409
    assert [text in html for text in ("先の回答", "後の回答")] == [True, True]
    assert Inquiry.objects.get().answer == "先の回答"


def test_it_is_taken_back_with_a_reason_until_it_is_answered(
    client: Client, cast: Cast, post: Post
) -> None:
    row, other = asked(post, cast), asked(post, cast)
    inquiring.answer(other, cast.officer, text="回答")
    client.force_login(cast.head)
    url = f"{row.get_absolute_url()}withdraw/"

    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "電話で聞いたため"}).status_code == 302
    row.refresh_from_db()
    assert (row.withdrawal_reason, row.withdrawn_by) == ("電話で聞いたため", cast.head)
    assert client.get(f"{other.get_absolute_url()}withdraw/").status_code == 302
    other.refresh_from_db()
    assert other.withdrawn_at is None


def test_nobody_asks_himself_and_nothing_is_asked_of_what_did_not_go_out(
    client: Client, cast: Cast, clock: Any
) -> None:
    account = factories.official(cast.tourism)
    own = went_out(account, cast.head, "2026-10-05")
    draft = Post.objects.create(
        account=account, text="下書き", created_by=cast.officer, edited_by=cast.officer
    )
    client.force_login(cast.head)
    said = {"question": QUESTION, "key": str(uuid.uuid4())}

    assert [client.post(form_of(row), said).status_code for row in (own, draft)] == [422, 422]
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [("officer", 403), ("partner_head", 404), ("stranger", 404), ("auditor", 403)],
)
def test_who_may_not_ask(client: Client, cast: Cast, post: Post, who: str, status: int) -> None:
    client.force_login(getattr(cast, who))
    assert client.post(form_of(post), {"question": QUESTION}).status_code == status


def test_once_its_author_is_gone_it_is_an_officers(cast: Cast, post: Post) -> None:
    row = asked(post, cast)
    cast.officer.memberships.update(valid_until=at("2026-10-08").date())

    assert list(rows_for(cast.colleague, "answer_inquiry")) == [row]


def test_a_post_and_a_question_ask_as_often_for_three_as_for_one(
    client: Client, cast: Cast, post: Post
) -> None:
    def queries(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    row = asked(post, cast)
    client.force_login(cast.head)
    pages = (form_of(post), row.get_absolute_url(), post.get_absolute_url())
    one = [queries(page) for page in pages]
    asked(post, cast)
    asked(post, cast)

    assert [queries(page) for page in pages] == one


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_an_answer_and_a_withdrawal_at_once_are_one_of_the_two(cast: Cast, post: Post) -> None:
    row = asked(post, cast)

    outcomes = at_once(
        lambda: inquiring.answer(row, cast.officer, text="回答"),
        lambda: inquiring.withdraw(row, cast.head, reason="不要になったため"),
    )

    assert len(refusals(outcomes)) == 1
    row.refresh_from_db()
    assert (row.answered_at is None) != (row.withdrawn_at is None)


def test_what_went_out_in_an_emergency_stands_on_its_page_for_who_may_read_it(
    client: Client, cast: Cast, clock: Any
) -> None:
    policy = factories.policy(
        factories.account(cast.tourism), cast.officer, "in_force", head=cast.head,
        receiver=cast.pr_officer, hours=[{"days": [0], "from": "09:00", "to": "10:00"}],
    )  # fmt: skip
    account = Account.objects.get(pk=policy.account_id)
    now = at("2026-10-10")
    emergency = declaring.declare(
        cast.head, declaring.Right(cast.tourism), accounts=[account], is_for_all=False,
        reason="台風", begins_at=now, ends_at=now.replace(hour=20),
    )  # fmt: skip
    out = made(
        account, cast.officer, "posted", text="避難所を開きました。", ground="", ground_reason=""
    )

    assert out.emergency == emergency
    client.force_login(cast.officer)
    assert "避難所を開きました。" in client.get(emergency.get_absolute_url()).content.decode()
    assert emergency.get_absolute_url() in client.get(out.get_absolute_url()).content.decode()
    client.force_login(cast.partner_officer)
    assert "避難所を開きました。" not in client.get(emergency.get_absolute_url()).content.decode()

"""A notice that was wrong is put right in public: by whom, in view of what it said before, 6(2)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import announcing
from accounts.models import Account, Notice, NoticeWording
from publication.state import PublicState
from shinshiro_sns.models import OutgoingMail
from tests import factories
from tests.conftest import Cast
from tests.policies.test_races import at_once, refusals

RIGHT = {"title": "停止のお知らせ", "body": "2027年4月に再開します。", "reason": "年の誤り"}


@pytest.fixture
def account(cast: Cast) -> Account:
    return factories.official(cast.tourism, "shinshiro_kanko", name="しんしろ観光")


@pytest.fixture
def notice(cast: Cast, account: Account) -> Notice:
    """Says the wrong year."""
    factories.stood(
        account, "suspend", cast.head, title="停止のお知らせ", body="2026年4月に再開します。"
    )
    OutgoingMail.objects.all().delete()
    return Notice.objects.get()


def form_of(notice: Notice) -> str:
    return reverse("accounts:notice_correction", args=[notice.account_id, notice.pk])


def corrected(client: Client, notice: Notice, **said: Any) -> Any:
    return client.post(form_of(notice), {**RIGHT, "seen": "0", **said})


def test_the_head_puts_it_right_and_the_public_reads_both(
    client: Client, cast: Cast, account: Account, notice: Notice
) -> None:
    client.force_login(cast.head)
    asked = client.get(form_of(notice)).content.decode()
    assert "2026年4月に再開します。" in asked
    before = PublicState().notices[notice.pk]

    answer = corrected(client, notice)

    assert answer.status_code == 302
    [wording] = NoticeWording.objects.all()
    assert (wording.title, wording.body, wording.reason, wording.replaced_by) == (
        "停止のお知らせ", "2026年4月に再開します。", "年の誤り", cast.head,
    )  # fmt: skip
    page = client.get(notice.get_absolute_url()).content.decode()
    now, _, earlier = page.partition("に訂正しました")
    assert ("2027年4月" in now, "2026年4月" in now) == (True, False)
    assert ("年の誤り" in earlier, "2026年4月" in earlier) == (True, True)
    assert "訂正あり" in client.get("/notices/").content.decode()
    assert "訂正)" in client.get(reverse("accounts:standing", args=[account.pk])).content.decode()
    # Who follows the feed, and the publication, see that something is new.
    feed = client.get("/notices/feed.atom").content.decode()
    when = timezone.localtime(wording.replaced_at).replace(microsecond=0).isoformat()
    assert f"<updated>{when}</updated>" in feed
    assert PublicState().notices[notice.pk] != before


def test_the_pr_division_and_the_department_hear_of_it(
    client: Client, cast: Cast, notice: Notice
) -> None:
    client.force_login(cast.pr_officer)
    corrected(client, notice)

    told = {mail.recipient: mail for mail in OutgoingMail.objects.select_related("recipient")}
    department = {cast.officer, cast.colleague, cast.head, cast.deputy}
    assert set(told) == department | {cast.pr_second, cast.pr_head}
    assert "年の誤り" in told[cast.head].body


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"reason": ""}, "訂正した理由を入力してください。"),
        ({"title": ""}, "題名"),
        ({"body": "2026年4月に再開します。"}, "今の文と同じです。"),
        ({"body": "字" * 2001}, "2000"),
    ],
)
def test_what_is_missing_is_said_and_nothing_changes(
    client: Client, cast: Cast, notice: Notice, said: dict[str, str], why: str
) -> None:
    client.force_login(cast.head)

    answer = corrected(client, notice, **said)

    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not NoticeWording.objects.exists()


def test_who_comes_second_sees_what_the_other_wrote_and_loses_nothing(
    client: Client, cast: Cast, notice: Notice
) -> None:
    client.force_login(cast.head)
    client.get(form_of(notice))
    announcing.correct(
        notice, cast.pr_officer, title="題名", body="先に直した文", reason="誤り", seen=0
    )

    answer = corrected(client, notice, body="後から直した文")
    html = answer.content.decode()

    assert answer.status_code == 409
    assert [text in html for text in ("先に直した文", "後から直した文")] == [True, True]
    assert Notice.objects.get().body == "先に直した文"
    # Having read it, he goes on from there.
    again = {name: answer.context["form"][name].value() for name in (*RIGHT, "seen")}
    assert client.post(form_of(notice), again).status_code == 302
    assert Notice.objects.get().body == "後から直した文"
    assert [each.body for each in NoticeWording.objects.all()] == [
        "先に直した文", "2026年4月に再開します。",
    ]  # fmt: skip


def test_pressed_twice_it_is_put_right_once(client: Client, cast: Cast, notice: Notice) -> None:
    client.force_login(cast.head)

    answers = [corrected(client, notice).status_code for _ in range(2)]

    assert answers == [302, 422]
    assert NoticeWording.objects.count() == 1


def test_one_that_was_taken_back_is_put_right_no_more(
    client: Client, cast: Cast, notice: Notice
) -> None:
    announcing.take_back(notice, cast.pr_officer, title="訂正", body="誤りでした。")
    client.force_login(cast.head)

    assert corrected(client, notice).status_code == 409
    assert not NoticeWording.objects.exists()


def test_of_one_taken_back_the_public_reads_no_earlier_words(
    client: Client, cast: Cast, notice: Notice
) -> None:
    announcing.correct(notice, cast.head, **RIGHT, seen=0)
    announcing.take_back(notice, cast.pr_officer, title="訂正", body="誤りでした。")

    page = client.get(notice.get_absolute_url()).content.decode()
    assert [year in page for year in ("2026年4月", "2027年4月")] == [False, False]


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_two_at_once_put_it_right_once(cast: Cast, notice: Notice) -> None:
    def by(person: Any, body: str) -> Any:
        return lambda: announcing.correct(notice, person, **{**RIGHT, "body": body}, seen=0)

    outcomes = at_once(by(cast.head, "一人目"), by(cast.pr_officer, "二人目"))

    assert len(refusals(outcomes)) == 1
    assert NoticeWording.objects.count() == 1

"""The pages of suspension, resumption and closure, 6: questions, the notice shown, the step taken."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Access, Account, Notice, StandingChange
from shinshiro_sns.duties import piles
from tests import factories
from tests.conftest import Cast
from tests.policies.test_races import at_once, refusals

TEXT = {"note": "内部の理由", "public_reason": "業務が終わったため"}
CLOSING = {
    "handle_fate": "guarded",
    "handle_reason": "取られないように",
    "credentials_settled": "on",
}
NOTICE = ("title", "body", "revision", "drafted", "shown")


@pytest.fixture
def account(cast: Cast) -> Account:
    """An official account of X."""
    return factories.official(cast.tourism, "shinshiro_kanko", name="しんしろ<観光>")


def page_of(account: Account, step: str = "") -> str:
    name, args = ("standing_step", [account.pk, step]) if step else ("standing", [account.pk])
    return reverse(f"accounts:{name}", args=args)


def asked(client: Client, account: Account, step: str, **said: str) -> Any:
    """The page of answers, after the questions were answered."""
    revision = Account.objects.get(pk=account.pk).revision
    today = timezone.localdate().isoformat()
    given = {"effective_on": today, "revision": revision, "to": "check", **TEXT, **said}
    return client.post(page_of(account, step), given)


def carried(answer: Any, **said: str) -> dict[str, Any]:
    """What the page of answers sends with its last button."""
    return {**answer.context["form"].data.dict(), "to": "take", **said}


# --- Question by question --------------------------------------------------------------------------


def test_a_head_suspends_in_three_pages_and_nothing_changes_before_the_last(
    client: Client, cast: Cast, account: Account
) -> None:
    client.force_login(cast.head)
    assert page_of(account, "suspend") in client.get(page_of(account)).content.decode()
    assert client.get(page_of(account, "suspend")).status_code == 200

    shown = asked(client, account, "suspend")
    html = shown.content.decode()
    assert shown.status_code == 200
    for part in (
        "「しんしろ&lt;観光&gt;」の運用停止",
        "停止の理由:業務が終わったため",
        "内部の理由",
    ):
        assert part in html
    assert not Notice.objects.exists()

    answer = client.post(page_of(account, "suspend"), carried(shown))

    assert answer["Location"] == page_of(account)
    account.refresh_from_db()
    assert account.status == Account.Status.SUSPENDED
    told = Notice.objects.get()
    # What was drafted from the facts, unescaped, and without the inner reason.
    assert "表示名:しんしろ<観光>" in told.body
    assert f"URL:{account.url}" in told.body
    assert "内部の理由" not in told.body
    assert StandingChange.objects.get().reason == "内部の理由"


def test_the_person_words_the_notice_and_sees_it_before_it_is_published(
    client: Client, cast: Cast, account: Account
) -> None:
    client.force_login(cast.head)
    first = asked(client, account, "suspend")

    again = client.post(page_of(account, "suspend"), carried(first, body="私の言葉で書きます。"))

    assert again.status_code == 200
    assert "周知の文が変わりました" in again.content.decode()
    assert "<p>私の言葉で書きます。</p>" in again.content.decode()
    assert not Notice.objects.exists()
    client.post(page_of(account, "suspend"), carried(again))
    assert Notice.objects.get().body == "私の言葉で書きます。"


def test_a_draft_follows_the_answers_until_the_person_words_it(
    client: Client, cast: Cast, account: Account
) -> None:
    client.force_login(cast.head)
    first = asked(client, account, "suspend")
    back = client.post(page_of(account, "suspend"), carried(first, to="questions"))
    assert 'value="2' in back.content.decode()
    assert "業務が終わったため" in back.content.decode()

    second = client.post(
        page_of(account, "suspend"), carried(first, to="check", public_reason="組織が変わるため")
    )
    assert "停止の理由:組織が変わるため" in second.context["form"].data["body"]

    mine = client.post(page_of(account, "suspend"), carried(second, to="check", title="私の題名"))
    third = client.post(
        page_of(account, "suspend"), carried(mine, to="check", public_reason="別の理由")
    )
    assert third.context["form"].data["title"] == "私の題名"
    assert "組織が変わるため" in third.context["form"].data["body"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"effective_on": "2100-01-01"}, "実施日には、今日までの日を入力してください。"),
        ({"effective_on": "2026-02-30"}, "日付を正しく入力してください。"),
        ({"note": ""}, "必ず入力する項目です。"),
        ({"handle_fate": ""}, "必ず入力する項目です。"),
        ({"handle_fate": "sold"}, "選択してください"),
        ({"handle_reason": ""}, "必ず入力する項目です。"),
        ({"credentials_settled": ""}, "復旧用の連絡先を整理してから"),
        (
            {"successor_url": "https://x.com/shinshiro_kanko"},
            "別の公式アカウントを選んでください。",
        ),
        ({"successor_url": "https://x.com/nobody_here"}, "登録されていません。"),
        ({"successor_url": "なに"}, "URLではないため"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_everything_typed_is_kept(
    client: Client, cast: Cast, account: Account, wrong: dict[str, str], sentence: str
) -> None:
    client.force_login(cast.head)

    said = {**CLOSING, "title": "私の題名", "body": "私の文", **wrong}
    answer = asked(client, account, "close", **said)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in html
    for typed in ("業務が終わったため", "私の題名", "私の文"):
        assert typed in html
    assert answer.context["form"].errors.keys() == wrong.keys()


def test_a_notice_that_is_too_long_is_mended_on_its_own_page(
    client: Client, cast: Cast, account: Account
) -> None:
    client.force_login(cast.head)

    answer = asked(client, account, "suspend", title="題" * 101, body="文")

    assert answer.status_code == 422
    assert "市のサイトでの表示" in answer.content.decode()
    assert answer.context["form"].errors.keys() == {"title"}
    assert 'name="public_reason" value="業務が終わったため"' in answer.content.decode()


def test_a_closure_names_its_successor_in_the_notice_and_on_the_account(
    client: Client, cast: Cast, account: Account
) -> None:
    successor = factories.official(cast.tourism, service="instagram", name="後の口座")
    client.force_login(cast.head)
    shown = asked(client, account, "close", **CLOSING, successor_url=successor.url)

    client.post(page_of(account, "close"), carried(shown))

    account.refresh_from_db()
    said = (account.status, account.handle_fate, account.successor)
    assert said == (Account.Status.CLOSED, "guarded", successor)
    assert f"「後の口座」({successor.url})" in Notice.objects.get().body
    html = client.get(page_of(account)).content.decode()
    assert "廃止したアカウントを、再開することはできません。" in html
    assert "取られないように" in html


# --- Two people ------------------------------------------------------------------------------------


def test_who_comes_second_is_told_and_keeps_the_text(
    client: Client, cast: Cast, account: Account
) -> None:
    client.force_login(cast.head)
    shown = asked(client, account, "suspend")
    factories.stood(account, "suspend", cast.pr_officer)

    answer = client.post(page_of(account, "suspend"), carried(shown))

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "すでに「停止中」になっているため" in html
    assert "停止の理由:業務が終わったため" in html
    assert 'value="take"' not in html
    assert Notice.objects.count() == 1


def test_after_a_change_meanwhile_one_may_go_on_from_there(
    client: Client, cast: Cast, account: Account
) -> None:
    client.force_login(cast.head)
    shown = asked(client, account, "close", **CLOSING)
    factories.stood(account, "suspend", cast.pr_officer)

    told = client.post(page_of(account, "close"), carried(shown))
    assert (told.status_code, Account.objects.get().status) == (409, "suspended")

    client.post(page_of(account, "close"), carried(told))
    assert Account.objects.get().status == Account.Status.CLOSED


def test_a_step_that_is_over_is_said_before_anything_is_asked(
    client: Client, cast: Cast, account: Account
) -> None:
    client.force_login(cast.head)

    answer = client.get(page_of(account, "resume"))

    assert answer.status_code == 409
    assert "「運用中」のため、「運用を再開する」はできません。" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_suspend_at_once_one_does_and_one_notice_is_published(cast: Cast) -> None:
    account = factories.official(cast.tourism)

    results = at_once(
        *(
            lambda by=by: factories.stood(Account.objects.get(pk=account.pk), "suspend", by)
            for by in (cast.head, cast.pr_officer)
        )
    )

    [refused] = refusals(results)
    assert str(refused) == "すでに「停止中」になっているため、「運用を停止する」はできません。"
    assert (Notice.objects.count(), StandingChange.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(2))
def test_received_before_a_closure_or_not_at_all(cast: Cast, attempt: int) -> None:
    account = factories.official(cast.tourism)
    policy = factories.policy(account, cast.officer, "reported", head=cast.head)

    results = at_once(
        lambda: factories.stood(Account.objects.get(pk=account.pk), "close", cast.head),
        lambda: factories.policy_workflow.take(policy, "receive", by=cast.pr_officer),
    )

    account.refresh_from_db()
    policy.refresh_from_db()
    refused = refusals(results)
    assert account.status == Account.Status.CLOSED
    assert policy.state == ("reported" if refused else "in_force")
    assert [str(each)[:17] for each in refused] in ([], ["このアカウントは廃止されています。"])


# --- Who sees what -----------------------------------------------------------------------------------


def test_each_sees_the_steps_that_are_his(client: Client, cast: Cast, account: Account) -> None:
    def labels(person: Any) -> list[str]:
        client.force_login(person)
        return [row["label"] for row in client.get(page_of(account)).context["buttons"]]

    assert labels(cast.head) == ["運用を停止する", "廃止する"]
    assert labels(cast.pr_officer) == ["運用を停止する"]
    assert labels(cast.officer) == labels(cast.deputy) == labels(cast.auditor) == []
    factories.absence(cast.tourism, cast.head)
    assert labels(cast.deputy) == ["代決して運用を停止する", "代決して廃止する"]


def test_a_deputy_is_told_what_is_missing(client: Client, cast: Cast, account: Account) -> None:
    client.force_login(cast.deputy)

    for url in (page_of(account), page_of(account, "close_for_head")):
        html = client.get(url).content.decode()
        assert "今日は所属の長の不在が記録されていないため、代決できません。" in html
        assert 'href="/desk/absences/"' in html


def test_the_page_asks_as_often_for_three_changes_as_for_one(
    client: Client, cast: Cast, account: Account
) -> None:
    def queries() -> int:
        client.get(page_of(account))
        with CaptureQueriesContext(connection) as captured:
            client.get(page_of(account))
        return len(captured)

    client.force_login(cast.officer)
    factories.stood(account, "suspend", cast.head)
    one = queries()
    for _ in range(2):
        Account.objects.update(status="official")
        factories.stood(account, "suspend", cast.head)

    assert queries() == one


# --- Afterwards --------------------------------------------------------------------------------------


def test_the_deletion_of_a_handle_is_seen_within_a_month_and_ends_all_access(
    client: Client, cast: Cast, account: Account
) -> None:
    Access.objects.create(account=account, person=cast.officer, kind="administrator")
    day = timezone.localdate() - datetime.timedelta(days=3)
    factories.stood(account, "close", cast.head, handle_fate="deleted", effective_on=day)
    [pile] = [pile for pile in piles(cast.officer) if pile.duty.name == "see_deleted"]
    [task] = pile.tasks
    assert (task.due, task.link) == (
        day + datetime.timedelta(days=30), reverse("accounts:deletion", args=[account.pk]),
    )  # fmt: skip
    client.force_login(cast.officer)
    for wrong in ("2100-01-01", (day - datetime.timedelta(days=1)).isoformat()):
        assert client.post(task.link, {"seen_on": wrong}).status_code == 422

    client.post(task.link, {"seen_on": timezone.localdate().isoformat()})

    change = StandingChange.objects.get()
    assert (change.handle_done_on, change.handle_done_by) == (timezone.localdate(), cast.officer)
    assert not Access.objects.current().exists()
    assert "see_deleted" not in [pile.duty.name for pile in piles(cast.officer)]
    # A second time there is nothing to confirm.
    assert client.get(task.link)["Location"] == page_of(account)


def test_a_deputys_decision_waits_for_the_head_who_was_told(cast: Cast, account: Account) -> None:
    factories.absence(cast.tourism, cast.head)
    factories.stood(account, "close_for_head", cast.deputy)

    assert "review_standing" in [pile.duty.name for pile in piles(cast.head)]
    assert "review_standing" not in [pile.duty.name for pile in piles(cast.deputy)]

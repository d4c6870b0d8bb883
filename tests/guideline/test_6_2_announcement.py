"""Clause 6(2): it is announced on the city's site and on the account."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account, Announcement, Notice
from shinshiro_sns.duties import piles
from shinshiro_sns.models import OutgoingMail
from tests import factories
from tests.conftest import Cast


@pytest.fixture
def account(cast: Cast) -> Account:
    """An official account of X."""
    return factories.official(cast.tourism, "shinshiro_kanko", name="しんしろ観光")


@pytest.fixture
def notice(cast: Cast, account: Account) -> Notice:
    """The notice of its suspension."""
    factories.stood(account, "suspend", cast.head)
    return Notice.objects.get()


def form_of(notice: Notice) -> str:
    return reverse("accounts:announcement", args=[notice.account_id, notice.pk])


@pytest.mark.parametrize(("step", "kind"), [("suspend", "停止"), ("close", "廃止")])
def test_the_same_step_publishes_the_notice(
    client: Client, cast: Cast, account: Account, step: str, kind: str
) -> None:
    factories.stood(account, step, cast.head, title="観光課からのお知らせ", body="今までの感謝")

    [notice] = Notice.objects.public()
    assert (notice.get_kind_display(), notice.published_by) == (kind, cast.head)
    for address in ("/notices/", notice.get_absolute_url(), account.get_absolute_url()):
        assert "観光課からのお知らせ" in client.get(address).content.decode()
    assert "今までの感謝" in client.get(notice.get_absolute_url()).content.decode()


def test_a_step_that_is_refused_publishes_nothing(cast: Cast, account: Account) -> None:
    with pytest.raises(Exception, match="周知の題名と本文を入力してください。"):
        factories.stood(account, "suspend", cast.head, body="")

    assert not Notice.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_the_department_its_partners_heads_and_the_pr_division_are_told(
    cast: Cast, account: Account
) -> None:
    account.partners.add(cast.safety)

    factories.stood(account, "suspend", cast.pr_officer, note="乗っ取りの疑い")

    told = {mail.recipient: mail for mail in OutgoingMail.objects.select_related("recipient")}
    assert set(told) == {
        cast.officer, cast.colleague, cast.head, cast.deputy, cast.partner_head,
        cast.pr_head, cast.pr_second,
    }  # fmt: skip
    head = told[cast.head]
    assert head.subject == f"【停止】{account}"
    assert "乗っ取りの疑い" in head.body
    assert Notice.objects.get().get_absolute_url() in head.body
    assert "投稿のURLを" in head.body
    assert "投稿のURLを" not in told[cast.pr_head].body


def test_the_officers_are_to_record_the_accounts_own_post_within_three_days(
    cast: Cast, notice: Notice
) -> None:
    [pile] = [pile for pile in piles(cast.officer) if pile.duty.name == "announce"]

    assert pile.duty.grave
    [task] = pile.tasks
    assert task.due == timezone.localdate() + datetime.timedelta(days=3)
    assert task.link == form_of(notice)
    assert [pile.duty.name for pile in piles(cast.partner_officer)] == []


def test_the_accounts_own_post_is_recorded_with_its_url(
    client: Client, cast: Cast, notice: Notice
) -> None:
    client.force_login(cast.officer)
    url = "https://x.com/shinshiro_kanko/status/1234567890"
    day = timezone.localdate()

    answer = client.post(form_of(notice), {"url": url, "announced_on": day.isoformat()})

    assert answer.status_code == 302
    row = Announcement.objects.get()
    assert (row.notice, row.url, row.announced_on) == (notice, url, day)
    assert (row.why_not, row.recorded_by) == ("", cast.officer)
    assert "announce" not in [pile.duty.name for pile in piles(cast.officer)]
    # A second one, from a page opened before, changes nothing.
    client.post(form_of(notice), {"why_not": "別の理由", "announced_on": day.isoformat()})
    assert Announcement.objects.get().url == url


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("https://www.instagram.com/p/Cxyz/", "このアカウントの投稿のURLを入力してください。"),
        ("https://x.com.evil.example/a/status/1", "このアカウントの投稿のURLを入力してください。"),
        ("https://x.com/shinshiro_kanko", "プロフィールのURLです。"),
        ("javascript:alert(1)", "URLを正しく入力してください。"),
        ("", "どちらか一つを入力してください。"),
    ],
)
def test_only_a_post_on_the_accounts_own_service_will_do(
    client: Client, cast: Cast, notice: Notice, url: str, sentence: str
) -> None:
    client.force_login(cast.officer)

    answer = client.post(
        form_of(notice), {"url": url, "announced_on": timezone.localdate().isoformat()}
    )

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Announcement.objects.exists()


def test_why_it_cannot_be_posted_is_an_answer_too_but_not_beside_a_url(
    client: Client, cast: Cast, notice: Notice
) -> None:
    client.force_login(cast.officer)
    given = {"why_not": "ログインできないため", "announced_on": timezone.localdate().isoformat()}

    both = client.post(form_of(notice), given | {"url": "https://x.com/a/status/1"})
    assert both.status_code == 422
    assert 'value="ログインできないため"' in both.content.decode()
    client.post(form_of(notice), given)

    assert Announcement.objects.get().why_not == "ログインできないため"


def test_a_post_of_tomorrow_is_not_recorded_today(
    client: Client, cast: Cast, notice: Notice
) -> None:
    client.force_login(cast.officer)

    answer = client.post(form_of(notice), {"why_not": "なし", "announced_on": "2100-01-01"})

    assert "未来の日付は入力できません。" in answer.content.decode()
    assert not Announcement.objects.exists()

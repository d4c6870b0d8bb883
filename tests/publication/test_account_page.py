"""An account's page: what it is today, its policy in force, its earlier versions."""

from __future__ import annotations

import html as markup
import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from policies.models import OperatingPolicy
from tests import factories
from tests.conftest import Cast
from tests.publication.conftest import Publish

State = OperatingPolicy.State


def text_of(client: Client, address: str) -> str:
    """The page's text, without its markup."""
    response = client.get(address)
    assert response.status_code == 200
    body = response.content.decode().partition("<body>")[2]
    return markup.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))


def next_version(cast: Cast, account: Account, state: str = State.IN_FORCE, **fields: Any) -> None:
    factories.policy(
        account, cast.colleague, state, head=cast.head, receiver=cast.pr_officer, **fields
    )


def test_it_says_plainly_that_the_account_is_official(client: Client, publish: Publish) -> None:
    account = publish("shinshiro_kanko", name="しんしろ観光")

    response = client.get(f"/accounts/{account.pk}/")

    assert "これは新城市の公式アカウントです" in response.content.decode()
    assert '<a href="https://x.com/shinshiro_kanko" rel="me noopener">' in response.content.decode()


def test_the_five_items_of_the_policy_in_force_are_shown(client: Client, publish: Publish) -> None:
    account = publish(
        "shinshiro_kanko", "instagram", name="しんしろ観光",
        policy={
            "purpose": "催しを知らせるため",
            "content": "桜の開花状況",
            "reply": "some",
            "reply_handling": "平日に返信します",
            "personal_information": "回答後に消去します",
        },
    )  # fmt: skip

    shown = text_of(client, f"/accounts/{account.pk}/").partition("運用ポリシー")[2]

    expected = (
        "ア 種類", "Instagram", "イ アカウント", "しんしろ観光", "@shinshiro_kanko",
        "https://www.instagram.com/shinshiro_kanko/", "アカウント利用者", "アカウント管理者",
        "ウ 目的と内容", "催しを知らせるため", "桜の開花状況",
        "エ 運用方法", "月〜金 8:30〜17:15(祝日・年末年始を除く)", "必要に応じて返信する",
        "平日に返信します", "オ 個人情報", "回答後に消去します",
    )  # fmt: skip
    places = [shown.find(part) for part in expected]
    assert -1 not in places
    assert places == sorted(places)


def test_staff_are_numbers_with_their_department(
    client: Client, publish: Publish, cast: Cast, settings: Any
) -> None:
    account = publish(partners=(cast.safety,))
    policy = account.policies.get()
    policy.users.set([cast.officer, cast.colleague, cast.partner_officer])

    shown = text_of(client, f"/accounts/{account.pk}/")

    assert "アカウント利用者 観光課の職員2名、防災課の職員1名" in shown
    assert "アカウント管理者 観光課の職員1名" in shown
    assert cast.officer.name not in shown

    settings.PUBLISH_STAFF_NAMES = True
    shown = text_of(client, f"/accounts/{account.pk}/")
    assert "アカウント管理者 観光 担当" in shown


def test_staff_who_have_left_the_department_since_are_still_counted(
    client: Client, publish: Publish, cast: Cast
) -> None:
    account = publish()
    account.policies.get().users.set([cast.stranger])

    assert "アカウント利用者 新城市の職員1名" in text_of(client, f"/accounts/{account.pk}/")


def test_a_shared_account_names_its_theme_and_departments(
    client: Client, publish: Publish, cast: Cast
) -> None:
    account = publish(partners=(cast.safety,), policy={"shared_theme": "避難の情報"})

    shown = text_of(client, f"/accounts/{account.pk}/")

    assert "共通するテーマ 避難の情報" in shown
    assert "共同で利用する所属 防災課" in shown


def test_an_account_of_one_department_has_no_sharing(client: Client, publish: Publish) -> None:
    assert "共通するテーマ" not in text_of(client, f"/accounts/{publish().pk}/")


@pytest.mark.parametrize(
    ("status", "said", "is_linked"),
    [
        ("suspended", "このアカウントは運用を停止しています", True),
        ("closed", "このアカウントは廃止されました", False),
    ],
)
def test_a_former_account_keeps_its_page_and_says_what_it_is(
    client: Client, publish: Publish, status: str, said: str, is_linked: bool
) -> None:
    account = publish("once_ours", status=status)

    html = client.get(f"/accounts/{account.pk}/").content.decode()

    assert said in html
    assert "公式アカウントです</p>" not in html
    assert "https://x.com/once_ours" in html
    assert ('href="https://x.com/once_ours"' in html) is is_linked


def test_a_closed_accounts_last_version_is_not_called_in_force(
    client: Client, publish: Publish
) -> None:
    account = publish(status="closed")

    for address in (f"/accounts/{account.pk}/", f"/accounts/{account.pk}/policy/1/"):
        shown = text_of(client, address)
        assert "最後の版" in shown
        assert "施行中" not in shown


def test_since_when_it_is_official(client: Client, cast: Cast, publish: Publish) -> None:
    with time_machine.travel(datetime(2026, 4, 1, 9, tzinfo=ZoneInfo("Asia/Tokyo")), tick=False):
        account = publish()

    html = client.get(f"/accounts/{account.pk}/").content.decode()

    assert '令和8年4月1日(<time datetime="2026-04-01">2026-04-01</time>)' in html


def test_the_exact_address_to_quote(client: Client, publish: Publish, settings: Any) -> None:
    settings.PORTAL_URL = "https://sns.city.example"
    account = publish()

    html = client.get(f"/accounts/{account.pk}/").content.decode()

    address = f"https://sns.city.example/accounts/{account.pk}/"
    assert f'id="exact-url">{address}</p>' in html
    assert f'<link rel="canonical" href="{address}">' in html
    assert f'<meta property="og:url" content="{address}">' in html


def test_earlier_versions_are_listed_with_their_days_and_can_be_read(
    client: Client, publish: Publish, cast: Cast
) -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    with time_machine.travel(datetime(2026, 4, 1, 0, 30, tzinfo=tokyo), tick=False):
        account = publish(policy={"purpose": "はじめの目的"})
    with time_machine.travel(datetime(2026, 10, 1, 9, tzinfo=tokyo), tick=False):
        next_version(cast, account, purpose="改めた目的")
    page = f"/accounts/{account.pk}/"

    assert "改めた目的" in text_of(client, page)
    assert "はじめの目的" not in text_of(client, page)
    first, second = text_of(client, f"{page}policy/1/"), text_of(client, f"{page}policy/2/")
    assert "はじめの目的" in first
    assert "改めた目的" not in first
    assert "旧版" in first
    assert "2026年4月1日(水) (令和8年4月1日)から" in first
    assert "2026年10月1日(木) (令和8年10月1日)まで" in first
    assert "これは以前の版です" in first
    assert "改めた目的" in second
    assert "施行中" in second
    assert [
        (row.number, row.since.isoformat(), row.until and row.until.isoformat())
        for row in client.get(page).context["versions"]
    ] == [(2, "2026-10-01", None), (1, "2026-04-01", "2026-10-01")]


def test_an_address_the_account_has_left_is_no_link_in_the_earlier_version(
    client: Client, publish: Publish, cast: Cast
) -> None:
    account = publish("old_handle")
    moved = {"handle": "new_handle", "url": "https://x.com/new_handle", "identity": "x:new_handle"}
    next_version(cast, account, **moved)

    first = client.get(f"/accounts/{account.pk}/policy/1/").content.decode()
    second = client.get(f"/accounts/{account.pk}/policy/2/").content.decode()

    assert "https://x.com/old_handle" in first
    assert 'href="https://x.com/old_handle"' not in first
    assert 'href="https://x.com/new_handle" rel="me noopener"' in second


@pytest.mark.parametrize("state", [State.DRAFT, State.WITH_HEAD, State.REPORTED, State.RETURNED])
def test_a_next_version_on_its_way_changes_nothing_the_public_sees(
    client: Client, publish: Publish, cast: Cast, state: str
) -> None:
    account = publish(policy={"purpose": "今の目的"})
    addresses = (
        "/",
        "/?view=table",
        f"/accounts/{account.pk}/",
        f"/accounts/{account.pk}/policy/1/",
    )
    before = [client.get(address).content for address in addresses]

    next_version(
        cast, account, state, name="次の名前", handle="next_handle", purpose="次の目的",
        url="https://x.com/next_handle", identity="x:next_handle", category="safety",
    )  # fmt: skip

    assert [client.get(address).content for address in addresses] == before
    assert client.get(f"/accounts/{account.pk}/policy/2/").status_code == 404


def test_an_account_being_prepared_is_as_unknown_as_none(client: Client, cast: Cast) -> None:
    account = factories.account(cast.tourism, name="準備中の名前")
    factories.policy(account, cast.officer, State.REPORTED, head=cast.head)

    prepared = client.get(f"/accounts/{account.pk}/")
    unknown = client.get("/accounts/987654/")
    absurd = client.get("/accounts/99999999999999999999999999/")

    assert [r.status_code for r in (prepared, unknown, absurd)] == [404, 404, 404]
    assert prepared.content == unknown.content == absurd.content
    assert client.get(f"/accounts/{account.pk}/policy/1/").content == unknown.content


@pytest.mark.parametrize("version", ["0", "2", "99999999999999999999999999"])
def test_a_version_that_never_was_in_force_is_not_found(
    client: Client, publish: Publish, version: str
) -> None:
    assert client.get(f"/accounts/{publish().pk}/policy/{version}/").status_code == 404


def test_before_receipt_the_reported_policy_is_public_only_where_the_city_says_so(
    client: Client, cast: Cast, settings: Any
) -> None:
    settings.OFFICIAL_BEFORE_RECEIPT = True
    account = factories.account(cast.tourism)
    factories.policy(account, cast.officer, State.REPORTED, head=cast.head, purpose="報告した目的")

    shown = text_of(client, f"/accounts/{account.pk}/")

    assert "これは新城市の公式アカウントです" in shown
    assert "報告した目的" in shown


def test_an_account_without_a_public_policy_says_so(client: Client, publish: Publish) -> None:
    account = publish()
    OperatingPolicy.objects.filter(account=account).update(state=State.WITHDRAWN)

    assert "公開している運用ポリシーはありません。" in text_of(client, f"/accounts/{account.pk}/")


def test_what_is_no_address_of_the_web_is_never_a_link(client: Client, publish: Publish) -> None:
    account = publish()
    for rows in (Account.objects, OperatingPolicy.objects):
        rows.update(url="javascript:alert(1)")

    for address in ("/", f"/accounts/{account.pk}/", f"/accounts/{account.pk}/policy/1/"):
        assert 'href="javascript:' not in client.get(address).content.decode()


def test_the_number_of_queries_does_not_grow_with_people_and_versions(
    client: Client, publish: Publish, cast: Cast
) -> None:
    account = publish(partners=(cast.safety,))

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(f"/accounts/{account.pk}/")
        return len(caught)

    with_one = queries()
    account.policies.get().users.set([cast.officer, cast.colleague, cast.partner_officer])
    next_version(cast, account, partners=(cast.safety,))
    next_version(cast, account, partners=(cast.safety,))

    assert queries() == with_one
    assert with_one <= 10

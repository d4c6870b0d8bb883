"""What the public reads of notices, of former accounts, and of accounts nobody confirmed in time."""

from __future__ import annotations

import datetime
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.announcing import take_back
from accounts.models import Account, Notice
from shinshiro_sns.steps import StepOvertaken
from tests import factories
from tests.conftest import Cast
from tests.publication.conftest import Publish

FEED = "/notices/feed.atom"
ATOM = "{http://www.w3.org/2005/Atom}"
LONG_AGO = datetime.date(2020, 4, 1)


def notice(cast: Cast, number: int = 1, **fields: Any) -> Notice:
    """A notice published on the minute `number` of a day."""
    if "account" not in fields:
        fields["account"] = factories.official(cast.tourism)
    given = {
        "kind": "suspended",
        "title": f"お知らせ{number:02}",
        "body": "一行目\n\n二行目",
        "published_at": timezone.make_aware(datetime.datetime(2026, 5, 1, 9, number)),
        "published_by": cast.head,
    }
    return Notice.objects.create(**given | fields)


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


# --- The list and its pages --------------------------------------------------------------------


def test_notices_are_listed_newest_first_and_in_pages(client: Client, cast: Cast) -> None:
    account = factories.official(cast.tourism)
    for number in range(25):
        notice(cast, number, account=account)

    listed = [
        [row.title for row in client.get(f"/notices/{query}").context["listed"]]
        for query in ("", "?page=2")
    ]

    assert listed[0] + listed[1] == [f"お知らせ{number:02}" for number in range(24, -1, -1)]
    assert [len(page) for page in listed] == [20, 5]
    assert 'rel="canonical" href="http://' in client.get("/notices/?page=2").content.decode()


def test_a_notice_says_when_what_and_of_which_account(client: Client, cast: Cast) -> None:
    told = notice(cast, body="<b>一行目</b>\n\n二行目")

    html = client.get(told.get_absolute_url()).content.decode()

    assert "<p>&lt;b&gt;一行目&lt;/b&gt;</p>\n\n<p>二行目</p>" in html
    assert f'href="{told.account.get_absolute_url()}"' in html
    assert '<time datetime="2026-05-01T09:01+09:00">' in html


@pytest.mark.parametrize("url", ["/notices/", FEED])
def test_three_notices_ask_as_often_as_one(client: Client, cast: Cast, url: str) -> None:
    notice(cast)
    one = queries(client, url)
    for number in (2, 3):
        notice(cast, number)

    assert queries(client, url) == one


# --- The feed -----------------------------------------------------------------------------------


def test_the_feed_is_atom_with_ids_that_stay(client: Client, cast: Cast, settings: Any) -> None:
    settings.PORTAL_URL = "https://sns.city.example"
    first, second = notice(cast, 1), notice(cast, 2, body="悪い文字 & <b>\n次")

    answer = client.get(FEED)

    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}id") == "https://sns.city.example/notices/"
    assert feed.findtext(f"{ATOM}updated") == "2026-05-01T09:02:00+09:00"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "新城市"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == "https://sns.city.example/notices/feed.atom"
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [
        f"https://sns.city.example{each.get_absolute_url()}" for each in (second, first)
    ]
    assert entries[0].findtext(f"{ATOM}summary") == "<p>悪い文字 &amp; &lt;b&gt;<br>次</p>"
    for entry in entries:
        assert {child.tag.removeprefix(ATOM) for child in entry} >= {
            "id", "title", "updated", "published", "link", "summary",
        }  # fmt: skip


def test_an_empty_feed_is_one_too_and_always_the_same(client: Client, db: None) -> None:
    one, two = client.get(FEED), client.get(FEED)

    assert one.content == two.content
    assert ElementTree.fromstring(one.content).findall(f"{ATOM}entry") == []


def test_characters_that_no_feed_can_carry_are_not_published(client: Client, cast: Cast) -> None:
    account = factories.official(cast.tourism)
    factories.stood(account, "suspend", cast.head, body="前\x0b\x00後")

    assert "前後" in ElementTree.fromstring(client.get(FEED).content).findtext(
        f"{ATOM}entry/{ATOM}summary", ""
    )


@pytest.mark.parametrize("url", ["/", "/notices/", "/guideline/"])
def test_every_page_tells_machines_of_the_feed(client: Client, db: None, url: str) -> None:
    html = client.get(url).content.decode()

    assert 'type="application/atom+xml"' in html
    assert f'href="{FEED}"' in html


# --- Former accounts ----------------------------------------------------------------------------


def test_a_closed_account_says_since_when_its_notices_and_its_successor(
    client: Client, cast: Cast
) -> None:
    successor = factories.official(cast.tourism, name="後の口座")
    account = factories.official(cast.tourism, name="前の口座")
    day = datetime.date(2026, 3, 31)
    factories.stood(
        account, "close", cast.head, effective_on=day, successor=successor, title="廃止します"
    )

    html = client.get(account.get_absolute_url()).content.decode()

    for part in ("このアカウントは廃止されました", "令和8年3月31日", "廃止します", "後の口座"):
        assert part in html
    assert f'href="{successor.get_absolute_url()}"' in html
    assert f'href="{account.url}"' not in html


def test_a_suspended_account_says_since_when(client: Client, cast: Cast) -> None:
    account = factories.official(cast.tourism)
    factories.stood(account, "suspend", cast.head, effective_on=datetime.date(2026, 3, 31))

    html = client.get(account.get_absolute_url()).content.decode()

    assert "停止した日" in html
    assert "令和8年3月31日" in html


def test_a_closed_account_stays_in_the_list_of_former_ones_for_good(
    client: Client, cast: Cast
) -> None:
    account = factories.official(cast.tourism, name="前の口座")
    factories.stood(account, "close", cast.head)
    Account.objects.update(state_since=timezone.make_aware(datetime.datetime(1999, 1, 1)))

    assert "前の口座" in client.get("/").content.decode()
    assert "前の口座" in client.get("/?status=former").content.decode()


def test_a_page_asks_as_often_for_three_notices_as_for_one(
    client: Client, publish: Publish, cast: Cast
) -> None:
    account = publish()
    notice(cast, 1, account=account)
    one = queries(client, account.get_absolute_url())
    for number in (2, 3):
        notice(cast, number, account=account)

    assert queries(client, account.get_absolute_url()) == one


# --- 確認期限切れ -------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["/", "/?view=table", "account"])
def test_an_account_nobody_confirmed_in_time_says_so_in_words(
    client: Client, cast: Cast, url: str
) -> None:
    account = factories.official(cast.tourism, official_since=LONG_AGO)
    url = account.get_absolute_url() if url == "account" else url
    before = client.get(url).content.decode()

    Account.objects.update(attested_on=timezone.localdate())
    after = client.get(url).content.decode()

    assert "確認期限切れ" in before
    assert "確認期限切れ" not in after
    # To machines it is the city's all the same: what is overdue is the department's word.
    assert ('"sameAs"' in before, '"sameAs"' in after) == (True, True)


def test_only_official_accounts_are_called_overdue(client: Client, cast: Cast) -> None:
    for status in ("suspended", "closed"):
        factories.official(cast.tourism, official_since=LONG_AGO, status=status)

    assert "確認期限切れ" not in client.get("/").content.decode()


@pytest.mark.parametrize("url", ["/", "/?view=table"])
def test_the_list_asks_as_often_for_three_overdue_accounts_as_for_one(
    client: Client, cast: Cast, url: str
) -> None:
    factories.official(cast.tourism)
    one = queries(client, url)
    for _ in range(2):
        factories.official(cast.tourism)

    assert queries(client, url) == one


# --- What warns of a fake, 5(2), and what takes it back ------------------------------------------


def warning(cast: Cast, **fields: Any) -> Notice:
    """A warning of a fake of the city as such."""
    given = {"account": None, "department": cast.pr_division, "kind": "fake"}
    return notice(cast, title="@shinshir0は偽です", body="@shinshir0は偽です。", **given | fields)


@pytest.mark.parametrize("url", ["/notices/", FEED])
def test_a_warning_of_no_account_is_told_with_who_speaks_for_the_city(
    client: Client, cast: Cast, url: str
) -> None:
    told = warning(cast)
    assert "@shinshir0は偽です" in client.get(url).content.decode()
    html = client.get(told.get_absolute_url()).content.decode()
    assert "@shinshir0は偽です。" in html
    assert "なりすまし注意" in html
    assert cast.pr_division.name in client.get("/notices/").content.decode()


def test_what_was_taken_back_accuses_nobody_any_more_on_any_page(
    client: Client, cast: Cast
) -> None:
    told = warning(cast, account=(account := factories.official(cast.tourism)), department=None)
    take_back(told, cast.pr_officer, title="訂正とお詫び", body="偽ではありませんでした。")

    for url in ("/notices/", FEED, told.get_absolute_url(), account.get_absolute_url()):
        html = client.get(url).content.decode()
        assert "shinshir0" not in html, url
        assert "取り下げたお知らせ" in html, url
    html = client.get(told.get_absolute_url()).content.decode()
    assert "このお知らせは取り下げました" in html
    assert "偽ではありませんでした。" in html
    assert '<meta name="robots" content="noindex">' in html
    [entry, _] = sorted(
        ElementTree.fromstring(client.get(FEED).content).findall(f"{ATOM}entry"),
        key=lambda each: each.findtext(f"{ATOM}title") or "",
        reverse=True,
    )
    assert entry.findtext(f"{ATOM}title") == "訂正とお詫び"


def test_a_notice_is_taken_back_once(cast: Cast) -> None:
    told = warning(cast)
    take_back(told, cast.pr_officer, title="訂正", body="誤りでした。")
    with pytest.raises(StepOvertaken):
        take_back(told, cast.pr_officer, title="訂正", body="誤りでした。")
    assert Notice.objects.count() == 2


def test_a_warning_does_not_move_the_day_of_a_suspension(client: Client, cast: Cast) -> None:
    account = factories.stood(factories.official(cast.tourism), "suspend", cast.head)
    day = client.get(account.get_absolute_url()).context["facts"][-1]
    warning(cast, account=account, department=None, published_at=timezone.now())
    assert client.get(account.get_absolute_url()).context["facts"][-1] == day


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "suspended", "account": None, "department_id": 1},
        {"kind": "fake", "account": None},
        {"kind": "taken_back"},
        {"urgent_until": timezone.make_aware(datetime.datetime(2026, 5, 1, 8))},
    ],
)
def test_the_database_refuses_notices_of_nobody_and_of_no_time(
    cast: Cast, fields: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        notice(cast, **fields)

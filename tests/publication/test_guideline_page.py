"""`/guideline/`: the version in force, its clauses at their places, the other versions."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from policies.guideline import GuidelineVersion

TEXT = """例の決まり
1.目的
この決まりは、例を示す。
2.定義
3.運用
(1)一つ目の段落<b>です。
(3)三つ目の段落は、次のとおり。
ア 種類
イ 名前(※1)
7.ではない行
4.終わり
(1)段落
(1)同じ番号の段落
附則
この決まりは、平成25年4月17日から施行する。
"""


def version(day: str, title: str = "例の決まり", text: str = TEXT) -> GuidelineVersion:
    return GuidelineVersion.objects.create(
        title=title, text=text, effective_from=date.fromisoformat(day)
    )


def at(day: str) -> time_machine.travel:
    return time_machine.travel(
        datetime.fromisoformat(f"{day}T00:10").replace(tzinfo=ZoneInfo("Asia/Tokyo")), tick=False
    )


def test_without_a_version_it_says_so(client: Client, db: None) -> None:
    response = client.get("/guideline/")

    assert response.status_code == 200
    assert "施行中のガイドラインは登録されていません" in response.content.decode()


def test_every_clause_has_its_place_once(client: Client, db: None) -> None:
    version("2013-04-17")

    html = client.get("/guideline/").content.decode()

    article = html.partition("<article")[2].partition("</article>")[0]
    assert re.findall(r'id="([^"]+)"', article) == [
        "c1", "c2", "c3", "c3-1", "c3-3", "c3-3-a", "c3-3-i", "c4", "c4-1", "supplement",
    ]  # fmt: skip
    assert "一つ目の段落&lt;b&gt;です。" in article
    # The page's heading says it already.
    assert "例の決まり</" not in article


def test_the_day_of_effect_and_the_digest_are_said(client: Client, db: None) -> None:
    version("2013-04-17")

    html = client.get("/guideline/").content.decode()

    assert '平成25年4月17日(<time datetime="2013-04-17">2013-04-17</time>)' in html
    assert hashlib.sha256(TEXT.encode()).hexdigest() in html


@pytest.mark.parametrize(
    ("today", "in_force"),
    [("2026-03-31", "前の決まり"), ("2026-04-01", "今の決まり"), ("2026-12-31", "今の決まり")],
)
def test_the_version_in_force_today_is_shown(
    client: Client, db: None, today: str, in_force: str
) -> None:
    version("2013-04-17", "前の決まり")
    version("2026-04-01", "今の決まり")

    with at(today):
        html = client.get("/guideline/").content.decode()

    assert re.findall(r"<h1>(.*?)</h1>", html) == [in_force]


def test_each_version_has_its_address_and_says_how_it_stands(client: Client, db: None) -> None:
    version("2013-04-17", "前の決まり")
    version("2026-04-01", "今の決まり")
    version("2027-04-01", "次の決まり")

    with at("2026-11-23"):
        pages = {
            day: client.get(f"/guideline/{day}/").content.decode()
            for day in ("2013-04-17", "2026-04-01", "2027-04-01")
        }
        overview = client.get("/guideline/").content.decode()

    assert "このガイドラインは、以前の版です" in pages["2013-04-17"]
    assert "令和8年3月31日(2026-03-31)" in pages["2013-04-17"]
    assert "以前の版" not in pages["2026-04-01"]
    assert "まだ施行されていません(令和9年4月1日施行予定)" in pages["2027-04-01"]
    table = overview.partition("<table")[2]
    assert re.findall(r'href="(/guideline/[^"]+)"', table)[:3] == [
        "/guideline/2027-04-01/", "/guideline/2026-04-01/", "/guideline/2013-04-17/",
    ]  # fmt: skip
    assert re.findall(r'class="tag[^"]*">([^<]+)<', table) == ["施行予定", "施行中", "旧版"]


def test_before_the_first_day_of_effect_the_version_to_come_is_listed(
    client: Client, db: None
) -> None:
    version("2027-04-01", "次の決まり")

    with at("2026-11-23"):
        html = client.get("/guideline/").content.decode()

    assert "施行中のガイドラインは登録されていません" in html
    assert 'href="/guideline/2027-04-01/"' in html


@pytest.mark.parametrize("day", ["2026-11-23", "2026-02-30", "2026-13-01", "0000-00-00", "today"])
def test_a_day_without_a_version_is_not_found(client: Client, db: None, day: str) -> None:
    version("2013-04-17")

    assert client.get(f"/guideline/{day}/").status_code == 404

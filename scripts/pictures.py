"""The manual's pictures: `scripts/pictures [NAME...]` does the jobs the manual tells of, and looks.

Started by the script of the same name, which says where the database is. Every picture belongs to
one function below; a picture is taken on the same day whenever this runs, so that the pictures
change with the pages alone.
"""

from __future__ import annotations

import csv
import datetime
import io
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import time_machine
from album import TELEPHONE, Album, follow, in_japanese, portal, press, send
from playwright.sync_api import sync_playwright

from staff.demonstration import DOMAIN

AS_OF = datetime.datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-quic", "--no-first-run",
    "--hide-scrollbars",
]  # fmt: skip
REGISTER = """種類,表示名,URL,管理する所属,開設日
X,新城市スポーツ(見本),https://twitter.com/mihon_sports,文化スポーツ課,令和6年4月1日
Instagram,新城市観光課(見本),https://www.instagram.com/example_kanko/,観光課,2025-12-26
Facebook,市民まつり(見本),https://www.facebook.com/mihon.matsuri,まつり課,2020-06-01
"""

TRANSFER = f"""区分,メールアドレス,氏名,異動元,異動先,役割
職員,tanto@{DOMAIN},見本 花子,3030,1030,担当者
"""


DRAFT = """【無料】紅葉まつりのお知らせ
12月32日(金)に鳳来寺山で紅葉まつりを行います。詳しくは https://bit.ly/example をご覧ください。
申込みは山田さん(090-1234-5678)まで。"""


def overview(album: Album) -> None:
    """The public list."""
    page = album.visit()
    page.goto("/")
    album.take(page, "overview", page.get_by_role("link", name="noteで開く"), whole=True)


def public_account(album: Album) -> None:
    """One account as a citizen sees it on a telephone."""
    page = album.visit(width=TELEPHONE)
    page.goto("/?q=新城市観光課")
    follow(page, "新城市観光課(見本)")
    album.take(page, "public-account", 900, whole=True)


def desk(album: Album) -> None:
    """What is an officer's turn."""
    page = album.visit("tanto")
    album.take(page, "desk", page.get_by_role("link", name="アカウントの一覧を見る"), whole=True)


def filing(album: Album) -> None:
    """An officer registers an account and writes its policy."""
    page = album.visit("tanto")
    follow(page, "アカウントを登録する")
    page.get_by_label("ソーシャルメディアの種類").select_option(label="Instagram")
    page.get_by_label("アカウントのURLまたはアカウント名").fill("@mihon_sakura")
    page.get_by_label("表示名").fill("しんしろ桜だより(見本)")
    register = page.get_by_role("button", name="登録して、運用ポリシーに進む")
    album.take(page, "register", register)
    press(page, "登録して、運用ポリシーに進む")
    page.goto(page.url)
    album.take(page, "task-list", page.get_by_role("link", name="入力内容を確かめて提出する"))
    follow(page, "エ 運用方法")
    for day in "月火水木金":
        page.get_by_role("group", name="1行目の曜日").get_by_label(day, exact=True).check()
    page.get_by_label("1行目の始まり").fill("8:30")
    page.get_by_label("1行目の終わり").fill("17:15")
    page.get_by_label("個別には返信しない").check()
    page.get_by_text("ガイドラインの原文と記入例").click()
    save = page.get_by_role("button", name="保存して一覧に戻る")
    album.take(page, "section", save)


def returned(album: Album) -> None:
    """Why a report came back."""
    page = album.visit("tanto")
    follow(page, "新城の四季")
    items = page.get_by_role("heading", name="入力する項目")
    album.take(page, "returned", items)


def two_people(album: Album) -> None:
    """Two people change the same field at the same time."""
    first, second = album.visit("tanto"), album.visit("hosa")
    follow(first, "しんしろ観光チャンネル")
    for page in (first, second):
        page.goto(first.url.partition("/edit/")[0])
        follow(page, "ウ 目的と内容")
    second.get_by_label("発信する内容").fill("・祭り、花火の記録\n・空から撮った四季の風景")
    first.get_by_label("発信する内容").fill("・祭りと花火の全編の記録\n・四季の風景")
    press(second, "保存して一覧に戻る")
    press(first, "保存して次へ進む")
    album.take(first, "two-people", 900)


def head(album: Album) -> None:
    """A head decides on a telephone."""
    page = album.visit("kacho", width=TELEPHONE)
    follow(page, "しんしろ15秒旅")
    steps = page.get_by_role("link", name="取り下げる")
    album.take(page, "head", steps, whole=True)


def absences(album: Album) -> None:
    """The absences of a head."""
    page = album.visit("hosa")
    follow(page, "所属長の不在")
    page.get_by_label("所属の長").last.select_option(label="想田 隆")
    in_japanese(page)
    page.get_by_label("不在の初日").fill("2027/01/12")
    page.get_by_label("不在の最終日").fill("2027/01/15")
    page.get_by_label("理由").fill("休暇")
    album.take(page, "absences", page.get_by_role("table"))


def consultation(album: Album) -> None:
    """A department that shares an account is asked."""
    page = album.visit("bosai-kacho")
    follow(page, "しんしろ祭り案内")
    content = page.get_by_role("heading", name="運用ポリシーの内容")
    album.take(page, "consultation", content)


def queue(album: Album) -> None:
    """The PR division's queue, one report of it, and several at once."""
    page = album.visit("koho")
    page.goto("/admin/policies/operatingpolicy/")
    album.take(page, "queue", page.get_by_role("table"))
    follow(page, "しんしろ古写真館")
    album.take(page, "report", 1000)


def register_import(album: Album) -> None:
    """The preview of a register."""
    page = album.visit("koho")
    page.goto("/admin/accounts/account/import/")
    send(page, "台帳.csv", REGISTER.encode("cp932"))
    page.locator("#content [type=submit]").first.click()
    page.wait_for_load_state()
    album.take(page, "import", page.get_by_role("table").last)


def ledgers(album: Album) -> None:
    """What an officer keeps of an account: where each ledger stands, and four of them."""
    page = album.visit("tanto")
    page.goto("/desk/accounts/?q=観光課")
    follow(page, "新城市観光課(見本)")
    at = page.url
    areas = page.get_by_role("region", name="条項ごとの状況")
    album.take(page, "account", areas)
    page.goto(f"{at}certification/")
    album.take(page, "certification", page.get_by_role("region", name="Instagramの認証"))
    page.goto(f"{at}links/")
    album.take(page, "links", page.get_by_role("link", name="QRコードを保存する"))
    page.goto(f"{at}attestation/")
    in_japanese(page)
    album.take(page, "attestation", page.get_by_role("button", name="確認を記録する"))
    page.goto(f"{at}evidence/")
    album.take(page, "evidence", page.get_by_role("link", name="アカウントのページへ戻る"))
    page.goto("/desk/accounts/?q=観光")
    follow(page, "新城市観光(見本)")
    page.goto(f"{page.url}credentials/")
    album.take(page, "credentials", page.get_by_role("table").first)
    follow(page, "パスワードの変更を記録する")
    in_japanese(page)
    album.take(page, "password-change", page.get_by_role("button", name="変更を記録する"))


def closing(album: Album) -> None:
    """A head closes an account: the questions, and the notice as the public will read it."""
    page = album.visit("kacho")
    page.goto("/desk/accounts/?q=観光課")
    follow(page, "新城市観光課(見本)")
    page.goto(f"{page.url}standing/close/")
    in_japanese(page)
    page.get_by_label("実施日").fill("2026/11/24")
    page.get_by_label("理由(庁内の記録)").fill("観光課のXに、発信を一本化するため。")
    page.get_by_label("市民に知らせる理由").fill("お知らせを、Xにまとめるため。")
    page.get_by_label("削除せずに管理を続ける(おすすめ)").check()
    page.get_by_label("そうする理由").fill("アカウント名を、別の人に使われないようにするため。")
    page.get_by_label("ログイン手段を整理した").check()
    album.take(page, "closing", page.get_by_role("button", name="周知の文の確認に進む"))
    page.get_by_label("実施日").fill("2026-11-24")
    press(page, "周知の文の確認に進む")
    album.take(page, "notice", page.get_by_role("button", name="直した文を表示で確かめる"))


def city(album: Album) -> None:
    """The whole city, for the PR division; and the preview of a mass change."""
    page = album.visit("koho")
    page.goto("/admin/overview/")
    album.take(page, "city", 900)
    page.goto("/admin/accounts/account/")
    with page.expect_download() as download:
        page.get_by_role("link", name="この一覧をCSVで書き出す").click()
    rows = list(csv.reader(download.value.path().open(encoding="utf-8-sig", newline="")))
    at = rows[0].index("備考")
    for row in rows[1:4]:
        row[at] = "令和8年度の台帳の点検で確認済み"
    changed = io.StringIO()
    csv.writer(changed).writerows(rows)
    page.goto("/admin/accounts/account/changes/")
    send(page, "台帳の点検.csv", changed.getvalue().encode())
    press(page, "変わるところを確かめる")
    album.take(page, "changes", page.get_by_role("button", name="件のアカウントを変更する"))


def transfer(album: Album) -> None:
    """A transfer of staff, and what the person who comes is handed."""
    page = album.visit("system")
    page.goto("/admin/staff/transfer/add/")
    send(page, "人事異動.csv", TRANSFER.encode())
    page.get_by_label("異動日").fill("2026-11-24")
    press(page, "内容を確かめる")
    album.take(page, "transfer", page.get_by_role("button", name="行を反映する"))
    page.get_by_label("確認のため").fill("1")
    press(page, "1行を反映する")
    page = album.visit("tanto")
    page.goto("/desk/handovers/")
    follow(page, "新城市防災(見本)")
    album.take(page, "handover", page.get_by_role("link", name="第1版を読む"))


def posting(album: Album) -> None:
    """A draft with something to look at again; one that waits for another's eyes."""
    page = album.visit("tanto")
    page.goto("/desk/posts/new/")
    follow(page, "新城市観光(見本)")
    page.get_by_label("本文").fill(DRAFT)
    page.get_by_text("短縮").first.wait_for()
    album.take(page, "post-check", page.get_by_role("button", name="下書きを保存する"))
    page = album.visit("kacho")
    follow(page, "今週末の紅葉の見頃は")
    album.take(page, "post-approve", 900)


def heads_duties(album: Album) -> None:
    """A head declares an emergency, and looks at a month of posts."""
    page = album.visit("kacho")
    page.goto("/desk/emergencies/new/")
    in_japanese(page)
    album.take(page, "emergency", page.get_by_role("button", name="宣言する"))
    page.goto("/desk/")
    follow(page, "観光課 2026年10月分")
    album.take(page, "supervision", 900)


def incidents(album: Album) -> None:
    """What to do now; how the fake is told apart from the real account; what citizens reported."""
    page = album.visit("tanto")
    page.goto("/desk/incidents/")
    follow(page, "のなりすまし")
    album.take(page, "incident", 900)
    page = album.visit("koho")
    page.goto("/desk/incidents/")
    follow(page, "のなりすまし")
    follow(page, "偽のアカウントのページを開く")
    album.take(page, "fake", page.get_by_role("link", name="見直したことを記録する"))
    page.goto("/desk/reports/")
    album.take(page, "reports", 900)


def gaps(album: Album) -> None:
    """A set-up in which nobody could decide. Last, because it ends the term of a head."""
    page = album.visit("system")
    page.goto("/admin/staff/membership/?q=健康課")
    page.get_by_role("row").filter(has_text="所属の長").get_by_role("checkbox").check()
    page.get_by_label("操作").select_option(label="今日で終える")
    press(page, "実行")
    page.goto("/admin/")
    album.take(page, "gaps", 560)


JOBS: tuple[Callable[[Album], None], ...] = (
    overview, public_account, desk, filing, returned, two_people, head, absences, consultation,
    queue, register_import, ledgers, closing, city, posting, heads_duties, incidents, transfer, gaps,
)  # fmt: skip


def main(scratch: Path, folder: Path, names: list[str]) -> None:
    """Take the pictures of the jobs called `names`, or of all."""
    folder.mkdir(parents=True, exist_ok=True)
    with time_machine.travel(AS_OF), portal(scratch) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        album = Album(browser, address, folder)
        for job in JOBS:
            if not names or job.__name__ in names:
                job(album)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])

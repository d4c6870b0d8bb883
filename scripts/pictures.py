"""The manual's pictures: `scripts/pictures [NAME...]` does the jobs the manual tells of, and looks.

Started by the script of the same name, which says where the database is. Every picture belongs to
one function below; a picture is taken on the same day whenever this runs, so that the pictures
change with the pages alone.
"""

from __future__ import annotations

import base64
import datetime
import shutil
import struct
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import django
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from staff.demonstration import DOMAIN, PASSWORD

AS_OF = datetime.datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
DESKTOP, TELEPHONE = 1280, 360
MARGIN = 32
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

# A page of the portal has few colours beside the shades at the edges of its letters: the 256 most
# frequent ones are kept, and every other is replaced by the nearest of them.
FEW_COLOURS = """async (source) => {
  const picture = new Image();
  picture.src = source;
  await picture.decode();
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0);
  const pixels = context.getImageData(0, 0, picture.width, picture.height).data;
  const exact = new Map();
  for (let i = 0; i < pixels.length; i += 4) {
    const colour = (pixels[i] << 16) | (pixels[i + 1] << 8) | pixels[i + 2];
    exact.set(colour, (exact.get(colour) || 0) + 1);
  }
  const palette = [...exact].sort((a, b) => b[1] - a[1]).slice(0, 256)
    .map(([colour]) => [colour >> 16, (colour >> 8) & 255, colour & 255]);
  const nearest = new Map();
  for (const colour of exact.keys()) {
    const [r, g, b] = [colour >> 16, (colour >> 8) & 255, colour & 255];
    let found = 0, least = Infinity;
    palette.forEach(([x, y, z], at) => {
      const far = (x - r) ** 2 + (y - g) ** 2 + (z - b) ** 2;
      if (far < least) [found, least] = [at, far];
    });
    nearest.set(colour, found);
  }
  let rows = "";
  for (let i = 0; i < pixels.length; i += 4) {
    rows += String.fromCharCode(
      nearest.get((pixels[i] << 16) | (pixels[i + 1] << 8) | pixels[i + 2]));
  }
  return { width: picture.width, height: picture.height, palette, rows: btoa(rows) };
}"""


class _Silent(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


@contextmanager
def portal(scratch: Path) -> Iterator[str]:
    """The portal with demonstration data and everything it writes below `scratch`; its address."""
    django.setup()
    settings.VAR_DIR, settings.STATIC_ROOT = scratch, scratch / "static"
    settings.EMAIL_FILE_PATH = str(scratch / "mail")
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("demo", verbosity=0)
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Silent)
    server.set_app(get_wsgi_application())
    settings.PORTAL_URL = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield settings.PORTAL_URL
    server.shutdown()
    thread.join()


class Album:
    """People at browsers, and the pictures of what they see."""

    def __init__(self, browser: Browser, address: str, folder: Path) -> None:
        self.browser, self.address, self.folder = browser, address, folder

    def visit(self, mailbox: str = "", width: int = DESKTOP) -> Page:
        """A fresh browser; with `mailbox`, logged in as that person of the demonstration."""
        context = self.browser.new_context(
            base_url=self.address, locale="ja-JP", timezone_id="Asia/Tokyo",
            viewport={"width": width, "height": 800},
        )  # fmt: skip
        context.set_default_timeout(20_000)
        page = context.new_page()
        if mailbox:
            page.goto("/login/")
            page.get_by_label("メールアドレス").fill(f"{mailbox}@{DOMAIN}")
            page.get_by_label("パスワード", exact=False).first.fill(PASSWORD)
            press(page, "ログインする")
            # Away from the greeting, which no later page shows.
            page.goto("/desk/")
        return page

    def take(self, page: Page, name: str, bottom: Locator | int, *, whole: bool = False) -> None:
        """Keep the page as `name`, down to below `bottom` or so many pixels; the head if `whole`."""
        page.evaluate("document.activeElement?.blur()")
        above = 0.0 if whole else _span(page.locator("main"))[0]
        below = _span(bottom)[1] + MARGIN if isinstance(bottom, Locator) else above + bottom
        width = page.viewport_size["width"] if page.viewport_size else DESKTOP
        clip = {"x": 0.0, "y": above, "width": float(width), "height": below - above}
        taken = page.screenshot(full_page=True, clip=clip, animations="disabled")  # type: ignore[arg-type]
        path = self.folder / f"{name}.png"
        path.write_bytes(self._small(taken))
        print(f"{path}  {path.stat().st_size // 1024} kB")

    def _small(self, png: bytes) -> bytes:
        page = self.browser.new_page()
        source = "data:image/png;base64," + base64.b64encode(png).decode()
        found = page.evaluate(FEW_COLOURS, source)
        page.close()
        width, pixels = found["width"], base64.b64decode(found["rows"])
        lines = (b"\0" + pixels[at : at + width] for at in range(0, len(pixels), width))
        palette = bytes(part for colour in found["palette"] for part in colour)
        head = struct.pack(">IIBBBBB", width, found["height"], 8, 3, 0, 0, 0)
        body = zlib.compress(b"".join(lines), 9)
        chunks = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", body), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
            for kind, data in chunks
        )


def _span(locator: Locator) -> tuple[float, float]:
    """Where it begins and where it ends, in pixels from the top of the page."""
    found: list[float] = locator.first.evaluate(
        "part => { const box = part.getBoundingClientRect();"
        " return [box.top + scrollY, box.bottom + scrollY]; }"
    )
    return found[0], found[1]


def press(page: Page, name: str) -> None:
    """Press a button and wait for the page it leads to."""
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def follow(page: Page, name: str) -> None:
    """Follow a link and wait for its page."""
    page.get_by_role("link", name=name).first.click()
    page.wait_for_load_state()


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
    # A browser in Japanese writes days this way; Debian's Chromium brings English alone.
    page.locator("input[type=date]").evaluate_all("fields => fields.forEach(f => f.type = 'text')")
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
    file = {"name": "台帳.csv", "mimeType": "text/csv", "buffer": REGISTER.encode("cp932")}
    page.get_by_label("取り込むファイル").set_input_files(file)  # type: ignore[arg-type]
    page.locator("#content [type=submit]").first.click()
    page.wait_for_load_state()
    album.take(page, "import", page.get_by_role("table").last)


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
    queue, register_import, gaps,
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

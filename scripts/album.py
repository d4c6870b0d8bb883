"""The portal with demonstration data, people at browsers, and the pictures of what they see."""

from __future__ import annotations

import base64
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Locator, Page

from staff.demonstration import DOMAIN, PASSWORD

DESKTOP, TELEPHONE = 1280, 360
MARGIN = 32

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
    # Before anything is set up: where evidence lies is read once.
    evidence: Any = settings.STORAGES["evidence"]
    evidence["OPTIONS"]["location"] = scratch / "evidence"
    django.setup()
    settings.VAR_DIR, settings.STATIC_ROOT = scratch, scratch / "static"
    settings.EMAIL_FILE_PATH = str(scratch / "mail")
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("demo", verbosity=0)
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Silent)
    server.set_app(get_wsgi_application())
    # As a city's own: an address on a page must not change with the port of the day.
    settings.PORTAL_URL = "https://sns.city.shinshiro.example"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
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


def send(page: Page, name: str, content: bytes) -> None:
    """Choose a file to be taken in."""
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.get_by_label("取り込むファイル").set_input_files(file)  # type: ignore[arg-type]


def in_japanese(page: Page) -> None:
    """Days as a browser in Japanese writes them; Debian's Chromium brings English alone."""
    page.locator("input[type=date], input[type=datetime-local]").evaluate_all(
        "fields => fields.forEach(f => {"
        " const day = f.value; f.type = 'text'; f.placeholder = '年/月/日';"
        " f.value = day.replaceAll('-', '/').replace('T', ' '); })"
    )

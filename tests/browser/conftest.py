"""A real Chromium for the tests in this folder, with what every page of the portal owes.

`visit` gives a person with a browser of their own; `axe` judges the page they are on.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
PICTURES = Path(__file__).resolve().parents[2] / "var" / "browser"

Visit = Callable[..., Page]


class Witness:
    """Writes down what no page of the portal may do, whatever the test is about."""

    def __init__(self, page: Page, own: str) -> None:
        self.seen: list[str] = []
        self.own = own
        page.on("request", self.request)
        page.on("response", self.response)
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.seen.append(f"script failed: {error}"))

    def request(self, request: Any) -> None:
        """Notes a request to another host, sent or not."""
        if not request.url.startswith((self.own + "/", "data:", "blob:")):
            self.seen.append(f"another host: {request.url}")

    def response(self, response: Any) -> None:
        """Notes a part of a page that is missing, and every failure of the server."""
        part = response.request.resource_type != "document"
        if response.status >= 500 or (part and response.status >= 400):
            self.seen.append(f"{response.status}: {response.url}")

    def console(self, message: Any) -> None:
        """Notes errors, among them whatever the content security policy stopped."""
        # A page that answers 403 or 404 on purpose is reported here too; `response` judges it.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.seen.append(f"console: {message.text}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, started once for each worker of pytest."""
    # Playwright's loop runs in this thread from now on, where Django would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    program = shutil.which("chromium")
    assert program, "Chromium is missing: apt-get install -y chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Visit]:
    """`visit(width=1280)`: a page in a fresh profile, addresses relative to the portal.

    Ends the test as failed if any page called another host, missed a part, broke the content
    security policy or had a script fail. Of a failed test it keeps pictures in var/browser/.
    """
    own = request.getfixturevalue("address")
    open_pages: list[tuple[Page, Witness]] = []

    def visit(*, width: int = 1280, height: int = 900, **options: Any) -> Page:
        context = chromium.new_context(
            base_url=own,
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            viewport={"width": width, "height": height},
            **options,
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        open_pages.append((page, Witness(page, own)))
        return page

    yield visit

    failed = getattr(request.node, "failed", False)
    name = re.sub(r"\W+", "-", request.node.nodeid).strip("-")
    for number, (page, _) in enumerate(open_pages, start=1):
        if failed and not page.is_closed():
            page.screenshot(path=PICTURES / f"{name}-{number}.png", full_page=True)
        page.context.close()
    assert [line for _, witness in open_pages for line in witness.seen] == []


@pytest.fixture
def address(live_server: Any, settings: Any) -> str:
    """Where the portal under test answers; the links in its mails lead there too."""
    settings.PORTAL_URL = live_server.url
    return str(live_server.url)


@pytest.fixture(scope="session")
def axe() -> Callable[..., None]:
    """`axe(page)`: fails on anything axe finds, WCAG 2.2 AA and good practice.

    Where style sheets import others, as Django's own do, axe would write them into the page to read
    them, which our policy forbids: `axe(page, reads_styles=False)` leaves that out.

    As all that is marked `once`, it judges in the run on SQLite alone.
    """
    if connection.vendor == "postgresql":
        return lambda page, **options: None
    judge = Axe()
    # The one rule of WCAG 2.2 AA that axe leaves off unless asked.
    options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}

    def axe(page: Page, *, reads_styles: bool = True) -> None:
        found = judge.run(page, options={**options, "preload": reads_styles}).response["violations"]
        assert [
            f"{page.url}: {rule['id']}: {rule['help']}: {node['html'][:200]}"
            for rule in found
            for node in rule["nodes"]
        ] == []

    return axe


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Lets `visit` know that its test failed."""
    report = yield
    if report.when == "call":
        item.failed = report.failed  # type: ignore[attr-defined]
    return report

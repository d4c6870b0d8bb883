"""A drill of each kind of incident on a telephone: from the discovery to the report as PDF, clause 5."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from accounts.models import Account
from incidents.kinds import KINDS
from incidents.models import Incident
from tests import factories
from tests.browser.test_whole_job import Person
from tests.papers import Paper

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 780}
POST = "https://x.com/example_kanko/status/1"
FAKE = "https://x.com/examp1e_kanko"
# More than any kind has, so that a drill which goes in circles ends.
MANY_STEPS = 20


@pytest.fixture
def account(cast) -> Account:
    """The account it happens to."""
    return factories.official(cast.tourism, "example_kanko")


@pytest.fixture
def once(axe) -> Callable[[Page], None]:
    """axe on each kind of page the first time it is met, whatever the numbers in its address."""
    judged = set()

    def judge(page: Page) -> None:
        address = re.sub(r"[0-9]+", "N", urlsplit(page.url).path)
        if address not in judged:
            judged.add(address)
            axe(page)

    return judge


class Responder(Person):
    """Somebody led through an incident by the page alone."""

    def opens(self, kind: str) -> str:
        """From the desk to an open incident; returns its path."""
        self.follow("誤記・なりすまし・炎上などの事案を開く")
        self.page.get_by_role("link", name=KINDS[kind].label, exact=True).click()
        self.arrived()
        self.fill("何が起きているか", "確かめている途中です。")
        self.page.locator("#id_account").select_option(index=1)
        if kind == "impersonation":
            self.fill("偽のアカウントのURL", FAKE)
        self.press("事案を開いて、知らせる")
        self.sees("事案を開きました。広報主管課と所属の長に、メールで知らせました。")
        self.sees("まず、これだけは")
        return urlsplit(self.page.url).path

    def goes_on(self, incident: str) -> bool:
        """Does the step that the page calls this person's, if there is one."""
        self.page.goto(incident)
        todo = self.page.get_by_role("link", name="この手順を進める")
        if not todo.count():
            return False
        todo.click()
        self.arrived()
        self.answers()
        self.press("済みにする")
        self.sees("を「済」にしました。")
        return True

    def answers(self) -> None:
        """What the form asks of every step, and more where a step asks more."""
        form = self.page.locator("main form")
        for field in form.locator("textarea").all():
            field.fill("確かめて、書いたとおりにしました。")
        for field in form.locator("input[type=url]").all():
            field.fill(POST)
        for field in form.locator("input[type=number]").all():
            field.fill("3")
        for field in form.locator("input[name^=is_]").all():
            field.check()
        for group in form.locator("fieldset:has([type=radio])").all():
            group.get_by_role("radio").first.check()

    def keeps_evidence(self, incident: str) -> None:
        """A picture of the screen, from the telephone."""
        self.page.goto(incident)
        self.page.get_by_role("link", name="証拠を登録する").first.click()
        self.arrived()
        picture = {"name": "画面.png", "mimeType": "image/png", "buffer": factories.PNG}
        self.page.locator("input[type=file]").set_input_files(picture)
        self.fill("何を示すものか", "投稿の画面")
        self.press("登録する")
        self.sees("投稿の画面")


# What the browser shows of each kind no database changes, and tests/incidents/test_steps.py takes
# every step of every kind on both. One goes the whole way there too, and on into the index.
@pytest.mark.parametrize(
    "kind",
    [
        "impersonation",
        *(
            pytest.param(kind, marks=pytest.mark.once)
            for kind in ("error", "flaming", "hijack", "leak", "other")
        ),
    ],
)
def test_who_has_never_done_it_is_led_from_the_discovery_to_the_report(
    cast, account, visit, once, kind
):
    users = (cast.officer, cast.head, cast.pr_officer, cast.pr_second)
    people = [Responder(visit(**PHONE), once) for _ in users]
    officer, head, *_ = people
    for person, user in zip(people, users, strict=True):
        person.log_in(user)

    incident = officer.opens(kind)
    officer.keeps_evidence(incident)
    for _ in range(MANY_STEPS):
        if not any(person.goes_on(incident) for person in people):
            break
    row = Incident.objects.get()
    assert [step.state for step in row.steps.all() if step.is_required and step.is_open] == []

    head.page.goto(incident)
    head.sees("必要な手順は、すべて終わりました")
    head.follow("終結する")
    head.fill("分かったこと・教訓", "投稿の前に、二人で確かめます。")
    head.press("終結する")
    head.sees("終結")
    head.follow("報告書を見る")
    with head.page.expect_download() as saved:
        head.page.get_by_role("link", name="報告書を保存する(PDF)").click()
    paper = Paper(Path(saved.value.path()).read_bytes())
    assert (paper.language, paper.is_tagged, set(paper.fonts().values())) == ("ja", True, {True})
    for step in row.steps.all():
        assert step.label.replace(" ", "") in paper.text
    assert "投稿の前に、二人で確かめます。" in paper.text
    if kind == "impersonation":
        assert FAKE in paper.text
        assert visit(**PHONE).request.get(f"/api/check?q={FAKE}").json()["verdict"] == "fake"

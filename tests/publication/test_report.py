"""`/report/`, 5(2): a citizen reports a suspected fake. Floods are shed, real ones kept, nobody followed."""

from __future__ import annotations

import datetime
import gc
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from incidents import reporting
from incidents.models import FakeReport, ReportedAccount
from incidents.triage import reported_workflow
from shinshiro_sns.models import OutgoingMail
from tests import factories
from tests.conftest import Cast
from tests.incidents import things

URL = "https://x.com/shinshiro_atari"
SECOND = datetime.timedelta(seconds=1)


def opened(client: Client) -> dict[str, str]:
    """The form as a citizen gets it, filled in."""
    page = client.get("/report/").content.decode()
    found = re.search(r'name="form" value="([^"]+)"', page)
    assert found is not None
    return {"form": found[1], "url": URL, "why": "景品を送ると言われた", "mail": ""}


def sent(client: Client, after: int = 5, **given: str) -> Any:
    """What a citizen gets who fills the form in within `after` seconds."""
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        filled = opened(client) | given
        clock.shift(after)
        return client.post("/report/", filled, REMOTE_ADDR=given.get("from_", "192.0.2.1"))


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.mark.django_db
def test_a_report_is_kept_and_leads_to_the_thanks(browser: Client, cast: Cast) -> None:
    response = sent(browser, mail="citizen@example.jp")

    assert (response.status_code, response["Location"]) == (302, "/report/thanks/")
    # Nobody is to find it who did not send anything.
    assert (
        '<meta name="robots" content="noindex">' in browser.get("/report/thanks/").content.decode()
    )
    report = FakeReport.objects.get()
    assert (report.reported.url, report.reported.state) == (URL, "waiting")
    assert (report.why, report.mail) == ("景品を送ると言われた", "citizen@example.jp")
    assert report.reported.department == cast.pr_division
    assert dict(response.cookies) == {}
    told = set(OutgoingMail.objects.values_list("recipient", flat=True))
    assert told == {cast.pr_head.pk, cast.pr_officer.pk, cast.pr_second.pk}


def test_forty_reports_of_one_account_in_any_spelling_are_one_line(
    browser: Client, cast: Cast
) -> None:
    for number in range(40):
        spelling = ["https://twitter.com/Shinshiro_Atari", URL, "x.com/shinshiro_atari/status/1"]
        given = {"url": spelling[number % 3], "from_": f"198.51.100.{number}"}
        assert sent(browser, after=90, **given).status_code == 302

    assert ReportedAccount.objects.counted().get().times == 40
    assert OutgoingMail.objects.count() == 3


def test_one_form_is_one_report_however_often_it_is_sent(browser: Client, cast: Cast) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        filled = opened(browser)
        clock.shift(5)
        for _ in range(3):
            assert browser.post("/report/", filled).status_code == 302

    assert FakeReport.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"url": ""}, "アカウントのURLを入力してください。"),
        ({"url": "javascript:alert(1)"}, "登録できないため"),
        ({"why": ""}, "そう思った理由を入力してください。"),
        ({"why": "あ" * 1001}, "1000"),
        ({"mail": "だれか"}, "有効なメールアドレスを入力してください。"),
        ({"mail": f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.jp"}, "254 文字以下"),
        ({"url": f"https://x.com/{'a' * 2000}"}, "2000 文字以下"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    browser: Client, cast: Cast, given: dict[str, str], sentence: str
) -> None:
    response = sent(browser, **({"why": "消えては困る文"} | given))

    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert given.get("why", "消えては困る文") in page
    assert not FakeReport.objects.exists()


def test_what_is_typed_is_never_markup(browser: Client, cast: Cast) -> None:
    page = sent(browser, url="", why="<script>alert(1)</script>").content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_nobody_writes_one_in_two_seconds(browser: Client, cast: Cast) -> None:
    response = sent(browser, after=2)

    page = response.content.decode()
    assert response.status_code == 429
    assert "あと1秒待ってから" in page
    assert "景品を送ると言われた" in page
    assert sent(browser, after=3).status_code == 302


def test_the_more_come_in_the_longer_a_form_waits(browser: Client, cast: Cast) -> None:
    reported = ReportedAccount.objects.create(service="x", url=URL, identity="x:busy")
    for number in range(100):
        FakeReport.objects.create(reported=reported, why="理由", form=f"{number}")
        if number == 19:
            assert (sent(browser, after=19).status_code, sent(browser, after=20).status_code) == (
                429, 302,
            )  # fmt: skip
    assert (sent(browser, after=59).status_code, sent(browser, after=60).status_code) == (429, 302)


@pytest.mark.parametrize("form", ["", "1:2:3", "eyJhIjoxfQ:1:forged"])
def test_no_form_can_be_made_up(browser: Client, cast: Cast, form: str) -> None:
    response = sent(browser, form=form)

    assert response.status_code == 422
    assert "景品を送ると言われた</textarea>" in response.content.decode()
    assert "時間がたったため、送信できませんでした。" in response.content.decode()
    # The page brings a good one: sent once more it is taken.
    again = re.search(r'name="form" value="([^"]+)"', response.content.decode())
    assert again is not None
    with time_machine.travel(timezone.now() + 10 * SECOND):
        filled = {"form": again[1], "url": URL, "why": "理由"}
        assert browser.post("/report/", filled).status_code == 302


def test_a_form_of_yesterday_is_refused(browser: Client, cast: Cast) -> None:
    assert sent(browser, after=12 * 3600 + 1).status_code == 422
    assert sent(browser, after=12 * 3600 - 1).status_code == 302


def test_from_one_place_come_ten_in_ten_minutes_and_others_are_not_kept_waiting(
    browser: Client, cast: Cast
) -> None:
    statuses = [sent(browser, after=30).status_code for _ in range(12)]

    assert statuses == [302] * 10 + [429] * 2
    assert sent(browser, after=30, from_="203.0.113.7").status_code == 302


def test_where_it_came_from_is_written_nowhere(browser: Client, cast: Cast) -> None:
    from django.db import connection  # noqa: PLC0415

    sent(browser, from_="203.0.113.77")

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            assert "203.0.113.77" not in repr(cursor.fetchall())


def test_nobody_is_named_as_its_author_though_he_is_logged_in(browser: Client, cast: Cast) -> None:
    browser.force_login(cast.officer)

    response = sent(browser)

    assert "Cookie" not in response.headers.get("Vary", "")
    assert ReportedAccount.objects.get().history.get().history_user is None


def test_the_citys_own_account_is_named_and_not_kept(browser: Client, cast: Cast) -> None:
    account = factories.official(cast.tourism, handle="shinshiro_atari", url=URL)

    page = sent(browser).content.decode()

    assert "これは、市のアカウントです" in page
    assert account.get_absolute_url() in page
    assert not FakeReport.objects.exists()


def test_a_fake_that_is_public_is_answered_with_its_notice(browser: Client, cast: Cast) -> None:
    account = factories.official(cast.tourism)
    incident = things.incident(cast.officer, "impersonation", account=account)
    things.identified(incident, cast.officer, URL)
    people = (cast.officer, cast.head, cast.pr_officer, cast.pr_second)
    fake = things.accused(incident, *people)
    assert fake.notice is not None

    page = sent(browser).content.decode()

    assert "にせのアカウントだと、すでに分かっています" in page
    assert fake.notice.get_absolute_url() in page
    assert not FakeReport.objects.exists()


# --- What becomes of it -------------------------------------------------------------------------------


def reported(browser: Client, **given: str) -> ReportedAccount:
    assert sent(browser, after=90, **given).status_code == 302
    return ReportedAccount.objects.get()


def test_closed_it_is_answered_once_and_the_address_is_gone(browser: Client, cast: Cast) -> None:
    row = reported(browser, mail="citizen@example.jp")

    reported_workflow.take(row, "close", by=cast.pr_officer, note="市と関係のない人の名前だった")

    mail = OutgoingMail.objects.get(address="citizen@example.jp")
    assert "なりすましとは判断しませんでした" in mail.body
    assert "市と関係のない人の名前だった" not in mail.body
    report = FakeReport.objects.get()
    assert (report.mail, report.answered_at is not None) == ("", True)


def test_published_it_is_answered_with_the_notice(browser: Client, cast: Cast) -> None:
    row = reported(browser, mail="citizen@example.jp")
    account = factories.official(cast.tourism)
    incident = things.incident(cast.officer, "impersonation", account=account)
    things.identified(incident, cast.officer, URL)
    reported_workflow.take(row, "join", by=cast.pr_officer, incident=incident)

    people = (cast.officer, cast.head, cast.pr_officer, cast.pr_second)
    fake = things.accused(incident, *people)

    assert fake.notice is not None
    mail = OutgoingMail.objects.get(address="citizen@example.jp")
    assert fake.notice.get_absolute_url() in mail.body


@pytest.mark.parametrize(("days", "state"), [(29, "closed"), (31, "waiting")])
def test_closed_it_is_looked_at_anew_when_it_is_reported_a_month_later(
    browser: Client, cast: Cast, days: int, state: str
) -> None:
    row = reported(browser)
    reported_workflow.take(row, "close", by=cast.pr_officer, note="関係のない人")

    with time_machine.travel(timezone.now() + datetime.timedelta(days=days)):
        browser.force_login(cast.officer)
        sent(browser)

    again = ReportedAccount.objects.get()
    assert again.state == state
    # By nobody of ours, though he is logged in who sent it.
    anew = again.history.filter(step="report_anew")
    assert [row.history_user for row in anew] == [None] * (state == "waiting")


def test_reported_again_once_its_case_is_over_it_is_looked_at_anew(
    browser: Client, cast: Cast
) -> None:
    row = reported(browser)
    incident = things.incident(
        cast.officer, "impersonation", account=factories.official(cast.tourism)
    )
    row = reported_workflow.take(row, "join", by=cast.pr_officer, incident=incident)
    sent(browser, after=90)
    assert ReportedAccount.objects.get().state == "incident"

    things.moved(incident, "cancel", cast.head)
    sent(browser, after=90)

    assert ReportedAccount.objects.get().state == "waiting"


def resident() -> int:
    """Bytes of memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


# --- A flood --------------------------------------------------------------------------------------------


@pytest.fixture
def nothing_logged() -> Iterator[None]:
    """pytest keeps every line of a log, with the request that it is about."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.once
def test_under_ten_thousand_posts_every_real_one_is_kept_and_memory_stays_flat(
    cast: Cast, nothing_logged: None
) -> None:
    """Floods come from a few places with good forms and with made up ones; between them thirty people
    report, each from his own."""
    start = timezone.now()
    flood, people = Client(), Client()
    kept, shed = 0, 0
    used: list[int] = []
    with time_machine.travel(start, tick=False) as clock:
        # Held long enough, so that the wait alone sheds nothing.
        forms = [opened(flood)["form"] for _ in range(30)]
        own = [opened(people) for _ in range(30)]
        clock.shift(61)
        for number in range(10_000):
            made_up = number % 3 == 0
            filled = {
                "form": "forged" if made_up else forms[number % 30],
                "url": f"https://x.com/flood_{number}", "why": "あ" * 500,
            }  # fmt: skip
            response = flood.post("/report/", filled, REMOTE_ADDR=f"192.0.2.{number % 2}")
            shed += response.status_code != 302
            if number % 333 == 0 and own:
                real = own.pop() | {"url": f"https://x.com/real_{len(own)}"}
                answer = people.post("/report/", real, REMOTE_ADDR=f"198.51.100.{len(own)}")
                kept += answer.status_code == 302
            if number in (2_000, 9_999):
                gc.collect()
                used.append(resident())

    assert kept == 30
    assert ReportedAccount.objects.filter(handle__startswith="real_").count() == 30
    # Ten from each of the two places.
    assert ReportedAccount.objects.filter(handle__startswith="flood_").count() <= 20
    # Forty from each of the two places are read at all; of a form sent again nothing is kept.
    assert shed >= 10_000 - 2 * 40 - 1
    assert used[1] - used[0] < 10_000_000


def test_where_more_come_than_can_be_real_everybody_is_asked_to_telephone(
    browser: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "MOST_AN_HOUR", 1)
    assert sent(browser, after=90).status_code == 302

    response = sent(browser, after=90, from_="203.0.113.9")

    assert response.status_code == 503
    page = response.content.decode()
    assert "電話でお知らせください。" in page
    assert "景品を送ると言われた" in page
    assert Account.objects.count() == 0

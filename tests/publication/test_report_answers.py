"""`/report/`, 5(2): what a citizen is answered at once, and what is one place from which much comes."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import Account
from incidents import reporting
from incidents.models import FakeReport, ReportedAccount
from incidents.triage import reported_workflow
from shinshiro_sns.models import OutgoingMail
from tests import factories
from tests.conftest import Cast
from tests.incidents import things
from tests.publication.test_report import URL, opened, reported, sent


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


# --- What is answered at once ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("official", "これは、市のアカウントです"),
        ("doubted", "これは、乗っ取られたおそれがある市のアカウントです"),
        ("suspended", "これは、市が今は使っていないアカウントです"),
        ("closed", "これは、市が今は使っていないアカウントです"),
    ],
)
def test_nobody_is_told_that_an_account_is_the_citys_while_the_city_does_not_vouch_for_it(
    browser: Client, cast: Cast, state: str, says: str
) -> None:
    account = factories.official(cast.tourism, handle="shinshiro_atari", url=URL)
    if state == "doubted":
        things.incident(cast.officer, "hijack", account=account)
    else:
        Account.objects.filter(pk=account.pk).update(
            status=state, handle_fate="guarded" if state == "closed" else ""
        )

    page = sent(browser).content.decode()

    assert says in page
    assert ("これは、市のアカウントです" in page) == (state == "official")
    assert account.get_absolute_url() in page


def test_of_an_account_in_preparation_nothing_is_told(browser: Client, cast: Cast) -> None:
    factories.account(cast.tourism, "shinshiro_atari", url=URL)

    assert sent(browser).status_code == 302
    assert FakeReport.objects.count() == 1


def test_of_an_account_that_is_only_suspected_nothing_is_told(browser: Client, cast: Cast) -> None:
    account = factories.official(cast.tourism)
    incident = things.incident(cast.officer, "impersonation", account=account)
    things.identified(incident, cast.officer, URL)

    response = sent(browser)

    assert (response.status_code, response.content) == (302, b"")
    assert FakeReport.objects.count() == 1


# --- From where -----------------------------------------------------------------------------------------


def places(browser: Client, *addresses: str) -> list[int]:
    return [sent(browser, after=90, from_=address).status_code for address in addresses]


def test_a_household_of_ipv6_is_one_place_and_the_next_one_is_another(
    browser: Client, cast: Cast
) -> None:
    assert places(browser, *(f"2001:db8:1:1::{n:x}" for n in range(1, 11))) == [302] * 10
    assert places(browser, "2001:db8:1:1:ffff::1", "2001:db8:1:2::1") == [429, 302]


def test_addresses_of_ipv4_are_told_apart_however_the_server_writes_them(
    browser: Client, cast: Cast
) -> None:
    assert places(browser, *["::ffff:192.0.2.7"] * 10) == [302] * 10
    assert places(browser, "192.0.2.7", "::ffff:192.0.2.8") == [429, 302]


def test_what_was_taken_is_thanked_for_again_though_no_more_would_be_taken(
    browser: Client, cast: Cast
) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        filled = opened(browser)
        clock.shift(30)
        assert browser.post("/report/", filled, REMOTE_ADDR="192.0.2.7").status_code == 302
        assert places(browser, *["192.0.2.7"] * 10) == [302] * 9 + [429]

        again = browser.post("/report/", filled, REMOTE_ADDR="192.0.2.7")

    assert (again.status_code, FakeReport.objects.count()) == (302, 10)


def test_more_than_forty_attempts_are_not_even_read(browser: Client, cast: Cast) -> None:
    statuses = [sent(browser, form="made up").status_code for _ in range(41)]

    assert statuses == [422] * 40 + [429]


def test_the_number_of_a_place_is_another_one_tomorrow_and_read_by_nobody_without_the_key(
    cast: Cast, rf: Any
) -> None:
    request = rf.post("/report/", REMOTE_ADDR="192.0.2.7")
    today = reporting._network_of(request)
    assert "192.0.2.7" not in today
    with override_settings(SECRET_KEY="another"):
        assert reporting._network_of(request) != today
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):
        assert reporting._network_of(request) != today


def test_the_wait_is_over_ten_minutes_after_the_last_of_many(browser: Client, cast: Cast) -> None:
    row = ReportedAccount.objects.create(service="x", url=URL, identity="x:busy")
    for number in range(20):
        FakeReport.objects.create(reported=row, why="理由", form=f"{number}")
    assert sent(browser, after=10).status_code == 429

    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=11)):
        assert sent(browser, after=10).status_code == 302


def test_the_hour_is_counted_and_no_longer(
    browser: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "MOST_AN_HOUR", 1)
    assert sent(browser, after=90).status_code == 302
    for minutes, status in ((55, 503), (62, 302)):
        with time_machine.travel(timezone.now() + datetime.timedelta(minutes=minutes)):
            assert sent(browser, after=90, from_="203.0.113.9").status_code == status


def test_a_report_of_what_is_dealt_with_already_wakes_nobody(browser: Client, cast: Cast) -> None:
    row = reported(browser)
    reported_workflow.take(row, "close", by=cast.pr_officer, note="関係のない人")
    OutgoingMail.objects.all().delete()

    assert sent(browser, after=90).status_code == 302
    assert not OutgoingMail.objects.exists()


def test_a_channel_is_kept_with_the_number_that_never_changes(browser: Client, cast: Cast) -> None:
    number = "UC1234567890abcdefghijkl"

    assert sent(browser, url=f"https://www.youtube.com/channel/{number}").status_code == 302
    assert ReportedAccount.objects.get().permanent_id == number


# --- When nothing can be kept -----------------------------------------------------------------------------


def test_while_the_database_does_not_answer_the_text_stays_and_the_telephone_is_named(
    browser: Client, cast: Cast
) -> None:
    filled = opened(browser)

    def down(execute: Any, sql: str, *more: Any) -> Any:
        raise OperationalError("down")

    with connection.execute_wrapper(down):
        response = browser.post("/report/", filled)

    page = response.content.decode()
    assert response.status_code == 503
    assert "今は受け付けられません。お急ぎのときは、電話でお知らせください。" in page
    assert "景品を送ると言われた" in page

"""`/check/` and `/api/check` over a real register: what they answer, what they keep, what breaks them."""

from __future__ import annotations

import datetime
import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import Error
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import known_fakes
from accounts.known_fakes import KnownFake
from accounts.models import Account
from publication.checking import current
from publication.checking.rules import script
from tests import factories
from tests.conftest import Cast
from tests.elements import Elements
from tests.publication.conftest import Publish

API = "/api/check"
ROOT = Path(__file__).resolve().parents[2]
FAKE = KnownFake(
    "x", "tsukude_k0gen", "https://x.com/tsukude_k0gen", "x:tsukude_k0gen", "/notices/7/",
    datetime.date(2026, 5, 5), name="作手高原",
)  # fmt: skip


def ask(client: Client, text: str) -> dict[str, Any]:
    response = client.get(API, {"q": text})
    assert response.status_code == 200
    answer: dict[str, Any] = response.json()
    return answer


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> list[KnownFake]:
    """A source of fakes, as who keeps them declares one; what is put in is known."""
    monkeypatch.setattr(known_fakes, "SOURCES", [])
    kept: list[KnownFake] = []
    known_fakes.declare(lambda: kept)
    return kept


def test_an_official_account_is_told_with_all_that_was_promised(
    client: Client, publish: Publish, settings: Any
) -> None:
    settings.PORTAL_URL = "https://sns.city.example"
    account = publish("tsukude_kogen", "instagram", name="作手高原")

    for text in (account.url, "@tsukude_kogen", "作手高原"):
        answer = ask(client, text)
        assert (answer["verdict"], answer["fakes"]) == ("official", [])
        assert answer["accounts"] == [
            {
                "id": account.pk, "name": "作手高原", "service": "instagram",
                "service_name": "Instagram", "handle": "tsukude_kogen", "url": account.url,
                "status": "official", "overdue": False,
                "page": f"https://sns.city.example/accounts/{account.pk}/",
            }
        ]  # fmt: skip


def test_every_step_shows_in_the_very_next_answer(
    client: Client, publish: Publish, cast: Cast
) -> None:
    account = publish("tsukude_kogen", "instagram")
    assert ask(client, account.url)["verdict"] == "official"

    factories.stood(account, "suspend", cast.head)
    suspended = ask(client, account.url)
    factories.stood(account, "close", cast.head)
    closed = ask(client, account.url)

    assert (suspended["verdict"], suspended["accounts"][0]["status"]) == ("former", "suspended")
    assert (closed["verdict"], closed["accounts"][0]["status"]) == ("former", "closed")
    assert "偽物ではありません" in suspended["findings"][0]["said"][0]
    assert "廃止されました" in closed["findings"][0]["said"][0]


def test_what_is_being_prepared_is_as_unknown_as_what_never_was(client: Client, cast: Cast) -> None:
    account = factories.account(cast.tourism, "tsukude_kogen", "instagram", name="作手高原")

    for text in (account.url, "@tsukude_kogen", "作手高原", "@tsukude_kogenn"):
        assert ask(client, text)["verdict"] == "unknown"


def test_an_overdue_one_is_official_and_says_so(client: Client, publish: Publish) -> None:
    account = publish("tsukude_kogen", "instagram")
    long_ago = timezone.localdate() - datetime.timedelta(days=400)
    Account.objects.filter(pk=account.pk).update(official_since=long_ago)

    answer = ask(client, account.url)

    assert (answer["verdict"], answer["accounts"][0]["overdue"]) == ("official", True)
    assert "確認期限切れ" in answer["findings"][0]["said"][1]


def test_a_day_that_goes_by_shows_in_the_very_next_answer(client: Client, publish: Publish) -> None:
    account = publish("tsukude_kogen", "instagram")
    last_day = datetime.date(2026, 9, 30)
    Account.objects.filter(pk=account.pk).update(official_since=datetime.date(2026, 6, 30))
    account.refresh_from_db()
    assert not account.attestation_overdue(last_day)
    assert account.attestation_overdue(last_day + datetime.timedelta(days=1))

    midnight = datetime.datetime(2026, 10, 1, tzinfo=timezone.get_default_timezone())
    for moment, is_overdue in ((-60, False), (60, True)):
        with time_machine.travel(midnight + datetime.timedelta(seconds=moment), tick=False):
            assert ask(client, account.url)["accounts"][0]["overdue"] is is_overdue


@pytest.mark.parametrize(
    ("text", "heading", "asks", "reports"),
    [
        ("@tsukude_kogen", "新城市の公式です", False, False),
        ("作手の高原", "同じ名前の公式アカウントがあります", True, False),
        ("@nobody_known", "公式アカウントの一覧にありません", True, True),
        ("@tsukude_kogenn", "公式とまぎらわしいものです", True, True),
        ("https://bit.ly/abc", "これだけでは確かめられません", True, True),
        ("@tsukude_k0gen", "新城市を装った偽物です", True, False),
        ("@closed_one", "今は新城市の公式ではありません", True, False),
    ],
)
def test_the_answer_says_as_of_when_and_in_doubt_whom_to_ask(
    client: Client, publish: Publish, fakes: list[KnownFake], text: str, heading: str, asks: bool,
    reports: bool,
) -> None:  # fmt: skip
    publish("tsukude_kogen", "instagram", name="作手の高原")
    publish("closed_one", status="closed")
    fakes.append(FAKE)

    html = client.get("/check/", {"q": text}).content.decode()

    answer = html.partition("data-answer>")[2].partition('<section class="stack')[0]
    assert f'<h2 class="answer__title">{heading}</h2>' in answer
    assert re.search(r"\d{4}年\d+月\d+日 \d\d:\d\d現在の一覧で確かめました。", answer)
    assert ('href="tel:0536-23-7623"' in answer) is asks
    assert ('href="/report/"' in answer) is reports
    assert '<meta name="robots" content="noindex">' in html


def test_an_answer_in_english_leads_on_in_english(client: Client, publish: Publish) -> None:
    account = publish("tsukude_kogen", "instagram", name="作手高原")

    for language, path in (
        ("/en", f"/en/accounts/{account.pk}/"),
        ("", f"/accounts/{account.pk}/"),
    ):
        page = Elements(client.get(f"{language}/check/", {"q": account.url}).content.decode())
        assert len(page.all("a", href=path)) == 1


def test_a_known_fake_comes_with_its_warning_and_the_real_one(
    client: Client, publish: Publish, fakes: list[KnownFake]
) -> None:
    account = publish("tsukude_kogen", "instagram", name="本物の作手")
    assert ask(client, FAKE.url)["verdict"] == "similar"

    fakes.append(FAKE)

    for text in (FAKE.url, "@tsukude_k0gen"):
        answer = ask(client, text)
        assert answer["verdict"] == "fake"
        assert [each["page"] for each in answer["fakes"]] == ["http://127.0.0.1:8000/notices/7/"]
        assert [each["id"] for each in answer["accounts"]] == [account.pk]
    assert ask(client, "作手高原")["verdict"] == "fake"
    page = Elements(client.get("/check/", {"q": FAKE.url}).content.decode())
    assert page.all("a", href="/notices/7/")

    fakes.clear()
    assert ask(client, FAKE.url)["verdict"] == "similar"


def test_an_unchanging_number_is_known_though_the_handle_was_not(
    client: Client, publish: Publish
) -> None:
    channel = "UC" + "b" * 22
    account = publish("tsukude", "youtube", service_account_id=channel)
    Account.objects.filter(pk=account.pk).update(service_account_id=channel)

    assert ask(client, f"https://www.youtube.com/channel/{channel}")["verdict"] == "official"
    nearly = channel[:-1] + "c"
    assert ask(client, f"https://www.youtube.com/channel/{nearly}")["verdict"] == "unknown"


def test_it_costs_as_many_queries_for_three_accounts_as_for_one(
    client: Client, publish: Publish, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection  # noqa: PLC0415

    counts = []
    for _ in range(2):
        publish()
        current.forget()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            ask(client, "@nobody_at_all")
        counts.append(len(asked))
        publish()
    with CaptureQueriesContext(connection) as again:
        ask(client, "@somebody_else")
    # Whether anything changed: the accounts' history, the newest, the fakes; then accounts and fakes.
    assert counts[0] == counts[1] == 5
    assert len(again) == 5


# --- What is private ---------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/check/", "/en/check/", API])
@pytest.mark.parametrize("q", ["https://x.com/himitsu", "@himitsu " * 60, "", " "])
def test_what_was_asked_is_kept_by_nobody(
    client: Client, db: None, address: str, q: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        response = client.get(address, {"q": q})

    assert "ETag" not in response
    assert "no-store" in response["Cache-Control"]
    assert "public" not in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "no-referrer"
    assert dict(response.cookies) == {}
    django_sql = [record for record in caplog.records if record.name != "django.db.backends"]
    assert [record for record in django_sql if "himitsu" in record.getMessage()] == []


def test_the_server_is_started_without_a_log_of_what_was_asked() -> None:
    for file in ("scripts/run", "docs/operations.md"):
        text = (ROOT / file).read_text(encoding="utf-8").replace("\\\n", " ")
        started = [line for line in text.splitlines() if "-m granian" in line]
        assert started, file
        assert all("--no-access-log" in line for line in started), file


def test_without_a_question_the_page_is_kept_by_proxies(client: Client, db: None) -> None:
    response = client.get("/check/")

    assert response["Cache-Control"] == "public, max-age=0, s-maxage=60"


def test_the_form_says_that_it_sends_until_the_script_knows_better(
    client: Client, db: None
) -> None:
    html = client.get("/check/").content.decode()
    page = Elements(html)

    assert "入力した文字は、確かめるために市のサーバーへ送られます。" in html
    [form] = page.all("form", action="/check/")
    assert form["method"] == "get"
    assert (
        form["data-local"] == "入力した文字は、この端末の中だけで確かめます。どこにも送りません。"
    )
    assert form["data-index"] == "/check/index.json"


# --- For programs of other sites ----------------------------------------------------------------


def test_any_site_may_read_it(client: Client, publish: Publish) -> None:
    for address in (f"{API}?q=a", API, "/check/index.json"):
        response = client.get(address)
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response["Content-Type"] == "application/json"


# --- The index, and what happens without it ------------------------------------------------------


def test_the_index_holds_what_the_public_may_know_and_says_how_old_it_is(
    client: Client, publish: Publish, cast: Cast, settings: Any
) -> None:
    settings.CHECK_INDEX_HOURS = 12
    shown = publish("tsukude_kogen", "instagram", name="作手高原")
    closed = publish("old_one", status="closed")
    factories.account(cast.tourism, "secret_one")

    index = client.get("/check/index.json").json()

    assert index["accounts"][0] == {
        "id": shown.pk, "service": "instagram", "handle": "tsukude_kogen", "name": "作手高原",
        "url": shown.url, "identity": "instagram:tsukude_kogen", "status": "official",
    }  # fmt: skip
    assert [row["id"] for row in index["accounts"]] == [shown.pk, closed.pk]
    assert index["accounts"][1]["since"] == str(timezone.localdate(closed.state_since))
    made, ends = (
        datetime.datetime.fromisoformat(index[key]) for key in ("generated_at", "expires_at")
    )
    assert ends - made == datetime.timedelta(hours=12)
    assert abs(timezone.now() - made) < datetime.timedelta(minutes=1)


def test_a_hundred_accounts_are_a_few_kilobytes(client: Client, publish: Publish) -> None:
    import gzip  # noqa: PLC0415

    first = publish("tsukude_kogen", "instagram")
    Account.objects.bulk_create(
        Account(
            department=first.department, service="x", name=f"新城市の{n}番の課", handle=f"shinshiro_{n}",
            url=f"https://x.com/shinshiro_{n}", identity=f"x:shinshiro_{n}", status="official",
            official_since=timezone.localdate(),
        )
        for n in range(99)
    )  # fmt: skip
    current.forget()

    content = client.get("/check/index.json").content

    assert len(json.loads(content)["accounts"]) == 100
    assert len(gzip.compress(content)) < 3_000


class Gone:
    """A database that answers nothing."""

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        raise Error("gone")


def test_with_the_database_gone_the_last_register_answers_until_it_expires(
    client: Client, publish: Publish, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection  # noqa: PLC0415

    account = publish("tsukude_kogen", "instagram")
    assert ask(client, account.url)["verdict"] == "official"

    with connection.execute_wrapper(Gone()):
        assert ask(client, account.url)["verdict"] == "official"
        assert client.get("/check/", {"q": account.url}).status_code == 200
        assert client.get("/check/").status_code == 200
        later = timezone.now() + datetime.timedelta(hours=settings.CHECK_INDEX_HOURS, minutes=1)
        monkeypatch.setattr("publication.checking.current.timezone.now", lambda: later)
        for address in (f"{API}?q={account.url}", "/check/index.json"):
            response = client.get(address)
            assert response.status_code == 503
            assert "答えられません" in response.json()["error"]
            assert "verdict" not in response.json()
        page = client.get("/check/", {"q": account.url})
        assert page.status_code == 503
        assert '<h2 class="answer__title">確認できません</h2>' in page.content.decode()


def test_a_register_that_takes_long_to_put_together_is_answered_from_at_once(
    client: Client, publish: Publish, time_machine: Any
) -> None:
    """However many accounts there are: what is dated after the question was asked is still good."""
    from django.db import connection  # noqa: PLC0415

    account = publish("tsukude_kogen", "instagram")
    time_machine.move_to("2026-11-24T09:00:00+09:00", tick=False)

    def slow(execute: Any, *args: Any) -> Any:
        time_machine.shift(2)
        return execute(*args)

    with connection.execute_wrapper(slow):
        assert ask(client, account.url)["verdict"] == "official"


def test_without_any_register_nobody_is_told_anything(client: Client, db: None) -> None:
    from django.db import connection  # noqa: PLC0415

    with connection.execute_wrapper(Gone()):
        for address in (f"{API}?q=@nobody", "/check/index.json", "/check/?q=@nobody"):
            assert client.get(address).status_code == 503


def test_a_clock_set_back_is_no_reason_to_believe_an_old_register(
    client: Client, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection  # noqa: PLC0415

    account = publish("tsukude_kogen", "instagram")
    ask(client, account.url)
    earlier = timezone.now() - datetime.timedelta(hours=2)

    monkeypatch.setattr("publication.checking.current.timezone.now", lambda: earlier)
    with connection.execute_wrapper(Gone()):
        assert client.get(API, {"q": account.url}).status_code == 503


def test_the_browsers_tables_are_drawn_from_the_portals(settings: Any) -> None:
    path = settings.BASE_DIR / "static/js/check-rules.js"
    assert path.read_text(encoding="utf-8") == script(), "run: manage.py draw_check_rules"

"""The pages of supervision, 4(4): months, figures, the file, what the PR division asks for, and at what cost."""

from __future__ import annotations

import csv
import datetime
import io
import uuid
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from postings import declaring, supervising
from postings.declaring import Right
from postings.models import Supervision, SupervisionPrompt, SupervisionRemark
from shinshiro_sns.duties import piles
from shinshiro_sns.models import OutgoingMail
from staff.models import Membership, User
from tests import factories
from tests.conftest import Cast
from tests.policies.test_races import at_once, refusals
from tests.postings.months import at, confirmed, outside, period, went_out

LIST = "/desk/supervision/"


@pytest.fixture
def clock() -> Any:
    """The tenth of December: September to November are over, September and October are late."""
    with time_machine.travel(at("2026-12-10"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def account(clock: Any, cast: Cast) -> Account:
    return factories.official(cast.tourism, official_since=datetime.date(2026, 9, 18))


def page_of(cast: Cast, month: str = "2026/9") -> str:
    return f"{LIST}{cast.tourism.pk}/{month}/"


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def to_do(person: User) -> set[str]:
    names = {"supervise", "supervise_for_head", "prompt_supervision", "review_supervision"}
    return {pile.duty.name for pile in piles(person)} & names


# --- Which departments, which months ---------------------------------------------------------------


def test_who_sees_one_department_is_led_there_and_others_choose_the_latest_first(
    client: Client, cast: Cast, account: Account
) -> None:
    factories.official(cast.safety, official_since=datetime.date(2026, 8, 1))
    client.force_login(cast.head)
    assert client.get(LIST).url == f"{LIST}{cast.tourism.pk}/"
    client.force_login(cast.pr_officer)

    rows = client.get(LIST).context["rows"]
    assert [row["department"] for row in rows] == [cast.safety, cast.tourism]
    confirmed(period(cast.safety, "2026-08"), cast.partner_head)
    for month in ("2026-09", "2026-10", "2026-11"):
        confirmed(period(cast.safety, month), cast.partner_head)
    late = client.get(LIST, {"show": "late"}).context["rows"]
    assert [row["department"] for row in late] == [cast.tourism]


def test_a_department_shows_its_next_month_and_every_confirmed_one(
    client: Client, cast: Cast, account: Account
) -> None:
    confirmed(period(cast.tourism, "2026-09"), cast.head, note="確認しました。")
    client.force_login(cast.head)

    shown = client.get(f"{LIST}{cast.tourism.pk}/").context

    assert str(shown["standing"]["following"]) == "2026年10月分"
    assert [str(row) for row in shown["page"]] == ["観光課 2026年9月分"]


@pytest.mark.parametrize("month", ["2026/13", "2026/0", "2027/1", "99999/1"])
def test_a_month_that_is_none_or_to_come_is_not_there(
    client: Client, cast: Cast, account: Account, month: str
) -> None:
    client.force_login(cast.head)
    assert client.get(page_of(cast, month)).status_code == 404


def test_lists_ask_as_often_for_three_as_for_one(
    client: Client, cast: Cast, account: Account
) -> None:
    def more() -> None:
        other = factories.department("別の課")
        head = factories.members((other, "head", "課長"))[0]
        factories.official(other, official_since=datetime.date(2026, 9, 1))
        went_out(account, cast.officer, "2026-09-20", **outside())
        confirmed(period(other, "2026-09"), head)

    more()
    client.force_login(cast.pr_officer)
    pages = (LIST, page_of(cast), f"{LIST}{cast.tourism.pk}/")
    one = [queries(client, page) for page in pages]
    more()
    more()

    assert [queries(client, page) for page in pages] == one


# --- A month ---------------------------------------------------------------------------------------


def test_the_head_looks_confirms_and_is_led_to_the_next_month(
    client: Client, cast: Cast, account: Account
) -> None:
    went_out(account, cast.officer, "2026-09-20", **outside(reason="大雨のため"))
    client.force_login(cast.head)
    page = client.get(page_of(cast))
    assert "大雨のため" in page.content.decode()
    form = page.context["form"]

    said = {"note": "問題ありません。", "seen": form["seen"].value(), "looked": "on"}
    answer = client.post(page_of(cast), said)

    assert answer.url == page_of(cast, "2026/10")
    [row] = Supervision.objects.all()
    assert (row.note, row.confirmed_by, row.numbers["posts"]) == ("問題ありません。", cast.head, 1)
    # Pressed twice, it is said that it is confirmed, and there is one.
    assert client.post(page_of(cast), said).status_code == 409
    assert Supervision.objects.count() == 1


def test_what_came_meanwhile_is_shown_first_and_the_heads_words_stay(
    client: Client, cast: Cast, account: Account
) -> None:
    client.force_login(cast.head)
    seen = client.get(page_of(cast)).context["form"]["seen"].value()
    went_out(account, cast.officer, "2026-09-25", text="後から記録した投稿です。")

    answer = client.post(page_of(cast), {"note": "所見です。", "seen": seen, "looked": "on"})

    html = answer.content.decode()
    assert answer.status_code == 409
    assert [text in html for text in ("後から記録した投稿です。", "所見です。")] == [True, True]
    assert not Supervision.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    # A deputy is told that no absence of the head is on record.
    [("officer", 403), ("deputy", 409), ("pr_officer", 403), ("auditor", 403)],
)
def test_nobody_else_confirms_it(
    client: Client, cast: Cast, account: Account, who: str, status: int
) -> None:
    client.force_login(getattr(cast, who))
    assert client.post(page_of(cast), {"seen": "", "looked": "on"}).status_code == status
    assert not Supervision.objects.exists()


def test_the_posts_are_narrowed_to_a_figure_and_stand_on_pages(
    client: Client, cast: Cast, account: Account
) -> None:
    for number in range(51):
        went_out(account, cast.officer, "2026-09-20", text=f"投稿{number}")
    beside = went_out(account, cast.officer, "2026-09-21", **outside("correction"))
    client.force_login(cast.head)

    assert len(client.get(page_of(cast)).context["posts"]) == 50
    assert len(client.get(page_of(cast), {"page": "2"}).context["posts"]) == 2
    narrowed = client.get(page_of(cast), {"show": "outside"}).context["posts"]
    assert [row["post"] for row in narrowed] == [beside]
    assert len(client.get(page_of(cast), {"show": "nonsense", "page": "x"}).context["posts"]) == 50


def test_the_file_has_every_post_of_the_month_and_no_formula(
    client: Client, cast: Cast, account: Account
) -> None:
    went_out(account, cast.officer, "2026-09-20", text="=HYPERLINK(1)")
    went_out(account, cast.officer, "2026-09-21", **outside())
    went_out(account, cast.officer, "2026-10-01")
    client.force_login(cast.head)

    answer = client.get(page_of(cast), {"format": "csv"})
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))

    assert len(rows) == 3
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_the_months_emergencies_are_named_beside_its_posts(
    client: Client, cast: Cast, account: Account, clock: Any
) -> None:
    now = at("2026-12-10")
    declaring.declare(
        cast.head, Right(cast.tourism), accounts=[account], is_for_all=False, reason="台風の接近",
        begins_at=now, ends_at=now + datetime.timedelta(hours=5),
    )  # fmt: skip
    client.force_login(cast.head)

    assert "台風の接近" in client.get(page_of(cast, "2026/12")).content.decode()
    assert "台風の接近" not in client.get(page_of(cast, "2026/11")).content.decode()


# --- Afterwards, and what the PR division does -----------------------------------------------------


def test_a_remark_is_added_once_and_an_empty_one_is_refused(
    client: Client, cast: Cast, account: Account
) -> None:
    confirmed(period(cast.tourism, "2026-09"), cast.head)
    client.force_login(cast.head)
    url, said = f"{page_of(cast)}remarks/", {"text": "後で分かりました。", "key": str(uuid.uuid4())}

    assert [client.post(url, said).status_code for _ in range(2)] == [302, 302]
    assert client.post(url, {**said, "text": " "}).status_code == 422
    assert [row.text for row in SupervisionRemark.objects.all()] == ["後で分かりました。"]
    assert "後で分かりました。" in client.get(page_of(cast)).content.decode()


def test_what_a_deputy_confirmed_the_head_reviews(
    client: Client, cast: Cast, account: Account
) -> None:
    factories.absence(cast.tourism, cast.head, recorded_by=cast.pr_officer)
    confirmed(period(cast.tourism, "2026-09"), cast.deputy)
    assert to_do(cast.head) == {"supervise", "review_supervision"}
    client.force_login(cast.deputy)
    assert client.post(f"{page_of(cast)}review/").status_code == 403
    client.force_login(cast.head)
    assert client.post(f"{page_of(cast)}review/").status_code == 302

    row = Supervision.objects.get()
    assert row.reviewed_by == cast.head
    assert "review_supervision" not in to_do(cast.head)


def test_the_pr_division_asks_for_a_late_month_once_a_month(
    client: Client, cast: Cast, account: Account
) -> None:
    assert to_do(cast.pr_officer) == {"prompt_supervision"}
    client.force_login(cast.pr_officer)
    url, said = (
        f"{LIST}{cast.tourism.pk}/prompt/",
        {"text": "お願いします。", "key": str(uuid.uuid4())},
    )
    assert "2026年9月分" in client.get(url).content.decode()

    assert [client.post(url, said).status_code for _ in range(2)] == [302, 302]

    [row] = SupervisionPrompt.objects.all()
    assert (row.text, row.asked_by) == ("お願いします。", cast.pr_officer)
    told = OutgoingMail.objects.filter(body__contains="お願いします。")
    assert {mail.recipient for mail in told} == {cast.head}
    assert to_do(cast.pr_officer) == set()


def test_nothing_is_asked_for_where_nothing_is_late(
    client: Client, cast: Cast, account: Account
) -> None:
    for month in ("2026-09", "2026-10"):
        confirmed(period(cast.tourism, month), cast.head)
    client.force_login(cast.pr_officer)

    assert client.get(f"{LIST}{cast.tourism.pk}/prompt/").status_code == 302
    assert not SupervisionPrompt.objects.exists()


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_two_heads_at_once_confirm_one_month(cast: Cast, account: Account) -> None:
    other = factories.members((cast.tourism, "head", "別の課長"))[0]
    month = period(cast.tourism, "2026-09")
    seen = supervising.seal([])

    def by(person: User) -> Any:
        return lambda: supervising.confirm(month, person, note="", seen=seen)

    outcomes = at_once(by(cast.head), by(other))

    assert len(refusals(outcomes)) == 1
    assert Supervision.objects.count() == 1
    assert Membership.objects.filter(role="head", department=cast.tourism).count() == 2

"""A flood of reports, 5(2): the PR division settles thousands in a few acts, and takes that back."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from incidents.models import FakeReport, ReportedAccount
from incidents.report_forms import sum_of
from incidents.triage import reported_workflow
from incidents.views import reported_together
from shinshiro_sns.models import OutgoingMail
from shinshiro_sns.steps import StepOvertaken
from shinshiro_sns.taking_each import take_each
from staff.models import Department
from tests.conftest import Cast
from tests.incidents import things

LIST = "/desk/reports/"


def address(name: str = "close") -> str:
    return reverse("incidents:reported_together", args=[name])


def flood(size: int, **report: Any) -> None:
    """So many accounts, each reported once, by somebody who wants to hear."""
    made = ReportedAccount.objects.bulk_create(
        ReportedAccount(
            service="x", handle=f"flood_{n}", url=f"https://x.com/flood_{n}",
            identity=f"x:flood_{n}", department=Department.objects.get(is_pr_division=True),
        )
        for n in range(size)
    )  # fmt: skip
    FakeReport.objects.bulk_create(
        FakeReport(
            **{
                "reported": row, "why": "荒らし", "form": row.handle,
                "mail": f"{row.handle}@example.jp", **report,
            }
        )
        for row in made
    )  # fmt: skip


def shown(client: Client, url: str) -> dict[str, str]:
    """What the page asks to send along."""
    page = client.get(url).content.decode()
    return dict(re.findall(r'type="hidden" name="(opened|seen|count)" value="([^"]*)"', page))


def settle(client: Client, url: str, **given: str) -> Any:
    return client.post(url, shown(client, url) | {"note": "いたずら", "tell": "no"} | given)


def states() -> dict[str, str]:
    return dict(ReportedAccount.objects.order_by("pk").values_list("handle", "state"))


@pytest.fixture
def pr(client: Client, cast: Cast) -> Client:
    client.force_login(cast.pr_officer)
    return client


# --- What is meant --------------------------------------------------------------------------------------


def test_what_the_list_is_narrowed_to_is_closed_and_nothing_else(pr: Client, cast: Cast) -> None:
    flood(3)
    things.reported("https://x.com/shinshiro_atari", "口座番号を聞かれた", "お金を求められた")
    url = f"{address()}?q=FLOOD_"

    page = pr.get(url).content.decode()
    assert "<strong>3件</strong>" in page
    assert "3件に「対応しないことにする」を行う" in page
    answer = settle(pr, url)

    assert states() == {
        "flood_0": "closed", "flood_1": "closed", "flood_2": "closed", "shinshiro_atari": "waiting",
    }  # fmt: skip
    row = ReportedAccount.objects.get(handle="flood_1")
    assert (row.reason, row.settled_by, row.revision) == ("いたずら", cast.pr_officer, 1)
    kept = row.history.get()
    assert (kept.step, kept.history_user, kept.history_change_reason, kept.state) == (
        "close", cast.pr_officer, "いたずら", "closed",
    )  # fmt: skip
    # It leads to the list of just those.
    assert pr.get(answer["Location"]).context["page"].paginator.count == 3


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"many", "old", "note"}),
        ("q=@MANY", {"many"}),
        ("q=口座", {"old"}),
        ("q=x.com/", {"many", "old"}),
        ("service=note", {"note"}),
        ("times=one", {"old", "note"}),
        ("times=more", {"many"}),
        ("since={hour}", {"many", "note"}),
        ("until={hour}", {"old"}),
        ("times=one&service=x", {"old"}),
        ("times=nonsense", {"many", "old", "note"}),
    ],
)
def test_the_list_is_narrowed_by_what_a_flood_has_in_common(
    pr: Client, query: str, found: set[str]
) -> None:
    things.reported("https://x.com/many", "一", "二")
    things.reported("https://x.com/old", "口座を聞かれた")
    things.reported("https://note.com/note")
    now = timezone.localtime()
    FakeReport.objects.filter(reported__handle="old").update(
        received_at=now - datetime.timedelta(hours=2)
    )
    hour = (now - datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")

    page = pr.get(f"{LIST}?{query.format(hour=hour)}").context["page"]

    assert {row.handle for row in page} == found
    assert page.paginator.count == len(found)


def test_what_cannot_be_understood_settles_nothing(pr: Client) -> None:
    flood(3)

    for query in ("times=nonsense", "since=昨日", "service=mixi2", "settled=x"):
        url = f"{address()}?{query}"
        assert pr.get(url).status_code == 302
        assert pr.post(url, {"note": "いたずら", "tell": "no"}).status_code == 302
        assert pr.get(f"{LIST}?{query}").context["together"] is None
    assert set(states().values()) == {"waiting"}


def test_what_comes_after_the_page_was_opened_is_not_meant(pr: Client) -> None:
    flood(2)
    given = shown(pr, address())
    things.reported("https://x.com/shinshiro_atari")

    answer = pr.post(address(), given | {"note": "いたずら", "tell": "no"})

    assert answer.status_code == 302
    assert states() == {"flood_0": "closed", "flood_1": "closed", "shinshiro_atari": "waiting"}


@pytest.mark.parametrize("what", ["settled by another", "settled and taken up again"])
def test_where_the_number_or_a_row_changed_nothing_is_done_and_no_word_is_lost(
    pr: Client, cast: Cast, what: str
) -> None:
    flood(3)
    given = shown(pr, address())
    row = ReportedAccount.objects.get(handle="flood_1")
    row = reported_workflow.take(row, "close", by=cast.pr_second, note="一件だけ", tell=False)
    if what != "settled by another":
        reported_workflow.take(row, "wait", by=cast.pr_second, note="やはり")
        ReportedAccount.objects.filter(pk=row.pk).update(
            state_since=row.history.last().history_date
        )
        ReportedAccount.objects.update(state_since=timezone.now() - datetime.timedelta(hours=1))
    before = states()

    answer = pr.post(address(), given | {"note": "残る理由", "tell": "no"})

    page = answer.content.decode()
    assert (answer.status_code, "残る理由" in page, states()) == (409, True, before)
    assert "当てはまる通報が変わりました" in page
    if what == "settled by another":
        assert "(3件から2件)" in page
    # Seen as it is now, it can be done.
    assert settle(pr, address()).status_code == 302


@pytest.mark.parametrize("given", [{"note": " "}, {"tell": ""}, {"seen": ""}])
def test_without_a_reason_or_a_choice_nothing_is_settled(pr: Client, given: dict[str, str]) -> None:
    flood(3)

    assert settle(pr, address(), **given).status_code == 422
    assert set(states().values()) == {"waiting"}


def test_more_than_anybody_could_look_at_is_narrowed_first(
    pr: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reported_together, "MOST", 2)
    flood(3)
    seen = sum_of(dict(ReportedAccount.objects.values_list("pk", "revision")))
    given = {"note": "いたずら", "tell": "no", "seen": seen, "count": "3"}
    given["opened"] = timezone.now().isoformat()

    assert "一度に扱える件数を超えています" in pr.get(address()).content.decode()
    assert pr.post(address(), given).status_code == 409
    assert set(states().values()) == {"waiting"}


def test_where_nothing_matches_the_page_says_so(pr: Client) -> None:
    assert "当てはまる通報がありません" in pr.get(address()).content.decode()
    answer = settle(pr, address(), opened=timezone.now().isoformat(), seen="x", count="0")
    assert answer.status_code == 409


# --- Taken back -----------------------------------------------------------------------------------------


def test_it_is_taken_back_as_it_was_done_in_one_act(pr: Client, cast: Cast) -> None:
    flood(3)
    other = things.reported("https://x.com/somebody")
    reported_workflow.take(other, "close", by=cast.pr_officer, note="別の人")
    listed = settle(pr, f"{address()}?q=flood")["Location"]

    page = pr.get(listed)
    assert "当てはまる3件をまとめて「もう一度確かめる」" in page.content.decode()
    answer = settle(pr, page.context["together"]["url"], note="誤って選んだ")

    assert answer.status_code == 302
    assert states() == {f"flood_{n}": "waiting" for n in range(3)} | {"somebody": "closed"}
    row = ReportedAccount.objects.get(handle="flood_2")
    assert (row.settled_by, row.settled_at, row.reason, row.revision) == (None, None, "", 2)
    assert list(row.history.values_list("step", "history_change_reason")) == [
        ("wait", "誤って選んだ"), ("close", "いたずら"),
    ]  # fmt: skip


# --- Who hears ------------------------------------------------------------------------------------------


def test_told_each_person_gets_one_mail_however_much_he_reported(pr: Client) -> None:
    flood(7, mail="Citizen@example.jp")
    FakeReport.objects.filter(form="flood_6").update(mail="other@example.jp")

    assert "結果を知りたいと書いた2人に" in pr.get(address()).content.decode()
    settle(pr, address(), tell="yes")

    mails = OutgoingMail.objects.order_by("pk")
    assert [mail.address for mail in mails] == ["Citizen@example.jp", "other@example.jp"]
    names = [str(row) for row in ReportedAccount.objects.order_by("pk")]
    for mail, said in zip(mails, (f"{'、'.join(names[:5])}、ほか1件", names[6]), strict=True):
        assert f"\nお知らせいただいたアカウント:{said}\n" in mail.body
    assert not FakeReport.objects.exclude(mail="").exists()
    assert not FakeReport.objects.filter(answered_at=None).exists()


def test_not_told_nobody_is_written_to_and_no_address_is_kept(pr: Client) -> None:
    flood(3)

    settle(pr, address(), tell="no")

    assert not OutgoingMail.objects.exists()
    assert not FakeReport.objects.exclude(mail="").exists()
    assert not FakeReport.objects.exclude(answered_at=None).exists()


@pytest.mark.parametrize(("tell", "mails"), [("yes", 1), ("no", 0)])
def test_of_one_account_too_the_pr_division_chooses(pr: Client, tell: str, mails: int) -> None:
    row = things.reported("https://x.com/flooded", *["荒らし"] * 3)
    FakeReport.objects.update(mail="Citizen@example.jp")
    FakeReport.objects.filter(form__endswith="-1").update(mail="citizen@example.jp")
    url = reverse("incidents:reported_step", args=[row.pk, "close"])

    assert "結果を知りたいと書いた1人に" in pr.get(url).content.decode()
    pr.post(url, {"note": "いたずら", "tell": tell, "revision": 0})

    assert OutgoingMail.objects.count() == mails
    assert not FakeReport.objects.exclude(mail="").exists()


def test_nobody_is_asked_whether_to_tell_where_nobody_waits(pr: Client) -> None:
    flood(3, mail="")

    page = pr.get(address()).content.decode()

    assert 'name="tell"' not in page
    assert pr.post(address(), shown(pr, address()) | {"note": "いたずら"}).status_code == 302


# --- Who may --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["officer", "head", "deputy", "auditor", "stranger"])
def test_nobody_but_the_pr_division_settles_them(client: Client, cast: Cast, who: str) -> None:
    flood(3)
    client.force_login(getattr(cast, who))

    assert client.get(address()).status_code == 403
    assert client.post(address(), {"note": "いたずら", "tell": "no"}).status_code == 403
    assert set(states().values()) == {"waiting"}
    if who == "auditor":
        assert client.get(LIST).context["together"] is None


def test_each_row_is_judged_for_itself_and_one_that_may_not_be_settled_settles_none(
    cast: Cast,
) -> None:
    flood(3)
    seen = dict(ReportedAccount.objects.values_list("pk", "revision"))
    first, last = min(seen), max(seen)

    def close(seen: dict[int, int], by: Any = cast.pr_officer) -> None:
        take_each(reported_workflow, seen, "close", by=by, note="いたずら", tell=False)

    with pytest.raises(StepOvertaken, match="画面を開いた後に内容が変わりました"):
        close(seen | {last: 7})
    with pytest.raises(StepOvertaken, match="もう必要がなくなりました"):
        close(seen | {last + 1: 0})
    with pytest.raises(PermissionDenied):
        close(seen, cast.officer)
    assert set(states().values()) == {"waiting"}
    close({last: 0})
    with pytest.raises(StepOvertaken, match="すでに「対応しない」"):
        close({first: 0, last: 1})
    assert states()["flood_0"] == "waiting"


def test_no_other_step_is_taken_on_many(pr: Client) -> None:
    for name in ("join", "report_anew", "nothing"):
        assert pr.get(address(name)).status_code == 404


# --- How much it asks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["close", "wait"])
def test_three_thousand_ask_a_few_queries_for_each_five_hundred(
    pr: Client, cast: Cast, name: str
) -> None:
    asked = {}
    for size in (3, 3000):
        ReportedAccount.history.all().delete()
        FakeReport.objects.all().delete()
        ReportedAccount.objects.all().delete()
        OutgoingMail.objects.all().delete()
        flood(size)
        if name == "wait":
            assert settle(pr, address(), tell="yes").status_code == 302
        with CaptureQueriesContext(connection) as queries:
            assert settle(pr, address(name), tell="yes").status_code == 302
        asked[size] = len(queries)
        assert set(states().values()) == {"closed" if name == "close" else "waiting"}
    # SQLite takes 999 values a query, so a few for each sixty rows; none for a single one.
    assert asked[3] < 25
    assert asked[3000] < 200
    if name == "close":
        assert OutgoingMail.objects.exclude(recipient=None).count() == 0
        assert OutgoingMail.objects.filter(address__startswith="flood_").count() == 3000


def test_one_account_that_three_thousand_reported_is_settled_in_few_queries(
    pr: Client, cast: Cast
) -> None:
    row = things.reported("https://x.com/flooded")
    FakeReport.objects.bulk_create(
        FakeReport(reported=row, why="荒らし", form=f"f{n}", mail=f"person{n}@example.jp")
        for n in range(3000)
    )
    url = reverse("incidents:reported_step", args=[row.pk, "close"])

    with CaptureQueriesContext(connection) as queries:
        pr.post(url, {"note": "いたずら", "tell": "yes", "revision": 0})

    assert OutgoingMail.objects.count() == 3000
    assert len(queries) < 100

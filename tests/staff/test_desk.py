"""The desk: soonest first, what is late marked, and no duty over many accounts hides another."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from policies.models import OperatingPolicy
from shinshiro_sns.duties import called, piles
from staff.desk import parts
from tests import factories

State = OperatingPolicy.State
TODAY = datetime.date(2026, 6, 15)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime.datetime(2026, 6, 15, 3, tzinfo=datetime.UTC), tick=False):
        yield


def without_policy(cast, days, number=1):
    """Accounts of 観光課, registered so many days ago, for which nobody has drafted a policy."""
    since = timezone.now() - datetime.timedelta(days=days)
    return [factories.account(cast.tourism, created_at=since) for _ in range(number)]


def returned(cast, days):
    policy = factories.policy(
        factories.account(cast.tourism), cast.officer, State.RETURNED,
        head=cast.head, receiver=cast.pr_officer,
    )  # fmt: skip
    since = timezone.now() - datetime.timedelta(days=days)
    OperatingPolicy.objects.filter(pk=policy.pk).update(state_since=since)


def seen(person):
    """Part → duty → how many of its rows stand there, of how many, and whether it is folded."""
    return {
        part.title: [(g.duty.name, len(g.tasks), g.count, g.is_folded) for g in part.groups]
        for part in parts(piles(person), TODAY)
    }


def test_what_is_late_stands_first_and_apart(cast):
    without_policy(cast, days=2)
    without_policy(cast, days=12)
    assert seen(cast.officer) == {
        "期限を過ぎたもの": [("draft", 1, 2, False)],
        "7日以内のもの": [("draft", 1, 2, False)],
    }


def test_the_seventh_day_is_still_in_time_and_the_eighth_is_not(cast):
    (account,) = without_policy(cast, days=7)
    assert list(seen(cast.officer)) == ["7日以内のもの"]
    duty = called("draft")
    assert duty.count_overdue(duty.rows(TODAY), TODAY) == 0
    Account.objects.filter(pk=account.pk).update(
        created_at=timezone.now() - datetime.timedelta(days=8)
    )
    assert list(seen(cast.officer)) == ["期限を過ぎたもの"]
    assert duty.count_overdue(duty.rows(TODAY), TODAY) == 1


def test_a_grave_duty_stands_before_a_sooner_one(cast):
    without_policy(cast, days=20)
    returned(cast, days=9)
    assert [name for name, *_ in seen(cast.officer)["期限を過ぎたもの"]] == ["mend", "draft"]


def test_a_duty_over_many_accounts_is_folded_and_hides_no_other(cast):
    without_policy(cast, days=3, number=30)
    factories.draft(factories.account(cast.tourism), cast.officer)
    assert seen(cast.officer) == {
        "7日以内のもの": [("draft", 3, 30, True), ("finish", 1, 1, False)]
    }


def test_the_desk_says_what_to_do_by_when_and_links_to_the_rest(cast, client):
    without_policy(cast, days=12, number=4)
    client.force_login(cast.officer)
    page = client.get("/desk/").content.decode()
    assert page.count("5日過ぎています") == 3
    assert "「運用ポリシーがまだないアカウント」の4件をすべて見る" in page
    assert "運用ポリシーを作成する<span" in page
    rest = client.get(reverse("staff:duty", args=["draft"])).content.decode()
    assert rest.count("5日過ぎています") == 4


def test_the_page_of_a_duty_holds_fifty_rows_and_only_ones_own(cast, client):
    without_policy(cast, days=3, number=51)
    factories.account(cast.safety)
    client.force_login(cast.officer)
    url = reverse("staff:duty", args=["draft"])
    assert len(client.get(url).context["tasks"]) == 50
    assert len(client.get(url, {"page": 2}).context["tasks"]) == 1
    client.force_login(cast.pr_officer)
    assert client.get(url).context["tasks"] == []


@pytest.mark.parametrize("url", ["/desk/", "/desk/duties/draft/"])
def test_thirty_accounts_ask_the_database_as_often_as_one(cast, client, url):
    client.force_login(cast.officer)

    def queries():
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    without_policy(cast, days=12)
    of_one = queries()
    without_policy(cast, days=12, number=2)
    of_three = queries()
    without_policy(cast, days=2, number=27)
    assert (of_three, queries()) == (of_one, of_one)

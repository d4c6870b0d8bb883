"""A department's page: what it runs and what it ran, at an address that outlives a reorganisation."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from staff.models import Department
from tests import factories
from tests.conftest import Cast
from tests.publication.conftest import Publish


def test_it_shows_the_departments_official_and_former_accounts(
    client: Client, publish: Publish, cast: Cast
) -> None:
    Department.objects.filter(pk=cast.tourism.pk).update(telephone="0536-23-0000")
    publish("now_one", name="今ある", policy={"purpose": "催しを知らせるため"})
    publish("closed_one", name="なくなった", status="closed")
    factories.account(cast.tourism, name="準備中の名前")
    factories.official(cast.safety, name="よその")

    response = client.get(f"/departments/{cast.tourism.pk}/")

    assert [card["title"] for card in response.context["cards"]] == ["今ある"]
    assert [card["title"] for card in response.context["former_cards"]] == ["なくなった"]
    html = response.content.decode()
    assert "催しを知らせるため" in html
    assert 'href="tel:0536-23-0000"' in html
    assert 'href="https://x.com/closed_one"' not in html
    assert 'href="https://x.com/now_one"' in html
    assert f'href="/departments/{cast.tourism.pk}/poster/"' in html
    assert 'href="/list/department/kanko/table/"' in html
    assert client.get("/list/department/kanko/table/").status_code == 200


def test_one_that_runs_nothing_any_more_says_where_to_look(client: Client, cast: Cast) -> None:
    # A code printed years ago leads here, whatever became of the department.
    html = client.get(f"/departments/{cast.tourism.pk}/").content.decode()

    assert "今、この所属の公式アカウントはありません" in html
    assert '<a class="button" href="/">' in html
    assert "poster" not in html
    assert "/list/department/" not in html


def test_a_new_code_of_the_department_moves_its_list_and_not_its_page(
    client: Client, publish: Publish, cast: Cast
) -> None:
    publish(name="今ある")
    Department.objects.filter(pk=cast.tourism.pk).update(code="kanko-bunka", name="観光文化課")

    assert client.get("/list/department/kanko/").status_code == 404
    assert client.get("/list/department/kanko-bunka/").status_code == 200
    response = client.get(f"/departments/{cast.tourism.pk}/")
    assert [card["title"] for card in response.context["cards"]] == ["今ある"]


def test_an_accounts_page_leads_to_its_department(client: Client, publish: Publish) -> None:
    account = publish()

    html = client.get(account.get_absolute_url()).content.decode()

    assert f'<a href="/departments/{account.department_id}/">観光課</a>' in html


def test_three_accounts_ask_as_often_as_one(client: Client, publish: Publish, cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/departments/{cast.tourism.pk}/").status_code == 200
        return len(captured)

    publish()
    publish(status="closed")
    one = queries()
    for _ in range(2):
        publish()
        publish(status="closed")

    assert Account.objects.public().count() == 6
    assert queries() == one

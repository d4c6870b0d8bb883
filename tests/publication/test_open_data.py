"""Open data: the same register for programs, valid against its own schema, honest about what ended."""

from __future__ import annotations

import csv
import datetime
import io
import json
from typing import Any

import jsonschema_rs
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account
from publication import open_data
from staff.models import Department
from tests import factories
from tests.conftest import Cast
from tests.publication.conftest import Publish

DATA = ["/accounts.json", "/accounts.csv", "/accounts.schema.json", "/openapi.json"]
LONG_AGO = datetime.date(2020, 4, 1)


def document(client: Client) -> dict[str, Any]:
    return dict(client.get("/accounts.json").json())


def accounts(client: Client) -> list[dict[str, Any]]:
    return list(document(client)["accounts"])


def table(client: Client) -> list[dict[str, str]]:
    written = client.get("/accounts.csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(written, newline="")))


def faults(client: Client, data: dict[str, Any], **more: Any) -> list[str]:
    """What the published schema says against `data`; `more` holds for each account."""
    schema = client.get("/accounts.schema.json").json()
    jsonschema_rs.meta.validate(schema)
    schema["properties"]["accounts"]["items"] |= more
    judge = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    return [error.message for error in judge.iter_errors(data)]


# --- What an account is ------------------------------------------------------------------------


def test_an_account_is_told_whole(
    client: Client, publish: Publish, cast: Cast, settings: Any
) -> None:
    settings.PORTAL_URL = "https://sns.city.example"
    account = publish("first_one", name="しんしろ", partners=(cast.safety,), category="tourism")
    day = datetime.date(2026, 5, 1)
    Account.objects.update(official_since=day, attested_on=datetime.date(2026, 8, 3))
    Account.objects.update(state_since=timezone.make_aware(datetime.datetime(2026, 5, 1, 9)))
    factories.certification(account, "certified", dated_on=datetime.date(2026, 6, 2))

    assert accounts(client) == [
        {
            "id": account.pk,
            "status": "official",
            "status_since": "2026-05-01",
            "service": "x",
            "name": "しんしろ",
            "handle": "first_one",
            "url": "https://x.com/first_one",
            "department": "観光課",
            "department_code": "kanko",
            "category": "tourism",
            "shared_theme": "催しの案内",
            "partners": ["防災課"],
            "official_since": "2026-05-01",
            "certified_on": "2026-06-02",
            "attested_on": "2026-08-03",
            "attestation_due_on": "2026-12-31",
            "overdue": timezone.localdate() > datetime.date(2026, 12, 31),
            "successor": None,
            "page": f"https://sns.city.example/accounts/{account.pk}/",
        }
    ]


def test_the_document_says_whose_it_is_and_under_what_licence(
    client: Client, db: None, settings: Any
) -> None:
    settings.PORTAL_URL, settings.CITY_CODE = "https://sns.city.example", "131016"

    assert document(client) == {
        "$schema": "https://sns.city.example/accounts.schema.json",
        "title": "新城市 SNS公式アカウント一覧",
        "publisher": {
            "code": "131016",
            "name": "新城市",
            "url": "https://www.city.shinshiro.lg.jp/",
        },
        "license": "https://creativecommons.org/licenses/by/4.0/deed.ja",
        "documentation": "https://sns.city.example/open-data/",
        "accounts": [],
    }


def test_what_ended_stays_with_its_state_its_day_and_its_successor(
    client: Client, cast: Cast
) -> None:
    follower = factories.official(cast.tourism, name="後の口座", category="")
    closed, suspended = factories.official(cast.tourism), factories.official(cast.tourism)
    day = datetime.date(2026, 3, 31)
    factories.stood(closed, "close", cast.head, effective_on=day, successor=follower)
    factories.stood(suspended, "suspend", cast.head, effective_on=day)
    factories.certification(suspended, "certified", dated_on=day)

    told = {each["id"]: each for each in accounts(client)}

    assert [told[each.pk]["status"] for each in (follower, closed, suspended)] == [
        "official", "closed", "suspended",
    ]  # fmt: skip
    assert [told[each.pk]["status_since"] for each in (follower, closed, suspended)] == [
        str(factories.SINCE), "2026-03-31", "2026-03-31",
    ]  # fmt: skip
    assert [told[each.pk]["successor"] for each in (closed, suspended)] == [follower.pk, None]
    # Nothing an operator or a department once said holds of what the city runs no more.
    for each in (closed, suspended):
        assert told[each.pk]["certified_on"] is None
        assert told[each.pk]["attestation_due_on"] is None
        assert told[each.pk]["overdue"] is None
    assert told[follower.pk]["category"] is None
    rows = {row["ID"]: row for row in table(client)}
    assert [rows[str(each.pk)]["状態"] for each in (follower, closed, suspended)] == [
        "運用中", "廃止", "停止中",
    ]  # fmt: skip
    assert rows[str(closed.pk)]["後継のアカウントのID"] == str(follower.pk)
    assert rows[str(closed.pk)]["確認期限切れ"] == ""


def test_a_resumed_account_stands_since_its_resumption(
    client: Client, publish: Publish, cast: Cast
) -> None:
    account = publish()
    factories.stood(account, "suspend", cast.head)
    Account.objects.update(state_since=timezone.make_aware(datetime.datetime(2026, 3, 1, 9)))
    factories.stood(account, "resume", cast.head)

    assert [each["status_since"] for each in accounts(client)] == [str(timezone.localdate())]


def test_an_overdue_attestation_is_told(client: Client, cast: Cast) -> None:
    account = factories.official(cast.tourism, official_since=LONG_AGO)

    assert [each["overdue"] for each in accounts(client)] == [True]
    assert [row["確認期限切れ"] for row in table(client)] == ["はい"]

    Account.objects.filter(pk=account.pk).update(attested_on=timezone.localdate())
    assert [each["overdue"] for each in accounts(client)] == [False]
    assert [row["確認期限切れ"] for row in table(client)] == ["いいえ"]


def test_what_is_being_prepared_is_as_unknown_as_what_never_was(client: Client, cast: Cast) -> None:
    prepared = factories.account(cast.tourism, name="準備中の名前")
    closed = factories.official(cast.tourism)
    factories.stood(closed, "close", cast.head)
    # Of a follower that is not public yet not even the number is told.
    Account.objects.filter(pk=closed.pk).update(successor=prepared)

    assert [(each["id"], each["successor"]) for each in accounts(client)] == [(closed.pk, None)]
    for address in DATA:
        assert "準備中の名前" not in client.get(address).content.decode()


# --- The schema --------------------------------------------------------------------------------


def test_the_data_are_valid_against_the_schema_that_is_published(
    client: Client, publish: Publish, cast: Cast
) -> None:
    publish(partners=(cast.safety,))
    publish(service="other", handle="https://例え.example/あ?b=1", status="suspended", category="")
    publish(service="vine", handle="https://vine.co/old", status="closed")
    factories.official(cast.tourism, official_since=LONG_AGO, name='"悪意", <b>\n=1+1')

    assert len(accounts(client)) == 4
    assert faults(client, document(client), additionalProperties=False) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", "1"), ("id", 0), ("status", "preparing"), ("service", "nosuch"), ("category", ""),
        ("official_since", "令和8年"), ("official_since", None), ("overdue", "no"),
        ("partners", "防災課"), ("successor", "2"), ("page", "no address"),
    ],
)  # fmt: skip
def test_the_schema_refuses_what_is_no_account(
    client: Client, publish: Publish, key: str, value: Any
) -> None:
    publish()
    data = document(client)
    data["accounts"][0][key] = value

    assert len(faults(client, data)) == 1


def test_no_fact_may_be_left_out(client: Client, publish: Publish) -> None:
    publish()
    data = document(client)
    left_out = data["accounts"][0].pop("status")

    assert left_out == "official"
    assert faults(client, data) == ['"status" is a required property']


# --- The table ---------------------------------------------------------------------------------


def test_the_table_begins_as_japanese_open_data_does(
    client: Client, publish: Publish, settings: Any
) -> None:
    settings.CITY_CODE = "131016"
    account = publish("first_one", service="instagram", name="しんしろ")

    response = client.get("/accounts.csv")

    assert response["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert response.content.startswith(b"\xef\xbb\xbf" + "全国地方公共団体コード,".encode())
    row = table(client)[0]
    assert list(row.items())[:3] == [
        ("全国地方公共団体コード", "131016"), ("ID", str(account.pk)), ("地方公共団体名", "新城市"),
    ]  # fmt: skip
    assert (row["種類"], row["表示名"], row["アカウント名"]) == (
        "Instagram",
        "しんしろ",
        "first_one",
    )
    assert (row["URL"], row["分野"]) == ("https://www.instagram.com/first_one/", "観光・イベント")


def test_both_files_say_the_same_in_the_same_order(
    client: Client, publish: Publish, cast: Cast
) -> None:
    for status in ("closed", "official", "suspended"):
        publish(status=status, partners=(cast.safety, cast.pr_division))

    told = [
        {each.heading: each.said(account[each.key]) for each in open_data.COLUMNS}
        for account in accounts(client)
    ]

    fixed = {"全国地方公共団体コード": "232211", "地方公共団体名": "新城市"}
    assert table(client) == [row | fixed for row in told]
    numbers = [account["id"] for account in accounts(client)]
    assert numbers == sorted(numbers)


# --- In words ----------------------------------------------------------------------------------


def test_every_column_is_described_with_licence_and_files(client: Client, db: None) -> None:
    html = client.get("/open-data/").content.decode()

    for heading in open_data.headings():
        assert f'<th scope="row">{heading}</th>' in html
    for column in open_data.COLUMNS:
        assert f'<code class="key">{column.key}</code>' in html
        assert column.about in html
    for address in (*DATA, "/notices/feed.atom", "/.well-known/trust.txt", open_data.LICENCE):
        assert f'href="{address}"' in html


def test_the_page_tells_search_engines_of_the_data_set(
    client: Client, db: None, settings: Any
) -> None:
    settings.PORTAL_URL = "https://sns.city.example"
    html = client.get("/open-data/").content.decode()
    data = json.loads(
        html.partition('<script type="application/ld+json">')[2].split("</script>")[0]
    )

    assert (data["@type"], data["license"]) == ("Dataset", open_data.LICENCE)
    assert [file["contentUrl"] for file in data["distribution"]] == [
        "https://sns.city.example/accounts.csv", "https://sns.city.example/accounts.json",
    ]  # fmt: skip


def test_the_list_leads_to_both_files(client: Client, db: None) -> None:
    html = client.get("/").content.decode()

    for address, kind in (("/accounts.json", "application/json"), ("/accounts.csv", "text/csv")):
        assert f'type="{kind}"' in html
        assert f'href="{address}"' in html


# --- How it is fetched -------------------------------------------------------------------------


@pytest.mark.parametrize("address", [*DATA, "/.well-known/trust.txt"])
def test_a_script_of_any_other_site_may_read_it(client: Client, db: None, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first["ETag"]})

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    for response in (first, again):
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response["Access-Control-Expose-Headers"] == "ETag"
        assert "Access-Control-Allow-Credentials" not in response


@pytest.mark.parametrize("address", ["/", "/open-data/", "/health/ready"])
def test_pages_are_no_data_for_scripts_of_other_sites(
    client: Client, cast: Cast, address: str
) -> None:
    assert "Access-Control-Allow-Origin" not in client.get(address)


@pytest.mark.parametrize("address", ["/accounts.json", "/accounts.csv"])
def test_three_accounts_ask_as_often_as_one(
    client: Client, publish: Publish, cast: Cast, address: str
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    publish(partners=(cast.safety,))
    one = queries()
    publish(partners=(cast.safety,), service="instagram")
    factories.stood(publish(), "close", cast.head, successor=Account.objects.first())

    assert queries() == one


def test_nothing_is_shown_beside_what_the_columns_say(
    client: Client, publish: Publish, cast: Cast
) -> None:
    account = publish(partners=(cast.safety,))
    Account.objects.filter(pk=account.pk).update(
        note="見せない備考", registration_email="himitsu@city.shinshiro.lg.jp",
        service_account_id="7319468", shared_reason="見せない理由",
    )  # fmt: skip
    Department.objects.update(kana="みせないよみ")

    shown = "".join(client.get(address).content.decode() for address in DATA)

    secrets = ["見せない", "みせない", "himitsu", "7319468", cast.officer.name, cast.head.name]
    assert [secret for secret in secrets if secret in shown] == []

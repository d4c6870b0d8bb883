"""Clause 3(6), for programs: the list with service, account and link, and for whom the city vouches."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

from accounts.models import Account
from tests import factories
from tests.conftest import Cast


def read(client: Client) -> dict[str, dict[str, Any]]:
    """The accounts of both files by their address."""
    told = {each["url"]: each for each in client.get("/accounts.json").json()["accounts"]}
    written = client.get("/accounts.csv").content.decode("utf-8-sig")
    rows = {row["URL"]: row for row in csv.DictReader(io.StringIO(written, newline=""))}
    assert set(told) == set(rows)
    return {url: told[url] | rows[url] for url in told}


def test_both_files_list_service_account_link_and_the_page_of_its_policy(
    client: Client, cast: Cast, settings: Any
) -> None:
    settings.PORTAL_URL = "https://sns.city.example"
    account = factories.official(cast.tourism, "shinshiro_kanko", "instagram", name="しんしろ観光")

    listed = read(client)["https://www.instagram.com/shinshiro_kanko/"]

    assert (listed["種類"], listed["service"]) == ("Instagram", "instagram")
    assert (listed["アカウント名"], listed["handle"]) == ("shinshiro_kanko",) * 2
    assert listed["page"] == f"https://sns.city.example{account.get_absolute_url()}"


def test_only_official_accounts_are_vouched_for_whatever_a_program_reads(
    client: Client, cast: Cast
) -> None:
    for status in ("official", "suspended", "closed"):
        factories.official(cast.tourism, f"{status}_one", status=status)
    factories.account(cast.tourism, "preparing_one")

    states = {url: account["status"] for url, account in read(client).items()}
    vouched = [
        line.partition("=")[2]
        for line in client.get("/.well-known/trust.txt").content.decode().splitlines()
        if line.startswith("social=")
    ]

    assert states == {
        f"https://x.com/{status}_one": status for status in ("official", "suspended", "closed")
    }
    assert vouched == ["https://x.com/official_one"]


@pytest.mark.parametrize("status", ["suspended", "closed"])
def test_a_step_of_6_reaches_the_files_at_once(client: Client, cast: Cast, status: str) -> None:
    account = factories.official(cast.tourism, "first_one")
    before = client.get("/accounts.json")

    Account.objects.filter(pk=account.pk).update(status=status)
    after = client.get("/accounts.json", headers={"if-none-match": before["ETag"]})

    assert after.status_code == 200
    assert [each["status"] for each in after.json()["accounts"]] == [status]


def test_the_number_and_the_page_of_an_account_never_change(client: Client, cast: Cast) -> None:
    account = factories.official(cast.tourism, "first_one")
    before = read(client)["https://x.com/first_one"]
    Account.objects.filter(pk=account.pk).update(
        name="新しい名前", handle="second_one", url="https://x.com/second_one", status="closed"
    )

    after = read(client)["https://x.com/second_one"]

    assert (after["id"], after["ID"], after["page"]) == (before["id"], before["ID"], before["page"])

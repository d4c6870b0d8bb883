"""Clause 3(6): the city's site lists service, account and link, the guideline and each policy."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import Account
from policies.models import OperatingPolicy
from tests import factories
from tests.conftest import Cast


@pytest.fixture
def account(cast: Cast) -> Account:
    """An account that went the whole way."""
    made = factories.account(cast.tourism, "shinshiro_kanko", "instagram", name="しんしろ観光")
    factories.policy(
        made, cast.officer, OperatingPolicy.State.IN_FORCE,
        head=cast.head, receiver=cast.pr_officer, purpose="催しを知らせるため",
    )  # fmt: skip
    return Account.objects.get(pk=made.pk)


def test_the_list_names_the_service_the_account_and_the_link(
    client: Client, account: Account
) -> None:
    html = client.get("/").content.decode()

    for part in (
        "Instagram",
        "@shinshiro_kanko",
        'href="https://www.instagram.com/shinshiro_kanko/"',
    ):
        assert part in html


def test_the_list_leads_to_the_guideline_and_to_each_policy(
    client: Client, account: Account
) -> None:
    html = client.get("/").content.decode()

    assert 'href="/guideline/"' in html
    assert f'href="/accounts/{account.pk}/"' in html
    assert "催しを知らせるため" in client.get(f"/accounts/{account.pk}/").content.decode()


def test_the_page_says_the_address_the_account_has_to_name(
    client: Client, account: Account, settings: Any
) -> None:
    settings.PORTAL_URL = "https://sns.city.example"

    html = client.get(f"/accounts/{account.pk}/").content.decode()

    assert f">https://sns.city.example/accounts/{account.pk}/</p>" in html


def test_the_link_can_be_followed_back_by_machines(client: Client, account: Account) -> None:
    html = client.get(f"/accounts/{account.pk}/").content.decode()

    assert 'href="https://www.instagram.com/shinshiro_kanko/" rel="me noopener"' in html


def test_nobody_is_listed_before_the_procedure_of_3_is_through(client: Client, cast: Cast) -> None:
    made = factories.account(cast.tourism, name="まだの口座")
    policy = factories.policy(made, cast.officer, OperatingPolicy.State.REPORTED, head=cast.head)

    assert "まだの口座" not in client.get("/").content.decode()
    assert client.get(f"/accounts/{made.pk}/").status_code == 404

    factories.policy_workflow.take(policy, "receive", by=cast.pr_officer)

    assert "まだの口座" in client.get("/").content.decode()
    assert client.get(f"/accounts/{made.pk}/").status_code == 200

"""What the public never reads, on any page: a list says what is shown, none what is hidden."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Account
from policies.models import InternalNote, OperatingPolicy
from tests import factories
from tests.conftest import Cast
from tests.publication.conftest import Publish

HIDDEN = {
    "registration_email": "himitsu@city.shinshiro.lg.jp",
    "registration_email_reason": "見せない登録の理由",
    "service_account_id": "73194682000555",
    "shared_reason": "見せない共同利用の理由",
}


def pages(account: Account) -> list[str]:
    return [
        "/",
        "/?view=table",
        "/?status=former",
        f"/?q={account.handle}",
        f"/accounts/{account.pk}/",
        f"/accounts/{account.pk}/policy/1/",
        "/guideline/",
        "/accessibility/",
        "/accounts.json",
        "/accounts.csv",
        "/open-data/",
        "/.well-known/trust.txt",
        "/health/live",
        "/health/ready",
    ]


@pytest.mark.parametrize("status", ["official", "suspended", "closed"])
def test_no_page_shows_what_belongs_inside(
    client: Client, publish: Publish, cast: Cast, status: str
) -> None:
    account = publish(partners=(cast.safety,), policy=HIDDEN, status=status)
    Account.objects.filter(pk=account.pk).update(note="見せない備考")
    policy = account.policies.get()
    InternalNote.objects.create(policy=policy, author=cast.pr_officer, text="見せない内部メモ")
    factories.draft(account, cast.colleague, name="見せない次の名前", purpose="見せない次の目的")

    shown = "".join(client.get(address).content.decode() for address in pages(account))

    people = [cast.officer, cast.colleague, cast.head, cast.pr_officer, cast.partner_head]
    secrets = [
        *HIDDEN.values(), "見せない備考", "見せない内部メモ",
        "見せない次の名前", "見せない次の目的",
        *(person.name for person in people), *(person.email for person in people),
    ]  # fmt: skip
    assert [secret for secret in secrets if secret in shown] == []
    assert account.name in shown


def test_a_search_does_not_find_by_what_is_hidden(
    client: Client, publish: Publish, cast: Cast
) -> None:
    publish(policy=HIDDEN, partners=(cast.safety,))
    Account.objects.update(note="見せない備考")

    for secret in (*HIDDEN.values(), "見せない備考", cast.officer.name):
        assert client.get("/", {"q": secret}).context["listing"].accounts == []


def test_names_of_staff_are_public_only_where_the_city_says_so(
    client: Client, publish: Publish, cast: Cast, settings: Any
) -> None:
    settings.PUBLISH_STAFF_NAMES = True
    account = publish()

    html = client.get(f"/accounts/{account.pk}/").content.decode()

    assert cast.officer.name in html
    assert cast.officer.email not in html
    assert cast.head.name not in html


@pytest.mark.parametrize("state", ["draft", "with_head", "reported", "returned", "withdrawn"])
def test_no_number_leads_to_a_version_that_is_not_public(
    client: Client, cast: Cast, state: str
) -> None:
    account = factories.account(cast.tourism)
    factories.policy(
        account, cast.officer, OperatingPolicy.State(state), head=cast.head,
        receiver=cast.pr_officer,
    )  # fmt: skip
    # Even where the account itself is public, a version on its way is not.
    Account.objects.filter(pk=account.pk).update(status="official", official_since="2026-04-01")

    address = reverse("publication:policy", args=[account.pk, 1])
    assert client.get(address).status_code == 404

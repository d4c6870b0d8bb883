"""JSON-LD: the city vouches for its official accounts, in a form nothing can break out of."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from publication.structured_data import as_script
from staff.models import Department
from tests.publication.conftest import Publish

HOSTILE = '</script><script>alert(1)</script><!-- <script> \u2028 & "'


def data_of(client: Client, address: str) -> dict[str, Any]:
    html = client.get(address).content.decode()
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert len(found) == 1
    return dict(json.loads(found[0]))


def test_the_list_names_the_city_with_its_official_accounts(
    client: Client, publish: Publish, settings: Any
) -> None:
    settings.PORTAL_URL = "https://sns.city.example"
    publish("first_one")
    publish("second_one", "instagram")
    publish("stopped_one", status="suspended")
    publish("closed_one", status="closed")

    assert data_of(client, "/") == {
        "@context": "https://schema.org",
        "@type": "GovernmentOrganization",
        "name": "新城市",
        "url": "https://www.city.shinshiro.lg.jp/",
        "sameAs": ["https://x.com/first_one", "https://www.instagram.com/second_one/"],
        "subjectOf": {"@type": "WebPage", "url": "https://sns.city.example/"},
    }


def test_an_accounts_page_names_its_department(
    client: Client, publish: Publish, settings: Any
) -> None:
    settings.PORTAL_URL = "https://sns.city.example"
    account = publish("first_one")
    Department.objects.filter(pk=account.department_id).update(telephone="0536-23-0000")

    assert data_of(client, f"/accounts/{account.pk}/") == {
        "@context": "https://schema.org",
        "@type": "GovernmentOrganization",
        "name": "新城市",
        "url": "https://www.city.shinshiro.lg.jp/",
        "sameAs": ["https://x.com/first_one"],
        "department": {
            "@type": "GovernmentOrganization",
            "name": "観光課",
            "telephone": "0536-23-0000",
            "sameAs": ["https://x.com/first_one"],
        },
        "subjectOf": {
            "@type": "WebPage",
            "url": f"https://sns.city.example/accounts/{account.pk}/",
        },
    }


@pytest.mark.parametrize("status", ["suspended", "closed"])
def test_nobody_vouches_for_a_former_account(client: Client, publish: Publish, status: str) -> None:
    account = publish(status=status)

    for address in (f"/accounts/{account.pk}/", "/?status=former"):
        assert "sameAs" not in json.dumps(data_of(client, address))


@pytest.mark.parametrize(
    ("status", "rels"),
    [("official", {"me noopener"}), ("suspended", {"noopener"}), ("closed", set())],
)
def test_a_link_vouches_for_no_more_than_the_data_do(
    client: Client, publish: Publish, status: str, rels: set[str]
) -> None:
    account = publish("first_one", status=status)

    html = client.get(f"/accounts/{account.pk}/").content.decode()

    found = re.findall(r'<a\b[^>]*href="https://x.com/first_one"[^>]*>', html)
    assert {said for link in found for said in re.findall(r'rel="([^"]*)"', link)} == rels


def test_a_hostile_name_stays_a_name(client: Client, publish: Publish) -> None:
    account = publish(name=HOSTILE)
    Department.objects.filter(pk=account.department_id).update(name=HOSTILE)

    data = data_of(client, f"/accounts/{account.pk}/")

    assert data["department"]["name"] == HOSTILE
    for address in ("/", "/?view=table", f"/accounts/{account.pk}/"):
        assert "<script>alert" not in client.get(address).content.decode()


def test_no_sign_of_markup_is_left_in_the_element() -> None:
    written = as_script({"name": HOSTILE})

    inside = written.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert [sign for sign in "<>&" if sign in inside] == []
    assert json.loads(inside) == {"name": HOSTILE}

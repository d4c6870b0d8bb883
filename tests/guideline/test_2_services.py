"""Clause 2: social media are web services through which people send or exchange information."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client

from accounts.profiles import read_profile
from accounts.services import SERVICES, Service, find_service
from policies.models import OperatingPolicy
from tests import factories
from tests.conftest import Cast

LIVING = [service for service in SERVICES.values() if not service.is_retired]
RETIRED = [service for service in SERVICES.values() if service.is_retired]


def test_the_services_the_guideline_names_are_known_by_their_names_of_then_and_now() -> None:
    assert find_service("Facebook") is SERVICES["facebook"]
    assert find_service("Twitter") is find_service("X") is SERVICES["x"]


@pytest.mark.parametrize("service", LIVING, ids=lambda service: service.key)
def test_each_service_says_how_it_verifies_and_where_an_impersonation_is_reported(
    service: Service,
) -> None:
    assert service.verification_note
    if service.key != "other":
        assert service.hosts
        # A server of the fediverse is its own operator: there is no one place.
        if service.report_url:
            assert urlsplit(service.report_url).scheme == "https"


@pytest.mark.parametrize("service", RETIRED, ids=lambda service: service.key)
def test_a_service_that_ended_stays_readable(service: Service) -> None:
    assert service.name
    assert service.retired_note
    assert read_profile(f"https://{service.hosts[0]}/someone", service.key).service == service.key


def test_an_account_of_a_renamed_service_is_found_by_either_name(
    client: Client, cast: Cast
) -> None:
    account = factories.account(cast.tourism, "https://twitter.com/@Shinshiro")
    factories.policy(
        account, cast.officer, OperatingPolicy.State.IN_FORCE,
        head=cast.head, receiver=cast.pr_officer,
    )  # fmt: skip

    for query in ("q=Twitter", "q=X", "q=https://twitter.com/shinshiro", "service=x"):
        listing = client.get(f"/?{query}").context["listing"]
        assert [found.url for found in listing.accounts] == ["https://x.com/Shinshiro"]

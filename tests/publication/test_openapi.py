"""`/openapi.json`: it names every public address, and each answers whatever it is asked as it says."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Account, Notice
from policies.guideline import GuidelineVersion
from publication import openapi
from publication.urls import urlpatterns
from tests import factories
from tests.conftest import Cast
from tests.publication.conftest import Publish

NAMES = [address.name for address in openapi.ADDRESSES]
# Several examples where something is asked, one more where nothing is: headers are made up too.
EXAMPLES = {address.name: 15 if address.takes else 2 for address in openapi.ADDRESSES}


@pytest.fixture
def city(publish: Publish, cast: Cast) -> None:
    """Something behind every address; number 1 of each is there to be found."""
    GuidelineVersion.objects.create(
        title="決まり", text="1.目的\n文", effective_from=datetime.date(2026, 4, 1)
    )
    publish(status="closed")
    factories.stood(publish("stopped"), "suspend", cast.head)
    publish()


@pytest.fixture
def one_connection() -> Iterator[None]:
    """The test's own transaction for requests that come by WSGI, as Django's client keeps it."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


KINDS = {"IntConverter": "int", "IsoDateConverter": "isodate", "SlugConverter": "slug"}


def test_it_names_every_public_address_with_its_parameters() -> None:
    paths = openapi.document()["paths"]
    assert [item["get"]["operationId"] for item in paths.values()] == NAMES
    patterns = {pattern.name: pattern for pattern in urlpatterns}
    assert sorted(patterns) == sorted(NAMES)
    for address in openapi.ADDRESSES:
        pattern: Any = patterns[address.name].pattern
        in_path = [each.name for each in address.takes if each.where == "path"]
        assert list(pattern.converters) == in_path
        written = str(pattern)
        for name, converter in pattern.converters.items():
            kind = KINDS[type(converter).__name__]
            written = written.replace(f"<{kind}:{name}>", f"{{{name}}}")
        assert address.path == f"/{written}"


def test_it_is_published_as_it_is(client: Client, settings: Any) -> None:
    settings.PORTAL_URL = "https://sns.city.example"

    response = client.get("/openapi.json")

    assert response["Content-Type"] == "application/json"
    assert response.json() == openapi.document()
    assert response.json()["servers"] == [{"url": "https://sns.city.example"}]


@pytest.mark.once
@pytest.mark.parametrize("name", NAMES)
def test_an_address_answers_as_it_is_described(name: str, city: None, one_connection: None) -> None:
    address = next(each for each in openapi.ADDRESSES if each.name == name)
    operation = schemathesis.openapi.from_wsgi("/openapi.json", get_wsgi_application())[
        address.path
    ]["GET"]
    asked = [operation.as_strategy()]
    if address.also == (404,) and address.takes:
        asked.append(asked[0].map(_aimed))
    if any(each.where == "path" for each in address.takes):
        asked.append(operation.as_strategy(schemathesis.GenerationMode.NEGATIVE))
    statuses = set()

    @settings(
        max_examples=EXAMPLES[name], deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=st.one_of(asked))
    def judged(case: Any) -> None:
        # Whatever it is asked for in the query it answers; what it does not know it leaves out.
        response = case.call_and_validate(
            excluded_checks=[schemathesis.checks.CHECKS.get_one("positive_data_acceptance")]
        )
        statuses.add(response.status_code)

    judged()
    assert 200 in statuses


def _aimed(case: Any) -> Any:
    """At something that is there."""
    account = Account.objects.public().first()
    official = Account.objects.get(status=Account.Status.OFFICIAL)
    assert account is not None
    there = {
        "account": {"pk": account.pk},
        "account_english": {"pk": account.pk},
        "policy": {"pk": account.pk, "version": 1},
        "accounts_of": {"kind": "service", "key": account.service},
        "accounts_of_table": {"kind": "service", "key": account.service},
        "account_poster": {"pk": official.pk},
        "department": {"pk": account.department_id},
        "department_poster": {"pk": account.department_id},
        "notice": {"pk": Notice.objects.get().pk},
        "guideline_version": {"day": "2026-04-01"},
    }
    case.path_parameters = there[case.operation.definition.raw["operationId"]]
    return case

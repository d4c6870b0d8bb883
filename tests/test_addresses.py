"""Every address × every role: what the table in `addresses.py` says is what happens.

The addresses come from the URL configuration and the steps from the workflows, so that neither can
be added without a line. Each request runs in a savepoint that is undone, against one small city.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.admindocs.views import simplify_regex
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from accounts.workflow import account_workflow
from incidents.workflow import incident_workflow
from policies.admin_queue import STEPS as IN_BULK
from policies.consulting import consultation_workflow
from policies.workflow import policy_workflow
from postings.workflow import post_workflow
from staff.models import User
from tests import (
    addresses,
    addresses_admin,
    addresses_incidents,
    addresses_posts,
    addresses_public,
)
from tests.addresses import ROLES
from tests.bodies import ACTS, ANSWERS, POLICY_STEPS, STANDING_STEPS
from tests.incidents.bodies import INCIDENT_STEPS
from tests.knocking import (
    City,
    Line,
    ask,
    people_and_things,
    read_table,
    snapshot,
    state_of,
)
from tests.postings.bodies import POST_STEPS

pytestmark = pytest.mark.django_db


def walked(resolver: Any, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address below `resolver`, as a reader writes it."""
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield simplify_regex(route), entry
        else:
            yield from walked(entry, route)


LINES = read_table(
    addresses_public.TABLE
    + addresses.TABLE
    + addresses_incidents.TABLE
    + addresses_posts.TABLE
    + addresses_admin.TABLE
)
# Of two patterns alike the first one answers.
PATTERNS = dict(reversed(list(walked(get_resolver()))))
# The one form of the public: it has no session, and a token of its own instead of the session's, see
# tests/publication/test_report.py.
PUBLIC_FORM = "/report/"
PUBLIC = [route for route, entry in PATTERNS.items() if "publication" in entry.lookup_str]


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[City]:
    """Built once, in a transaction that is undone when the last address is through."""
    var_dir, settings.VAR_DIR = settings.VAR_DIR, tmp_path_factory.mktemp("var")
    # Three thousand refusals are what is asked for, not news.
    logging.disable(logging.CRITICAL)
    with django_db_blocker.unblock(), transaction.atomic():
        people, things = people_and_things()
        sessions = {}
        for role, person in people.items():
            client = Client()
            client.force_login(person)
            sessions[role] = client.cookies["sessionid"].value
        User.objects.filter(pk=people["inactive"].pk).update(is_active=False)
        yield City(people, sessions, things, client, snapshot())
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)
    settings.VAR_DIR = var_dir


def test_every_address_has_its_lines_and_every_line_its_address() -> None:
    without = [route for route in PATTERNS if not LINES.get(route)]
    unknown = [route for route in LINES if route not in PATTERNS]

    assert (without, unknown) == ([], [])


@pytest.mark.parametrize("route", LINES)
def test_each_role_gets_what_the_table_says(city: City, route: str) -> None:
    wrong = [
        f"{line.method} {line.thing} as {role}: {told}, and it was {said}"
        for line in LINES[route]
        for role, told in line.outcomes.items()
        if (said := ask(city, role, line).said) != told
    ]

    assert wrong == [], "\n".join(wrong)


STEPS = [
    *((POLICY_STEPS, policy_workflow, step) for step in policy_workflow.steps.values()),
    *((ANSWERS, consultation_workflow, step) for step in consultation_workflow.steps.values()),
    *((STANDING_STEPS, account_workflow, step) for step in account_workflow.steps.values()),
    *((INCIDENT_STEPS, incident_workflow, step) for step in incident_workflow.steps.values()),
    *((POST_STEPS, post_workflow, step) for step in post_workflow.steps.values()),
]


@pytest.mark.parametrize(("address", "workflow", "step"), STEPS)
def test_each_step_has_a_line_for_every_state_it_starts_from(
    city: City, address: str, workflow: Any, step: Any
) -> None:
    lines = [line for line in LINES[address] if line.parts[-1] == step.name]
    states = {state_of(city.things[line.subject]) for line in lines if line.method == "POST"}

    assert set(step.sources) - states == set()


@pytest.mark.parametrize(("address", "workflow", "step"), STEPS)
def test_a_step_leads_where_it_says(city: City, address: str, workflow: Any, step: Any) -> None:
    reached = [
        (line.thing, role, ask(city, role, line).state)
        for line in LINES[address]
        if line.parts[-1] == step.name
        for role, told in line.outcomes.items()
        if told.endswith("*")
    ]

    assert reached == [
        (thing, role, step.target or state_of(city.things[thing.split("/")[-2]]))
        for thing, role, _ in reached
    ]
    assert bool(reached) == bool(step.permission)


def test_every_step_on_several_reports_has_its_line() -> None:
    done = {line.parts[0] for line in LINES[ACTS] if "200*" in line.outcomes.values()}

    assert done == {step.name for step in IN_BULK}


ACTING = [
    (line, role)
    for lines in LINES.values()
    for line in lines
    for role in [r for r, told in line.outcomes.items() if told.endswith("*")][:1]
    if line.address != PUBLIC_FORM
]


@pytest.mark.parametrize(
    ("line", "role"), ACTING, ids=[f"{line.address} {line.thing}" for line, _ in ACTING]
)
def test_nothing_changes_without_the_forms_own_token_or_by_another_method(
    city: City, line: Line, role: str
) -> None:
    others = [ask(city, role, line, method).said for method in ("get", "put", "delete")]

    assert ask(city, role, line, forged=True).said == "403"
    assert [said for said in others if "*" in said] == []


# --- Headers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("route", LINES)
def test_every_answer_carries_the_headers_that_protect_it(city: City, route: str) -> None:
    line = LINES[route][0]
    for role in ("nobody", "officer", "pr", "admin"):
        headers = ask(city, role, line).headers
        policy = dict(
            directive.strip().partition(" ")[::2]
            for directive in headers["Content-Security-Policy"].split(";")
        )
        sources = " ".join(policy.values()).split()

        assert (policy["default-src"], policy["frame-ancestors"]) == ("'none'", "'none'")
        assert set(sources) == {"'none'", "'self'", "data:"}
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] in ("same-origin", "no-referrer")
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_form_of_the_public_takes_a_post_beside_and_no_session(city: City) -> None:
    asked, posted = LINES[PUBLIC_FORM]
    others = ("put", "patch", "delete", "options", "trace")

    assert {ask(city, "nobody", asked, method).said for method in others} == {"405"}
    for role in ("nobody", "officer", "pr", "admin"):
        for line in (asked, posted):
            answer = ask(city, role, line)
            assert answer.cookies == []
            assert "Cookie" not in answer.headers.get("Vary", "")
            assert "no-store" in answer.headers["Cache-Control"]
    # Another site's form would have the session's token no more than its own.
    assert ask(city, "officer", posted, forged=True).said == "go*"


@pytest.mark.parametrize("route", [route for route in PUBLIC if route != PUBLIC_FORM])
def test_a_public_page_is_the_same_for_everybody_and_only_to_be_read(
    city: City, route: str
) -> None:
    for line in LINES[route]:
        answers = [ask(city, role, line) for role in ROLES]
        head = ask(city, "nobody", line, "head")
        others = ("post", "put", "patch", "delete", "options", "trace")

        assert answers[0].cookies == []
        assert (head.status, head.content) == (answers[0].status, b"")
        assert {ask(city, "nobody", line, method).said for method in others} == {"405"}
        if answers[0].status == 200:
            assert {cookie for answer in answers for cookie in answer.cookies} == set()
            assert {"Cookie" in answer.headers.get("Vary", "") for answer in answers} == {False}
            assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("route", [route for route in LINES if route not in PUBLIC])
def test_what_is_not_public_is_kept_from_search_engines_and_shared_caches(
    city: City, route: str
) -> None:
    for role in ("nobody", "officer", "admin"):
        headers = ask(city, role, LINES[route][0]).headers

        assert headers["X-Robots-Tag"] == "noindex"
        assert {"private", "no-cache"} <= set(headers["Cache-Control"].split(", "))

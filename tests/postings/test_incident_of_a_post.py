"""A post that answers an incident says so, on both pages and from the incident's step, 4(1)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account
from incidents.models import Incident, IncidentText
from postings.models import Post
from tests import factories
from tests.conftest import Cast
from tests.incidents import things
from tests.postings.making import post

ALWAYS = [{"days": list(range(7)), "from": "00:00", "to": "24:00"}]


@pytest.fixture
def account(cast: Cast) -> Account:
    """Open at whatever time the test runs."""
    policy = factories.policy(
        factories.account(cast.tourism, "example_kanko"), cast.officer, "in_force",
        head=cast.head, receiver=cast.pr_officer, hours=ALWAYS, closed_on_holidays=False,
        closed_at_year_end=False,
    )  # fmt: skip
    return Account.objects.get(pk=policy.account_id)


@pytest.fixture
def incident(cast: Cast, account: Account) -> Incident:
    return things.incident(cast.officer, "error", account=account)


def offered(client: Client, url: str) -> list[int]:
    form = client.get(url).context["form"]
    if "incident" not in form.fields:
        return []
    return [row.pk for row in form.fields["incident"].queryset]


def new(account: Account) -> str:
    return f"/desk/accounts/{account.pk}/posts/new/"


def test_what_is_dealt_with_on_the_account_can_be_named_and_nothing_else(
    client: Client, cast: Cast, account: Account
) -> None:
    client.force_login(cast.officer)
    assert offered(client, new(account)) == []

    own = things.incident(cast.officer, "error", account=account)
    of_department = things.incident(cast.officer, department=cast.tourism, known="別件")
    things.incident(cast.partner_officer, department=cast.safety)
    things.incident(cast.officer, "error", account=factories.official(cast.tourism))
    things.ended(cast.officer, cast.head, account=account)

    assert sorted(offered(client, new(account))) == sorted([own.pk, of_department.pk])


def test_the_step_that_posts_leads_to_a_draft_with_everything_filled_in(
    client: Client, cast: Cast, account: Account, incident: Incident
) -> None:
    things.does(incident, "confirm", cast.officer)
    step = things.step(incident, "correct")
    IncidentText.objects.filter(key="error.correction").delete()
    IncidentText.objects.create(
        key="error.correction", title="訂正", body="{所属}です。訂正します。"
    )
    client.force_login(cast.officer)

    page = client.get(step.get_absolute_url()).content.decode()
    assert f"{new(account)}?step={step.pk}" in page
    form = client.get(f"{new(account)}?step={step.pk}").context["form"]

    assert {name: form[name].value() for name in ("incident", "ground", "text")} == {
        "incident": incident.pk, "ground": "correction", "text": "観光課です。訂正します。",
    }  # fmt: skip
    assert form["ground_reason"].value() == incident.title


@pytest.mark.parametrize("who", ["partner_officer", "officer"])
def test_another_departments_incident_fills_in_nothing(
    client: Client, cast: Cast, account: Account, who: str
) -> None:
    foreign = things.incident(cast.partner_officer, department=cast.safety, known="他課の件")
    step = foreign.steps.first()
    client.force_login(getattr(cast, who))
    answer = client.get(f"{new(account)}?step={step.pk}")

    assert answer.status_code == (404 if who == "partner_officer" else 200)
    assert "他課の件" not in answer.content.decode()
    for nonsense in ("x", "9" * 30, "-1", "0"):
        client.force_login(cast.officer)
        assert client.get(f"{new(account)}?step={nonsense}").status_code == 200


def test_it_stands_on_both_pages_and_in_the_incidents_log(
    client: Client, cast: Cast, account: Account, incident: Incident
) -> None:
    made = post(account, cast.officer, "posted", text="訂正します。", incident=incident)
    client.force_login(cast.officer)

    page = client.get(made.get_absolute_url()).content.decode()
    log = client.get(incident.get_absolute_url()).content.decode()

    assert incident.get_absolute_url() in page
    assert [text in log for text in ("訂正します。", made.addresses[0])] == [True, True]
    [entry] = incident.entries.filter(kind="post")
    assert (entry.recorded_by, entry.happened_at) == (cast.officer, made.posted_at)


def test_who_may_not_see_the_incident_reads_its_kind_alone(
    client: Client, cast: Cast, account: Account, incident: Incident
) -> None:
    account.partners.add(cast.safety)
    made = post(account, cast.officer, "posted", incident=incident)
    client.force_login(cast.partner_head)

    page = client.get(made.get_absolute_url()).content.decode()

    assert incident.get_absolute_url() not in page
    assert "誤記の事案" in page


def test_one_that_ended_meanwhile_stays_named_and_is_not_offered_anew(
    client: Client, cast: Cast, account: Account
) -> None:
    over = things.ready(cast.officer, cast.head, "other", account=account)
    made = post(account, cast.officer, "draft", incident=over)
    things.moved(over, "end", cast.head)
    client.force_login(cast.officer)

    assert offered(client, f"/desk/accounts/{account.pk}/posts/{made.pk}/edit/") == [over.pk]
    assert offered(client, new(account)) == []


def test_a_forged_key_is_refused_and_nothing_is_saved(
    client: Client, cast: Cast, account: Account, incident: Incident
) -> None:
    foreign = things.incident(cast.partner_officer, department=cast.safety)
    client.force_login(cast.officer)
    key = client.get(new(account)).context["form"]["key"].value()

    answer = client.post(
        new(account), {"text": "訂正", "key": key, "to": "save", "incident": foreign.pk}
    )

    assert answer.status_code == 422
    assert not Post.objects.exists()


def test_recording_without_being_asked_keeps_what_the_draft_said(
    client: Client, cast: Cast, account: Account, incident: Incident
) -> None:
    made = post(account, cast.officer, "checked", incident=incident)
    client.force_login(cast.officer)
    now = timezone.localtime()
    said = {
        "urls": f"{account.url}/status/1", "posted_on": now.date().isoformat(),
        "posted_time": "00:00", "revision": made.revision, "incident": incident.pk,
    }  # fmt: skip
    url = f"/desk/accounts/{account.pk}/posts/{made.pk}/steps/post/"

    assert client.post(url, said).status_code == 302
    assert Post.objects.get().incident == incident


def test_the_check_page_asks_as_often_for_three_incidents_as_for_one(
    client: Client, cast: Cast, account: Account, incident: Incident
) -> None:
    client.force_login(cast.officer)

    def queries() -> int:
        client.get(new(account))
        with CaptureQueriesContext(connection) as captured:
            client.get(new(account))
        return len(captured)

    one = queries()
    for number in range(2):
        things.incident(cast.officer, "error", account=account, known=f"別件{number}")

    assert queries() == one

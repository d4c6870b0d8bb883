"""Opening an incident in a minute: of what, by whom, and who hears."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from incidents.kinds import KINDS
from incidents.models import Incident
from incidents.opening import open_incident
from shinshiro_sns.models import OutgoingMail
from tests import factories
from tests.conftest import Cast
from tests.incidents import things

NEW = "/desk/incidents/new/"


@pytest.fixture
def account(cast: Cast) -> Account:
    return factories.official(cast.tourism)


def typed(account: Account | None = None, **more: Any) -> dict[str, Any]:
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    key = account.pk if account else ""
    return {
        "account": key,
        "known": "日付の誤り",
        "discovered_at": now,
        "severity": "grave",
        **more,
    }


def test_three_answers_are_enough(client: Client, cast: Cast, account: Account) -> None:
    client.force_login(cast.officer)

    answer = client.post(f"{NEW}error/", typed(account))

    made = Incident.objects.get()
    assert answer["Location"] == made.get_absolute_url()
    said = (made.kind, made.account, made.department, made.severity, made.state, made.opened_by)
    assert said == ("error", account, cast.tourism, "grave", "running", cast.officer)
    assert (made.title, made.service) == (f"{account}の誤記", "x")
    assert [s.key for s in made.steps.all()] == [s.key for s in KINDS["error"].steps]
    assert [e.text for e in made.entries.all()] == ["事案を開いた。日付の誤り"]


def test_the_pr_division_the_head_and_who_is_on_duty_hear_at_once_and_that_it_is_grave(
    client: Client, cast: Cast, account: Account
) -> None:
    things.duty(cast.tourism, cast.colleague)
    things.duty(cast.safety, cast.partner_officer)
    client.force_login(cast.officer)
    client.post(f"{NEW}error/", typed(account))

    mails = OutgoingMail.objects.all()
    assert {mail.recipient for mail in mails} == {
        cast.head, cast.deputy, cast.pr_head, cast.pr_officer, cast.pr_second, cast.colleague,
    }  # fmt: skip
    assert {mail.subject for mail in mails} == {f"【至急】【誤記】{account}の誤記"}
    assert Incident.objects.get().get_absolute_url() in mails[0].body


def test_sent_twice_it_is_one_incident_and_nobody_hears_twice(
    client: Client, cast: Cast, account: Account
) -> None:
    client.force_login(cast.officer)
    sent = typed(account)
    first, second = (client.post(f"{NEW}error/", sent)["Location"] for _ in range(2))
    told = OutgoingMail.objects.count()

    assert (first, Incident.objects.count(), told) == (second, 1, 5)
    client.force_login(cast.colleague)
    client.post(f"{NEW}error/", sent)
    assert Incident.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"known": " "}, "known"),
        ({"account": ""}, "account"),
        ({"account": "99999999999999999999"}, "account"),
        ({"discovered_at": "2100-01-01T00:00"}, "discovered_at"),
        ({"discovered_at": "1999-01-01T00:00"}, "discovered_at"),
        ({"discovered_at": "昨日"}, "discovered_at"),
        ({"severity": "worst"}, "severity"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    client: Client, cast: Cast, account: Account, changed: dict[str, str], field: str
) -> None:
    client.force_login(cast.officer)

    answer = client.post(f"{NEW}error/", typed(account) | changed)

    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {field})
    if field != "known":
        assert "日付の誤り" in answer.content.decode()
    assert not Incident.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_a_moment_is_read_as_people_write_it(client: Client, cast: Cast, account: Account) -> None:
    client.force_login(cast.officer)
    client.post(f"{NEW}error/", typed(account, discovered_at="令和8年2月3日 9時30分"))

    found = timezone.localtime(Incident.objects.get().discovered_at)
    assert found.strftime("%Y-%m-%d %H:%M") == "2026-02-03 09:30"


def test_an_impersonation_needs_no_account_but_a_department(client: Client, cast: Cast) -> None:
    client.force_login(cast.officer)
    client.post(f"{NEW}impersonation/", typed(service="instagram"))

    made = Incident.objects.get()
    assert (made.account, made.department, made.service) == (None, cast.tourism, "instagram")
    assert made.title == "Instagramのなりすまし"


def test_the_pr_division_opens_one_of_any_department_and_has_to_say_which(
    client: Client, cast: Cast
) -> None:
    client.force_login(cast.pr_officer)
    without = client.post(f"{NEW}other/", typed())
    client.post(f"{NEW}other/", typed(department=cast.safety.pk))

    assert set(without.context["form"].errors) == {"department"}
    assert Incident.objects.get().department == cast.safety


def test_another_departments_account_is_no_choice(client: Client, cast: Cast) -> None:
    foreign = factories.official(cast.safety)
    client.force_login(cast.officer)

    answer = client.post(f"{NEW}error/", typed(foreign))

    assert set(answer.context["form"].errors) == {"account"}
    with pytest.raises(PermissionDenied):
        open_incident("error", cast.safety, cast.officer, account=foreign, known="x",
                      discovered_at=timezone.now())  # fmt: skip


def test_from_an_accounts_page_it_is_chosen_already(
    client: Client, cast: Cast, account: Account
) -> None:
    client.force_login(cast.officer)
    page = client.get(f"/desk/accounts/{account.pk}/incidents/").content.decode()
    assert f'href="{NEW}?account={account.pk}"' in page

    kinds = client.get(f"{NEW}?account={account.pk}").content.decode()
    assert f'href="{NEW}error/?account={account.pk}"' in kinds
    form = client.get(f"{NEW}error/?account={account.pk}").context["form"]
    assert form["account"].value() == account.pk


@pytest.mark.parametrize("key", ["x", "99999999999999999999", "", "-1"])
def test_an_account_that_is_none_is_nothing_chosen(client: Client, cast: Cast, key: str) -> None:
    client.force_login(cast.officer)

    assert client.get(f"{NEW}error/", {"account": key}).context["account"] is None


def test_no_row_is_discovered_after_it_opened(cast: Cast) -> None:
    made = things.incident(cast.officer, department=cast.tourism)
    made.discovered_at = made.opened_at + datetime.timedelta(minutes=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        made.save()

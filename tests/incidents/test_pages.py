"""What the pages show, to whom, and at what cost; and what incidents leave to be done elsewhere."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from incidents.models import Contact, DutyRoster, Incident, IncidentStep
from incidents.terms import TERMS
from shinshiro_sns.duties import called, open_on, piles
from shinshiro_sns.retention import ERASED
from staff.models import User
from staff.reminding import remind
from tests import factories
from tests.conftest import Cast
from tests.incidents import things
from tests.incidents.test_evidence import photograph

LIST = "/desk/incidents/"
CONTACTS = "/desk/incidents/contacts/"


@pytest.fixture
def account(cast: Cast) -> Account:
    return factories.official(cast.tourism)


def shown(client: Client, **asked: str) -> list[Incident]:
    return list(client.get(LIST, asked).context["page"].object_list)


# --- The list --------------------------------------------------------------------------------------


def test_the_nearest_deadline_comes_first_and_each_tab_counts_its_own(
    client: Client, cast: Cast, account: Account
) -> None:
    flaming = things.incident(cast.officer, "flaming", account=account)
    hijack = things.incident(
        cast.officer, "hijack", account=account,
        discovered_at=timezone.now() - datetime.timedelta(hours=3),
    )  # fmt: skip
    ended = things.ended(cast.officer, cast.head, department=cast.tourism)
    things.incident(cast.partner_officer, department=cast.safety)
    client.force_login(cast.officer)

    page = client.get(LIST).context
    assert list(page["page"].object_list) == [hijack, flaming]
    assert [(tab["label"], tab["count"]) for tab in page["tabs"]] == [
        ("対応中", 2), ("期限超過", 2), ("終結", 1), ("取消し", 0), ("すべて", 3),
    ]  # fmt: skip
    assert shown(client, tab="ended") == [ended]
    client.force_login(cast.pr_officer)
    assert len(shown(client)) == 3


def test_it_is_narrowed_by_words_kind_and_department(
    client: Client, cast: Cast, account: Account
) -> None:
    flaming = things.incident(cast.officer, "flaming", account=account, known="返信が殺到")
    other = things.incident(cast.partner_officer, department=cast.safety, known="サイレン")
    client.force_login(cast.pr_officer)

    assert shown(client, q="ｻｲﾚﾝ") == [other]
    assert shown(client, kind="flaming") == [flaming]
    assert shown(client, department=str(cast.safety.pk)) == [other]
    assert shown(client, q="さいれん", kind="flaming") == []
    for nonsense in ({"tab": "x"}, {"kind": "x"}, {"department": "9" * 30}, {"q": "\0"}):
        assert len(shown(client, **nonsense)) == 2


@pytest.mark.parametrize("url", [LIST, "/desk/incidents/figures/", "/desk/", CONTACTS])
def test_lists_ask_as_often_for_three_as_for_one(
    client: Client, cast: Cast, account: Account, url: str
) -> None:
    def queries() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    things.incident(cast.officer, "error", account=account)
    things.duty(cast.tourism, cast.officer)
    client.force_login(cast.head)
    one = queries()
    for number in range(2):
        things.incident(cast.officer, "error", account=account, known=f"別件{number}")
        things.duty(cast.tourism, cast.officer)

    assert queries() == one


def test_an_incidents_page_asks_as_often_whatever_was_written(
    client: Client, cast: Cast, account: Account, evidence_folder: Any
) -> None:
    incident = things.incident(cast.officer, "other", account=account)
    client.force_login(cast.officer)

    def queries() -> int:
        client.get(incident.get_absolute_url())
        with CaptureQueriesContext(connection) as captured:
            client.get(incident.get_absolute_url())
        return len(captured)

    things.does(incident, "confirm", cast.officer)
    things.file(incident, cast.officer)
    one = queries()
    things.does(incident, "prevention", cast.head)
    things.file(incident, cast.officer, photograph())
    for number in range(3):
        incident.entries.create(kind="note", text=f"メモ{number}", recorded_by=cast.officer)

    assert queries() == one


def test_what_people_wrote_is_text_and_no_markup(
    client: Client, cast: Cast, account: Account
) -> None:
    evil = "<script>alert(1)</script>"
    incident = things.incident(cast.officer, "other", account=account, known=evil)
    things.does(incident, "confirm", cast.officer, words=evil)
    client.force_login(cast.officer)

    for url in (incident.get_absolute_url(), things.step(incident, "confirm").get_absolute_url()):
        html = client.get(url).content.decode()
        assert (evil in html, "&lt;script&gt;alert(1)" in html) == (False, True)


# --- What burns ------------------------------------------------------------------------------------


def test_the_pr_divisions_first_pages_say_what_burns_and_nobody_elses_do(
    client: Client, cast: Cast, account: Account
) -> None:
    client.force_login(cast.pr_officer)
    pages = ("/admin/", "/admin/overview/")
    before = ["対応中の事案" in client.get(page).content.decode() for page in pages]
    things.incident(
        cast.officer, "flaming", account=account, severity="grave",
        discovered_at=timezone.now() - datetime.timedelta(minutes=30),
    )  # fmt: skip
    after = [client.get(page).content.decode() for page in pages]

    assert before == [False, False]
    assert [
        ("対応中の事案が1件あります" in html, "重大なもの1件。期限を過ぎた手順1件。" in html)
        for html in after
    ] == [(True, True)] * 2
    for other in (cast.auditor, cast.administrator):
        client.force_login(other)
        assert "対応中の事案" not in client.get("/admin/").content.decode()


# --- Duties ----------------------------------------------------------------------------------------


def mine(person: User, day: datetime.date | None = None) -> dict[str, int]:
    return {
        pile.duty.name: pile.count
        for pile in piles(person, day)
        if pile.duty.name.startswith("incident")
    }


def test_open_steps_stand_on_the_desks_of_whose_they_are(cast: Cast, account: Account) -> None:
    incident = things.incident(cast.officer, "impersonation", account=account)

    assert mine(cast.officer) == mine(cast.colleague) == {"incident_officer": 2}
    assert mine(cast.head) == {"incident_head": 1}
    assert mine(cast.pr_officer) == mine(cast.partner_officer) == mine(cast.deputy) == {}
    things.does(incident, "report", cast.head)
    assert (mine(cast.head), mine(cast.pr_officer)) == ({}, {"incident_pr": 1})
    things.moved(incident, "cancel", cast.head)
    assert mine(cast.officer) == mine(cast.pr_officer) == {}


def test_what_waits_for_its_turn_without_a_clock_is_nobodys_yet(
    cast: Cast, account: Account
) -> None:
    incident = things.incident(cast.officer, "other", account=account)
    rows = {s.key for s in called("incident_officer").rows(timezone.localdate())}
    assert rows == {"confirm"}
    things.does(incident, "confirm", cast.officer)
    things.does(incident, "decide", cast.head)

    assert {s.key for s in called("incident_officer").rows(timezone.localdate())} == {"act"}


def test_the_database_and_python_agree_on_what_is_late(cast: Cast, account: Account) -> None:
    things.incident(cast.officer, "hijack", account=account)
    for name in ("incident_officer", "incident_head"):
        duty = called(name)
        for ahead in (0, 1, 7, 8, 14, 20):
            day = timezone.localdate() + datetime.timedelta(days=ahead)
            rows = duty.rows(day)
            late = {row.pk for row in rows if duty.deadline(row) < day}
            assert {row.pk for row in duty.late(rows, day)} == late


def test_on_the_accounts_page_they_are_for_who_may_see_the_incidents(
    client: Client, cast: Cast
) -> None:
    account = factories.official(cast.tourism, is_shared=True, shared_theme="催し",
                                 shared_reason="探しやすいため")  # fmt: skip
    account.partners.add(cast.safety)
    incident = things.incident(cast.officer, "error", account=account)
    url = reverse("policies:account", args=[account.pk])

    seen = {}
    for who in (cast.officer, cast.partner_officer, cast.pr_officer, cast.administrator):
        client.force_login(who)
        seen[who] = incident.title in client.get(url).content.decode()
    assert list(seen.values()) == [True, False, True, False]
    assert {row.task.duty.name for row in open_on(account.pk)} >= {"incident_officer"}


def test_of_no_account_they_are_reminded_of_all_the_same(cast: Cast) -> None:
    things.incident(cast.officer, "other", department=cast.tourism)
    day = timezone.localdate() + datetime.timedelta(days=40)

    tally = remind(day)

    assert tally.failures == []
    assert tally.sent >= 3


# --- Whom to call ----------------------------------------------------------------------------------


def duty_of(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "department": cast.tourism.pk, "person": cast.officer.pk, "telephone": "090-0000-0000",
        "begins_at": "2099-12-01T17:15", "ends_at": "2099-12-02T08:30", **more,
    }  # fmt: skip


def test_who_is_on_duty_and_whom_else_to_call_stand_on_the_incidents_page(
    client: Client, cast: Cast, account: Account
) -> None:
    incident = things.incident(cast.officer, "error", account=account)
    here = things.duty(cast.tourism, cast.colleague, telephone="090-1111-1111")
    pr = things.duty(cast.pr_division, cast.pr_second, telephone="090-2222-2222")
    things.duty(cast.safety, cast.partner_officer)
    things.duty(cast.tourism, cast.head, is_cancelled=True)
    city = things.contact(order=2)
    own = things.contact(order=9, department=cast.tourism)
    things.contact(department=cast.safety)
    client.force_login(cast.officer)

    page = client.get(incident.get_absolute_url())
    assert (list(page.context["on_duty"]), list(page.context["contacts"])) == (
        [here, pr], [own, city],
    )  # fmt: skip
    assert 'href="tel:090-1111-1111"' in page.content.decode()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"ends_at": "2099-12-01T17:00"}, "__all__"),
        ({"ends_at": "2100-12-01T17:00"}, "ends_at"),
        ({"telephone": "内線3"}, "telephone"),
        ({"begins_at": "いつか"}, "begins_at"),
        ({"person": "0"}, "person"),
    ],
)
def test_a_duty_that_cannot_be_is_refused(
    client: Client, cast: Cast, more: dict[str, str], field: str
) -> None:
    client.force_login(cast.head)

    answer = client.post(CONTACTS, duty_of(cast, **more))

    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {field})
    assert not DutyRoster.objects.exists()


def test_only_who_belongs_to_the_department_is_on_duty_for_it(client: Client, cast: Cast) -> None:
    client.force_login(cast.pr_officer)
    answer = client.post(CONTACTS, duty_of(cast, person=cast.partner_officer.pk))

    assert "防災 担当さんは、観光課に所属していません。" in answer.content.decode()


def test_a_duty_called_off_stays_on_record_and_tells_nobody(client: Client, cast: Cast) -> None:
    client.force_login(cast.head)
    client.post(CONTACTS, duty_of(cast))
    row = DutyRoster.objects.get()
    assert client.get(CONTACTS).context["duties"][0]["row"] == row
    client.post(reverse("incidents:cancel_duty", args=[row.pk]))

    row.refresh_from_db()
    assert (row.is_cancelled, client.get(CONTACTS).context["duties"]) == (True, [])
    assert row.history.latest().history_user == cast.head


def test_telephones_and_names_go_when_their_term_is_over(cast: Cast) -> None:
    over = timezone.now() - datetime.timedelta(days=2)
    duty = things.duty(
        cast.tourism, cast.officer, begins_at=over - datetime.timedelta(1), ends_at=over
    )
    unused = things.contact(is_active=False)
    used = things.contact()
    Contact.history.update(history_date=over)
    terms = {term.name: term for term in TERMS}
    today = timezone.localdate()

    assert [terms[name].carry_out(today) for name in ("duty_roster", "contacts")] == [1, 1]
    for row in (duty, unused, used):
        row.refresh_from_db()
    assert (duty.telephone, unused.name, unused.telephone, used.name) == ("", ERASED, "", "宿直室")
    assert set(DutyRoster.history.values_list("telephone", flat=True)) == {""}
    assert [terms[name].carry_out(today) for name in ("duty_roster", "contacts")] == [0, 0]


def test_the_demonstrations_kinds_and_states_are_all_there(cast: Cast, account: Account) -> None:
    from incidents.demonstration import STORIES, tell  # noqa: PLC0415

    factories.member(cast.tourism, "officer")
    tell(timezone.localdate())

    assert Incident.objects.count() == len(STORIES)
    assert set(Incident.objects.values_list("state", flat=True)) == set(Incident.State)
    assert set(IncidentStep.objects.values_list("state", flat=True)) == set(IncidentStep.State)

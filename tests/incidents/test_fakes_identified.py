"""Which account an incident of なりすまし is about, 5(2): whoever says so says it of one account, once,
and takes nobody's words away."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import Account
from accounts.profiles import read_profile
from incidents import fakes
from incidents.models import Fake, Incident
from shinshiro_sns.steps import StepNotMet, StepOvertaken
from tests import factories
from tests.conftest import Cast
from tests.incidents import things
from tests.incidents.bodies import now

FAKE_URL = "https://x.com/examp1e_kanko"
CHANNEL = "https://www.youtube.com/channel/UC1234567890abcdefghijkl"
NUMBER = "UC1234567890abcdefghijkl"


@pytest.fixture
def account(cast: Cast) -> Account:
    return factories.official(
        cast.tourism, handle="example_kanko", url="https://x.com/example_kanko"
    )


@pytest.fixture
def incident(cast: Cast, account: Account) -> Incident:
    return things.incident(cast.officer, "impersonation", account=account)


def sent(client: Client, incident: Incident, **typed: object) -> object:
    url = reverse("incidents:identify_fake", args=[incident.pk])
    usual = {"url": FAKE_URL, "name": "", "permanent_id": "", "revision": ""}
    return client.post(url, usual | typed)


# --- Who may, and when ----------------------------------------------------------------------------------


def test_it_is_said_by_the_department_and_the_pr_division_alone(
    cast: Cast, incident: Incident
) -> None:
    for person in (cast.partner_officer, cast.partner_head, cast.auditor, cast.stranger):
        with pytest.raises(PermissionDenied):
            things.identified(incident, person, FAKE_URL)
    for number, person in enumerate((cast.officer, cast.head, cast.deputy, cast.pr_officer)):
        things.identified(incident, person, f"{FAKE_URL}{number}")


def test_it_is_said_of_a_case_that_runs_and_never_of_one_that_is_public(
    cast: Cast, incident: Incident
) -> None:
    ended = things.incident(cast.officer, "impersonation", account=incident.account, known="誤り")
    things.moved(ended, "cancel", cast.head)
    with pytest.raises(StepOvertaken, match="偽のアカウントを変えられません。"):
        things.identified(ended, cast.officer, FAKE_URL)

    things.accused(incident, cast.officer, cast.head, cast.pr_officer, cast.pr_second)
    with pytest.raises(StepOvertaken, match="偽のアカウントを変えられません。"):
        things.identified(incident, cast.officer, FAKE_URL)


# --- Two people -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seen", ["", "0"])
def test_who_comes_second_overwrites_nothing_is_told_and_keeps_what_he_typed(
    client: Client, cast: Cast, incident: Incident, seen: str
) -> None:
    client.force_login(cast.colleague)
    things.identified(incident, cast.officer, "https://x.com/first")
    things.identified(incident, cast.officer, "https://x.com/first", name="先の人")

    answer = sent(client, incident, url="https://x.com/second", name="後の人", revision=seen)

    page = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 409  # type: ignore[attr-defined]
    for said in (
        "画面を開いた後に内容が変わりました。",
        "https://x.com/second",
        "後の人",
        "先の人",
    ):
        assert said in page
    kept = Fake.objects.get()
    assert (kept.handle, kept.name, kept.revision) == ("first", "先の人", 1)

    again = sent(
        client, incident, url="https://x.com/second", name="後の人", revision=kept.revision
    )
    assert again.status_code == 302  # type: ignore[attr-defined]
    assert Fake.objects.get().handle == "second"


def test_the_same_sent_twice_is_said_once(client: Client, cast: Cast, incident: Incident) -> None:
    client.force_login(cast.officer)
    for _ in range(2):
        assert sent(client, incident, name="偽").status_code == 302  # type: ignore[attr-defined]

    said = [text for text in incident.entries.values_list("text", flat=True) if "偽の" in text]
    assert said == [f"偽のアカウントを登録した:{Fake.objects.get()}、表示名「偽」({FAKE_URL})"]
    assert Fake.objects.get().revision == 0


# --- By its number --------------------------------------------------------------------------------------


def test_the_number_of_an_account_of_the_city_is_no_fakes_however_it_is_given(
    cast: Cast, incident: Incident
) -> None:
    own = factories.official(
        cast.safety, service="youtube", handle="@shinshiro", url="https://www.youtube.com/@shinshiro",
        service_account_id=NUMBER,
    )  # fmt: skip
    assert fakes.ours(read_profile(CHANNEL)) == own

    for url, number in ((CHANNEL, ""), ("https://www.youtube.com/@shinshir0", NUMBER)):
        with pytest.raises(StepNotMet, match="これは、市のYouTubeのアカウント"):
            things.identified(incident, cast.officer, url, permanent_id=number)
    # The same number elsewhere is somebody else's.
    assert things.identified(incident, cast.officer, FAKE_URL, permanent_id=NUMBER)


def test_the_same_fake_is_dealt_with_once_by_its_number_too(cast: Cast, incident: Incident) -> None:
    first = things.identified(incident, cast.officer, CHANNEL)
    assert first.permanent_id == NUMBER
    other = things.incident(
        cast.pr_officer, "impersonation", department=cast.safety, known="別の所属"
    )

    with pytest.raises(StepNotMet, match="で対応しています。"):
        things.identified(
            other, cast.pr_officer, "https://www.youtube.com/@renamed", permanent_id=NUMBER
        )


def test_another_number_after_the_report_is_reported_and_confirmed_anew(
    cast: Cast, incident: Incident
) -> None:
    things.to_be_public(incident, cast.officer, cast.head, cast.pr_officer, cast.pr_second)
    fake = Fake.objects.get()
    things.identified(incident, cast.officer, fake.url, permanent_id="987654")

    with pytest.raises(StepNotMet, match="の後に、偽のアカウントのURLか番号が変わりました。"):
        things.does(incident, "site", cast.pr_officer)


# --- What follows ---------------------------------------------------------------------------------------


def test_the_case_is_on_the_service_of_the_fake_with_its_clock(
    cast: Cast, account: Account
) -> None:
    case = things.incident(cast.officer, "impersonation", account=account, service="note")
    things.does(case, "takedown", cast.officer)
    assert things.step(case, "removed").due_at is None

    things.identified(case, cast.officer, FAKE_URL)

    case.refresh_from_db()
    assert case.service == "x"
    assert things.step(case, "removed").due_at is not None


def test_whoever_may_not_see_the_other_case_is_told_where_it_is_and_not_what_it_says(
    cast: Cast, incident: Incident
) -> None:
    things.identified(incident, cast.officer, FAKE_URL)
    Incident.objects.filter(pk=incident.pk).update(title="だれかの名前")
    incident.refresh_from_db()
    elsewhere = things.incident(
        cast.partner_officer, "impersonation", department=cast.safety, known="別の所属"
    )

    with pytest.raises(StepNotMet) as refused:
        things.identified(elsewhere, cast.partner_officer, FAKE_URL)
    assert str(refused.value) == (
        f"この偽のアカウントには、観光課の事案(番号{incident.pk})で対応しています。"
        "気づいたことは、広報主管課に知らせてください。"
    )


def opening(account: Account, url: str) -> dict[str, object]:
    return {
        "account": account.pk, "department": account.department_id, "known": "偽物がいる",
        "discovered_at": now(), "severity": "minor", "url": url, "service": "",
    }  # fmt: skip


def test_two_fakes_found_in_one_minute_are_two_cases_though_the_words_are_the_same(
    client: Client, cast: Cast, account: Account
) -> None:
    client.force_login(cast.officer)
    address = reverse("incidents:new_of_kind", args=["impersonation"])
    for url in (FAKE_URL, "https://x.com/another_fake"):
        assert client.post(address, opening(account, url)).status_code == 302

    assert sorted(Fake.objects.values_list("handle", flat=True)) == [
        "another_fake",
        "examp1e_kanko",
    ]
    assert Incident.objects.count() == 2


def test_opened_with_an_address_that_another_case_is_about_it_leads_there(
    client: Client, cast: Cast, account: Account, incident: Incident
) -> None:
    things.identified(incident, cast.officer, FAKE_URL)
    address = reverse("incidents:new_of_kind", args=["impersonation"])
    client.force_login(cast.officer)
    answer = client.post(address, opening(account, FAKE_URL))
    assert (answer.status_code, answer["Location"]) == (302, incident.get_absolute_url())

    client.force_login(cast.partner_officer)
    own = factories.official(cast.safety)
    answer = client.post(address, opening(own, FAKE_URL))
    assert answer.status_code == 422
    assert f"番号{incident.pk}" in answer.content.decode()


def test_opened_of_no_account_the_case_is_called_after_the_fakes_service(
    client: Client, cast: Cast, account: Account
) -> None:
    client.force_login(cast.officer)
    address = reverse("incidents:new_of_kind", args=["impersonation"])

    client.post(address, opening(account, FAKE_URL) | {"account": ""})

    made = Incident.objects.get()
    assert (made.title, made.service) == ("X（旧Twitter）のなりすまし", "x")


def test_opened_with_an_address_of_the_city_it_says_whose_it_is_and_keeps_the_text(
    client: Client, cast: Cast, account: Account
) -> None:
    client.force_login(cast.officer)
    address = reverse("incidents:new_of_kind", args=["impersonation"])

    answer = client.post(address, opening(account, "twitter.com/Example_Kanko"))

    page = answer.content.decode()
    assert (answer.status_code, "これは、市のX" in page, "偽物がいる" in page) == (422, True, True)
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("javascript:alert(1)", "登録できない"),
        ("https://bit.ly/abc", "短縮された"),
        ("https://fake.example/" + "a" * 1979, "長"),
        ("新城市", ""),
    ],
)
def test_what_is_no_address_of_an_account_is_refused_and_stays_in_the_form(
    client: Client, cast: Cast, incident: Incident, url: str, says: str
) -> None:
    client.force_login(cast.officer)

    answer = sent(client, incident, url=url, name="残る名前")

    page = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert says in page
    assert "残る名前" in page
    assert not Fake.objects.exists()


@pytest.mark.parametrize(
    "url", ["https://新城市役所.example/", "https://fake.example/shinshiro?a=1"]
)
def test_a_false_website_is_a_fake_too(
    client: Client, cast: Cast, account: Account, url: str
) -> None:
    case = things.incident(cast.officer, "impersonation", account=account)
    fake = things.accused(
        things.identified(case, cast.officer, url).incident,
        cast.officer, cast.head, cast.pr_officer, cast.pr_second,
    )  # fmt: skip
    things.does(case, "takedown", cast.officer)

    assert (fake.service, fake.handle) == ("other", "")
    assert client.get("/api/check", {"q": url}).json()["verdict"] == "fake"
    client.force_login(cast.pr_officer)
    for page in ("", "fake/", "report/", "letter-ja.pdf", "letter-en.pdf"):
        assert client.get(f"{case.get_absolute_url()}{page}").status_code == 200

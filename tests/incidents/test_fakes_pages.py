"""なりすまし, 5(2), as it is worked on: what a page proposes and offers, and what is never published."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Account, Notice
from incidents.models import Fake, Incident
from tests import factories
from tests.conftest import Cast
from tests.incidents import things
from tests.incidents.test_fakes import FAKE_URL, accused, take

pytestmark = pytest.mark.usefixtures("first_texts")


@pytest.fixture
def incident(cast: Cast, account: Account) -> Incident:
    return things.incident(cast.officer, "impersonation", account=account)


# --- What the public reads ----------------------------------------------------------------------------------


def publishing(cast: Cast, incident: Incident, what: str) -> tuple[str, dict[str, str]]:
    """Where the form is sent that publishes it, and what is filled in there beside title and body."""
    if what == "notice":
        things.to_be_public(incident, cast.officer, cast.head, cast.pr_officer, cast.pr_second)
        step = things.step(incident, "site")
        url, typed = f"{step.get_absolute_url()}do/", {"urgent": "", "is_read": "on"}
    else:
        step = accused(cast, incident)
        url, typed = f"{step.get_absolute_url()}withdraw/", {"note": "別人だった"}
    return url, {**typed, "title": "題名", "revision": str(step.revision)}


@pytest.mark.parametrize("what", ["notice", "correction"])
def test_a_title_that_says_more_than_one_sees_is_not_published(
    client: Client, cast: Cast, incident: Incident, what: str
) -> None:
    client.force_login(cast.pr_officer)
    url, typed = publishing(cast, incident, what)
    before = Notice.objects.count()

    typed |= {"title": "にせの\u202eアカウント", "body": "書いた本文"}
    answer = client.post(url, typed)

    page = answer.content.decode()
    assert (answer.status_code, "書いた本文" in page) == (422, True)
    assert "目に見えない文字(U+202E)が含まれています。" in page
    assert Notice.objects.count() == before


@pytest.mark.parametrize("what", ["notice", "correction"])
def test_no_gap_of_a_text_is_published(
    client: Client, cast: Cast, incident: Incident, what: str
) -> None:
    client.force_login(cast.pr_officer)
    text = "{市}からのお知らせ\n(電話番号をここに書きます)まで\n残る文"
    url, typed = publishing(cast, incident, what)
    before = Notice.objects.count()

    answer = client.post(url, typed | {"body": text})

    page = answer.content.decode()
    assert (answer.status_code, "残る文" in page) == (422, True)
    assert "次のところを書き換えてください:(電話番号をここに書きます)" in page
    assert Notice.objects.count() == before
    typed["body"] = "市からのお知らせ\n0536-23-1111まで"
    assert client.post(url, typed).status_code == 302
    assert Notice.objects.count() == before + 1


@pytest.mark.parametrize(
    ("url", "title"),
    [
        (FAKE_URL, "X（旧Twitter）の偽のアカウント「@examp1e_kanko」にご注意ください"),
        (
            "https://fake.example/" + "a" * 90,
            "その他(ホームページなど)の偽のアカウントにご注意ください",
        ),
    ],
)
def test_the_notice_is_proposed_with_the_name_where_it_can_be_read(
    client: Client, cast: Cast, account: Account, url: str, title: str
) -> None:
    from accounts.services import SERVICES  # noqa: PLC0415

    case = things.incident(cast.officer, "impersonation", account=account)
    things.identified(case, cast.officer, url)
    things.to_be_public(case, cast.officer, cast.head, cast.pr_officer, cast.pr_second)
    client.force_login(cast.pr_officer)

    form = client.get(things.step(case, "site").get_absolute_url()).context["form"]

    title = title.replace("その他(ホームページなど)", SERVICES["other"].name)
    assert form["title"].value() == title
    assert form.fields["is_read"].label == (
        "このアカウントを「なりすまし」と公表することを確かめた"
    )


def test_the_page_offers_what_may_be_done_now_and_nothing_else(
    client: Client, cast: Cast, incident: Incident
) -> None:
    things.identified(incident, cast.officer, FAKE_URL)
    things.does(incident, "takedown", cast.officer)
    identify, ask, answer = "fake/identify/", "takedowns/add/", "takedowns/1/answer/"

    def offered(person: object) -> list[str]:
        client.force_login(person)  # type: ignore[arg-type]
        page = client.get(incident.get_absolute_url()).content.decode()
        return [way for way in (identify, ask, answer) if f"{incident.pk}/{way}" in page]

    assert offered(cast.officer) == offered(cast.pr_officer) == [identify, ask, answer]
    assert offered(cast.auditor) == []
    things.accused(incident, cast.officer, cast.head, cast.pr_officer, cast.pr_second)
    assert offered(cast.officer) == [ask, answer]
    take(Fake.objects.get(), "withdraw", cast.pr_officer, title="訂正", body="誤り")
    things.moved(incident, "cancel", cast.head)
    assert offered(cast.officer) == [answer]


def test_how_the_operator_is_asked_stands_beside_the_form(
    client: Client, cast: Cast, incident: Incident
) -> None:
    things.identified(incident, cast.officer, FAKE_URL)
    client.force_login(cast.officer)

    page = client.get(things.step(incident, "takedown").get_absolute_url()).content.decode()

    assert f"{incident.pk}/letter-ja.pdf" in page
    assert "X Corp.の通報フォーム" in page


def test_the_correction_begins_with_the_text_that_the_pr_division_keeps(
    client: Client, cast: Cast, incident: Incident
) -> None:
    fake = accused(cast, incident)
    client.force_login(cast.pr_officer)

    form = client.get(f"{fake.get_absolute_url()}withdraw/").context["form"]

    assert form["title"].value() == "「なりすまし」のお知らせを取り下げました"
    assert "お詫びします。" in form["body"].value()


def test_gone_or_still_there_is_what_was_chosen(
    client: Client, cast: Cast, incident: Incident
) -> None:
    fake = accused(cast, incident)
    client.force_login(cast.pr_officer)
    url = f"{fake.get_absolute_url()}review/"
    for outcome, gone in (("there", False), ("gone", True)):
        fake.refresh_from_db()
        sent = {"outcome": outcome, "note": "見た", "revision": fake.revision}
        assert client.post(url, sent).status_code == 302
        fake.refresh_from_db()
        assert (fake.gone_since is not None) == gone


def test_of_a_case_that_is_over_nobody_says_any_more_which_account_it_was(
    client: Client, cast: Cast, incident: Incident
) -> None:
    things.moved(incident, "cancel", cast.head)
    client.force_login(cast.officer)

    page = client.get(incident.get_absolute_url()).content.decode()

    assert "fake/identify/" not in page
    assert client.get(f"{incident.get_absolute_url()}fake/").status_code == 404


@pytest.mark.parametrize("state", ["preparing", "closed", "none"])
def test_whatever_the_imitated_account_is_the_fake_is_announced_and_the_operator_asked(
    client: Client, cast: Cast, state: str
) -> None:
    imitated = None if state == "none" else factories.account(cast.tourism, "example_kanko")
    if state == "closed":
        imitated = factories.official(cast.tourism, handle="example_old")
        Account.objects.filter(pk=imitated.pk).update(status="closed", handle_fate="deleted")
        imitated.refresh_from_db()
    case = things.incident(cast.officer, "impersonation", account=imitated, department=cast.tourism)
    things.identified(case, cast.officer, FAKE_URL)
    people = (cast.officer, cast.head, cast.pr_officer, cast.pr_second)
    notice = things.accused(case, *people).notice

    assert notice is not None
    where = (imitated, None) if state == "closed" else (None, cast.tourism)
    assert (notice.account, notice.department) == where
    # Of an account that nobody knows yet the public reads nothing.
    page = client.get(notice.get_absolute_url()).content.decode()
    assert ("example_kanko" in page.replace("examp1e_kanko", "")) is False
    assert client.get("/api/check", {"q": FAKE_URL}).json()["verdict"] == "fake"
    client.force_login(cast.pr_officer)
    for path in ("", "fake/", "report/", "letter-ja.pdf", "letter-en.pdf"):
        assert client.get(f"{case.get_absolute_url()}{path}").status_code == 200, path

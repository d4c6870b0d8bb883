"""5(2): an account is called a fake in public after evidence, the head's report and two people of the
PR division, each of them of this very account; and it is taken back by one step."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.known_fakes import known_fakes
from accounts.models import Account, HandleFate, Notice
from accounts.profiles import read_profile
from incidents import fakes
from incidents.accusing import fake_workflow
from incidents.models import Fake, Incident
from shinshiro_sns.duties import rows_for
from shinshiro_sns.models import OutgoingMail
from shinshiro_sns.steps import StepNotMet, StepOvertaken
from tests import factories
from tests.conftest import Cast
from tests.incidents import things

FAKE_URL = "https://x.com/examp1e_kanko"
DAY = datetime.timedelta(days=1)

pytestmark = pytest.mark.usefixtures("first_texts")


@pytest.fixture
def account(cast: Cast) -> Account:
    return factories.official(
        cast.tourism, handle="example_kanko", url="https://x.com/example_kanko"
    )


@pytest.fixture
def incident(cast: Cast, account: Account) -> Incident:
    return things.incident(cast.officer, "impersonation", account=account)


def accused(cast: Cast, incident: Incident) -> Fake:
    things.identified(incident, cast.officer, FAKE_URL)
    people = (cast.officer, cast.head, cast.pr_officer, cast.pr_second)
    return things.accused(incident, *people)


def verdict(client: Client, asked: str) -> str:
    return str(client.get("/api/check", {"q": asked}).json()["verdict"])


def take(fake: Fake, name: str, by: object, **given: object) -> Fake:
    given = {"note": "理由", **given}
    taken: Fake = fake_workflow.take(fake, name, by=by, **given)  # type: ignore[arg-type]
    return taken


# --- Nobody is accused before everything is there -----------------------------------------------------


@pytest.mark.parametrize("missing", ["evidence", "report", "check", "second"])
def test_nothing_is_public_while_one_of_the_four_is_missing(
    client: Client, cast: Cast, incident: Incident, missing: str
) -> None:
    things.identified(incident, cast.officer, FAKE_URL)
    if missing != "evidence":
        things.file(incident, cast.officer)
    done = {"report": cast.head, "check": cast.pr_officer, "second": cast.pr_second}
    for key, by in done.items():
        # The second look is at the first one.
        if key != missing and not (missing == "check" and key == "second"):
            things.does(incident, key, by)

    with pytest.raises(StepNotMet):
        things.does(incident, "site", cast.pr_officer)

    assert known_fakes() == []
    assert verdict(client, FAKE_URL) == "similar"
    assert not Notice.objects.exists()


@pytest.mark.parametrize("key", ["report", "check", "second"])
def test_a_step_that_was_waived_confirms_nothing(cast: Cast, incident: Incident, key: str) -> None:
    things.identified(incident, cast.officer, FAKE_URL)
    things.file(incident, cast.officer)
    for each, by in (("report", cast.head), ("check", cast.pr_officer), ("second", cast.pr_second)):
        things.does(incident, each, by, "waive" if each == key else "do") if not (
            key == "check" and each == "second"
        ) else None

    with pytest.raises(StepNotMet, match="が行われていません。"):
        things.does(incident, "site", cast.pr_officer)


def test_it_is_public_with_its_notice_and_the_check_says_so_at_once(
    client: Client, cast: Cast, incident: Incident, account: Account
) -> None:
    fake = accused(cast, incident)

    assert (fake.state, fake.reported_by, fake.checked_by, fake.confirmed_by) == (
        "public", cast.head, cast.pr_officer, cast.pr_second,
    )  # fmt: skip
    notice = Notice.objects.get()
    assert (notice.kind, notice.account, notice.published_by) == ("fake", account, cast.pr_officer)
    assert things.step(incident, "site").url.endswith(notice.get_absolute_url())
    answer = client.get("/api/check", {"q": f"{FAKE_URL}?lang=ja"}).json()
    assert answer["verdict"] == "fake"
    assert [each["page"] for each in answer["fakes"]] == [
        f"http://127.0.0.1:8000{notice.get_absolute_url()}"
    ]
    assert client.get(notice.get_absolute_url()).status_code == 200


def test_another_address_after_the_report_is_reported_and_confirmed_anew(
    cast: Cast, incident: Incident
) -> None:
    things.identified(incident, cast.officer, FAKE_URL)
    things.file(incident, cast.officer)
    for key, by in (("report", cast.head), ("check", cast.pr_officer), ("second", cast.pr_second)):
        things.does(incident, key, by)
    things.identified(incident, cast.officer, "https://x.com/somebody_else")

    with pytest.raises(StepNotMet, match="の後に、偽のアカウントのURLか番号が変わりました。"):
        things.does(incident, "site", cast.pr_officer)


def test_its_shown_name_may_be_put_right_without_confirming_anew(
    cast: Cast, incident: Incident
) -> None:
    before = things.identified(incident, cast.officer, FAKE_URL).identified_at

    again = things.identified(incident, cast.officer, FAKE_URL, name="新城市観光")

    assert (again.name, again.identified_at) == ("新城市観光", before)


def test_the_database_takes_no_accusation_by_one_person(cast: Cast, incident: Incident) -> None:
    fake = accused(cast, incident)

    with pytest.raises(IntegrityError), transaction.atomic():
        Fake.objects.filter(pk=fake.pk).update(confirmed_by=fake.checked_by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Fake.objects.filter(pk=fake.pk).update(notice=None)


def test_what_it_rests_on_is_not_undone_while_it_is_public(cast: Cast, incident: Incident) -> None:
    accused(cast, incident)

    for key, by in (
        ("report", cast.head), ("check", cast.pr_officer), ("second", cast.pr_second),
        ("site", cast.pr_officer),
    ):  # fmt: skip
        with pytest.raises(StepNotMet, match="先に公表を取り下げてください。"):
            things.does(incident, key, by, "undo")
    with pytest.raises(StepNotMet, match="先に公表を取り下げてください。"):
        things.moved(incident, "cancel", cast.head)


# --- Whose account it is ------------------------------------------------------------------------------


def test_an_account_of_the_city_is_no_fake_and_is_named(
    cast: Cast, incident: Incident, account: Account
) -> None:
    with pytest.raises(StepNotMet) as refused:
        things.identified(incident, cast.officer, "https://twitter.com/EXAMPLE_kanko")

    assert str(refused.value) == (
        f"これは、市のX（旧Twitter）のアカウント「{account.title}」(観光課、運用中)のURLです。"
        "このアカウントが他人に使われているときは、種類「乗っ取り」の事案を開いてください。"
    )


def test_an_account_that_became_the_citys_meanwhile_is_not_accused(
    cast: Cast, incident: Incident
) -> None:
    things.identified(incident, cast.officer, FAKE_URL)
    things.to_be_public(incident, cast.officer, cast.head, cast.pr_officer, cast.pr_second)
    factories.official(cast.safety, handle="examp1e_kanko", url=FAKE_URL)

    with pytest.raises(StepNotMet, match="これは、市のX"):
        things.does(incident, "site", cast.pr_officer)


def test_a_handle_that_the_city_gave_up_may_be_somebodys_fake(
    cast: Cast, incident: Incident, account: Account
) -> None:
    profile = read_profile("https://x.com/example_kanko")
    assert fakes.ours(profile) == account
    account.status = Account.Status.CLOSED
    account.handle_fate = HandleFate.GUARDED
    account.save()
    assert fakes.ours(profile) == account
    account.handle_fate = HandleFate.DELETED
    account.save()

    assert fakes.ours(profile) is None


def test_the_same_fake_is_dealt_with_once(cast: Cast, incident: Incident, account: Account) -> None:
    things.identified(incident, cast.officer, FAKE_URL)
    other = things.incident(
        cast.pr_officer, "impersonation", department=cast.safety, known="別の所属"
    )

    with pytest.raises(StepNotMet, match=f"の事案「.*」\\(番号{incident.pk}\\)で対応しています。"):
        things.identified(other, cast.pr_officer, f"{FAKE_URL}/")


def test_by_the_number_that_never_changes_it_is_known_under_another_name(
    client: Client, cast: Cast, incident: Incident
) -> None:
    fake = accused(cast, incident)
    Fake.objects.filter(pk=fake.pk).update(
        service="youtube", permanent_id="UC1234567890abcdefghijkl"
    )

    asked = "https://www.youtube.com/channel/UC1234567890abcdefghijkl"
    assert verdict(client, asked) == "fake"


def test_a_case_that_ends_unpublished_leaves_no_suspect(cast: Cast, incident: Incident) -> None:
    things.identified(incident, cast.officer, FAKE_URL)
    things.moved(incident, "cancel", cast.head)
    assert Fake.objects.get().state == "dismissed"

    other = things.incident(cast.officer, "impersonation", account=incident.account, known="再び")
    things.identified(other, cast.officer, FAKE_URL)
    with pytest.raises(StepNotMet, match="で対応しています。"):
        things.moved(incident, "reopen", cast.head)

    things.moved(other, "cancel", cast.head)
    things.moved(incident, "reopen", cast.head)
    assert Fake.objects.get(incident=incident).state == "suspected"


def test_a_case_of_another_kind_accuses_nobody(cast: Cast, incident: Incident) -> None:
    from incidents.changing import change_kind  # noqa: PLC0415

    things.identified(incident, cast.officer, FAKE_URL)
    incident.refresh_from_db()
    change_kind(incident, "other", cast.head, note="なりすましではなかった", seen=incident.revision)

    assert Fake.objects.get().state == "dismissed"


# --- Looked at again, gone, come again ----------------------------------------------------------------


def test_it_is_looked_at_again_every_thirty_days(cast: Cast, incident: Incident) -> None:
    fake = accused(cast, incident)
    due = timezone.localdate() + 30 * DAY
    assert fake.review_due_on == due
    for person, day, expected in (
        (cast.pr_officer, due - 8 * DAY, 0), (cast.pr_officer, due - 7 * DAY, 1),
        (cast.head, due, 0), (cast.officer, due, 0),
    ):  # fmt: skip
        assert len(rows_for(person, "review_fake", day)) == expected

    with time_machine.travel(timezone.now() + 29 * DAY, tick=False):
        take(fake, "review", cast.pr_officer, is_gone=False)
    assert len(rows_for(cast.pr_officer, "review_fake", due)) == 0


def test_its_warning_ends_thirty_days_after_it_is_gone_and_not_before(
    client: Client, cast: Cast, incident: Incident
) -> None:
    fake = accused(cast, incident)
    with pytest.raises(StepNotMet, match="消えたことが確かめられていません。"):
        take(fake, "lift", cast.pr_officer)
    fake = take(fake, "review", cast.pr_officer, is_gone=True)
    with pytest.raises(StepNotMet, match="消えてから30日は、また現れないか見張ります"):
        take(fake, "lift", cast.pr_officer)
    with time_machine.travel(timezone.now() + 31 * DAY):
        fake = take(fake, "lift", cast.pr_officer)
        assert (fake.state, known_fakes()) == ("lifted", [])
        notice = fake.notice
        assert notice is not None
        assert "取り下げ" not in client.get(notice.get_absolute_url()).content.decode()


def test_one_that_comes_again_is_told_of_and_its_watch_begins_anew(
    cast: Cast, incident: Incident
) -> None:
    fake = take(accused(cast, incident), "review", cast.pr_officer, is_gone=True)
    OutgoingMail.objects.all().delete()

    fake = take(fake, "review", cast.pr_officer, is_gone=False)

    assert fake.gone_since is None
    told = set(OutgoingMail.objects.values_list("recipient", flat=True))
    assert told == {cast.head.pk, cast.deputy.pk, cast.pr_head.pk, cast.pr_second.pk}


# --- A mistake ----------------------------------------------------------------------------------------


def test_a_mistake_is_withdrawn_and_corrected_in_public_by_one_step(
    client: Client, cast: Cast, incident: Incident
) -> None:
    fake = accused(cast, incident)
    notice = fake.notice
    assert notice is not None

    fake = take(
        fake, "withdraw", cast.pr_second, title="訂正します", body="誤りでした。お詫びします。"
    )

    assert (fake.state, known_fakes(), verdict(client, FAKE_URL)) == ("withdrawn", [], "similar")
    page = client.get(notice.get_absolute_url()).content.decode()
    assert "誤りでした。お詫びします。" in page
    assert "偽のアカウントにご注意ください" not in page
    correction = Notice.objects.get(corrects=notice)
    assert (correction.kind, correction.published_by) == ("taken_back", cast.pr_second)


def test_a_notice_that_was_taken_back_accuses_nobody(cast: Cast, incident: Incident) -> None:
    from accounts.announcing import take_back  # noqa: PLC0415

    fake = accused(cast, incident)
    assert fake.notice is not None
    take_back(fake.notice, cast.pr_officer, title="訂正", body="誤りでした。")

    assert known_fakes() == []


@pytest.mark.parametrize("name", ["review", "withdraw", "lift"])
def test_nobody_but_the_pr_division_moves_what_is_public(
    cast: Cast, incident: Incident, name: str
) -> None:
    fake = accused(cast, incident)

    for person in (cast.officer, cast.head, cast.deputy, cast.partner_head, cast.auditor):
        with pytest.raises(PermissionDenied):
            take(fake, name, person, is_gone=True, title="題", body="文")


def test_withdrawn_by_two_at_once_it_is_corrected_once(cast: Cast, incident: Incident) -> None:
    fake = accused(cast, incident)
    take(fake, "withdraw", cast.pr_officer, title="訂正", body="誤りでした。")

    with pytest.raises(StepOvertaken, match="すでに「取下げ」"):
        take(fake, "withdraw", cast.pr_second, title="訂正", body="誤りでした。")
    assert Notice.objects.filter(kind="taken_back").count() == 1


# --- How near it comes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "says", "apart"),
    [
        (
            FAKE_URL,
            "見分けにくい文字や区切りの違いだけです。",
            ("「l」の代わりに「1」があります。",),
        ),
        ("https://www.instagram.com/example_kanko/", "まったく同じです。", ()),
        ("https://x.com/weather_news", "似ていません。", ()),
    ],
)
def test_how_near_its_handle_comes_is_said(
    cast: Cast, incident: Incident, account: Account, url: str, says: str, apart: tuple[str, ...]
) -> None:
    fake = things.identified(incident, cast.officer, url)

    line = fakes.closeness(fake, account)[0]
    assert (line.what, line.says, line.differences) == ("アカウント名", says, apart)

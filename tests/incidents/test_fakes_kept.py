"""What is kept of an accusation, 5(2): every step of it in the log and by mail, each for a reason, and
what it rests on stays what it was."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.known_fakes import known_fakes
from accounts.models import Account, Notice
from incidents import fakes
from incidents.accusing import fake_workflow
from incidents.models import Fake, Incident, IncidentEvidence
from incidents.workflow import step_workflow
from shinshiro_sns.models import OutgoingMail
from shinshiro_sns.steps import StepNotMet, StepOvertaken
from tests.conftest import Cast
from tests.incidents import things
from tests.incidents.test_fakes import DAY, FAKE_URL, accused, take

pytestmark = pytest.mark.usefixtures("first_texts")


@pytest.fixture
def incident(cast: Cast, account: Account) -> Incident:
    return things.incident(cast.officer, "impersonation", account=account)


def log_of(incident: Incident) -> list[tuple[str, str]]:
    return list(incident.entries.values_list("kind", "text"))


# --- Before -----------------------------------------------------------------------------------------------


def test_evidence_that_was_erased_is_none(cast: Cast, incident: Incident) -> None:
    things.to_be_public(incident, cast.officer, cast.head, cast.pr_officer, cast.pr_second)
    IncidentEvidence.objects.update(erased_at=timezone.now())

    with pytest.raises(StepNotMet, match="証拠がありません。"):
        things.does(incident, "site", cast.pr_officer)


def test_the_check_that_was_undone_after_the_second_look_is_missing_again(
    cast: Cast, incident: Incident
) -> None:
    things.to_be_public(incident, cast.officer, cast.head, cast.pr_officer, cast.pr_second)
    things.does(incident, "check", cast.pr_officer, "undo")

    with pytest.raises(
        StepNotMet, match="手順「市のアカウントでないことを確かめる」が行われていません。"
    ):
        things.does(incident, "site", cast.pr_officer)


def test_the_second_person_who_then_checks_anew_leaves_one_person(
    cast: Cast, incident: Incident
) -> None:
    things.to_be_public(incident, cast.officer, cast.head, cast.pr_officer, cast.pr_second)
    things.does(incident, "check", cast.pr_officer, "undo")
    things.does(incident, "check", cast.pr_second)

    with pytest.raises(StepNotMet, match="確かめた人と、もう一度確かめた人が同じです。"):
        things.does(incident, "site", cast.pr_officer)


def test_nobody_checks_before_it_is_said_which_account_it_is(
    cast: Cast, incident: Incident
) -> None:
    for key in ("check", "second", "site"):
        step = things.step(incident, key)
        name = "do_pr" if key != "second" else "do_second"
        with pytest.raises(StepNotMet, match="偽のアカウントのURLを登録してください。"):
            step_workflow.take(
                step, name, by=cast.pr_officer, happened_at=timezone.now(), words="確かめた",
                url="", title="題", body="文", urgent_for=None,
            )  # fmt: skip


def test_let_go_and_suspected_again_everything_is_confirmed_anew(
    cast: Cast, incident: Incident
) -> None:
    things.to_be_public(incident, cast.officer, cast.head, cast.pr_officer, cast.pr_second)
    fake = Fake.objects.get()
    things.moved(incident, "cancel", cast.head)
    assert ("decision", f"「なりすまし」とは公表しないことになった:{fake}") in log_of(incident)
    things.moved(incident, "reopen", cast.head)

    with pytest.raises(StepNotMet, match="もう一度行ってください。"):
        things.does(incident, "site", cast.pr_officer)
    assert Fake.objects.get().identified_by == cast.head


# --- While it is public -----------------------------------------------------------------------------------


def test_what_the_check_is_told_is_what_was_announced_and_when(
    cast: Cast, incident: Incident
) -> None:
    things.identified(incident, cast.officer, FAKE_URL, name="新城市観光(公式)", permanent_id="42")
    people = (cast.officer, cast.head, cast.pr_officer, cast.pr_second)
    fake = things.accused(incident, *people)
    assert fake.notice is not None
    on = timezone.localdate(fake.notice.published_at)

    with time_machine.travel(timezone.now() + 3 * DAY):
        [known] = known_fakes()

    assert (known.name, known.permanent_id, known.announced_on, known.page) == (
        "新城市観光(公式)", "42", on, fake.notice.get_absolute_url(),
    )  # fmt: skip


def test_of_a_fake_that_is_public_the_step_says_so(cast: Cast, incident: Incident) -> None:
    fake = accused(cast, incident)
    take(fake, "withdraw", cast.pr_officer, title="訂正", body="誤りでした。")
    things.does(incident, "site", cast.pr_officer, "undo")

    with pytest.raises(StepNotMet, match="偽のアカウントは、すでに「取下げ」です。"):
        things.does(incident, "site", cast.pr_officer)
    assert Notice.objects.filter(kind="fake").count() == 1


@pytest.mark.parametrize("name", ["review", "withdraw", "lift"])
def test_each_step_is_taken_for_a_reason(cast: Cast, incident: Incident, name: str) -> None:
    fake = take(accused(cast, incident), "review", cast.pr_officer, is_gone=True)

    with time_machine.travel(timezone.now() + 31 * DAY), pytest.raises(StepNotMet) as refused:
        take(fake, name, cast.pr_officer, note=" ", is_gone=True, title="訂正", body="誤りでした。")
    label = fake_workflow.steps[name].note_label
    assert str(refused.value) == f"「{label}」を入力してください。"


def test_it_is_watched_from_the_first_day_on_which_it_was_gone(
    cast: Cast, incident: Incident
) -> None:
    fake = take(accused(cast, incident), "review", cast.pr_officer, is_gone=True)
    since = fake.gone_since

    with time_machine.travel(timezone.now() + 20 * DAY):
        fake = take(fake, "review", cast.pr_officer, is_gone=True)
        assert fake.gone_since == since
    with time_machine.travel(timezone.now() + 31 * DAY):
        assert take(fake, "lift", cast.pr_officer).state == "lifted"


def test_every_step_of_it_stands_in_the_log(cast: Cast, incident: Incident) -> None:
    fake = accused(cast, incident)
    fake = take(fake, "review", cast.pr_officer, note="あった", is_gone=False)
    fake = take(fake, "review", cast.pr_officer, note="なかった", is_gone=True)
    fake = take(fake, "review", cast.pr_officer, note="またあった", is_gone=False)
    fake = take(fake, "review", cast.pr_officer, note="消えた", is_gone=True)
    with time_machine.travel(timezone.now() + 31 * DAY):
        fake = take(fake, "lift", cast.pr_officer, note="もうない")
        take(fake, "withdraw", cast.pr_officer, note="別人だった", title="訂正", body="誤り")

    said = log_of(incident)
    for line in (
        ("note", "見直した:まだある。あった"), ("note", "見直した:消えている。なかった"),
        ("note", "見直した:また現れた。またあった"), ("note", "見直した:消えている。消えた"),
        ("decision", f"偽のアカウントの掲載を終えた:{fake}。もうない"),
        ("post", "公表を取り下げ、訂正した(別人だった):訂正\n誤り"),
    ):  # fmt: skip
        assert said.count(line) == 1, line


def test_while_it_is_public_the_case_becomes_none_of_another_kind(
    cast: Cast, incident: Incident
) -> None:
    from incidents.changing import change_kind  # noqa: PLC0415

    fake = accused(cast, incident)
    incident.refresh_from_db()
    with pytest.raises(StepNotMet, match="先に公表を取り下げてください。"):
        change_kind(incident, "other", cast.head, note="違った", seen=incident.revision)

    take(fake, "withdraw", cast.pr_officer, title="訂正", body="誤りでした。")
    change_kind(incident, "other", cast.head, note="違った", seen=incident.revision)
    assert Fake.objects.get().state == "withdrawn"


# --- A mistake ----------------------------------------------------------------------------------------------


def test_a_mistake_is_corrected_also_when_its_warning_has_ended(
    client: Client, cast: Cast, incident: Incident
) -> None:
    fake = take(accused(cast, incident), "review", cast.pr_officer, is_gone=True)
    with time_machine.travel(timezone.now() + 31 * DAY):
        fake = take(fake, "lift", cast.pr_officer)
        with pytest.raises(StepNotMet, match="先に公表を取り下げてください。"):
            things.moved(incident, "cancel", cast.head)
        fake = take(fake, "withdraw", cast.pr_officer, title="訂正", body="お詫びします。")
    assert fake.notice is not None

    assert fake.state == "withdrawn"
    assert "お詫びします。" in client.get(fake.notice.get_absolute_url()).content.decode()


def test_that_it_was_taken_back_is_told_to_all_who_have_to_put_things_right(
    cast: Cast, incident: Incident
) -> None:
    fake = accused(cast, incident)
    OutgoingMail.objects.all().delete()

    take(fake, "withdraw", cast.pr_second, note="別人だった", title="訂正", body="誤り")

    told = set(OutgoingMail.objects.values_list("recipient", flat=True))
    assert told == {
        person.pk
        for person in (cast.head, cast.deputy, cast.pr_head, cast.pr_officer, cast.officer)
    }
    assert "別人だった" in OutgoingMail.objects.all()[0].body


def test_a_refused_correction_loses_no_word(client: Client, cast: Cast, incident: Incident) -> None:
    fake = accused(cast, incident)
    url = f"{fake.get_absolute_url()}withdraw/"
    client.force_login(cast.pr_second)
    typed = {"title": "残る題名", "body": "残る本文", "note": "残る理由", "revision": fake.revision}
    take(fake, "review", cast.pr_officer, is_gone=False)

    for sent, status in ((typed, 409), (typed | {"note": ""}, 422)):
        answer = client.post(url, sent)
        page = answer.content.decode()
        assert answer.status_code == status
        for kept in ("残る題名", "残る本文", sent["note"]):
            assert str(kept) in page
    assert Fake.objects.get().state == "public"
    now = Fake.objects.get().revision
    assert client.post(url, typed | {"revision": now}).status_code == 302


def test_nothing_is_changed_by_looking(client: Client, cast: Cast, incident: Incident) -> None:
    accused(cast, incident)
    things.does(incident, "takedown", cast.officer)
    before = (Fake.objects.values().get(), Fake.history.count(), incident.entries.count())  # type: ignore[attr-defined]
    client.force_login(cast.pr_officer)

    base = incident.get_absolute_url()
    for page in (
        "fake/", "fake/review/", "fake/withdraw/", "fake/lift/", "takedowns/add/",
        "takedowns/1/answer/", "letter-ja.pdf",
    ):  # fmt: skip
        assert client.get(f"{base}{page}").status_code < 400, page
    assert client.get(f"{base}fake/identify/").status_code == 409
    after = (Fake.objects.values().get(), Fake.history.count(), incident.entries.count())  # type: ignore[attr-defined]
    assert after == before


# --- Told apart -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "apart"),
    [
        ("https://x.com/example_kankoo", ("「o」が余分にあります。",)),
        ("https://x.com/example_kank", ("「o」がありません。",)),
    ],
)
def test_what_is_too_much_or_missing_is_said(
    cast: Cast, incident: Incident, account: Account, url: str, apart: tuple[str, ...]
) -> None:
    line = fakes.closeness(things.identified(incident, cast.officer, url), account)[0]

    assert line.differences == apart


def test_its_shown_name_is_compared_too_and_with_nothing_nothing(
    cast: Cast, incident: Incident, account: Account
) -> None:
    fake = things.identified(incident, cast.officer, FAKE_URL, name="新城市観光")

    lines = fakes.closeness(fake, account)
    assert [(line.what, line.says) for line in lines] == [
        ("アカウント名", "見分けにくい文字や区切りの違いだけです。"),
        ("表示名", "まったく同じです。"),
    ]
    assert fakes.closeness(fake, None) == []


# --- Whose it is, and since when ----------------------------------------------------------------------


def test_the_step_of_a_case_moved_to_another_department_is_that_departments(
    cast: Cast, incident: Incident, account: Account
) -> None:
    from incidents.moving import follow_accounts  # noqa: PLC0415

    fake = accused(cast, incident)
    Account.objects.filter(pk=account.pk).update(department=cast.safety)
    assert follow_accounts(timezone.localdate()) == 1

    fake = Fake.objects.select_related("incident").get(pk=fake.pk)
    assert fake.scope_department_ids == {cast.safety.pk}
    for person, may in ((cast.partner_officer, True), (cast.officer, False)):
        assert person.has_perm("incidents.view_incident", fake) == may
    take(fake, "review", cast.pr_officer, is_gone=False)


def test_who_looked_at_an_earlier_state_reviews_nothing(cast: Cast, incident: Incident) -> None:
    fake = accused(cast, incident)

    with pytest.raises(StepOvertaken):
        take(fake, "review", cast.pr_officer, seen=fake.revision - 1, is_gone=False)
    assert fake.reviewed_at is not None
    assert fake.review_due_on == timezone.localdate(fake.reviewed_at + datetime.timedelta(days=30))

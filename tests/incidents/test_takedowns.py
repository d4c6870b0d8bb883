"""削除依頼, 5(2): what the operator was asked, by when the law has it answer, what it said, the letter."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from incidents import letters, takedowns
from incidents.models import Incident, TakedownRequest
from shinshiro_sns.steps import StepNotMet, StepOvertaken
from tests.conftest import Cast
from tests.incidents import things
from tests.papers import Paper

DAY = datetime.timedelta(days=1)

pytestmark = pytest.mark.usefixtures("first_texts")


@pytest.fixture
def incident(cast: Cast, account: Account) -> Incident:
    made = things.incident(cast.officer, "impersonation", account=account)
    things.identified(made, cast.officer, "https://x.com/examp1e_kanko", name="新城市観光(公式)")
    things.does(
        made, "takedown", cast.officer, words="削除を求めた", way="form", right="fraud",
        receipt="EX-1",
    )  # fmt: skip
    return made


def again(incident: Incident, by: object, **given: object) -> TakedownRequest:
    usual = {
        "asked_at": timezone.now(), "way": "letter", "right": "name", "demanded": "資料を添えた",
        "receipt": "", "seen": incident.takedowns.count(),
    }  # fmt: skip
    return takedowns.ask_again(incident, by, **(usual | given))  # type: ignore[arg-type]


def test_the_step_records_the_first_request_with_its_clock(cast: Cast, incident: Incident) -> None:
    request = incident.takedowns.get()

    assert (request.number, request.way, request.right, request.receipt, request.demanded) == (
        1, "form", "fraud", "EX-1", "削除を求めた",
    )  # fmt: skip
    due = timezone.localdate(request.asked_at) + 7 * DAY
    assert request.due_at is not None
    assert timezone.localdate(request.due_at) == due
    assert "情報流通プラットフォーム対処法" in request.due_source
    assert things.step(incident, "removed").due_at == request.due_at


def test_where_the_law_names_no_operator_there_is_no_clock(cast: Cast, account: Account) -> None:
    made = things.incident(cast.officer, "impersonation", account=account)
    things.identified(made, cast.officer, "https://note.com/shinshiro_kanko1")
    things.does(made, "takedown", cast.officer)

    request = made.takedowns.get()
    assert (request.due_at, request.due_source) == (None, "")


def test_refused_it_is_asked_again_and_the_clock_runs_anew(cast: Cast, incident: Incident) -> None:
    first = incident.takedowns.get()
    takedowns.answered(
        first, cast.officer, answer="refused", answered_at=timezone.now(),
        answer_words="規約に反しない", receipt="EX-2",
    )  # fmt: skip
    with time_machine.travel(timezone.now() + 3 * DAY, tick=False):
        second = again(incident, cast.officer)

        assert second.number == 2
        assert second.due_at == things.step(incident, "removed").due_at != first.due_at
    first.refresh_from_db()
    assert (first.answer, first.answer_words, first.receipt) == (
        "refused", "規約に反しない", "EX-2",
    )  # fmt: skip


def test_two_who_ask_again_at_once_ask_once_and_the_second_is_told(
    cast: Cast, incident: Incident
) -> None:
    again(incident, cast.officer, seen=1)

    with pytest.raises(StepOvertaken, match="ほかの人が先に依頼を記録しました。"):
        again(incident, cast.head, seen=1)


def test_an_answer_is_recorded_once_and_never_before_the_request(
    cast: Cast, incident: Incident
) -> None:
    request = incident.takedowns.get()
    given = {"answer": "removed", "answer_words": "消えた"}
    with pytest.raises(StepNotMet, match="依頼より前の日時は入力できません。"):
        takedowns.answered(request, cast.officer, answered_at=request.asked_at - DAY, **given)
    with pytest.raises(StepNotMet, match="未来の日時は入力できません。"):
        takedowns.answered(request, cast.officer, answered_at=timezone.now() + DAY, **given)
    takedowns.answered(request, cast.officer, answered_at=timezone.now(), **given)

    with pytest.raises(StepOvertaken, match="すでに「削除された」と記録されています。"):
        takedowns.answered(request, cast.head, answered_at=timezone.now(), **given)


def test_nobody_of_another_department_asks_or_answers(cast: Cast, incident: Incident) -> None:
    for person in (cast.partner_officer, cast.partner_head, cast.auditor, cast.stranger):
        with pytest.raises(PermissionDenied):
            again(incident, person)
        with pytest.raises(PermissionDenied):
            takedowns.answered(
                incident.takedowns.get(), person, answer="removed", answered_at=timezone.now(),
                answer_words="消えた",
            )  # fmt: skip


def test_it_stands_in_the_log_and_in_the_report(
    client: Client, cast: Cast, incident: Incident
) -> None:
    again(incident, cast.officer)
    client.force_login(cast.officer)

    page = client.get(f"{incident.get_absolute_url()}report/").content.decode()
    for said in (
        "EX-1",
        "資料を添えた",
        "@examp1e_kanko",
        "見分けにくい文字や区切りの違いだけです。",
    ):
        assert said in page
    texts = list(incident.entries.values_list("text", flat=True))
    assert "X Corp.へ1回目の削除を依頼した(受付番号 EX-1)。削除を求めた" in texts


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", ["なりすましアカウントの削除依頼書", "X Corp. 御中", "新城市 観光課", "https://x.com/examp1e_kanko",
                "新城市観光(公式)", "市民の財産", "EX-1", "地方公共団体です"]),
        ("en", ["Request to remove an impersonating account", "To: X Corp.", "Shinshiro City, Japan",
                "https://x.com/examp1e_kanko", "attempted fraud", "EX-1", "local government of Japan"]),
    ],
)  # fmt: skip
def test_the_letter_is_ready_to_be_sent(
    cast: Cast, incident: Incident, language: str, said: list[str]
) -> None:
    things.file(incident, cast.officer)

    content = letters.written(incident, language)

    paper = Paper(content)
    for each in [*said, incident.evidence.get().sha256]:
        assert each.replace(" ", "") in paper.text
    assert (paper.language, paper.is_tagged) == (language, True)
    assert set(paper.fonts().values()) == {True}


def test_without_knowing_which_account_it_is_there_is_no_letter(
    client: Client, cast: Cast, account: Account
) -> None:
    made = things.incident(cast.officer, "impersonation", account=account)
    client.force_login(cast.officer)

    response = client.get(f"{made.get_absolute_url()}letter-ja.pdf")

    assert response.status_code == 409
    assert "偽のアカウントのURLを登録してください。" in response.content.decode()


# --- What is kept, and when it can be -------------------------------------------------------------------


def test_a_case_that_is_over_asks_no_more_but_still_keeps_the_answer(
    cast: Cast, incident: Incident
) -> None:
    things.moved(incident, "cancel", cast.head)

    with pytest.raises(StepOvertaken, match="終わった事案です。"):
        again(incident, cast.officer)
    answered = takedowns.answered(
        incident.takedowns.get(), cast.officer, answer="removed", answered_at=timezone.now(),
        answer_words="消えた",
    )  # fmt: skip
    assert answered.answer == "removed"


def test_the_first_request_is_the_plans_step(cast: Cast, account: Account) -> None:
    made = things.incident(cast.officer, "impersonation", account=account)

    with pytest.raises(StepOvertaken, match="1回目の依頼は、手順「運営者へ削除を依頼する」で"):
        again(made, cast.officer)


def test_nobody_asks_before_it_was_discovered_or_tomorrow(cast: Cast, incident: Incident) -> None:
    for at, said in (
        (incident.discovered_at - DAY, "より前の日時は入力できません。"),
        (timezone.now() + DAY, "未来の日時は入力できません。"),
    ):
        with pytest.raises(StepNotMet, match=said):
            again(incident, cast.officer, asked_at=at)


def test_the_answer_keeps_the_number_and_the_moment_of_the_request(
    cast: Cast, incident: Incident
) -> None:
    request = incident.takedowns.get()
    # A browser's field has no seconds.
    at = request.asked_at.replace(second=0, microsecond=0)

    request = takedowns.answered(
        request, cast.officer, answer="refused", answered_at=at, answer_words="規約に反しない"
    )

    assert (request.receipt, request.answered_at) == ("EX-1", request.asked_at)
    said = "1回目の削除依頼の回答:断られた。規約に反しない"
    assert incident.entries.filter(kind="contact", text=said).count() == 1
    kept = TakedownRequest.history.filter(id=request.pk)  # type: ignore[attr-defined]
    assert [row.history_user for row in kept] == [cast.officer, cast.officer]


def test_where_the_law_has_no_clock_the_second_request_leaves_the_deadline_as_it_is(
    cast: Cast, account: Account
) -> None:
    made = things.incident(cast.officer, "impersonation", account=account)
    things.identified(made, cast.officer, "https://note.com/shinshiro_kanko1")
    things.does(made, "takedown", cast.officer)
    before = things.step(made, "removed").due_at

    assert again(made, cast.officer).due_at is None
    assert things.step(made, "removed").due_at == before


def test_the_operator_asked_is_the_fakes_whatever_the_facts_say(
    cast: Cast, incident: Incident
) -> None:
    Incident.objects.filter(pk=incident.pk).update(service="note")
    incident.refresh_from_db()

    assert takedowns.operator_of(incident) == "X Corp."
    assert again(incident, cast.officer).due_at is not None


def test_of_a_website_nobody_knows_the_operator(cast: Cast, account: Account) -> None:
    made = things.incident(cast.officer, "impersonation", account=account)
    things.identified(made, cast.officer, "https://shinshiro-city.example/")

    assert takedowns.operator_of(made) == "運営者"


@pytest.mark.parametrize(
    ("way", "status"), [("ask", 409), ("answer", 409), ("ask badly", 422), ("answer badly", 422)]
)
def test_a_refused_form_loses_no_word(
    client: Client, cast: Cast, incident: Incident, way: str, status: int
) -> None:
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    base = incident.get_absolute_url()
    client.force_login(cast.officer)
    if way.startswith("ask"):
        again(incident, cast.head)
        url, typed = f"{base}takedowns/add/", {
            "asked_at": now, "way": "mail", "right": "fraud", "demanded": "残る内容",
            "receipt": "残る番号", "revision": 1,
        }  # fmt: skip
    else:
        url, typed = f"{base}takedowns/1/answer/", {
            "answer": "refused", "answered_at": now, "answer_words": "残る内容", "receipt": "残る番号",
        }  # fmt: skip
        if way == "answer":
            takedowns.answered(
                incident.takedowns.get(), cast.head, answer="removed", answered_at=timezone.now(),
                answer_words="消えた",
            )  # fmt: skip
    if way.endswith("badly"):
        typed["way" if way.startswith("ask") else "answer"] = "nothing"

    answer = client.post(url, typed)

    page = answer.content.decode()
    assert (answer.status_code, "残る内容" in page, "残る番号" in page) == (status, True, True)


def test_the_page_says_that_the_time_for_an_answer_is_over_until_there_is_one(
    client: Client, cast: Cast, incident: Incident
) -> None:
    request = incident.takedowns.get()
    assert request.due_at is not None
    client.force_login(cast.officer)

    def says() -> bool:
        page = client.get(incident.get_absolute_url()).content.decode()
        return "(過ぎています)。もう一度、削除を依頼してください" in page

    assert not says()
    with time_machine.travel(request.due_at + DAY):
        client.force_login(cast.officer)
        assert says()
        takedowns.answered(
            request, cast.officer, answer="refused", answered_at=timezone.now(), answer_words="否"
        )
        assert not says()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_where_no_account_is_imitated_the_letter_leaves_out_what_it_cannot_say(
    cast: Cast, language: str
) -> None:
    made = things.incident(cast.officer, "impersonation", department=cast.tourism)
    things.identified(made, cast.officer, "https://x.com/shinshiro_fake")

    paper = Paper(letters.written(made, language))

    assert "ここに書きます" not in paper.text
    assert "https://x.com/shinshiro_fake" in paper.text

"""Two people at the very same moment, 5(2): an accusation, its end, a report and a doubt happen once,
and whoever comes second is told. On real connections."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account, Notice
from accounts.profiles import read_profile
from incidents import fakes, reporting, takedowns
from incidents.accusing import fake_workflow
from incidents.models import Fake, FakeReport, Incident, ReportedAccount
from incidents.triage import reported_workflow
from shinshiro_sns.models import OutgoingMail
from shinshiro_sns.steps import StepRefused
from staff.models import User
from tests import factories
from tests.conftest import Cast
from tests.incidents import things

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
URL = "https://x.com/examp1e_kanko"
TWICE = pytest.mark.parametrize("attempt", range(2))


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act gives, all beginning together; whatever one raises is what it gives."""
    start = threading.Barrier(len(acts), timeout=30)
    given: list[Any] = [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        try:
            start.wait()
            given[number] = act() or "done"
        except Exception as error:
            given[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    # Refused is a sentence for the person; anything else, as a deadlock, is a page that says "500".
    wrong = [each for each in given if isinstance(each, Exception) and not _is_said(each)]
    assert wrong == []
    return given


def _is_said(error: Exception) -> bool:
    return isinstance(error, StepRefused | reporting.NotTaken)


def refused(given: list[Any]) -> int:
    return sum(isinstance(each, StepRefused) for each in given)


def again(person: User) -> User:
    """The person as another request loads him."""
    return User.objects.get(pk=person.pk)


@pytest.fixture
def account(cast: Cast) -> Account:
    return factories.official(cast.tourism)


def case(cast: Cast, account: Account, known: str = "一", kind: str = "impersonation") -> Incident:
    return things.incident(cast.officer, kind, account=account, known=known)


# --- The accusation -------------------------------------------------------------------------------------


@TWICE
def test_the_same_fake_is_dealt_with_by_one_of_two_cases(
    cast: Cast, account: Account, attempt: int
) -> None:
    cases = [case(cast, account, known) for known in "一二"]

    given = at_once(
        *(lambda of=of: fakes.identify(of, again(cast.officer), read_profile(URL)) for of in cases)
    )

    assert refused(given) == 1
    assert Fake.objects.count() == 1


@TWICE
def test_taken_up_again_while_another_case_takes_it_up_it_is_one_cases(
    cast: Cast, account: Account, attempt: int
) -> None:
    first, second = case(cast, account), case(cast, account, "二")
    things.identified(first, cast.officer, URL)
    things.moved(first, "cancel", cast.head)

    given = at_once(
        lambda: things.moved(first, "reopen", again(cast.head)),
        lambda: fakes.identify(second, again(cast.officer), read_profile(URL)),
    )

    assert refused(given) == 1
    assert Fake.objects.open().count() == 1


@TWICE
def test_two_who_say_which_account_it_is_overwrite_nothing(
    cast: Cast, account: Account, attempt: int
) -> None:
    of = case(cast, account)

    given = at_once(
        *(
            lambda url=url, who=who: fakes.identify(of, again(who), read_profile(url))
            for url, who in ((URL, cast.officer), ("https://x.com/other", cast.colleague))
        )
    )

    assert refused(given) == 1
    assert Fake.objects.get().revision == 0


@TWICE
def test_published_by_two_there_is_one_notice(cast: Cast, account: Account, attempt: int) -> None:
    of = case(cast, account)
    things.to_be_public(of, cast.officer, cast.head, cast.pr_officer, cast.pr_second)

    given = at_once(
        *(lambda who=who: things.does(of, "site", again(who)) for who in (cast.pr_officer, cast.pr_second))
    )  # fmt: skip

    assert refused(given) == 1
    assert (Notice.objects.count(), Fake.objects.get().state) == (1, "public")


@TWICE
def test_what_it_rests_on_is_undone_before_it_is_published_or_not_at_all(
    cast: Cast, account: Account, attempt: int
) -> None:
    of = case(cast, account)
    things.to_be_public(of, cast.officer, cast.head, cast.pr_officer, cast.pr_second)

    given = at_once(
        lambda: things.does(of, "site", again(cast.pr_officer)),
        lambda: things.does(of, "check", again(cast.pr_second), "undo"),
        lambda: fakes.identify(of, again(cast.officer), read_profile(URL), seen=0),
        lambda: things.moved(of, "cancel", again(cast.head)),
    )

    fake = Fake.objects.get()
    if fake.state == "public":
        assert refused(given) >= 3
        assert things.step(of, "check").state == "done"
        assert Incident.objects.get(pk=of.pk).is_running
    else:
        assert not Notice.objects.exists()


@TWICE
def test_withdrawn_by_two_it_is_corrected_once(cast: Cast, account: Account, attempt: int) -> None:
    of = case(cast, account)
    fake = things.accused(of, cast.officer, cast.head, cast.pr_officer, cast.pr_second)

    def withdraw(who: User) -> Any:
        return fake_workflow.take(
            fake, "withdraw", by=again(who), note="誤り", title="訂正", body="誤りでした。"
        )

    given = at_once(
        lambda: withdraw(cast.pr_officer),
        lambda: withdraw(cast.pr_second),
        lambda: fake_workflow.take(
            fake, "review", by=again(cast.pr_head), seen=fake.revision, note="見た", is_gone=False
        ),
    )

    assert refused(given) in (1, 2)
    assert Notice.objects.filter(kind="taken_back").count() == 1
    assert Fake.objects.get().state == "withdrawn"


@TWICE
def test_asked_again_by_two_the_operator_was_asked_once_more(
    cast: Cast, account: Account, attempt: int
) -> None:
    of = case(cast, account)
    things.identified(of, cast.officer, URL)
    things.does(of, "takedown", cast.officer)
    first = of.takedowns.get()
    words = {"way": "mail", "right": "name", "demanded": "もう一度", "receipt": ""}

    given = at_once(
        *(
            lambda who=who: takedowns.ask_again(
                of, again(who), asked_at=timezone.now(), seen=1, **words
            )
            for who in (cast.officer, cast.colleague)
        ),
        lambda: takedowns.answered(
            first, again(cast.head), answer="refused", answered_at=timezone.now(), answer_words="否"
        ),
    )

    assert refused(given) == 1
    assert of.takedowns.count() == 2


# --- The doubt ------------------------------------------------------------------------------------------


@TWICE
def test_two_cases_that_end_at_once_leave_the_account_in_no_doubt(
    cast: Cast, account: Account, attempt: int
) -> None:
    cases = [case(cast, account, known, "hijack") for known in "一二"]

    given = at_once(
        *(lambda of=of, who=who: things.moved(of, "cancel", again(who))
          for of, who in zip(cases, (cast.head, cast.pr_officer), strict=True))
    )  # fmt: skip

    assert refused(given) == 0
    assert Account.objects.get(pk=account.pk).doubted_since is None


@TWICE
def test_a_case_that_opens_while_another_one_ends_is_not_forgotten(
    cast: Cast, account: Account, attempt: int
) -> None:
    first = case(cast, account, kind="hijack")

    given = at_once(
        lambda: things.moved(first, "cancel", again(cast.head)),
        lambda: things.incident(again(cast.officer), "hijack", account=account, known="二"),
    )

    assert refused(given) == 0
    assert Account.objects.get(pk=account.pk).is_in_doubt


# --- Reports --------------------------------------------------------------------------------------------


def from_place(number: int) -> HttpRequest:
    return RequestFactory().post("/report/", REMOTE_ADDR=f"192.0.2.{number}")


def old_form() -> str:
    with time_machine.travel(timezone.now() - things.AGO):
        return reporting.new_form()


def report(number: int, form: str, url: str = URL) -> Any:
    return reporting.take_in(from_place(number), read_profile(url), form=form, why="当選した")


@TWICE
def test_citizens_who_report_a_new_account_at_once_are_all_kept_on_one_line(
    cast: Cast, attempt: int
) -> None:
    forms = [old_form() for _ in range(6)]

    at_once(
        *(
            lambda number=number, form=form: report(
                number, form, URL if number % 2 else "https://x.com/other"
            )
            for number, form in enumerate(forms)
        )
    )

    assert FakeReport.objects.count() == 6
    assert ReportedAccount.objects.count() == 2
    # The PR division hears of it once an hour: three people.
    assert OutgoingMail.objects.count() == 3


@TWICE
def test_one_form_sent_twice_at_once_is_one_report(cast: Cast, attempt: int) -> None:
    form = old_form()

    at_once(lambda: report(1, form), lambda: report(1, form))

    assert FakeReport.objects.count() == 1


@TWICE
def test_joined_by_two_there_is_one_case_and_the_second_is_told(
    cast: Cast, account: Account, attempt: int
) -> None:
    from django.test import Client  # noqa: PLC0415

    row = things.reported(URL)
    url = reverse("incidents:reported_step", args=[row.pk, "join"])

    def join(who: User) -> int:
        client = Client()
        client.force_login(again(who))
        body = {"account": account.pk, "severity": "minor", "known": f"{who.pk}の文"}
        return int(client.post(url, body).status_code)

    given = at_once(lambda: join(cast.pr_officer), lambda: join(cast.pr_second))

    assert sorted(given) == [302, 409]
    assert Incident.objects.count() == Fake.objects.count() == 1
    assert ReportedAccount.objects.get().incident == Incident.objects.get()


@TWICE
def test_joined_while_the_case_ends_or_is_published_the_citizen_hears_once(
    cast: Cast, account: Account, attempt: int
) -> None:
    of = case(cast, account)
    things.to_be_public(of, cast.officer, cast.head, cast.pr_officer, cast.pr_second)
    row = things.reported(Fake.objects.get().url)
    FakeReport.objects.update(mail="citizen@example.jp")

    at_once(
        lambda: reported_workflow.take(row, "join", by=again(cast.pr_second), incident=of),
        (lambda: things.does(of, "site", again(cast.pr_officer)))
        if attempt
        else (lambda: things.moved(of, "cancel", again(cast.head))),
    )

    row.refresh_from_db()
    told = OutgoingMail.objects.filter(address="citizen@example.jp").count()
    # Refused, it waits on the list; taken, the citizen has heard.
    assert told == (row.state == "incident")

"""Declared emergencies, 4(1): for a named scope and time, on the record, and ending by themselves."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account
from postings import declaring
from postings.declaring import Right
from postings.models import Emergency
from postings.permission import may_post, may_post_many
from shinshiro_sns.duties import piles
from shinshiro_sns.models import OutgoingMail
from shinshiro_sns.steps import StepNotMet, StepOvertaken
from staff.models import User
from tests import factories
from tests.conftest import Cast
from tests.policies.test_races import at_once, refusals

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
NIGHT = "2026-11-24 23:00:00+09:00"
MORE_THAN_ALLOWED = datetime.timedelta(days=7, seconds=1)


@pytest.fixture(autouse=True)
def at_night() -> Any:
    """A Tuesday night, when no office is open."""
    with time_machine.travel(NIGHT, tick=False):
        yield


def run(cast: Cast, service: str = "x", of: Any = None) -> Account:
    """An official account with a policy in force: weekdays in office hours."""
    account = factories.account(of or cast.tourism, service=service)
    factories.policy(account, cast.officer, "in_force", head=cast.head, receiver=cast.pr_officer)
    return Account.objects.get(pk=account.pk)


@pytest.fixture
def account(cast: Cast) -> Account:
    return run(cast)


def declared(
    by: User, *named: Account, hours: float = 8, begins: Any = None, **given: Any
) -> Emergency:
    right = declaring.rights_of(by)[0]
    begins = begins or timezone.now()
    return declaring.declare(
        by, right, reason="台風のため",
        **{
            "accounts": named, "begins_at": begins, "ends_at": begins + hours * HOUR,
            "is_for_all": False,
        } | given,
    )  # fmt: skip


# --- What it opens -----------------------------------------------------------------------------------


def test_it_opens_posting_beside_the_hours_for_its_accounts_and_says_so(cast, account):
    other = run(cast, "instagram")
    assert may_post(account).allowed is False
    emergency = declared(cast.head, account)
    answer = may_post(account)
    assert (answer.allowed, answer.emergency, answer.clause) == (True, emergency.pk, "4(1)")
    assert answer.until == emergency.ends_at
    assert answer.reason.startswith("緊急時の宣言により、運用時間の外でも発信できます。")
    assert may_post(other).allowed is False


def test_it_ends_by_itself_to_the_second(account, cast):
    emergency = declared(cast.head, account, hours=1)
    second = datetime.timedelta(seconds=1)
    asked = [emergency.begins_at - second, emergency.begins_at, emergency.ends_at - second,
             emergency.ends_at]  # fmt: skip
    assert [may_post(account, at).allowed for at in asked] == [False, True, True, False]


def test_in_the_hours_it_is_the_hours_that_open(account, cast):
    declared(cast.head, account, hours=24)
    morning = timezone.now() + 12 * HOUR
    answer = may_post(account, morning)
    assert (answer.allowed, answer.emergency) == (True, None)


def test_for_all_is_for_every_account_of_the_city(cast, account):
    foreign = run(cast, of=cast.safety)
    declared(cast.pr_officer, is_for_all=True)
    assert [a.allowed for a in may_post_many([account, foreign]).values()] == [True, True]


@pytest.mark.parametrize("step", ["suspend", "close"])
def test_what_is_not_official_posts_in_no_emergency(cast, account, step):
    declared(cast.pr_officer, is_for_all=True)
    account = factories.stood(account, step, cast.head)
    assert may_post(account).allowed is False


def test_without_a_policy_there_is_no_posting_either(cast):
    bare = factories.account(cast.tourism, status="official", official_since="2020-04-01")
    declared(cast.pr_officer, is_for_all=True)
    assert may_post(bare).allowed is False


def test_where_two_overlap_the_later_end_holds(cast, account):
    declared(cast.head, account, hours=2)
    longer = declared(cast.pr_officer, is_for_all=True, hours=6)
    answer = may_post(account)
    assert (answer.emergency, answer.until) == (longer.pk, longer.ends_at)


def test_an_account_that_moves_keeps_what_was_declared_for_it(cast, account):
    declared(cast.head, account)
    Account.objects.filter(pk=account.pk).update(department=cast.safety)
    assert may_post(Account.objects.get(pk=account.pk)).allowed is True


def test_it_costs_two_queries_however_many_accounts_and_emergencies(cast, account):
    def queries(accounts: list[Account]) -> int:
        with CaptureQueriesContext(connection) as asked:
            may_post_many(accounts)
        return len(asked)

    declared(cast.head, account)
    one = queries([account])
    more = [account, *(run(cast, service) for service in ("line", "note"))]
    declared(cast.head, *more, hours=3)
    declared(cast.pr_officer, is_for_all=True)
    assert queries(more) == one


# --- Who declares it -----------------------------------------------------------------------------------


def test_who_may_declare_it_and_for_what(cast):
    assert declaring.rights_of(cast.head) == [Right(cast.tourism)]
    assert declaring.rights_of(cast.pr_officer) == [Right(None)]
    assert declaring.rights_of(cast.pr_head)[0] == Right(None)
    for nobody in (cast.officer, cast.deputy, cast.auditor, cast.administrator, cast.stranger):
        assert declaring.rights_of(nobody) == []


def test_a_head_declares_for_no_account_of_another_department_and_not_for_all(cast, account):
    foreign = factories.official(cast.safety)
    for given in ({"accounts": [account, foreign]}, {"is_for_all": True, "accounts": []}):
        with pytest.raises(PermissionDenied):
            declared(cast.head, **given)
    assert Emergency.objects.count() == 0


def test_a_deputy_declares_in_a_recorded_absence_and_the_head_looks_at_it_afterwards(cast, account):
    factories.absence(cast.tourism, cast.head)
    emergency = declared(cast.deputy, account)
    assert emergency.absence.person == cast.head
    [pile] = [p for p in piles(cast.head) if p.duty.name == "review_emergency"]
    assert pile.count == 1
    with pytest.raises(PermissionDenied):
        declaring.review(emergency, cast.deputy)
    declaring.review(emergency, cast.head)
    assert [p for p in piles(cast.head) if p.duty.name == "review_emergency"] == []
    with pytest.raises(StepOvertaken):
        declaring.review(emergency, cast.head)


# --- Its bounds ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"begins": -2 * HOUR}, "begins_at"),
        ({"hours": -1}, "ends_at"),
        ({"hours": 0}, "ends_at"),
        ({"hours": MORE_THAN_ALLOWED / HOUR}, "ends_at"),
        ({"accounts": []}, "accounts"),
    ],
)
def test_what_cannot_be_declared_is_said_with_its_place(cast, account, given, place):
    begins = timezone.now() + given.pop("begins", datetime.timedelta())
    with pytest.raises(StepNotMet) as refused:
        declared(cast.head, **{"accounts": [account], "begins": begins} | given)
    assert [reason.place for reason in refused.value.reasons][:1] == [place]
    assert Emergency.objects.count() == 0


def test_this_very_minute_begins_now_and_never_before(cast, account):
    with time_machine.travel("2026-11-24 23:00:40+09:00", tick=False):
        emergency = declared(
            cast.head, account, begins=timezone.now() - datetime.timedelta(seconds=40)
        )
        assert emergency.begins_at == timezone.now()


def test_pressed_twice_it_is_one(cast, account):
    assert declared(cast.head, account) == declared(cast.head, account)
    assert Emergency.objects.count() == 1


# --- Its end ---------------------------------------------------------------------------------------------


def test_it_is_ended_early_by_who_could_declare_it_with_a_reason(cast, account):
    emergency = declared(cast.head, account)
    declaring.end(emergency, cast.pr_officer, "台風が過ぎたため")
    emergency.refresh_from_db()
    assert (emergency.ended_by, emergency.end_reason) == (cast.pr_officer, "台風が過ぎたため")
    assert may_post(account).allowed is False
    with pytest.raises(StepOvertaken):
        declaring.end(emergency, cast.head, "もう一度")


def test_what_the_pr_division_declared_no_head_ends(cast, account):
    emergency = declared(cast.pr_officer, account)
    for other in (cast.head, cast.officer, cast.auditor):
        with pytest.raises(PermissionDenied):
            declaring.end(emergency, other, "理由")


# --- Who hears of it ---------------------------------------------------------------------------------------


def test_who_may_post_for_its_accounts_and_the_pr_division_hear_of_it_and_of_its_end(cast, account):
    emergency = declared(cast.head, account)
    told = set(OutgoingMail.objects.values_list("recipient", flat=True))
    department = {cast.officer.pk, cast.colleague.pk, cast.deputy.pk}
    pr_division = {cast.pr_head.pk, cast.pr_officer.pk, cast.pr_second.pk}
    assert told == department | pr_division
    OutgoingMail.objects.all().delete()
    declaring.end(emergency, cast.head, "台風が過ぎたため")
    assert set(OutgoingMail.objects.values_list("recipient", flat=True)) == department | pr_division
    assert "台風が過ぎたため" in OutgoingMail.objects.first().body


# --- On the screen -------------------------------------------------------------------------------------------


def test_a_banner_says_so_on_every_staff_page_and_on_no_public_one(client: Client, cast, account):
    pages = ["/desk/", f"/desk/accounts/{account.pk}/", "/desk/emergencies/"]
    declared(cast.head, account)
    client.force_login(cast.pr_officer)
    for page in (*pages, "/admin/"):
        assert "緊急時の宣言中" in client.get(page).content.decode(), page
    for page in ("/", account.get_absolute_url()):
        assert "緊急時の宣言中" not in client.get(page).content.decode(), page
    with time_machine.travel(timezone.now() + 9 * HOUR, tick=False):
        client.force_login(cast.pr_officer)
        assert "緊急時の宣言中" not in client.get("/desk/").content.decode()


def posted(client: Client, person: User, **given: Any) -> Any:
    client.force_login(person)
    now = timezone.localtime()
    answers = {
        "begins_at": f"{now:%Y-%m-%dT%H:%M}", "ends_at": f"{now + HOUR:%Y-%m-%dT%H:%M}",
        "reason": "台風のため",
    }  # fmt: skip
    return client.post("/desk/emergencies/new/", answers | given)


def test_the_head_declares_it_on_a_page_and_finds_it_in_the_list(client: Client, cast, account):
    answer = posted(client, cast.head, accounts=[account.pk])
    emergency = Emergency.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, emergency.get_absolute_url())
    listed = client.get("/desk/emergencies/").content.decode()
    assert "台風のため" in listed
    assert "宣言中" in listed


def test_a_foreign_account_in_the_form_is_refused_and_nothing_typed_is_lost(client, cast, account):
    foreign = factories.official(cast.safety)
    page = posted(client, cast.head, accounts=[account.pk, foreign.pk], reason="洪水のおそれ")
    assert (page.status_code, Emergency.objects.count()) == (422, 0)
    assert "洪水のおそれ" in page.content.decode()


def test_the_pr_division_declares_for_all(client: Client, cast, account):
    assert posted(client, cast.pr_officer, scope="all", accounts=[account.pk]).status_code == 302
    emergency = Emergency.objects.get()
    assert (emergency.is_for_all, emergency.accounts.count()) == (True, 0)


def test_a_deputy_without_an_absence_is_told_what_to_do(client: Client, cast, account):
    page = posted(client, cast.deputy, accounts=[account.pk])
    assert page.status_code == 409
    assert "不在が記録されていないため" in page.content.decode()


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_two_who_end_it_at_once_are_one_end(cast, account):
    emergency = declared(cast.head, account)
    results = at_once(
        lambda: declaring.end(emergency, User.objects.get(pk=cast.head.pk), "一"),
        lambda: declaring.end(emergency, User.objects.get(pk=cast.pr_officer.pk), "二"),
    )
    assert len(refusals(results)) == 1
    assert Emergency.objects.get().end_reason in {"一", "二"}

"""The quarterly attestation, 3(6): when it is due, who confirms it, and what comes of silence."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import attesting
from accounts.attesting_forms import AttestationForm
from accounts.models import Account, Attestation
from accounts.quarters import due_on, opens_on
from shinshiro_sns.duties import piles, rows_for
from shinshiro_sns.steps import StepOvertaken
from tests import factories
from tests.conftest import Cast

DAY = datetime.date
TODAY = DAY(2026, 8, 20)
SEVERAL = "/desk/attestations/"


@pytest.fixture
def account(cast: Cast) -> Account:
    """Official since long ago, and never attested."""
    return factories.official(cast.tourism)


def page_of(account: Account) -> str:
    return reverse("accounts:attestation", args=[account.pk])


# --- The rule ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attested", "opens", "due"),
    [
        (DAY(2026, 1, 1), DAY(2026, 4, 1), DAY(2026, 6, 30)),
        (DAY(2026, 3, 31), DAY(2026, 4, 1), DAY(2026, 6, 30)),
        (DAY(2026, 4, 1), DAY(2026, 7, 1), DAY(2026, 9, 30)),
        (DAY(2026, 9, 30), DAY(2026, 10, 1), DAY(2026, 12, 31)),
        (DAY(2026, 12, 31), DAY(2027, 1, 1), DAY(2027, 3, 31)),
        (DAY(2028, 2, 29), DAY(2028, 4, 1), DAY(2028, 6, 30)),
    ],
)
def test_what_is_attested_in_a_quarter_holds_to_the_end_of_the_next(
    attested: DAY, opens: DAY, due: DAY
) -> None:
    assert (opens_on(attested), due_on(attested)) == (opens, due)


@pytest.mark.parametrize("official", [DAY(2025, 12, 31), DAY(2026, 1, 1), DAY(2026, 3, 31)])
@pytest.mark.parametrize("attested", [None, DAY(2026, 2, 10), DAY(2026, 6, 30), DAY(2026, 7, 1)])
def test_the_database_and_python_agree_on_every_border(
    cast: Cast, official: DAY, attested: DAY | None
) -> None:
    account = factories.official(cast.tourism, official_since=official, attested_on=attested)
    last = max(official, attested or official)

    for border in (opens_on(last), due_on(last) + datetime.timedelta(days=1)):
        for day in (border - datetime.timedelta(days=1), border):
            asked = Account.objects.to_attest(day).exists()
            overdue = Account.objects.attestation_overdue(day).exists()
            assert asked is (day >= opens_on(last))
            assert overdue is account.attestation_overdue(day) is (day > due_on(last))


@pytest.mark.parametrize("status", ["preparing", "suspended", "closed"])
def test_only_an_official_account_is_asked_for(cast: Cast, status: str) -> None:
    account = factories.official(cast.tourism, status=status)

    assert not Account.objects.to_attest(TODAY).exists()
    assert not Account.objects.attestation_overdue(TODAY).exists()
    assert (account.attestation_due_on, account.attestation_overdue(TODAY)) == (None, False)


# --- One account -------------------------------------------------------------------------------


def test_who_confirms_it_is_kept_with_the_day_the_last_post_and_the_followers(
    client: Client, cast: Cast, account: Account
) -> None:
    with time_machine.travel(datetime.datetime(2026, 8, 20, 3, tzinfo=datetime.UTC)):
        client.force_login(cast.officer)
        answer = client.post(
            page_of(account), {"last_post_on": "2026-08-18", "followers": 120, "confirmed": "on"}
        )

    assert answer["Location"] == page_of(account)
    row = Attestation.objects.get()
    said = (row.account, row.attested_on, row.attested_by, row.last_post_on, row.followers)
    assert said == (account, TODAY, cast.officer, DAY(2026, 8, 18), 120)
    account.refresh_from_db()
    assert (account.attested_on, account.last_post_on) == (TODAY, DAY(2026, 8, 18))
    assert not Account.objects.to_attest(TODAY).exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"last_post_on": "2100-01-01", "confirmed": "on"}, "未来の日付は入力できません。"),
        ({"last_post_on": "", "confirmed": "on"}, "最終投稿日を入力してください。"),
        ({"last_post_on": "2026-02-30", "confirmed": "on"}, "日付を正しく入力してください。"),
        ({"last_post_on": "2026-02-20"}, "確かめたら、印を付けてください。"),
        (
            {"last_post_on": "2026-02-20", "confirmed": "on", "followers": str(2**31)},
            "2147483647",
        ),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_recorded(
    client: Client, cast: Cast, typed: dict[str, str], sentence: str
) -> None:
    account = factories.official(cast.tourism, last_post_on=DAY(2026, 2, 1))
    client.force_login(cast.officer)

    answer = client.post(page_of(account), typed)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert (
        f'value="{typed["last_post_on"]}"' in answer.content.decode() or not typed["last_post_on"]
    )
    assert not Attestation.objects.exists()


def test_an_earlier_post_than_was_recorded_is_taken_with_a_word_of_doubt(
    client: Client, cast: Cast
) -> None:
    account = factories.official(cast.tourism, last_post_on=DAY(2026, 2, 1))
    client.force_login(cast.officer)

    answer = client.post(
        page_of(account), {"last_post_on": "2026-01-20", "confirmed": "on"}, follow=True
    )

    assert "前に記録した日(2026年2月1日)より前です。" in answer.content.decode()
    account.refresh_from_db()
    assert account.last_post_on == DAY(2026, 1, 20)


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({}, {"last_post_on"}),
        ({"never_posted": "on"}, set()),
        ({"last_post_on": "2026/2/3"}, set()),
        ({"never_posted": "on", "last_post_on": "2026-02-03"}, {"never_posted"}),
    ],
)
def test_an_account_without_a_known_post_gives_its_day_or_says_that_there_was_none(
    account: Account, typed: dict[str, str], wrong: set[str]
) -> None:
    form = AttestationForm({"confirmed": "on", **typed}, account=account)

    assert set(form.errors) == wrong


def test_where_a_post_is_known_its_day_is_required_and_never_is_not_offered(cast: Cast) -> None:
    form = AttestationForm(account=factories.official(cast.tourism, last_post_on=TODAY))

    assert form.fields["last_post_on"].required
    assert "never_posted" not in form.fields


def test_sent_twice_by_one_person_it_is_recorded_once(cast: Cast, account: Account) -> None:
    for by in (cast.officer, cast.officer, cast.colleague):
        attesting.attest(account, by, last_post_on=None)

    assert list(Attestation.objects.values_list("attested_by", flat=True)) == [
        cast.colleague.pk, cast.officer.pk,
    ]  # fmt: skip


def test_a_clock_set_back_takes_no_attestation_back(cast: Cast) -> None:
    account = factories.official(cast.tourism, attested_on=DAY(2099, 1, 1))

    attesting.attest(account, cast.officer, last_post_on=None)

    account.refresh_from_db()
    assert account.attested_on == DAY(2099, 1, 1)


def test_a_suspended_account_is_not_attested(cast: Cast) -> None:
    account = factories.official(cast.tourism, status="suspended")

    with pytest.raises(StepOvertaken, match="「停止中」のため、四半期ごとの確認は要りません。"):
        attesting.attest(account, cast.officer, last_post_on=None)

    assert not Attestation.objects.exists()


def test_who_only_reads_sees_the_record_and_no_form(
    client: Client, cast: Cast, account: Account
) -> None:
    attesting.attest(account, cast.officer, last_post_on=None)

    for person in (cast.auditor, cast.pr_officer):
        client.force_login(person)
        answer = client.get(page_of(account))
        assert answer.context["form"] is None
        assert cast.officer.name in answer.content.decode()
        assert client.post(page_of(account), {"confirmed": "on"}).status_code == 403


# --- Several at once ---------------------------------------------------------------------------


def rows(*said: tuple[Account, dict[str, str]]) -> dict[str, str]:
    return {
        f"account-{account.pk}-{name}": value
        for account, values in said
        for name, value in values.items()
    }


def test_all_accounts_of_a_department_are_confirmed_in_one_go(client: Client, cast: Cast) -> None:
    mine = [factories.official(cast.tourism) for _ in range(3)]
    foreign = factories.official(cast.safety)
    client.force_login(cast.officer)
    assert [form.account for form in client.get(SEVERAL).context["forms"]] == mine

    given = {"last_post_on": "2026-01-20", "confirmed": "on"}
    answer = client.post(SEVERAL, rows(*((account, given) for account in [*mine, foreign])))

    assert answer["Location"] == SEVERAL
    assert set(Attestation.objects.values_list("account", flat=True)) == {a.pk for a in mine}
    assert "この四半期に確かめるアカウントはありません" in client.get(SEVERAL).content.decode()


def test_what_is_right_is_recorded_and_what_is_not_comes_back_as_it_was_typed(
    client: Client, cast: Cast
) -> None:
    right, unticked, future, left = (factories.official(cast.tourism) for _ in range(4))
    client.force_login(cast.officer)

    answer = client.post(
        SEVERAL,
        rows(
            (right, {"last_post_on": "2026-01-20", "confirmed": "on"}),
            (unticked, {"last_post_on": "2026-01-21"}),
            (future, {"last_post_on": "2100-01-01", "confirmed": "on"}),
            (left, {"last_post_on": ""}),
        ),
    )

    assert answer.status_code == 422
    assert [row.account for row in Attestation.objects.all()] == [right]
    shown = {form.account: form for form in answer.context["forms"]}
    assert list(shown) == [unticked, future, left]
    assert shown[unticked].errors.keys() == {"confirmed"}
    assert shown[future].errors.keys() == {"last_post_on"}
    assert not shown[left].is_bound
    html = answer.content.decode()
    assert 'value="2026-01-21"' in html
    assert 'value="2100-01-01"' in html
    assert "1件の確認を記録しました。" in html


def test_an_account_that_is_official_no_more_is_named(client: Client, cast: Cast) -> None:
    account = factories.official(cast.tourism, status="closed")
    client.force_login(cast.officer)

    answer = client.post(SEVERAL, rows((account, {"never_posted": "on", "confirmed": "on"})))

    assert answer.status_code == 422
    assert f"{account}:「廃止」のため" in answer.content.decode()


@pytest.mark.parametrize(
    "name", ["account-x-confirmed", f"account-{'9' * 40}-confirmed", "account-"]
)
def test_a_row_nobody_offered_is_nothing(client: Client, cast: Cast, name: str) -> None:
    client.force_login(cast.officer)

    assert client.post(SEVERAL, {name: "on"})["Location"] == SEVERAL


@pytest.mark.parametrize("url", [SEVERAL, "/desk/"])
def test_the_page_asks_as_often_for_three_accounts_as_for_one(
    client: Client, cast: Cast, account: Account, url: str
) -> None:
    def queries() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    client.force_login(cast.officer)
    one = queries()
    for _ in range(2):
        factories.official(cast.tourism)

    assert queries() == one


# --- Duties ------------------------------------------------------------------------------------


def tasks(person: Any, day: DAY, name: str) -> list[Any]:
    return [task for pile in piles(person, day) if pile.duty.name == name for task in pile.tasks]


def test_it_is_the_officers_from_the_first_day_of_the_quarter_until_the_last(cast: Cast) -> None:
    factories.official(cast.tourism, official_since=DAY(2026, 2, 1))

    assert tasks(cast.officer, DAY(2026, 3, 31), "attest") == []
    [task] = tasks(cast.officer, DAY(2026, 4, 1), "attest")
    assert (timezone.localdate(task.since), task.due) == (DAY(2026, 4, 1), DAY(2026, 6, 30))
    assert tasks(cast.head, DAY(2026, 4, 1), "attest") == []
    assert tasks(cast.partner_officer, DAY(2026, 4, 1), "attest") == []


def test_the_longest_unconfirmed_comes_first(cast: Cast) -> None:
    new = factories.official(cast.tourism, official_since=DAY(2026, 3, 1))
    old = factories.official(cast.tourism)
    attested = factories.official(cast.tourism, attested_on=DAY(2026, 1, 5))

    assert list(rows_for(cast.officer, "attest", TODAY)) == [old, attested, new]


@pytest.mark.parametrize(
    ("last", "day", "is_idle"),
    [
        (DAY(2026, 2, 28), DAY(2026, 8, 28), False),
        (DAY(2026, 2, 28), DAY(2026, 8, 29), True),
        (DAY(2026, 2, 28), DAY(2026, 8, 31), True),
        (DAY(2025, 8, 31), DAY(2026, 2, 28), False),
        (DAY(2025, 8, 31), DAY(2026, 3, 1), True),
        (None, TODAY, True),
    ],
)
def test_without_a_post_for_so_many_calendar_months_the_head_decides(
    cast: Cast, last: DAY | None, day: DAY, is_idle: bool
) -> None:
    factories.official(cast.tourism, last_post_on=last)

    assert bool(tasks(cast.head, day, "idle")) is is_idle
    assert tasks(cast.officer, day, "idle") == tasks(cast.pr_officer, day, "idle") == []


def test_an_account_brought_back_into_use_has_as_long_again(cast: Cast) -> None:
    resumed = timezone.make_aware(datetime.datetime(2026, 8, 1, 9))
    factories.official(cast.tourism, last_post_on=DAY(2020, 5, 1))
    Account.objects.update(state_since=resumed)

    assert tasks(cast.head, TODAY, "idle") == []
    [task] = tasks(cast.head, DAY(2027, 2, 2), "idle")
    assert timezone.localdate(task.since) == DAY(2027, 2, 2)
    assert task.link == reverse("accounts:standing", args=[Account.objects.get().pk])


def test_the_page_for_several_is_linked_where_there_is_something_to_attest(
    cast: Cast, client: Client, account: Account, time_machine: Any
) -> None:
    time_machine.move_to(datetime.datetime(2026, 8, 20, 3, tzinfo=datetime.UTC), tick=False)
    client.force_login(cast.officer)
    link = f'href="{SEVERAL}"'

    def linked() -> list[bool]:
        pages = (reverse("desk"), reverse("staff:duty", args=["attest"]))
        return [link in client.get(page).content.decode() for page in pages]

    accounts = reverse("policies:accounts")
    assert (linked(), link in client.get(accounts).content.decode()) == ([False, False], True)
    factories.official(cast.tourism)
    assert linked() == [True, True]
    client.force_login(cast.auditor)
    assert link not in client.get(accounts).content.decode()

"""乗っ取り, 5: nothing public says that an account is the city's while somebody else may hold it, and
what guards it falls due at once."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts import doubting, log_in_means, passwords
from accounts.models import Account, CredentialChange, Credentials, Notice
from incidents import facts
from incidents.models import Incident
from publication.catalogue import addresses
from publication.state import PublicState
from shinshiro_sns.duties import rows_for
from tests import factories
from tests.conftest import Cast
from tests.incidents import things

URL = "https://x.com/example_kanko"


@pytest.fixture
def account(cast: Cast) -> Account:
    return factories.official(cast.tourism, handle="example_kanko", url=URL, name="新城市観光")


@pytest.fixture
def incident(cast: Cast, account: Account) -> Incident:
    return things.incident(cast.officer, "hijack", account=account)


def vouching(client: Client, account: Account) -> dict[str, bool]:
    """By public place, whether it says that the account is the city's."""
    page, english = account.get_absolute_url(), f"/en/accounts/{account.pk}/"

    def text(address: str, **asked: str) -> str:
        return client.get(address, asked).content.decode()

    row = next(r for r in client.get("/accounts.json").json()["accounts"] if r["id"] == account.pk)
    in_index = client.get("/check/index.json").json()["accounts"]
    card = next(
        each
        for each in client.get("/list/index.json").json()["accounts"]
        if each["card"]["url"] == page
    )
    return {
        "check": client.get("/api/check", {"q": URL}).json()["verdict"] == "official",
        "check by name": client.get("/api/check", {"q": account.name}).json()["verdict"]
        == "official",
        "check index": next(r for r in in_index if r["id"] == account.pk)["status"] == "official",
        "open data": row["status"] == "official",
        "csv": f",{URL}," in text("/accounts.csv") and ",運用中," in text("/accounts.csv"),
        "trust.txt": URL in text("/.well-known/trust.txt"),
        "its page": f"これは{'新城市'}の公式アカウントです" in text(page),
        "its page links to it": f'href="{URL}"' in text(page),
        "its English page": "This is an official account" in text(english),
        "structured data": "sameAs" in text(page),
        "fragment": page in text("/accounts.fragment.html"),
        "poster": client.get(f"{page}poster/").status_code == 200,
        "list": not card["former"],
        "list page": page not in text("/list/former/"),
        "department": "停止中" not in text(f"/departments/{account.department_id}/"),
        "published poster": f"{page}poster/" in addresses(PublicState()),
    }


def test_from_the_moment_it_is_opened_no_public_place_vouches_for_it(
    client: Client, cast: Cast, account: Account
) -> None:
    assert set(vouching(client, account).values()) == {True}

    things.incident(cast.officer, "hijack", account=account)

    account.refresh_from_db()
    assert [place for place, says in vouching(client, account).items() if says] == []
    page = client.get(account.get_absolute_url()).content.decode()
    assert "このアカウントは、乗っ取られたおそれがあります" in page


def test_the_check_says_that_it_may_have_been_taken_over(
    client: Client, cast: Cast, account: Account, incident: Incident
) -> None:
    answer = client.get("/api/check", {"q": URL}).json()

    assert answer["verdict"] == "former"
    assert [each["codes"] for each in answer["findings"]] == [["doubted"]]
    assert "乗っ取られたおそれがあり" in answer["findings"][0]["said"][0]
    assert "偽物ではありません" not in answer["findings"][0]["said"][0]


def resume(cast: Cast, incident: Incident) -> None:
    things.does(incident, "resume", cast.head)


def waive(cast: Cast, incident: Incident) -> None:
    things.does(incident, "resume", cast.head, "waive")


def cancel(cast: Cast, incident: Incident) -> None:
    things.moved(incident, "cancel", cast.head)


def another_kind(cast: Cast, incident: Incident) -> None:
    from incidents.changing import change_kind  # noqa: PLC0415

    incident.refresh_from_db()
    change_kind(incident, "other", cast.head, note="違った", seen=incident.revision)


@pytest.mark.parametrize("way", [resume, waive, cancel, another_kind])
def test_once_that_is_settled_it_is_what_it_was(
    client: Client, cast: Cast, account: Account, incident: Incident,
    way: Callable[[Cast, Incident], None],
) -> None:  # fmt: skip
    way(cast, incident)

    assert set(vouching(client, Account.objects.get(pk=account.pk)).values()) == {True}


def test_taken_back_the_decision_to_resume_doubts_it_again(
    cast: Cast, account: Account, incident: Incident
) -> None:
    things.does(incident, "resume", cast.head)
    things.does(incident, "resume", cast.head, "undo")

    assert Account.objects.get(pk=account.pk).is_in_doubt


def test_while_another_case_doubts_it_too_the_end_of_one_settles_nothing(
    cast: Cast, account: Account, incident: Incident
) -> None:
    other = things.incident(cast.officer, "hijack", account=account, known="もう一つ")
    since = Account.objects.get(pk=account.pk).doubted_since

    things.moved(incident, "cancel", cast.head)
    assert Account.objects.get(pk=account.pk).doubted_since == since

    things.moved(other, "cancel", cast.head)
    assert Account.objects.get(pk=account.pk).doubted_since is None


def test_reopened_it_doubts_the_account_again_only_where_nobody_decided_to_resume(
    cast: Cast, account: Account, incident: Incident
) -> None:
    things.moved(incident, "cancel", cast.head)
    things.moved(incident, "reopen", cast.head)
    assert Account.objects.get(pk=account.pk).is_in_doubt

    things.does(incident, "resume", cast.head)
    things.moved(incident, "cancel", cast.head)
    things.moved(incident, "reopen", cast.head)
    assert not Account.objects.get(pk=account.pk).is_in_doubt


def test_it_opens_the_duties_of_its_credentials_until_they_are_done(
    cast: Cast, account: Account
) -> None:
    today = timezone.localdate()
    before = today - datetime.timedelta(days=3)
    factories.password_change(account, cast.officer, changed_on=before)
    Credentials.objects.create(
        account=account, two_factor="app", checked_on=before, checked_by=cast.officer
    )
    for name in ("password", "credentials"):
        assert list(rows_for(cast.officer, name, today)) == []

    incident = things.incident(cast.officer, "hijack", account=account)

    for name in ("password", "credentials"):
        assert list(rows_for(cast.officer, name, today)) == [account]
    due = passwords.due(Account.objects.get(pk=account.pk))
    assert due is not None
    assert (due.on, due.why) == (today, passwords.Why.DOUBT)
    things.does(incident, "password", cast.officer)
    assert list(rows_for(cast.officer, "password", today)) == []
    assert CredentialChange.objects.filter(reason="suspicion").count() == 1


def test_the_warning_is_published_on_the_citys_site_by_its_step(
    client: Client, cast: Cast, account: Account, incident: Incident
) -> None:
    things.does(
        incident, "warn", cast.pr_officer, title="乗っ取りにご注意ください",
        body="開かないでください。", urgent_for=datetime.timedelta(days=1),
    )  # fmt: skip

    notice = Notice.objects.get()
    assert (notice.kind, notice.account) == ("warning", account)
    assert things.step(incident, "warn").url.endswith(notice.get_absolute_url())
    assert "乗っ取りにご注意ください" in client.get("/check/").content.decode()


def test_twice_doubted_it_is_doubted_since_the_first_time(cast: Cast, account: Account) -> None:
    doubting.doubt(account, cast.officer)
    first = Account.objects.get(pk=account.pk)
    doubting.doubt(account, cast.pr_officer)

    again = Account.objects.get(pk=account.pk)
    assert (again.doubted_since, again.revision) == (first.doubted_since, first.revision)
    assert again.history.first().step == "doubt"


def test_every_doubt_and_its_end_is_kept_with_whoever_said_so(
    cast: Cast, account: Account, incident: Incident
) -> None:
    before = Account.objects.get(pk=account.pk)
    # Whoever looks at what was true before is told, and goes on from what is true now.
    doubting.trust(before, cast.head)
    now = Account.objects.get(pk=account.pk)
    assert (before.doubted_since, before.revision) == (None, now.revision)
    doubting.doubt(now, cast.pr_officer)

    kept = now.history.exclude(step="").order_by("history_id")
    assert [(row.step, row.history_user) for row in kept][-3:] == [
        ("doubt", cast.officer), ("trust", cast.head), ("doubt", cast.pr_officer),
    ]  # fmt: skip
    revisions = [row.revision for row in kept][-3:]
    assert revisions == [revisions[0], revisions[0] + 1, revisions[0] + 2]


# --- The account is put right -----------------------------------------------------------------------


def revised(incident: Incident, by: object, account: Account | None) -> None:
    """The facts of it are sent with this account, as its page sends them."""
    now = Incident.objects.get(pk=incident.pk)
    client = Client()
    client.force_login(by)  # type: ignore[arg-type]
    found = timezone.localtime(now.discovered_at).strftime("%Y-%m-%dT%H:%M")
    answer = client.post(
        f"{now.get_absolute_url()}facts/",
        {
            "title": now.title, "known": now.known, "severity": now.severity, "service": now.service,
            "account": account.pk if account else "", "department": now.department_id,
            "discovered_at": found, "discovered_how": "", "seen": facts.seal(now),
        },
    )  # fmt: skip
    assert answer.status_code == 302


def in_doubt(*accounts: Account) -> list[bool]:
    return [Account.objects.get(pk=account.pk).is_in_doubt for account in accounts]


def test_where_it_was_another_account_the_one_is_vouched_for_again_and_the_other_is_not(
    cast: Cast, account: Account, incident: Incident
) -> None:
    other = factories.official(cast.tourism)

    revised(incident, cast.officer, other)
    assert in_doubt(account, other) == [False, True]

    things.does(incident, "resume", cast.head)
    revised(incident, cast.officer, account)
    assert in_doubt(account, other) == [False, False]


def test_the_account_of_a_case_that_turned_out_to_be_a_hijack_is_in_doubt_once_it_is_known(
    cast: Cast, account: Account
) -> None:
    from incidents.changing import change_kind  # noqa: PLC0415

    case = things.incident(cast.officer, "impersonation", department=cast.tourism)
    case = change_kind(case, "hijack", cast.head, note="乗っ取りだった", seen=case.revision)
    assert in_doubt(account) == [False]

    revised(case, cast.officer, account)
    assert in_doubt(account) == [True]


def test_an_account_is_no_more_in_doubt_once_its_case_is_about_none(
    cast: Cast, account: Account
) -> None:
    case = things.incident(cast.officer, "hijack", account=account)
    other = things.incident(cast.officer, "hijack", account=account, known="もう一つ")

    revised(case, cast.pr_officer, None)
    assert in_doubt(account) == [True]
    revised(other, cast.pr_officer, None)
    assert in_doubt(account) == [False]


# --- When the password falls due ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed_ago", "doubted_ago", "due_ago", "why"),
    [
        # It was due already: the reason that matters is told, and since when stays true.
        (200, 1, 110, "doubt"),
        (10, 1, 1, "doubt"),
        # Changed on that day or later, it is as safe as any.
        (1, 1, -89, "interval"),
        (1, 3, -89, "interval"),
    ],
)
def test_for_one_account_and_for_all_the_password_falls_due_on_the_same_day_for_the_same_reason(
    cast: Cast, account: Account, changed_ago: int, doubted_ago: int, due_ago: int, why: str
) -> None:
    today = datetime.date(2026, 11, 27)
    changed_on = today - datetime.timedelta(days=changed_ago)
    at = timezone.make_aware(datetime.datetime.combine(today, datetime.time(9)))
    Account.objects.filter(pk=account.pk).update(
        password_changed_on=changed_on,
        doubted_since=at - datetime.timedelta(days=doubted_ago),
    )
    account.refresh_from_db()

    alone = passwords.due(account, today)
    assert alone is not None
    among = passwords.with_due(Account.objects.filter(pk=account.pk), today).get()

    assert (alone.on, alone.why) == (among.password_due_on, passwords.why(among))
    assert alone.why == why
    # Three calendar months, counted in days here: near enough to tell one day from another.
    assert abs((today - alone.on).days - due_ago) <= 2
    is_due = alone.on <= today
    assert passwords.due_by(today, today).filter(pk=account.pk).exists() == is_due


@pytest.mark.parametrize(("checked", "wanting"), [(-1, True), (0, False), (1, False)])
def test_the_means_to_log_in_are_checked_on_the_day_of_the_doubt_or_later(
    cast: Cast, account: Account, incident: Incident, checked: int, wanting: bool
) -> None:
    account.refresh_from_db()
    assert account.doubted_since is not None
    day = timezone.localdate(account.doubted_since)
    Credentials.objects.create(
        account=account, two_factor="app", checked_on=day + datetime.timedelta(days=checked),
        checked_by=cast.officer,
    )  # fmt: skip

    row = log_in_means.with_findings(day + datetime.timedelta(days=2)).get(pk=account.pk)

    found = [finding.name for finding in log_in_means.findings(row)]
    assert ("found_in_doubt" in found) == wanting


def test_never_checked_they_are_wanting_since_the_doubt(
    cast: Cast, account: Account, incident: Incident
) -> None:
    row = log_in_means.with_findings(timezone.localdate()).get(pk=account.pk)
    calm = factories.official(cast.tourism)
    other = log_in_means.with_findings(timezone.localdate()).get(pk=calm.pk)

    assert (row.found_in_doubt, other.found_in_doubt) == (timezone.localdate(), None)


def test_the_warning_is_proposed_with_the_accounts_name(
    client: Client, cast: Cast, account: Account, incident: Incident
) -> None:
    client.force_login(cast.pr_officer)

    form = client.get(things.step(incident, "warn").get_absolute_url()).context["form"]

    said = f"市のアカウント「{account.title}」が乗っ取られたおそれがあります"
    assert form["title"].value() == said

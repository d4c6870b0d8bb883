"""全庁の状況: what is open and late in the whole city, what an audit asks, and who may look."""

import csv
import datetime
import io

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import overview
from accounts.models import Access, Account, Credentials, LinkCheck
from accounts.models.account import HandleFate
from policies.models import OperatingPolicy
from shinshiro_sns.duties import DUTIES
from shinshiro_sns.questions import QUESTIONS
from staff.models import Membership
from tests import factories

State = OperatingPolicy.State
TODAY = datetime.date(2026, 6, 15)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime.datetime(2026, 6, 15, 3, tzinfo=datetime.UTC), tick=False):
        yield


def ago(days):
    return TODAY - datetime.timedelta(days=days)


def official(of, days=400, people=(), **fields):
    """An account that has been official for so many days, with who can log in; without its filing."""
    since = ago(days)
    account = factories.account(
        of, status="official", official_since=since, created_at=_morning(since),
        state_since=_morning(since), registration_email="a@city.shinshiro.lg.jp", **fields,
    )  # fmt: skip
    for person in people:
        for kind in Access.Kind.values:
            Access.objects.create(account=account, person=person, kind=kind, since=since)
    return account


def sound(cast):
    """An official account of which nothing is wanting."""
    account = factories.account(cast.tourism, registration_email="a@city.shinshiro.lg.jp")
    factories.policy(
        account, cast.officer, State.IN_FORCE, head=cast.head, receiver=cast.pr_officer
    )
    for person in (cast.officer, cast.colleague):
        Access.objects.create(account=account, person=person, kind="administrator")
    factories.certification(account, "not_offered")
    factories.link_check(account, checked_by=cast.officer)
    factories.password_change(account, cast.officer)
    Credentials.objects.create(
        account=account, two_factor="app", recovery_address="a@city.shinshiro.lg.jp",
        recovery_department=cast.tourism, checked_on=TODAY, checked_by=cast.officer,
    )  # fmt: skip
    Account.objects.filter(pk=account.pk).update(attested_on=TODAY, last_post_on=TODAY)
    return Account.objects.get(pk=account.pk)


def _morning(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(9)))


def found(name):
    question = next(question for question in QUESTIONS if question.name == name)
    return list(question.rows(TODAY).order_by("pk"))


def words(account):
    ((_, cells),) = overview.by_clause([account], TODAY)
    return {cell.clause: cell.word for cell in cells}


# --- What an audit asks ------------------------------------------------------------------------


def test_an_account_is_asked_about_until_a_policy_is_in_force(cast):
    drafted, received, given_up, never = (factories.account(cast.tourism) for _ in range(4))
    factories.draft(drafted, cast.officer)
    factories.policy(
        received, cast.officer, State.IN_FORCE, head=cast.head, receiver=cast.pr_officer
    )
    factories.policy(given_up, cast.officer, State.WITHDRAWN)
    assert found("without_policy") == [drafted, never]


def test_an_account_nobody_can_log_in_to_is_named(cast):
    official(cast.tourism, people=(cast.officer,))
    official(cast.tourism, people=(cast.officer, cast.deputy))
    left = official(cast.tourism, people=(cast.colleague,))
    elsewhere = official(cast.tourism, people=(cast.partner_officer,))
    shared = official(cast.tourism, people=(cast.partner_officer,), is_shared=True)
    shared.partners.add(cast.safety)
    without = official(cast.tourism)
    Membership.objects.filter(user=cast.colleague).update(valid_until=ago(1))
    assert found("nobody_can_log_in") == [left, elsewhere, without]


def test_an_account_of_a_department_without_people_is_named(cast):
    empty = factories.department()
    unknown = official(empty)
    official(cast.tourism)
    Account.objects.filter(pk=official(empty).pk).update(status="closed")
    assert found("without_people") == [unknown]


def test_a_password_is_overdue_from_the_day_after_it_was_due(cast):
    accounts = [official(cast.tourism, people=(cast.officer,)) for _ in range(3)]
    changes = (datetime.date(2026, 3, 15), datetime.date(2026, 3, 14))
    for account, day in zip(accounts, changes, strict=False):
        Account.objects.filter(pk=account.pk).update(password_changed_on=day)
    assert found("password_overdue") == accounts[1:]


@pytest.mark.parametrize(
    ("state", "is_named"),
    [("possible", True), ("applied", True), ("lapsed", True), ("certified", False),
     ("refused", False), ("not_offered", False)],
)  # fmt: skip
def test_an_account_that_could_be_certified_is_named_until_it_is_or_cannot_be(
    cast, state, is_named
):
    unrecorded, account = official(cast.tourism), official(cast.tourism)
    fields = {"kind": "application", "dated_on": TODAY} if state == "certified" else {}
    factories.certification(account, state, **fields)
    assert found("not_certified") == [unrecorded, account][: 1 + is_named]


def test_only_what_was_seen_last_tells_of_the_link_back(cast):
    linked, lost, unread, never = (official(cast.tourism) for _ in range(4))
    factories.link_check(linked, "missing", checked_on=ago(9), checked_by=cast.officer)
    factories.link_check(linked, "linked", checked_by=cast.officer)
    factories.link_check(lost, "linked", checked_on=ago(9), checked_by=cast.officer)
    factories.link_check(lost, "missing", checked_by=cast.officer)
    factories.link_check(unread, "linked", checked_on=ago(9), checked_by=cast.officer)
    LinkCheck.objects.create(account=unread, outcome="unreachable", way="automatic")
    assert found("not_linked_back") == [lost, never]


# --- The table of clauses ----------------------------------------------------------------------


def test_a_sound_account_stands_by_every_clause_that_concerns_it(cast):
    assert words(sound(cast)) == {
        "3(1)": "✓ 適合", "3(2)": "✓ 適合", "3(3)": "✓ 適合", "3(4)": "対象外", "3(5)": "✓ 適合",
        "3(6)": "✓ 適合", "3(7)": "✓ 適合", "4(1)": "✓ 適合", "4(2)": "✓ 適合", "4(4)": "✓ 適合",
    }  # fmt: skip


def test_what_concerns_no_account_that_is_prepared_or_closed_is_not_asked_of_it(cast):
    preparing = factories.account(cast.tourism)
    closed = official(cast.tourism)
    Account.objects.filter(pk=closed.pk).update(status="closed", handle_fate="deleted")
    assert words(preparing) == dict.fromkeys(overview.CLAUSES, "対象外") | {"3(2)": "要対応"}
    assert words(Account.objects.get(pk=closed.pk)) == dict.fromkeys(overview.CLAUSES, "対象外")


def test_a_guarded_handle_still_owes_its_password(cast):
    account = sound(cast)
    Account.objects.filter(pk=account.pk).update(
        status="closed", handle_fate=HandleFate.GUARDED, password_changed_on=ago(200)
    )
    assert words(Account.objects.get(pk=account.pk))["3(7)"] == "要対応"


@pytest.mark.parametrize(
    ("email", "reason", "word"),
    [("a@city.shinshiro.lg.jp", "", "✓ 適合"), ("a@mail.example", "", "要対応"),
     ("a@mail.example", "運営者が求めるため", "✓ 例外(理由あり)")],
)  # fmt: skip
def test_the_registration_address_is_the_citys_or_has_a_reason(cast, email, reason, word):
    account = official(cast.tourism)
    account.registration_email, account.registration_email_reason = email, reason
    assert words(account)["3(5)"] == word


# --- The numbers -------------------------------------------------------------------------------


def test_what_is_late_is_counted_with_the_department_that_is_latest(cast):
    for department, days in ((cast.tourism, 12), (cast.safety, 30), (cast.tourism, 2)):
        factories.account(department, created_at=_morning(ago(days)))
    lines = {line.duty.name: line for line in overview.duty_lines(TODAY)}
    draft = lines["draft"]
    assert (draft.open, draft.late, draft.latest, draft.latest_department) == (
        3, 2, ago(23), cast.safety,
    )  # fmt: skip
    (of_tourism,) = [
        line for line in overview.duty_lines(TODAY, cast.tourism) if line.duty.name == "draft"
    ]
    assert (of_tourism.open, of_tourism.late, of_tourism.latest) == (2, 1, ago(5))


def test_what_sql_calls_late_is_what_is_past_its_deadline(cast):
    for days in (6, 7, 8, 89, 100, 150, 200, 400):
        factories.account(cast.tourism, created_at=_morning(ago(days)))
        young = official(cast.tourism, days=days, people=(cast.officer,))
        factories.link_check(young, "missing", checked_on=ago(days), checked_by=cast.officer)
        official(cast.tourism, days=days, last_post_on=ago(days // 2))
        old = official(cast.tourism, people=(cast.officer, cast.deputy))
        factories.link_check(old, checked_on=ago(days), checked_by=cast.officer)
        factories.certification(old, "applied", dated_on=ago(days))
        Account.objects.filter(pk=old.pk).update(
            password_changed_on=ago(days), attested_on=ago(days)
        )
    factories.draft(young, cast.officer)
    OperatingPolicy.objects.update(state_since=_morning(ago(8)))
    late, told, unsorted = {}, {}, []
    for duty in DUTIES:
        rows = list(duty.rows(TODAY))
        late[duty.name] = [row.pk for row in rows if duty.deadline(row) < TODAY]
        told[duty.name] = [row.pk for row in duty.late(duty.rows(TODAY), TODAY)]
        deadlines = [duty.deadline(row) for row in rows]
        unsorted += [duty.name] * (deadlines != sorted(deadlines))
    assert told == late
    assert unsorted == []
    assert {name for name, rows in late.items() if rows} >= {
        "draft", "finish", "password", "attest", "idle", "link_lost", "link_put", "link_again",
        "certify", "certification_answer",
    }  # fmt: skip
    assert [duty.name for duty in DUTIES if duty.overdue is None] == []


# --- The pages ---------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["pr_officer", "auditor", "administrator"])
def test_who_may_see_the_whole_city_finds_it_from_the_admins_front_page(cast, client, who):
    client.force_login(getattr(cast, who))
    assert reverse("overview:index") in client.get("/admin/").content.decode()
    assert client.get(reverse("overview:index")).status_code == 200


def test_the_numbers_lead_to_their_lists(cast, client):
    account = factories.account(cast.tourism, name="花火", created_at=_morning(ago(12)))
    factories.account(cast.safety, created_at=_morning(ago(2)))
    client.force_login(cast.pr_officer)
    url = reverse("overview:duty", args=["draft"])
    assert f'href="{url}"' in client.get(reverse("overview:index")).content.decode()
    page = client.get(url)
    assert page.context["tasks"][0]["account"] == account.pk
    text = page.content.decode()
    assert "5日過ぎています" in text
    assert "観光 同僚さん、観光 担当さん" in text
    narrowed = client.get(url, {"department": cast.safety.pk, "q": ""})
    assert [row["department"] for row in narrowed.context["tasks"]] == [cast.safety]
    assert [row["account"] for row in client.get(url, {"q": "花火"}).context["tasks"]] == [
        account.pk
    ]
    asked = client.get(reverse("overview:question", args=["without_policy"]), {"q": "花火"})
    assert list(asked.context["page"]) == [account]


@pytest.mark.parametrize("bad", [{"department": "x"}, {"department": "9" * 30}, {"q": "\0"}])
def test_what_makes_no_sense_narrows_nothing(cast, client, bad):
    factories.account(cast.tourism)
    client.force_login(cast.auditor)
    page = client.get(reverse("overview:duty", args=["draft"]), bad)
    assert (page.status_code, len(page.context["tasks"])) == (200, 1)


def test_a_list_leaves_as_a_table_that_runs_no_formula(cast, client):
    account = factories.account(cast.tourism, name="=1+1", created_at=_morning(ago(12)))
    client.force_login(cast.pr_officer)

    def table(name, *args):
        answer = client.get(reverse(f"overview:{name}", args=args), {"format": "csv"})
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        text = answer.getvalue().decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text)))

    assert table("duty", "draft")[1][1:6] == [
        "運用ポリシーがまだないアカウント", f"{account}(観光課)", "観光課", "2026-06-10", "5",
    ]  # fmt: skip
    assert table("question", "without_policy")[1][1] == "'=1+1"
    assert ["3(2)", "運用ポリシーがまだないアカウント", "1", "1", "観光課", "2026-06-10"] in table(
        "index"
    )
    assert table("clauses")[1][4:6] == ["対象外", "要対応"]


@pytest.mark.parametrize(
    ("name", "args"),
    [("index", []), ("clauses", []), ("duty", ["draft"]), ("question", ["without_policy"])],
)
def test_three_accounts_ask_the_database_as_often_as_one(cast, client, name, args):
    client.force_login(cast.pr_officer)

    def queries():
        url = reverse(f"overview:{name}", args=args)
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    def grow():
        factories.account(cast.tourism, created_at=_morning(ago(12)))
        official(cast.tourism, people=(cast.officer,))

    grow()
    of_one = queries()
    grow()
    grow()
    assert queries() == of_one


# --- Who does not read the ledger of passwords --------------------------------------------------


@pytest.mark.parametrize("name", ["password", "administrators", "credentials", "handover"])
def test_who_does_not_read_the_ledger_of_passwords_sees_nothing_of_it_here(cast, client, name):
    official(cast.tourism, days=200)
    client.force_login(cast.administrator)
    index = client.get(reverse("overview:index"))
    url = reverse("overview:duty", args=[name])
    named = {duty.name for duty in index.context["done"]}
    assert name not in named | {line.duty.name for line in index.context["lines"]}
    statuses = [client.get(url, query).status_code for query in ({}, {"format": "csv"})]
    assert (url in index.text, statuses) == (False, [403, 403])
    client.force_login(cast.auditor)
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("name", ["password_overdue", "nobody_can_log_in"])
def test_nor_the_answers_that_come_from_it(cast, client, name):
    url = reverse("overview:question", args=[name])
    client.force_login(cast.administrator)
    assert url not in client.get(reverse("overview:index")).text
    assert client.get(url).status_code == 403
    client.force_login(cast.pr_officer)
    assert url in client.get(reverse("overview:index")).text
    assert client.get(url).status_code == 200


def test_nor_how_accounts_stand_by_its_clause(cast, client):
    official(cast.tourism)

    def headings(person):
        client.force_login(person)
        answer = client.get(reverse("overview:clauses"), {"format": "csv"})
        return next(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))[4:]

    assert headings(cast.auditor) == list(overview.CLAUSES)
    assert headings(cast.administrator) == [c for c in overview.CLAUSES if c != "3(7)"]


def test_an_administrator_who_is_also_an_officer_sees_no_more_of_the_city(cast, client):
    cast.officer.is_administrator = True
    cast.officer.save()
    client.force_login(cast.officer)
    assert client.get(reverse("overview:duty", args=["password"])).status_code == 403


@pytest.mark.parametrize(("who", "is_there"), [("administrator", False), ("auditor", True)])
def test_the_register_written_out_has_its_columns_only_for_who_reads_the_ledger(
    cast, client, who, is_there
):
    official(cast.tourism)
    client.force_login(getattr(cast, who))
    answer = client.get("/admin/accounts/account/export/")
    columns = {"パスワードの最終変更日", "二要素認証", "利用する職員の数", "管理者の数"}
    headings = set(next(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))))
    assert columns & headings == (columns if is_there else set())

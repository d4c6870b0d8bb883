"""The demonstration: issue 2 item 10, a city to try every role in."""

from __future__ import annotations

import contextlib
import datetime
from collections import Counter
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Account, Certification, Notice
from policies import items
from policies.demonstration import seeding, tables
from policies.demonstration.clock import standing_at, working_day
from policies.models import Consultation, GuidelineVersion, OperatingPolicy
from policies.turns import turn
from postings.models import Emergency, Inquiry, Post, Supervision
from shinshiro_sns.duties import DUTIES, piles, rows_for
from shinshiro_sns.models import OutgoingMail
from staff import authority, roles
from staff.demonstration import DOMAIN, logins
from staff.models import Absence, Department, User
from tests import factories

State = OperatingPolicy.State
Role = roles.Role
NOW = "2026-11-23 09:00:00+09:00"  # a Monday


def demo(*arguments: str) -> str:
    """What `manage.py demo` says."""
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


def person(role: str) -> User:
    """The demonstration's person of that role."""
    [login] = [login for login in logins() if login.role == role]
    return User.objects.get(email=login.email)


@pytest.fixture(scope="module")
def seeded_once(django_db_setup: None, django_db_blocker: Any) -> Any:
    """The demonstration as it stands on an ordinary Monday, made once for all that only read it."""
    with django_db_blocker.unblock():
        with time_machine.travel(NOW, tick=False):
            seeding.seed()
        yield
        seeding.empty()


@pytest.fixture
def seeded(seeded_once: None, db: None) -> Any:
    """The demonstration, on the day it was made; what a test changes is rolled back."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def nothing(db: None) -> None:
    """An empty database, whichever test ran before."""
    seeding.empty()


def test_it_holds_a_city_with_policies_in_every_state(seeded: None) -> None:
    policies = OperatingPolicy.objects.all()
    assert Department.objects.count() == 12
    assert Department.objects.pr_division() == Department.objects.get(name="秘書人事課")
    assert User.objects.count() == 33
    assert Account.objects.count() == 32
    assert {p.state for p in policies} == set(State)
    assert {c.state for c in Consultation.objects.all()} == set(Consultation.State)
    assert Account.objects.filter(policies=None).count() == 2
    assert {len(r.reasons) > 1 for p in policies for r in p.returns.all()} == {True, False}
    assert policies.filter(version=2, state=State.DRAFT).get().account.policies.in_force().exists()
    assert policies.awaiting_review().count() == 1
    queue = policies.awaiting_receipt()
    assert {p.is_resubmission for p in queue} == {True, False}
    assert {p.assignee is None for p in queue} == {True, False}
    waiting = [(timezone.now() - p.state_since).days for p in queue]
    assert waiting == sorted(waiting, reverse=True)
    assert (max(waiting), min(waiting)) == (39, 2)
    assert {p.uses_city_domain for p in policies.in_force()} == {True, False}
    assert Absence.objects.covering(timezone.localdate()).count() == 1


def test_what_has_left_the_officers_is_complete_and_nothing_is_stuck(seeded: None) -> None:
    for policy in OperatingPolicy.objects.exclude(state=State.DRAFT):
        assert items.missing(policy) == [], policy
    for policy in OperatingPolicy.objects.open():
        waits = turn(policy)
        assert waits is not None
        assert waits.dead_end == "", policy
    lacking = {len(items.missing(p)) for p in OperatingPolicy.objects.filter(state=State.DRAFT)}
    assert lacking == {0, 2, 5, 8}


def test_the_ledgers_show_what_is_in_order_and_what_is_not(seeded: None) -> None:
    open_rows = {duty.name: duty.rows(timezone.localdate()).count() for duty in DUTIES}
    ledgers = (
        "password",
        "credentials",
        "announce",
        "attest",
        "idle",
        "link_lost",
        "link_put",
        "certify",
    )
    assert {name: open_rows[name] for name in ledgers} == {
        "password": 3, "credentials": 1, "announce": 2, "attest": 1, "idle": 1,
        "link_lost": 1, "link_put": 1, "certify": 2,
    }  # fmt: skip
    standing = Account.objects.exclude(status=Account.Status.PREPARING).values_list("status")
    assert Counter(status for (status,) in standing) == {
        "official": 11,
        "suspended": 1,
        "closed": 1,
    }
    assert {notice.kind for notice in Notice.objects.all()} == {
        "suspended", "closed", "fake", "warning",
    }  # fmt: skip
    certified = Certification.objects.filter(state=Certification.State.CERTIFIED)
    own = certified.filter(taken_over=None)
    assert [bool(row.evidence) for row in own] == [True] * 10
    assert certified.exclude(taken_over=None).get().account.origin.said["状態"] == "運用中"


def test_it_has_a_post_in_every_state_and_one_to_approve_for_who_can_log_in(seeded: None) -> None:
    assert set(Post.objects.values_list("state", flat=True)) == set(Post.State.values)
    assert Post.objects.excepted().exists()
    assert [model.objects.exists() for model in (Inquiry, Emergency, Supervision)] == [True] * 3
    [waiting] = Post.objects.awaiting_approval()
    people = User.objects.filter(email__in=[login.email for login in logins()])
    assert any(waiting in rows_for(person, "approve_post") for person in people)


def test_nothing_in_it_belongs_to_anybody(seeded: None) -> None:
    assert {user.email.rpartition("@")[2] for user in User.objects.all()} == {DOMAIN}
    assert DOMAIN.endswith(".example")
    handles = [account.handle or account.url for account in Account.objects.all()]
    assert [h for h in handles if "example" not in h and "mihon" not in h] == []
    assert {department.telephone for department in Department.objects.all()} == {"0536-23-0000"}


def test_there_is_a_log_in_for_every_role_with_something_to_do(seeded: None, client: Any) -> None:
    held = {
        login.role: {place.role for place in authority.places_of(person(login.role))}
        for login in logins()
    }
    assert held == {
        "担当者(観光課)": {Role.OFFICER},
        "所属の長(観光課)": {Role.HEAD},
        "代決者(観光課)": {Role.DEPUTY},
        "合議先の所属の長(防災対策課)": {Role.HEAD},
        "広報主管課(秘書人事課)": {Role.OFFICER, Role.PR_DIVISION},
        "広報主管課・2人目(秘書人事課)": {Role.OFFICER, Role.PR_DIVISION},
        "監査": {Role.AUDITOR},
        "システム管理者": {Role.ADMINISTRATOR},
    }
    for login in logins():
        assert client.login(email=login.email, password=login.password), login
    todo = {login.role: {p.duty.name for p in piles(person(login.role))} for login in logins()}
    assert todo["担当者(観光課)"] >= {"mend", "finish"}
    assert todo["所属の長(観光課)"] >= {"set", "review"}
    assert todo["代決者(観光課)"] >= {"set_for_head"}
    assert todo["合議先の所属の長(防災対策課)"] >= {"answer"}
    assert todo["広報主管課(秘書人事課)"] >= {"receive"}
    assert todo["広報主管課・2人目(秘書人事課)"] >= {"receive"}


def test_only_those_shown_can_log_in(seeded: None) -> None:
    able = {user.email for user in User.objects.all() if user.has_usable_password()}
    assert able == {login.email for login in logins()}


def test_every_step_was_taken_in_office_hours_of_a_past_working_day(seeded: None) -> None:
    for policy in OperatingPolicy.objects.all():
        records = list(policy.history.order_by("history_id"))
        moments = [timezone.localtime(record.history_date) for record in records]
        assert moments == sorted(moments), policy
        assert timezone.localtime(policy.created_at) == moments[0]
        for moment in moments:
            assert moment < timezone.now()
            assert moment.weekday() < 5
            assert datetime.time(8, 30) <= moment.time() <= datetime.time(17, 15)
        stepped = [
            record.history_date for record in records if record.state_since == record.history_date
        ]
        assert policy.state_since in {policy.created_at, *stepped}, policy


def test_nobody_is_written_to_about_what_is_past(seeded: None) -> None:
    assert not OutgoingMail.objects.exists()


def test_its_guideline_has_the_clauses_of_the_citys_own(seeded: None) -> None:
    version = GuidelineVersion.objects.in_force()
    assert version is not None
    assert version.effective_from == datetime.date(2013, 4, 17)
    assert [clause.number for clause in version.clauses if clause.number] == [
        "1", "2", "3", "3(1)", "3(2)", "3(3)", "3(3)ア", "3(3)イ", "3(3)ウ", "3(3)エ", "3(3)オ",
        "3(4)", "3(5)", "3(6)", "3(7)", "4", "4(1)", "4(2)", "4(2)ア", "4(2)イ", "4(2)ウ",
        "4(2)エ", "4(3)", "4(4)", "5", "5(1)", "5(2)", "5(3)", "6", "6(1)", "6(2)", "7",
        "7※1", "7※2", "7※3", "7※4", "7※5", "附則",
    ]  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize("day", ["2026-11-22", "2027-01-01"])
def test_it_can_be_made_on_any_day(nothing: None, day: str) -> None:
    with time_machine.travel(f"{day} 00:10:00+09:00", tick=False):
        assert demo() == "デモンストレーション用のデータを登録しました。\n"
        assert {pile.duty.name for pile in piles(person("代決者(観光課)"))} >= {"set_for_head"}


def test_a_second_time_changes_nothing(seeded: None) -> None:
    OperatingPolicy.objects.filter(state=State.DRAFT).first().history.all().delete()
    before = list(OperatingPolicy.history.values_list("pk", flat=True))
    assert demo() == ""
    assert list(OperatingPolicy.history.values_list("pk", flat=True)) == before


def test_people_added_while_trying_do_not_hinder_the_next_start(seeded: None) -> None:
    factories.user("本物 太郎", email="taro@city.shinshiro.lg.jp")
    assert demo() == ""


def test_it_is_refused_in_production(nothing: None, settings: Any) -> None:
    settings.DEMONSTRATION = False
    for arguments in ((), ("--show",), ("--reset",)):
        with pytest.raises(CommandError, match="本番の環境"):
            demo(*arguments)
    assert not seeding.holds_anything()


@pytest.mark.parametrize("arguments", [(), ("--reset",)])
def test_it_leaves_a_database_with_other_people_alone(nothing: None, arguments: tuple[str]) -> None:
    other = factories.user("本物 太郎", email="taro@city.shinshiro.lg.jp")
    with pytest.raises(CommandError, match="デモンストレーション用ではない"):
        demo(*arguments)
    assert list(User.objects.all()) == [other]
    assert not Department.objects.exists()


@pytest.mark.parametrize("arguments", [(), ("--reset",)])
def test_it_leaves_a_register_without_people_alone(nothing: None, arguments: tuple[str]) -> None:
    department = factories.department("観光課")
    with pytest.raises(CommandError, match="空のデータベースを指定してください"):
        demo(*arguments)
    assert list(Department.objects.all()) == [department]


def test_reset_brings_back_the_first_state(seeded: None) -> None:
    head = person("所属の長(観光課)")
    factories.department("試しに作った課")
    Account.objects.filter(policies=None).update(name="試しに変えた名前")
    assert demo("--reset") == "デモンストレーション用のデータを、最初の状態に戻しました。\n"
    assert Department.objects.count() == 12
    assert set(Account.objects.filter(policies=None).values_list("name", flat=True)) == {
        "新城市市民課(見本)", "新城市農業課(見本)",
    }  # fmt: skip
    assert set(Account.history.values_list("id", flat=True)) == set(
        Account.objects.values_list("pk", flat=True)
    )
    assert person("所属の長(観光課)").pk != head.pk


def test_reset_is_refused_once_other_people_are_in_it(seeded: None) -> None:
    factories.user("本物 太郎", email="taro@city.shinshiro.lg.jp")
    with pytest.raises(CommandError, match="データを消せません"):
        demo("--reset")
    assert User.objects.count() == 34


def test_show_says_where_to_go_and_how_to_log_in(seeded: None, settings: Any) -> None:
    settings.PORTAL_URL = "http://127.0.0.1:8000"
    lines = demo("--show").splitlines()
    assert [line.split()[-1] for line in lines if "http" in line] == [
        "http://127.0.0.1:8000/", "http://127.0.0.1:8000/desk/", "http://127.0.0.1:8000/admin/",
    ]  # fmt: skip
    shown = [tuple(line.split()) for line in lines if "@" in line]
    assert shown == [(login.role, login.email, login.password) for login in logins()]


def test_show_before_there_is_anything_says_what_to_do(nothing: None) -> None:
    with pytest.raises(CommandError, match=r"先に manage\.py demo を実行してください"):
        demo("--show")


def test_the_clock_goes_on_afterwards() -> None:
    moment = datetime.datetime(2020, 4, 1, tzinfo=datetime.UTC)
    with contextlib.suppress(RuntimeError), standing_at(moment):
        assert timezone.now() == moment
        raise RuntimeError
    assert timezone.now().year > 2020


def test_working_days_are_counted_from_monday_to_friday() -> None:
    sunday = datetime.date(2026, 11, 22)
    days = {ago: working_day(ago, sunday).day for ago in (-2, -1, 0, 1, 5, 6)}
    assert days == {-2: 24, -1: 23, 0: 22, 1: 20, 5: 16, 6: 13}


def test_a_mistake_in_the_tables_is_named() -> None:
    with pytest.raises(ValueError, match="Not a line of a story: someday draft tanto"):
        tables._act("someday draft tanto")
    with pytest.raises(ValueError, match="Not operating hours: いつでも"):
        tables._span("いつでも")

"""Set-ups in which nobody could complete a step are named, today's and those of the coming month."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from staff.gaps import gaps
from staff.models import Department, Membership, User
from tests import factories
from tests.conftest import Cast


def sentences() -> list[str]:
    return [gap.sentence for gap in gaps()]


def test_a_whole_set_up_has_no_gaps(cast: Cast):
    factories.account(cast.tourism)
    assert sentences() == []


def test_a_city_without_pr_division_or_administrator_has_gaps(db):
    assert [sentence[:12] for sentence in sentences()] == [
        "広報主管課が決まっていな", "システム管理者がいないた",
    ]  # fmt: skip


def test_one_person_in_the_pr_division_is_too_few(cast: Cast):
    User.objects.filter(pk__in=[cast.pr_head.pk, cast.pr_second.pk]).update(is_active=False)
    assert sentences() == [
        "広報主管課の「秘書人事課」に職員が1人しかいないため、受理できない報告があります"
        "(報告した本人は受理できません)。2人以上必要です。"
    ]


def test_a_department_without_accounts_needs_no_head(cast: Cast):
    factories.department("支所")
    assert sentences() == []


def test_a_sharing_department_needs_a_head_for_its_answer(cast: Cast):
    lonely = factories.department("支所")
    account = factories.account(cast.tourism)
    account.partners.add(lonely)
    assert [sentence[:13] for sentence in sentences()] == ["「支所」に所属の長がいないた"[:13]]


def test_an_abolished_department_with_accounts_is_a_gap(cast: Cast):
    factories.account(cast.tourism)
    cast.tourism.valid_until = datetime.date(2026, 3, 31)
    cast.tourism.save()
    assert [sentence[:20] for sentence in sentences()] == [
        "「観光課」は存在しない期間にアカウントを管理しています。"[:20]
    ]


@time_machine.travel("2026-03-20T10:00:00+09:00")
def test_a_gap_of_the_coming_month_is_named_with_its_day(cast: Cast):
    factories.account(cast.tourism)
    Membership.objects.filter(user=cast.head).update(valid_until=datetime.date(2026, 3, 31))
    [sentence] = sentences()
    assert sentence.startswith("2026年4月1日から:「観光課」に所属の長がいないため")
    successor = factories.user("後任")
    Membership.objects.create(
        user=successor, department=cast.tourism, role="head", valid_from=datetime.date(2026, 4, 1)
    )
    assert sentences() == []


@pytest.fixture
def ended(cast: Cast) -> Department:
    """A department that shared with 観光課 and does not exist any more."""
    return factories.department("旧支所", valid_until=datetime.date(2026, 3, 31))


def test_an_abolished_department_that_shares_an_account_is_a_gap(cast: Cast, ended: Department):
    factories.account(cast.tourism).partners.add(ended)
    assert sentences() == [
        "「旧支所」は存在しない期間にアカウントを共同で利用しています。廃止日を確かめるか、"
        "アカウントを管理する所属に、共同で利用する所属から外すよう頼んでください。"
    ]


def test_an_abolished_department_named_in_a_filing_on_its_way_is_a_gap(
    cast: Cast, ended: Department
):
    factories.draft(factories.account(cast.tourism), cast.officer, partners=(ended,))
    assert [sentence[:16] for sentence in sentences()] == ["「旧支所」は存在しない期間にアカ"]


def test_an_abolished_department_whose_accounts_are_closed_is_none(cast: Cast, ended: Department):
    account = factories.account(ended)
    Account.objects.filter(pk=account.pk).update(
        status=Account.Status.CLOSED, official_since=datetime.date(2020, 4, 1)
    )
    assert sentences() == []


@time_machine.travel("2026-03-20T10:00:00+09:00")
def test_the_gaps_cost_the_same_however_many_rows_and_days(cast: Cast):
    with CaptureQueriesContext(connection) as captured:
        assert gaps() == []
    for day in range(1, 26):
        department = factories.department(f"支所{day}")
        factories.account(department)
        head = factories.member(department, "head")
        head.memberships.update(valid_until=datetime.date(2026, 3, 20) + datetime.timedelta(day))
    with CaptureQueriesContext(connection) as again:
        assert len(gaps()) == 25
    assert len(again) == len(captured) == 5


@time_machine.travel("2026-03-20T10:00:00+09:00")
def test_the_month_ends_after_thirty_one_days(cast: Cast):
    factories.account(cast.tourism)
    ends = {"last": datetime.date(2026, 4, 19), "too late": datetime.date(2026, 4, 20)}
    said = {}
    for name, day in ends.items():
        Membership.objects.filter(user=cast.head).update(valid_until=day)
        said[name] = [sentence[:11] for sentence in sentences()]
    assert said == {"last": ["2026年4月20日か"], "too late": []}

"""What a transfer of staff brings about for accounts and policies is foreseen by name, 3(3)イ, 3(7)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Access, Account
from accounts.moving import carry_out
from policies import drafting
from tests import factories
from tests.staff.transfer_helpers import DAY, plan_of, row, said, transferred

FOLLOWING = ("passwords", "administrators", "named", "filings", "handovers", "partners")


@pytest.fixture
def official(cast):
    account = factories.account(cast.tourism)
    factories.policy(account, cast.officer, "in_force", head=cast.head, receiver=cast.pr_officer)
    for kind in Access.Kind:
        Access.objects.create(account=account, person=cast.officer, kind=kind)
    return Account.objects.get(pk=account.pk)


def follows(*rows):
    plan = plan_of(*rows)
    return {name: sentences for name in FOLLOWING if (sentences := said(plan, name))}


def test_who_has_access_and_leaves_makes_the_password_due(cast, official):
    assert follows(row(cast.officer, "kanko", "hisho")) == {
        "passwords": [f"「{official}」:観光 担当さんが離れるため、パスワードの変更が必要になる"],
        "administrators": [f"「{official}」:残る管理者が0人になる"],
        "named": [
            f"「{official}」の運用ポリシー(第1版):利用者の観光 担当さん、管理者の観光 担当さんが"
            "離れるため、改める必要がある"
        ],
    }


def test_who_leaves_without_access_changes_nothing_for_the_account(cast, official):
    assert follows(row(cast.colleague, "kanko", "hisho")) == {}


def test_two_who_stay_are_enough_administrators(cast, official):
    for person in (cast.head, cast.colleague):
        Access.objects.create(account=official, person=person, kind="administrator")
    found = follows(row(cast.officer, "kanko", "hisho"))
    assert "administrators" not in found
    found = follows(row(cast.officer, "kanko", "hisho"), row(cast.colleague, "kanko", ""))
    assert found["administrators"] == [f"「{official}」:残る管理者が1人になる"]


def test_who_rises_within_the_department_leaves_nothing(cast, official):
    assert follows(row(cast.officer, "kanko", "kanko", "代決者")) == {}


def test_an_account_that_moves_away_leaves_its_people_behind(cast, official):
    found = follows(row(kind="アカウント", target="bosai", account=official.pk))
    assert sorted(found) == ["administrators", "handovers", "named", "passwords"]
    assert found["handovers"] == [
        "防災 担当さん:1件のアカウントを引き継ぐ", "防災 課長さん:1件のアカウントを引き継ぐ",
    ]  # fmt: skip


def test_people_who_come_along_with_the_account_stay_with_it(cast, official):
    found = follows(row(kind="所属", source="kanko", target="bosai"))
    assert sorted(found) == ["handovers"]
    assert found["handovers"] == [
        "防災 担当さん:1件のアカウントを引き継ぐ", "防災 課長さん:1件のアカウントを引き継ぐ",
    ]  # fmt: skip


def test_a_filing_on_its_way_goes_on_in_the_department_that_receives_the_account(cast, official):
    draft = drafting.begun(official, cast.officer)
    move = row(kind="アカウント", target="bosai", account=official.pk)
    assert follows(move)["filings"] == [
        f"「{official}」の運用ポリシー(第2版、作成中):手続きを「防災課」が続ける"
    ]
    transferred(move)
    carry_out(DAY)
    draft = type(draft).objects.get(pk=draft.pk)
    assert cast.partner_officer.has_perm("policies.draft_operatingpolicy", draft)
    assert not cast.officer.has_perm("policies.draft_operatingpolicy", draft)


def test_sharing_with_a_department_that_ends_is_named(cast, official):
    official.partners.set([cast.safety])
    found = follows(row(kind="所属", source="bosai", target="hisho"))
    assert found["partners"] == [
        f"「{official}」:共同で利用する「防災課」が廃止されるため、運用ポリシーを改める必要がある"
    ]


def test_an_account_that_comes_by_an_earlier_transfer_is_handed_over_too(cast, official):
    transferred(row(kind="アカウント", target="bosai", account=official.pk))
    assert follows(row(cast.stranger, "", "bosai"))["handovers"] == [
        "所属 なしさん:1件のアカウントを引き継ぐ"
    ]


def test_who_comes_by_another_transfer_of_the_same_day_takes_over_once(cast, official):
    transferred(row(cast.stranger, "", "kanko"))
    assert "handovers" not in follows(row(cast.officer, "kanko", "hisho"))


def test_as_many_queries_for_three_accounts_as_for_one(cast, official):
    rows = [row(cast.officer, "kanko", ""), row(cast.stranger, "", "kanko")]
    with CaptureQueriesContext(connection) as one:
        plan_of(*rows)
    for _ in range(2):
        account = factories.account(cast.tourism)
        factories.policy(
            account, cast.officer, "in_force", head=cast.head, receiver=cast.pr_officer
        )
        Access.objects.create(account=account, person=cast.officer, kind="administrator")
    with CaptureQueriesContext(connection) as three:
        assert len(said(plan_of(*rows), "passwords")) == 3
    assert len(three) == len(one)

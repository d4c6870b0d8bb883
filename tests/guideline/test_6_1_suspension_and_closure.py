"""Clause 6(1): where running an account has become difficult, it is suspended, or closed."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts import credentials, passwords, standing
from accounts.models import Access, Account, StandingChange
from accounts.workflow import account_workflow
from policies import drafting
from policies.models import OperatingPolicy
from policies.workflow import policy_workflow
from shinshiro_sns.steps import StepNotMet, StepOvertaken, StepRefused
from staff import roles
from tests import factories
from tests.conftest import Cast

State = OperatingPolicy.State
STEPS = ("suspend", "resume", "close")


@pytest.fixture
def account(cast: Cast) -> Account:
    """Official by its own way."""
    made = factories.account(cast.tourism)
    factories.policy(
        made, cast.officer, State.IN_FORCE, head=cast.head, receiver=cast.pr_officer
    )  # fmt: skip
    return Account.objects.get(pk=made.pk)


def test_the_head_suspends_resumes_and_closes_with_reason_and_day(
    cast: Cast, account: Account
) -> None:
    for step, status in (("suspend", "suspended"), ("resume", "official"), ("close", "closed")):
        account = factories.stood(account, step, cast.head, note=f"{step}の理由")
        assert account.status == status

    rows = StandingChange.objects.order_by("pk")
    assert [(row.step, row.reason, row.effective_on, row.decided_by) for row in rows] == [
        (kind, f"{step}の理由", timezone.localdate(), cast.head)
        for step, kind in (("suspend", "suspended"), ("resume", "resumed"), ("close", "closed"))
    ]
    steps = account.history.order_by("history_id").values_list("step", flat=True)
    assert list(steps)[-3:] == list(STEPS)


def test_a_resumed_account_keeps_its_policy_and_counts_as_attested_that_day(
    cast: Cast, account: Account
) -> None:
    Account.objects.update(official_since=datetime.date(2020, 4, 1))
    suspended = factories.stood(account, "suspend", cast.head)
    assert suspended.policies.in_force().exists()

    resumed = factories.stood(suspended, "resume", cast.head)

    assert (resumed.attested_on, resumed.policies.in_force().count()) == (timezone.localdate(), 1)
    assert not resumed.attestation_overdue(timezone.localdate())


def test_the_pr_division_may_suspend_and_no_more(cast: Cast, account: Account) -> None:
    suspended = factories.stood(account, "suspend", cast.pr_officer)

    assert suspended.status == Account.Status.SUSPENDED
    for step in ("resume", "close"):
        with pytest.raises(PermissionDenied):
            factories.stood(suspended, step, cast.pr_officer)


@pytest.mark.parametrize("step", STEPS)
def test_no_officer_no_partner_and_no_auditor_takes_a_step(
    cast: Cast, account: Account, step: str
) -> None:
    for person in (cast.officer, cast.deputy, cast.partner_head, cast.auditor, cast.administrator):
        with pytest.raises(PermissionDenied):
            factories.stood(account, step, person)


def test_a_deputy_acts_only_in_a_recorded_absence_and_the_head_looks_at_it_afterwards(
    cast: Cast, account: Account, client: Client
) -> None:
    with pytest.raises(StepNotMet, match="所属の長の不在が記録されていないため"):
        factories.stood(account, "suspend_for_head", cast.deputy)
    absence = factories.absence(cast.tourism, cast.head)

    factories.stood(account, "suspend_for_head", cast.deputy)

    change = StandingChange.objects.get()
    assert (change.absence, change.reviewed_at) == (absence, None)
    client.force_login(cast.head)
    assert "停止・再開・廃止の後閲を待っているもの" in client.get("/desk/").content.decode()
    client.post(f"/desk/accounts/{account.pk}/standing/changes/{change.pk}/review/")
    change.refresh_from_db()
    assert change.reviewed_by == cast.head


def test_a_closed_account_never_opens_again(cast: Cast, account: Account) -> None:
    closed = factories.stood(account, "close", cast.head)

    for step in account_workflow.steps.values():
        # A step of a closed account leaves it closed.
        assert Account.Status.CLOSED not in step.sources or step.target is None
    for step_name in STEPS:
        with pytest.raises(StepOvertaken, match="すでに「廃止」になっている"):
            factories.stood(closed, step_name, cast.head)


def test_an_account_without_a_policy_is_not_resumed(cast: Cast) -> None:
    account = factories.official(cast.tourism, status="suspended")

    with pytest.raises(StepNotMet, match="運用ポリシーがないため、再開できません。"):
        factories.stood(account, "resume", cast.head)


# --- What is asked on closure --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [
        ({"handle_fate": ""}, "廃止後のアカウントをどうするか選んでください。"),
        ({"handle_fate": "sold"}, "廃止後のアカウントをどうするか選んでください。"),
        ({"handle_reason": "  "}, "そうする理由を入力してください。"),
        ({"credentials_settled": False}, "端末、連携アプリ、復旧用の連絡先を整理してから廃止します。"),
        ({"note": " "}, "「理由(庁内の記録)」を入力してください。"),
        ({"title": ""}, "周知の題名と本文を入力してください。"),
        ({"body": "\x0b"}, "周知の題名と本文を入力してください。"),
        ({"effective_on": None}, "実施日には、今日までの日を入力してください。"),
        ({"effective_on": datetime.date(2100, 1, 1)}, "実施日には、今日までの日を入力してください。"),
        ({"effective_on": datetime.date(2019, 1, 1)}, "公式となった日"),
    ],
)  # fmt: skip
def test_closure_asks_for_everything_and_changes_nothing_without(
    cast: Cast, lacking: dict[str, Any], sentence: str
) -> None:
    account = factories.official(cast.tourism)

    with pytest.raises(StepNotMet, match=sentence.replace("(", r"\(").replace(")", r"\)")) as told:
        factories.stood(account, "close", cast.head, **lacking)

    assert {reason.clause for reason in told.value.reasons} <= {"6(1)", "6(2)", ""}
    account.refresh_from_db()
    assert account.status == Account.Status.OFFICIAL
    assert not StandingChange.objects.exists()


def test_a_guarded_handle_stays_in_the_citys_care_and_a_deleted_one_leaves_it(cast: Cast) -> None:
    guarded, deleted = (factories.official(cast.tourism) for _ in range(2))
    for account in (guarded, deleted):
        Access.objects.create(account=account, person=cast.officer, kind="administrator")

    factories.stood(guarded, "close", cast.head)
    factories.stood(deleted, "close", cast.head, handle_fate="deleted")

    # Until somebody has seen it deleted, people can still log in to it.
    assert set(Account.objects.to_guard()) == {guarded, deleted}
    assert Access.objects.current().count() == 2
    assert passwords.due(deleted) is not None
    assert factories.password_change(deleted, cast.officer).pk
    change = StandingChange.objects.awaiting_deletion().get()
    assert change.account == deleted

    standing.confirm_deletion(change, cast.officer, timezone.localdate())

    assert list(Account.objects.to_guard()) == [guarded]
    assert passwords.due(deleted) is None
    assert credentials.is_over(Account.objects.get(pk=deleted.pk))


@pytest.mark.parametrize("status", ["preparing", "suspended", "closed", "itself"])
def test_a_successor_is_another_official_account(cast: Cast, status: str) -> None:
    account = factories.official(cast.tourism)
    successor = account if status == "itself" else factories.official(cast.tourism, status=status)

    with pytest.raises(StepNotMet, match="別の公式アカウントを選んでください。"):
        factories.stood(account, "close", cast.head, successor=successor)


# --- The policy of a closed account --------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "step", "who"),
    [
        (State.DRAFT, "submit", "officer"),
        (State.WITH_HEAD, "set", "head"),
        (State.REPORTED, "receive", "pr_officer"),
    ],
)
def test_nothing_goes_on_for_a_closed_account_but_a_withdrawal(
    cast: Cast, account: Account, state: State, step: str, who: str
) -> None:
    policy = factories.policy(
        account, cast.officer, state, head=cast.head, receiver=cast.pr_officer
    )
    factories.stood(account, "close", cast.head)
    policy = OperatingPolicy.objects.get(pk=policy.pk)

    with pytest.raises(StepNotMet, match="このアカウントは廃止されています。") as told:
        policy_workflow.take(policy, step, by=getattr(cast, who))
    assert told.value.reasons[0].clause == "6(1)"

    withdrawn = policy_workflow.take(policy, "withdraw", by=cast.officer, note="廃止したため")
    assert withdrawn.state == State.WITHDRAWN
    with pytest.raises(StepRefused, match="廃止したアカウントの運用ポリシーは作成できません。"):
        drafting.begun(account, cast.officer)


# --- Never for good -------------------------------------------------------------------------------


def test_no_account_is_ever_deleted(cast: Cast, account: Account, client: Client) -> None:
    factories.stood(account, "close", cast.head)

    with pytest.raises(ProtectedError):
        Account.objects.get(pk=account.pk).delete()
    granted = {permission for grant in roles.TABLE for permission in grant.permissions}
    assert {permission for permission in granted if ".delete_" in permission} == set()
    for model in apps.get_app_config("accounts").get_models():
        if model in admin.site._registry:
            request = RequestFactory().get("/")
            request.user = cast.administrator
            assert not admin.site._registry[model].has_delete_permission(request)
    html = client.get("/?status=former").content.decode()
    assert account.get_absolute_url() in html

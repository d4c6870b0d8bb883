"""Who may do what: nobody beside the table, no longer than it holds, and an auditor changes nothing."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from policies import turns
from policies.models import OperatingPolicy
from policies.workflow import policy_workflow
from shinshiro_sns.models import OutgoingMail
from staff import authority, roles
from staff.models import Membership, User
from tests import factories

State = OperatingPolicy.State
EVERY_PERMISSION = sorted({perm for grant in roles.TABLE for perm in grant.permissions})
# What an auditor holds: to read, and nothing that moves anything.
READS = {
    "accounts.export_account",
    "accounts.view_account",
    "accounts.view_credentials",
    "accounts.view_evidence",
    "incidents.view_contact",
    "incidents.view_dutyroster",
    "incidents.view_incident",
    "incidents.view_incidentevidence",
    "incidents.view_incidenttext",
    "incidents.view_original_incidentevidence",
    "incidents.view_reportedaccount",
    "policies.view_internalnote",
    "policies.view_guidelineversion",
    "policies.view_operatingpolicy",
    "postings.view_emergency",
    "postings.view_listedword",
    "postings.view_post",
    "postings.view_supervision",
    "postings.view_toolkey",
    "publication.view_publisher",
    "shinshiro_sns.view_closure",
    "shinshiro_sns.view_outgoingmail",
    "staff.view_absence",
    "staff.view_department",
    "staff.view_duties",
    "staff.view_erasure",
    "staff.view_membership",
    "staff.view_transfer",
    "staff.view_user",
}


def auditing(person: User) -> User:
    """`person`, who from now on audits beside what he was; freshly loaded."""
    User.objects.filter(pk=person.pk).update(is_auditor=True)
    return User.objects.get(pk=person.pk)


# --- Auditors ------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["officer", "head", "deputy", "pr_head", "pr_officer", "auditor"])
def test_who_audits_only_reads_whatever_else_he_is(cast, who):
    account = factories.account(cast.tourism)
    person = auditing(getattr(cast, who))
    assert authority.permissions_of(person) == READS
    held = {perm for perm in EVERY_PERMISSION if person.has_perm(perm, account)}
    assert held == READS


def test_an_auditor_who_is_also_a_head_sets_nothing(cast):
    policy = factories.policy(factories.account(cast.tourism), cast.officer, State.WITH_HEAD)
    with pytest.raises(PermissionDenied):
        policy_workflow.take(policy, "set", by=auditing(cast.head))
    policy.refresh_from_db()
    assert (policy.state, policy.set_by) == (State.WITH_HEAD, None)
    assert policy_workflow.offers(policy, auditing(cast.head)) == []


@pytest.mark.parametrize(
    ("who", "state"),
    [
        ("officer", State.DRAFT),
        ("colleague", State.RETURNED),
        ("head", State.WITH_HEAD),
        ("pr_officer", State.REPORTED),
    ],
)
def test_it_is_no_auditing_members_turn(cast, who, state):
    policy = factories.policy(
        factories.account(cast.tourism), cast.officer, state, head=cast.head, receiver=cast.pr_head
    )
    person = getattr(cast, who)
    assert person in turns.turn(policy).people
    assert auditing(person) not in turns.turn(policy).people


@pytest.mark.parametrize(
    ("who", "step", "taker"), [("head", "submit", "officer"), ("pr_officer", "set", "head")]
)
def test_an_auditing_member_is_told_by_no_mail(cast, who, step, taker):
    before = {"submit": State.DRAFT, "set": State.WITH_HEAD}[step]
    policy = factories.policy(factories.account(cast.tourism), cast.officer, before)
    second = factories.member(cast.tourism, "head", "観光 もう一人の課長")
    person = auditing(getattr(cast, who))
    OutgoingMail.objects.all().delete()
    policy_workflow.take(policy, step, by=getattr(cast, taker))
    told = set(OutgoingMail.objects.values_list("recipient", flat=True))
    expected = {"submit": {second.pk}, "set": {cast.pr_head.pk, cast.pr_second.pk}}[step]
    assert (expected - told, person.pk in told) == (set(), False)


# --- As long as it holds -------------------------------------------------------------------


def test_a_head_who_has_left_the_city_sets_nothing(cast):
    policy = factories.policy(factories.account(cast.tourism), cast.officer, State.WITH_HEAD)
    User.objects.filter(pk=cast.head.pk).update(is_active=False)
    gone = User.objects.get(pk=cast.head.pk)
    with pytest.raises(PermissionDenied):
        policy_workflow.take(policy, "set", by=gone)
    policy.refresh_from_db()
    assert policy.state == State.WITH_HEAD
    assert authority.permissions_of(gone) == set()


def test_rights_end_at_midnight_for_who_is_logged_in_already(cast):
    account = factories.account(cast.tourism)
    Membership.objects.filter(user=cast.head).update(valid_until=datetime.date(2027, 3, 31))
    head = User.objects.get(pk=cast.head.pk)

    def may() -> bool:
        return head.has_perm("policies.set_operatingpolicy", account)

    with time_machine.travel("2027-03-31T23:59:59+09:00", tick=False):
        assert may() is True
    with time_machine.travel("2027-04-01T00:00:00+09:00", tick=False):
        assert may() is False


def test_rights_begin_on_the_first_day_of_a_membership(cast):
    account = factories.account(cast.tourism)
    first = datetime.date(2027, 4, 1)
    Membership.objects.create(
        user=cast.stranger, department=cast.tourism, role="head", valid_from=first
    )
    for moment, may in (("2027-03-31T23:59:59+09:00", False), ("2027-04-01T00:00:00+09:00", True)):
        with time_machine.travel(moment, tick=False):
            assert cast.stranger.has_perm("policies.set_operatingpolicy", account) is may


# --- Holders -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("permission", "names"),
    [
        ("policies.set_operatingpolicy", {"head"}),
        ("policies.set_for_head_operatingpolicy", {"deputy"}),
        ("policies.submit_operatingpolicy", {"officer", "colleague", "head", "deputy"}),
        ("policies.receive_operatingpolicy", {"pr_head", "pr_officer", "pr_second"}),
        ("policies.view_internalnote", {"pr_head", "pr_officer", "pr_second", "auditor"}),
        ("staff.import_staff", {"administrator"}),
    ],
)
def test_the_holders_of_a_permission_are_these_and_no_others(cast, permission, names):
    found = set(authority.holders(permission, [cast.tourism.pk]))
    assert found == {getattr(cast, name) for name in names}


@pytest.fixture
def crowd(cast):
    """People in whom two things meet, beside the cast."""
    factories.member(cast.tourism, "head", "去った課長", is_active=False)
    factories.member(cast.tourism, "head", "監査する課長", is_auditor=True)
    factories.member(cast.pr_division, "officer", "監査する広報", is_auditor=True)
    factories.member(cast.safety, "head", "情報管理する課長", is_administrator=True)
    factories.user("去った情報管理", is_administrator=True, is_active=False)
    both = factories.member(cast.tourism, "head", "課長と補佐")
    since = datetime.date(2020, 1, 1)
    Membership.objects.create(user=both, department=cast.tourism, role="deputy", valid_from=since)
    ended = factories.member(cast.tourism, "deputy", "前の補佐")
    Membership.objects.filter(user=ended).update(valid_until=datetime.date(2024, 3, 31))
    return list(User.objects.all())


@pytest.mark.parametrize("permission", EVERY_PERMISSION)
def test_whom_the_table_lets_and_who_is_found_to_be_let_are_the_same(cast, crowd, permission):
    account = factories.account(cast.tourism)
    let = {person.name for person in crowd if person.has_perm(permission, account)}
    found = {person.name for person in authority.holders(permission, [cast.tourism.pk])}
    assert found == let

"""The register with all its ledgers, out of one portal and into another: nothing lost, nothing forged."""

import csv
import datetime
import io

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.exporting import as_csv, as_workbook, register, table
from accounts.ledger_columns import DECIDED, ENTRIES, ORIGIN
from accounts.models import (
    Access,
    Account,
    Attestation,
    Certification,
    ConnectedApp,
    CredentialChange,
    Credentials,
    Device,
    Intake,
    LinkCheck,
    Origin,
    StandingChange,
)
from accounts.models.standing import Notice
from staff.models import Membership
from tests import factories
from tests.accounts.import_helpers import take
from tests.accounts.test_exporting import hostile, seen

TODAY = datetime.date(2026, 6, 15)
# What is the other portal's own, or was decided there: kept in words, or given anew.
NOT_TAKEN = {"番号", "照合番号", ORIGIN.heading, *(cell.heading for cell in DECIDED)}
OWN = frozenset({"番号", "照合番号"})
LEDGERS = (
    Origin, StandingChange, Access, Attestation, Certification, ConnectedApp, CredentialChange,
    Credentials, Device, LinkCheck, Notice, Intake,
)  # fmt: skip


def exported(write=as_csv):
    return write(table(register(Account.objects.all())))


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def without(rows, headings=frozenset(NOT_TAKEN)):
    return [{h: text for h, text in row.items() if h not in headings} for row in rows]


def wipe():
    """A portal with the same departments and people, and no account."""
    Account.objects.update(successor=None)
    Account.partners.through.objects.all().delete()
    for model in LEDGERS:
        model.objects.all().delete()
    Account.objects.all().delete()


days = st.integers(0, 400).map(lambda ago: TODAY - datetime.timedelta(days=ago))
names = hostile.filter(seen).map(str.strip).filter(
    lambda text: text and not any(word in text.lower() for word in ("パスワード", "password"))
)  # fmt: skip


@st.composite
def ledgers(draw):
    """What is on record of one account, as its forms would have left it; people by their place."""
    person = st.integers(0, 3)
    nobody = st.none() | person
    changes = sorted(draw(st.lists(st.tuples(days, person), max_size=2)), key=lambda each: each[0])
    state = draw(st.none() | st.sampled_from(Certification.State.values))
    means = draw(st.none() | st.sampled_from(["nobody", "department", "person"]))
    return {
        "status": draw(st.sampled_from(Account.Status.values)),
        "changes": changes,
        "reason": draw(st.sampled_from(CredentialChange.Reason.values)),
        "accesses": draw(
            st.dictionaries(
                st.tuples(person, st.sampled_from(Access.Kind.values)),
                st.tuples(days, st.booleans()), max_size=3,
            )
        ),
        "means": means,
        "two_factor": draw(st.sampled_from(Credentials.TwoFactor.values)),
        "checked": draw(st.tuples(days, person)),
        "devices": draw(
            st.lists(
                st.tuples(names, st.sampled_from(Device.Kind.values), days, nobody, st.booleans()),
                max_size=2,
            )
        ),
        "apps": draw(st.lists(st.tuples(names, names, days), max_size=2)),
        "state": state,
        "kind": draw(st.sampled_from(Certification.Kind.values)),
        "certified": draw(days),
        "badge": draw(st.booleans()),
        "looks": draw(
            st.lists(
                st.tuples(days, st.sampled_from(LinkCheck.Outcome.values), nobody), max_size=3
            )
        ),
        "attested": sorted(
            draw(st.lists(st.tuples(days, person, st.integers(0, 99)), max_size=2)),
            key=lambda each: each[0],
        ),
        "followers": draw(st.none() | st.integers(0, 10**9)),
    }  # fmt: skip


def build(cast, at, said):
    """The account that `said` describes."""
    people = [cast.officer, cast.head, cast.partner_officer, cast.former]
    status = said["status"]
    official = None if status == "preparing" else TODAY - datetime.timedelta(days=500)
    account = factories.account(
        cast.tourism, f"trip_{at}", is_shared=True, shared_theme="催し", status=status,
        official_since=official, handle_fate="guarded" if status == "closed" else "",
    )  # fmt: skip
    account.partners.set([cast.safety])
    for day, by in said["changes"]:
        factories.password_change(
            account, people[by], changed_on=day, reason=said["reason"], recorded_on=TODAY
        )
    for (who, kind), (since, is_over) in said["accesses"].items():
        until = max(since, TODAY - datetime.timedelta(days=30)) if is_over else None
        Access.objects.create(
            account=account, person=people[who], kind=kind, since=since, until=until
        )
    if said["means"]:
        Credentials.objects.create(
            account=account, two_factor=said["two_factor"],
            recovery_address="" if said["means"] == "nobody" else "sns@city.shinshiro.lg.jp",
            recovery_department=cast.ended if said["means"] == "department" else None,
            recovery_person=cast.former if said["means"] == "person" else None,
            checked_on=said["checked"][0], checked_by=people[said["checked"][1]],
        )  # fmt: skip
    for name, kind, since, keeper, private in said["devices"]:
        Device.objects.create(
            account=account, name=name, kind=kind, added_on=since, is_private=private,
            keeper=None if keeper is None else people[keeper], added_by=cast.officer,
        )  # fmt: skip
    for name, purpose, since in said["apps"]:
        ConnectedApp.objects.create(
            account=account, name=name, purpose=purpose, added_on=since, added_by=cast.officer
        )
    if state := said["state"]:
        dated = state in ("applied", "certified", "refused", "lapsed")
        Certification.objects.create(
            account=account, state=state, kind=said["kind"] if state == "certified" else "",
            dated_on=said["certified"] if dated else None, has_paid_badge=said["badge"],
        )  # fmt: skip
    for day, outcome, by in said["looks"]:
        factories.link_check(
            account, outcome, checked_on=day, way="automatic" if by is None else "hand",
            checked_by=None if by is None else people[by],
        )  # fmt: skip
    for day, by, silent in said["attested"]:
        post = day - datetime.timedelta(days=silent)
        Attestation.objects.create(
            account=account, attested_on=day, attested_by=people[by], last_post_on=post,
            followers=said["followers"],
        )  # fmt: skip
        Account.objects.filter(pk=account.pk).update(attested_on=day, last_post_on=post)
    if status == "closed":
        notice = Notice.objects.create(
            account=account, kind="closed", title="廃止", body="廃止します。",
            published_by=cast.head,
        )  # fmt: skip
        StandingChange.objects.create(
            account=account, step="closed", effective_on=TODAY, reason="役目を終えたため",
            decided_by=cast.head, notice=notice, handle_fate="guarded", handle_reason="守る",
            credentials_settled=True,
        )  # fmt: skip


@pytest.fixture
def city(cast):
    """The cast, one who left long ago, and a department that ended."""
    former = factories.member(cast.tourism, name="去った 人")
    Membership.objects.filter(user=former).update(valid_until=datetime.date(2025, 3, 31))
    ended = factories.department("旧課", code="old", valid_until=datetime.date(2025, 3, 31))
    for name, value in (("former", former), ("ended", ended)):
        object.__setattr__(cast, name, value)
    return cast


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_every_ledger_comes_back_and_is_written_out_the_same(city, time_machine, write):
    time_machine.move_to(timezone.make_aware(datetime.datetime(2026, 6, 15, 9)), tick=False)

    @settings(
        max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(st.lists(ledgers(), min_size=1, max_size=3))
    def comes_back(described):
        with transaction.atomic():
            for at, said in enumerate(described):
                build(city, at, said)
            first, data = rows_of(exported()), exported(write)
            wipe()
            report = take(data)

            assert [row.sentence for row in report.outcomes if row.reasons] == []
            second, again = rows_of(exported()), exported(write)
            assert without(second) == without(first)
            assert {row["状態"] for row in second} == {"準備中"}
            # What was decided there is kept in its words.
            stated = {
                row["URL"]: kept
                for row in first
                if (kept := {cell.heading: row[cell.heading] for cell in DECIDED
                             if row[cell.heading] not in ("", "準備中")})
            }  # fmt: skip
            assert {o.account.url: o.said for o in Origin.objects.all()} == stated
            wipe()
            take(again)
            third = rows_of(exported())
            # From here on nothing differs any more but the numbers.
            assert without(third, OWN) == without(second, OWN)
            transaction.set_rollback(True)

    comes_back()


FULL = {
    "status": "closed",
    "changes": [(TODAY, 0)],
    "reason": "staff",
    "accesses": {(0, "user"): (TODAY, False), (1, "administrator"): (TODAY, True)},
    "means": "department",
    "two_factor": "app",
    "checked": (TODAY, 0),
    "devices": [("1号|2号", "phone", TODAY, 3, True)],
    "apps": [('"予約"投稿', "投稿の予約", TODAY)],
    "state": "certified",
    "kind": "domain",
    "certified": TODAY,
    "badge": True,
    "looks": [(TODAY, "linked", 2)],
    "attested": [(TODAY, 0, 5)],
    "followers": 12345,
}


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_no_column_of_a_ledger_is_left_out(city, time_machine, write):
    time_machine.move_to(timezone.make_aware(datetime.datetime(2026, 6, 15, 9)), tick=False)
    build(city, 1, FULL)
    build(city, 2, FULL | {"means": "person", "status": "official"})
    first, data = rows_of(exported()), exported(write)
    filled = {heading for row in first for heading, text in row.items() if text}
    wipe()

    assert take(data).imported == 2

    assert {cell.heading for cell in ENTRIES} - filled == set()
    assert without(rows_of(exported())) == without(first)

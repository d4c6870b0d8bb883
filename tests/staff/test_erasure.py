"""Personal data past its term: proposed by one, approved by another, erased, and erased again."""

import datetime
import json
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account, Credentials, Device, HandleFate
from policies.models import InternalNote
from shinshiro_sns import retention
from shinshiro_sns.models import OutgoingMail
from shinshiro_sns.retention import ERASED, TERMS, erasable
from staff import erasing
from staff.models import Erasure, Membership, User
from tests import factories
from tests.factories import LONG_AGO

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def log(settings, tmp_path):
    settings.ERASURE_LOG = str(tmp_path / "erasures.jsonl")
    return tmp_path / "erasures.jsonl"


def gone(of, left=datetime.date(2015, 4, 30), **fields):
    """Someone who left on a day, about whom nothing was changed since."""
    person = factories.left_long_ago(of, kana="さった ひと", **fields)
    since = datetime.date(2010, 4, 1)
    Membership.objects.filter(user=person).update(valid_from=since, valid_until=left)
    return person


def closed(of, when=LONG_AGO, fate=HandleFate.DELETED, **fields):
    return factories.account(
        of, official_since=datetime.date(2012, 4, 1), status="closed", state_since=when,
        handle_fate=fate, **fields,
    )  # fmt: skip


def found(name):
    return next(
        line.found for line in erasing.found_on(timezone.localdate()) if line.term.name == name
    )


def everywhere(text):
    """Where `text` still stands in the database, whichever table it is."""
    places = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"SELECT * FROM {quoted}")
            if any(text in str(cell) for row in cursor.fetchall() for cell in row):
                places.append(table)
    return places


# --- What is erased ----------------------------------------------------------------------------


def test_who_left_long_ago_is_erased_from_every_table_and_what_he_did_stays(cast):
    person = gone(cast.tourism, email="satta@city.example")
    EmailAddress.objects.create(user=person, email=person.email)
    absence = factories.absence(cast.tourism, cast.head, recorded_by=person)
    LogEntry.objects.create(
        user=cast.administrator, object_id=str(person.pk), object_repr=str(person),
        content_type=ContentType.objects.get_for_model(User), action_flag=CHANGE,
        change_message="去った 人", action_time=LONG_AGO,
    )  # fmt: skip
    OutgoingMail.objects.create(
        key="k", recipient=person, address=person.email, subject="去った 人さんへ", body="去った 人",
        message_id="<1@x>", state="sent", sent_at=LONG_AGO, queued_at=timezone.now(),
    )  # fmt: skip

    carried_out(cast)

    person.refresh_from_db()
    absence.refresh_from_db()
    assert (person.name, person.kana, person.email) == (
        f"消去済みの職員 #{person.pk}", "", f"erased-{person.pk}@invalid",
    )  # fmt: skip
    assert not person.has_usable_password()
    assert absence.recorded_by == person
    assert {name: everywhere(name) for name in ("去った", "さった", "satta")} == {
        "去った": [], "さった": [], "satta": [],
    }  # fmt: skip


def test_nobody_is_erased_who_may_still_be_asked(cast):
    day = timezone.localdate()
    active, later, other, changed = (gone(cast.tourism) for _ in range(4))
    User.objects.filter(pk=active.pk).update(is_active=True)
    Membership.objects.filter(user=later).update(valid_until=day)
    Membership.objects.create(user=other, department=cast.safety, valid_from=LONG_AGO)
    changed.kana = "かわった"
    changed.save()

    assert found("staff") == 0


def test_who_comes_back_while_others_are_being_erased_is_not_erased(cast, monkeypatch):
    people = [gone(cast.tourism) for _ in range(2)]
    monkeypatch.setattr(retention, "BATCH", 1)
    staff = next(term for term in erasable() if term.name == "staff")
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        batches = retention.in_batches(staff.select(timezone.localdate()))
        first = next(batches)
        User.objects.filter(pk=people[1].pk).update(is_active=True)
        others = list(batches)

    assert (first, others) == ([people[0].pk], [[]])
    locks = sum("FOR UPDATE" in query["sql"] for query in asked)
    assert locks == (2 if connection.features.has_select_for_update else 0)


def test_a_department_that_ended_ends_its_memberships(cast):
    former = factories.department("元の課", valid_until=datetime.date(2015, 3, 31))
    gone(former, left=None)

    assert found("staff") == 1


def test_the_day_the_term_ends_is_the_first_of_april(cast, settings):
    limit = next(t for t in TERMS if t.name == "staff").before(timezone.localdate())
    gone(cast.tourism, left=limit)
    gone(cast.tourism, left=limit - datetime.timedelta(days=1))

    assert found("staff") == 1


def test_reasons_of_old_absences_are_erased_in_their_history_too(cast):
    old = factories.absence(
        cast.tourism, cast.head, reason="入院", starts_on=LONG_AGO, ends_on=LONG_AGO
    )
    new = factories.absence(cast.tourism, cast.head, reason="研修")

    carried_out(cast)

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.reason, new.reason, everywhere("入院")) == (ERASED, "研修", [])


def test_evidence_of_closed_accounts_loses_its_file_and_keeps_its_sum(cast, evidence_folder):
    old, new = closed(cast.tourism), closed(cast.tourism, timezone.now())
    erased, kept = (factories.evidence(account, cast.officer) for account in (old, new))

    carried_out(cast)

    erased.refresh_from_db()
    kept.refresh_from_db()
    files = [path for path in evidence_folder.rglob("*") if path.is_file()]
    assert (erased.erased_at is not None, kept.erased_at) == (True, None)
    assert (erased.sha256, erased.name) == (kept.sha256, ERASED)
    assert [file.name for file in files] == [Path(kept.file.name).name]


def test_what_guards_a_closed_account_is_erased_unless_it_is_kept_guarded(cast):
    for account in (closed(cast.tourism), closed(cast.tourism, fate=HandleFate.GUARDED)):
        credentials = Credentials(account=account, recovery_address="own@example.jp")
        credentials.save()
        credentials.recovery_address = f"{account.handle_fate}@example.jp"
        credentials.save()
        Device.objects.create(account=account, name="花子の電話", kind="phone",
                              added_by=cast.officer, keeper=cast.officer)  # fmt: skip

    carried_out(cast)

    assert everywhere("deleted@") == []
    assert sorted(everywhere("guarded@")) == [
        "accounts_credentials", "accounts_historicalcredentials",
    ]  # fmt: skip
    assert sorted(Device.objects.values_list("name", flat=True)) == sorted([ERASED, "花子の電話"])


def test_notes_on_closed_accounts_are_erased(cast):
    policy = factories.draft(closed(cast.tourism), cast.officer)
    note = InternalNote.objects.create(policy=policy, author=cast.pr_officer, text="花子に電話")

    carried_out(cast)

    note.refresh_from_db()
    assert note.text == ERASED


def test_a_second_run_finds_nothing(cast, evidence_folder):
    account = closed(cast.tourism)
    gone(cast.tourism)
    factories.evidence(account, cast.officer)
    Device.objects.create(account=account, name="端末", kind="phone", added_by=cast.officer)
    Credentials.objects.create(account=account, recovery_address="own@example.jp")
    factories.absence(cast.tourism, cast.head, starts_on=LONG_AGO, ends_on=LONG_AGO)

    carried_out(cast)

    assert {line.term.name: line.found for line in erasing.found_on(timezone.localdate())} == {
        term.name: 0 for term in erasable()
    }
    with pytest.raises(erasing.NotNow, match="ありません"):
        erasing.propose(cast.administrator)


# --- Two people --------------------------------------------------------------------------------


def carried_out(cast):
    proposed = erasing.propose(cast.administrator)
    return erasing.approve(proposed, cast.pr_officer, sum(proposed.found.values()))


def test_what_was_done_is_reported_with_counts_and_people(cast):
    gone(cast.tourism)

    done = carried_out(cast)

    assert (done.found["staff"], done.erased["staff"]) == (1, 1)
    assert (done.proposed_by, done.approved_by) == (cast.administrator, cast.pr_officer)
    assert done.carried_out_at is not None


def test_nobody_approves_what_he_proposed(cast):
    gone(cast.tourism)
    proposed = erasing.propose(cast.administrator)

    with pytest.raises(PermissionDenied):
        erasing.approve(proposed, cast.administrator, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Erasure.objects.filter(pk=proposed.pk).update(
            approved_by=cast.administrator, approved_at=timezone.now()
        )


@pytest.mark.parametrize("who", ["officer", "head", "auditor", "stranger"])
def test_who_may_neither_propose_nor_approve(cast, who):
    gone(cast.tourism)
    person = getattr(cast, who)
    with pytest.raises(PermissionDenied):
        erasing.propose(person)
    proposed = erasing.propose(cast.administrator)

    with pytest.raises(PermissionDenied):
        erasing.approve(proposed, person, 1)
    with pytest.raises(PermissionDenied):
        erasing.withdraw(proposed, person)


def test_those_who_may_approve_are_told_and_its_proposer_is_not(cast):
    second = factories.user("情報 同僚", is_administrator=True)
    gone(cast.tourism)
    erasing.propose(cast.administrator)

    told = set(OutgoingMail.objects.values_list("recipient", flat=True))

    assert told == {cast.pr_head.pk, cast.pr_officer.pk, cast.pr_second.pk, second.pk}


def test_the_wrong_count_erases_nothing(cast):
    person = gone(cast.tourism)
    proposed = erasing.propose(cast.administrator)

    with pytest.raises(erasing.NotNow, match="合計と違います"):
        erasing.approve(proposed, cast.pr_officer, 2)

    assert User.objects.get(pk=person.pk).name == "去った 人"


def test_what_changed_since_it_was_proposed_is_read_again_first(cast):
    gone(cast.tourism)
    proposed = erasing.propose(cast.administrator)
    gone(cast.tourism)

    with pytest.raises(erasing.NotNow, match="件数が変わりました"):
        erasing.approve(proposed, cast.pr_officer, 1)

    assert erasing.approve(proposed, cast.pr_officer, 2).erased["staff"] == 2


def test_one_at_a_time_and_after_a_withdrawal_another(cast):
    gone(cast.tourism)
    proposed = erasing.propose(cast.administrator)
    with pytest.raises(erasing.NotNow, match="承認を待っている"):
        erasing.propose(cast.administrator)

    erasing.withdraw(proposed, cast.administrator)

    proposed.refresh_from_db()
    assert proposed.withdrawn_by == cast.administrator
    with pytest.raises(erasing.NotNow, match="取り下げられています"):
        erasing.approve(proposed, cast.pr_officer, 1)
    with pytest.raises(erasing.NotNow, match="取り下げられています"):
        erasing.withdraw(proposed, cast.administrator)
    assert carried_out(cast).carried_out_at is not None


def test_a_run_that_was_cut_off_goes_on_where_it_was(cast, log):
    gone(cast.tourism)
    proposed = erasing.propose(cast.administrator)
    log.mkdir()  # nothing can be written there
    with pytest.raises(OSError, match="directory"):
        erasing.approve(proposed, cast.pr_officer, 1)
    proposed.refresh_from_db()
    assert (proposed.erased["staff"], proposed.carried_out_at) == (1, None)
    log.rmdir()

    done = erasing.carry_out(proposed)

    assert (done.erased["staff"], done.carried_out_at is not None) == (1, True)
    assert len(log.read_text().splitlines()) == 1


# --- After a restore ---------------------------------------------------------------------------


def test_what_a_restored_backup_brings_back_is_erased_again(cast, log, capsys):
    person = gone(cast.tourism)
    before = {name: getattr(person, name) for name in ("name", "kana", "email")}
    carried_out(cast)
    Erasure.objects.all().delete()
    User.objects.filter(pk=person.pk).update(**before)
    User.history.filter(id=person.pk).update(**before)

    call_command("erase", "--again")

    assert everywhere("去った") == []
    assert capsys.readouterr().out.splitlines()[-1] == "erasures 1, erased 1"
    call_command("erase", "--again")
    assert capsys.readouterr().out.splitlines()[-1] == "erasures 1, erased 0"


def test_who_left_later_is_not_erased_by_an_earlier_erasure(cast):
    gone(cast.tourism)
    carried_out(cast)
    limit = next(term for term in TERMS if term.name == "staff").before(timezone.localdate())
    later = gone(cast.tourism, left=limit)

    call_command("erase", "--again")

    assert User.objects.get(pk=later.pk).name == "去った 人"


def test_the_file_holds_no_personal_data_and_nobody_else_reads_it(cast, log):
    gone(cast.tourism, email="satta@city.example")
    done = carried_out(cast)

    entry = json.loads(log.read_text())

    assert set(entry) == {"key", "until", "before", "erased"}
    assert (entry["key"], entry["erased"]["staff"]) == (done.key, 1)
    assert log.stat().st_mode & 0o777 == 0o600


def test_the_list_says_what_was_erased(cast, capsys):
    gone(cast.tourism)
    done = carried_out(cast)
    capsys.readouterr()

    call_command("erase", "--list")

    assert capsys.readouterr().out.splitlines() == [
        f"{done.until} {done.key} staff 1", "erasures 1, erased 1",
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["{", "[]", '{"key": 1}', "null", '{"key":"k","until":"x"}'])
def test_a_damaged_file_is_named_and_nothing_is_erased(cast, log, line):
    gone(cast.tourism)
    carried_out(cast)
    log.write_text(f"{log.read_text()}{line}\n")
    person = gone(cast.tourism)

    with pytest.raises(CommandError, match="2行目"):
        call_command("erase", "--again")

    assert User.objects.get(pk=person.pk).name == "去った 人"


def test_an_account_is_never_erased(cast):
    account = closed(cast.tourism, name="残る名前")

    gone(cast.tourism)
    carried_out(cast)

    assert Account.objects.get(pk=account.pk).name == "残る名前"

"""Everything as one file and back: every row equal, all or nothing, and what was erased stays erased."""

import json
import zipfile

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from accounts.evidence import forget_files
from accounts.known_fakes import known_fakes
from accounts.models import Account, Evidence
from incidents.triage import reported_workflow
from policies.models import OperatingPolicy
from shinshiro_sns import backups
from shinshiro_sns.models import OutgoingMail
from staff import erasing
from staff.models import Department, User
from tests import factories
from tests.incidents import things

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def log(settings, tmp_path):
    settings.ERASURE_LOG = str(tmp_path / "erasures.jsonl")
    return tmp_path / "erasures.jsonl"


@pytest.fixture
def city(cast, evidence_folder):
    account = factories.account(cast.tourism, "shared", name="絵文字😀と𠮷 'quoted'\n")
    factories.policy(
        account, cast.officer, OperatingPolicy.State.IN_FORCE, head=cast.head,
        receiver=cast.pr_officer, partners=(cast.safety,),
    )  # fmt: skip
    factories.evidence(account, cast.officer)
    factories.absence(cast.tourism, cast.head)
    return cast


def fake_of(cast):
    """An account that is called a fake in public, asked about and reported: rows that name each other."""
    account = factories.official(cast.tourism)
    incident = things.incident(cast.officer, "impersonation", account=account)
    row = things.reported("https://x.com/fake_of_a_city", "あやしい")
    things.identified(incident, cast.officer, row.url)
    reported_workflow.take(row, "join", by=cast.pr_officer, incident=incident)
    things.accused(incident, cast.officer, cast.head, cast.pr_officer, cast.pr_second)
    things.does(incident, "takedown", cast.officer)


def everything():
    return {
        model._meta.label: sorted(
            model._base_manager.values_list(*(f.attname for f in model._meta.concrete_fields)),
            key=repr,
        )
        for model in backups.tables()
    }


def emptied(evidence_folder):
    call_command("flush", "--no-input", verbosity=0)
    for path in evidence_folder.rglob("*"):
        if path.is_file():
            path.unlink()


@pytest.fixture
def backup(city, tmp_path):
    path = tmp_path / "backup.zip"
    call_command("backup", str(path))
    return path


def test_every_row_and_file_comes_back_equal(city, backup, evidence_folder, capsys):
    before = everything()
    files = {path: path.read_bytes() for path in evidence_folder.rglob("*") if path.is_file()}
    emptied(evidence_folder)
    assert not User.objects.exists()

    call_command("restore", str(backup))

    assert everything() == before
    assert {path: path.read_bytes() for path in files} == files
    assert sum(map(len, before.values())) > 100
    assert capsys.readouterr().out.splitlines()[-3:-1] == [
        f"restored {sum(map(len, before.values()))} rows, 1 files", "erasures 0, erased 0",
    ]  # fmt: skip
    call_command("verify_evidence")


def test_a_public_accusation_comes_back_with_all_that_it_rests_on(city, tmp_path, evidence_folder):
    fake_of(city)
    before = everything()
    call_command("backup", str(tmp_path / "backup.zip"))
    emptied(evidence_folder)

    call_command("restore", str(tmp_path / "backup.zip"))

    assert everything() == before
    told = ("Fake", "HistoricalFake", "TakedownRequest", "FakeReport", "ReportedAccount")
    assert all(before[f"incidents.{name}"] for name in told)
    assert [known.identity for known in known_fakes()] == ["x:fake_of_a_city"]


def test_new_rows_go_on_after_the_highest_number(city, backup, evidence_folder):
    last = User.objects.order_by("-pk").first().pk
    emptied(evidence_folder)

    call_command("restore", str(backup))

    assert factories.user().pk > last
    assert factories.account(Department.objects.first()).pk > 0


def test_a_portal_with_rows_is_only_replaced_on_request(city, backup):
    before = everything()
    factories.user("新しい 人")
    changed = everything()

    with pytest.raises(CommandError, match="すでにデータがあります"):
        call_command("restore", str(backup))
    assert everything() == changed

    call_command("restore", str(backup), "--replace")
    assert everything() == before


def test_what_was_erased_since_is_erased_again(city, tmp_path):
    person = factories.left_long_ago(city.tourism)
    path = tmp_path / "before.zip"
    call_command("backup", str(path))
    erasing.approve(erasing.propose(city.administrator), city.pr_officer, 1)

    call_command("restore", str(path), "--replace")

    assert User.objects.get(pk=person.pk).name == f"消去済みの職員 #{person.pk}"


def test_without_the_file_what_the_backup_knows_is_erased_again_and_the_loss_is_said(
    city, tmp_path, log, capsys
):
    person = factories.left_long_ago(city.tourism)
    erasing.approve(erasing.propose(city.administrator), city.pr_officer, 1)
    # It came back by hand, or by a row that was put right from an older backup.
    User.objects.filter(pk=person.pk).update(name="去った 人", email="gone@city.example")
    path = tmp_path / "after.zip"
    call_command("backup", str(path))
    log.unlink()

    call_command("restore", str(path), "--replace")

    said = capsys.readouterr()
    warning = "注意:消去の記録ファイル(ERASURE_LOG)がありません。"
    *_, counted, last = said.out.splitlines()
    assert (counted, last.startswith(warning)) == ("erasures 1, erased 1", True)
    assert said.err.startswith(warning)
    assert User.objects.get(pk=person.pk).name == f"消去済みの職員 #{person.pk}"


def test_with_the_file_there_is_no_warning(city, tmp_path, log, capsys):
    factories.left_long_ago(city.tourism)
    erasing.approve(erasing.propose(city.administrator), city.pr_officer, 1)

    call_command("erase", "--again")

    assert log.exists()
    assert capsys.readouterr().err == ""


def rewritten(path, change):
    """The same backup with `change` made to its parts."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def _altered(parts):
    parts["data/staff.User.jsonl"] = parts["data/staff.User.jsonl"].replace(b"name", b"Name", 1)


def _removed(parts):
    del parts["data/staff.User.jsonl"]


def _added(parts):
    parts["files/../../evil"] = b"x"


def _other_version(parts):
    manifest = json.loads(parts[backups.MANIFEST])
    manifest["migrations"].append(["accounts", "9999_later"])
    parts[backups.MANIFEST] = json.dumps(manifest).encode()


def _of_another(parts):
    parts[backups.MANIFEST] = b"{}"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_altered, "バックアップが壊れています"),
        (_removed, "目録と違います"),
        (_added, "目録と違います"),
        (_other_version, "データベースの版が違います"),
        (_of_another, "このポータルのバックアップではありません"),
    ],
)
def test_a_backup_that_is_not_whole_changes_nothing(city, backup, change, said):
    before = everything()
    rewritten(backup, change)

    with pytest.raises(CommandError, match=said):
        call_command("restore", str(backup), "--replace")

    assert everything() == before


@pytest.mark.django_db
def test_a_database_without_its_tables_is_refused_in_a_sentence(tmp_path):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE staff_absence RENAME TO staff_gone")
    with pytest.raises(CommandError, match="先に migrate"):
        call_command("backup", str(tmp_path / "b.zip"))

    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_backup_is_refused(city, tmp_path):
    (tmp_path / "x.zip").write_bytes(b"PK nothing")

    with pytest.raises(CommandError, match="読み取れません"):
        call_command("restore", str(tmp_path / "x.zip"), "--replace")
    with pytest.raises(CommandError, match="読み取れません"):
        call_command("restore", str(tmp_path / "none.zip"), "--replace")


def test_rows_that_contradict_each_other_are_taken_back_with_their_files(
    city, backup, evidence_folder
):
    def lacking(parts):
        import hashlib  # noqa: PLC0415

        name = "data/staff.Department.jsonl"
        parts[name] = b""
        manifest = json.loads(parts[backups.MANIFEST])
        manifest["parts"][name] = {"sha256": hashlib.sha256(b"").hexdigest(), "size": 0, "rows": 0}
        parts[backups.MANIFEST] = json.dumps(manifest).encode()

    rewritten(backup, lacking)
    emptied(evidence_folder)
    empty = everything()

    with pytest.raises(CommandError, match="何も変更していません"):
        call_command("restore", str(backup))

    assert (everything(), Account.objects.count()) == (empty, 0)
    assert [path for path in evidence_folder.rglob("*") if path.is_file()] == []


def test_a_missing_file_is_named_and_stops_no_backup(city, tmp_path, evidence_folder, capsys):
    for path in evidence_folder.rglob("*"):
        if path.is_file():
            path.unlink()

    call_command("backup", str(tmp_path / "b.zip"))

    said = capsys.readouterr()
    assert said.out.endswith("0 files, missing 1\n")
    assert "証拠のファイルがありません" in said.err


def test_a_file_that_was_erased_at_the_end_of_its_term_is_not_missing(city, tmp_path, capsys):
    Evidence.objects.update(erased_at=timezone.now())
    forget_files()

    call_command("backup", str(tmp_path / "b.zip"))

    said = capsys.readouterr()
    assert (said.out.endswith("0 files, missing 0\n"), said.err) == (True, "")


def test_a_backup_is_for_its_owner_alone_and_complete_or_not_there(city, backup, tmp_path):
    assert backup.stat().st_mode & 0o777 == 0o600

    with pytest.raises(CommandError, match="書き込めません"):
        call_command("backup", str(tmp_path / "no" / "b.zip"))


def test_a_backup_takes_as_many_queries_whatever_it_holds(city, tmp_path):
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    def taken():
        with CaptureQueriesContext(connection) as captured:
            backups.write(tmp_path / "b.zip")
        return len(captured)

    before = taken()
    for _ in range(3):
        factories.account(city.tourism)

    assert taken() == before
    assert OutgoingMail.objects.exists()

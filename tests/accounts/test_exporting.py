"""The register written out: every fact and ledger, and back in again without loss."""

import csv
import datetime
import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.exporting import EVERYTHING, FACTS, as_csv, as_workbook, register, said, table
from accounts.models import Access, Account, Category, Certification, LinkCheck
from accounts.names import visible_only
from accounts.profiles import read_profile
from shinshiro_sns.tables import escaped, read_table
from tests import factories
from tests.accounts.import_helpers import take

SAMPLES = {
    "x": "@shinshiro", "facebook": "shinshiro.kanko", "instagram": "shinshiro_kanko",
    "youtube": "https://www.youtube.com/channel/UCBR8-60-B28hp2BmDPdntcQ",
}  # fmt: skip


def exported(cells=FACTS):
    return as_csv(table(register(Account.objects.all()), cells))


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def seen(text):
    try:
        visible_only(text)
    except Exception:
        return False
    return True


hostile = st.text(
    st.one_of(
        st.sampled_from("=+-@'\"\t,;\n|、 　#N/A𠮷髙①～〜😀"),
        st.characters(exclude_categories=("Cs",), exclude_characters="\0"),
    ),
    max_size=60,
)


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_what_is_written_out_comes_back_and_is_written_out_the_same(cast, write):
    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.tuples(hostile.filter(seen), hostile, st.sampled_from(Category.values)),
            min_size=1, max_size=3,
        )
    )  # fmt: skip
    @example([("'=1+1", "''@SUM(A1)", "other"), ("#N/A", "_x000D_\r\n 'a '=b", "city")])
    @example([("　前後 の空白　", "1行目\r\n\r\n  3行目  ", "city")])
    def comes_back(named):
        with transaction.atomic():
            for at, (name, note, category) in enumerate(named):
                # As forms hand it over.
                factories.account(
                    cast.tourism, f"hostile_{at}", name=name.strip(), category=category,
                    note=note.replace("\x85", ""),
                )  # fmt: skip
            first = exported()
            data = write(table(register(Account.objects.all()), FACTS))
            Account.objects.all().delete()
            report = take(data)

            assert [row.sentence for row in report.outcomes if row.reasons] == []
            assert exported() == first
            transaction.set_rollback(True)

    comes_back()


def test_every_fact_of_every_service_comes_back(cast):
    for service, handle in SAMPLES.items():
        factories.account(
            cast.tourism, handle, service, opened_on=datetime.date(2020, 2, 29),
            service_account_id=read_profile(handle, service).permanent_id,
        )  # fmt: skip
    shared = factories.account(
        cast.safety, "shared", is_shared=True, shared_theme="催し", shared_reason="一つにするため",
        registration_email="own@example.jp", registration_email_reason="審査のため",
        service_account_id="123456",
    )  # fmt: skip
    shared.partners.set([cast.tourism, cast.pr_division])
    first = exported()
    Account.partners.through.objects.all().delete()
    Account.objects.all().delete()

    assert take(first).imported == 5

    assert exported() == first
    again = Account.objects.get(is_shared=True)
    assert set(again.partners.all()) == {cast.tourism, cast.pr_division}
    assert set(again.history.first().partners.values_list("department", flat=True)) == {
        cast.tourism.pk, cast.pr_division.pk,
    }  # fmt: skip


def test_two_departments_of_one_name_are_told_apart_by_their_codes(cast):
    twin = factories.department(cast.tourism.name)
    factories.account(twin, "one")
    first = exported()
    Account.objects.all().delete()

    assert take(first).imported == 1
    assert Account.objects.get().department == twin


def test_the_whole_table_says_what_the_ledgers_say(cast):
    account = factories.account(
        cast.tourism, status="official", official_since=datetime.date(2020, 4, 1),
        password_changed_on=datetime.date(2026, 1, 31),
    )  # fmt: skip
    Certification.objects.create(
        account=account, state="certified", kind="public_body",
        dated_on=datetime.date(2021, 5, 1), has_paid_badge=True,
    )  # fmt: skip
    for day, outcome in ((1, "missing"), (2, "linked"), (3, "unreachable")):
        LinkCheck.objects.create(
            account=account, checked_on=datetime.date(2026, 2, day), way="automatic",
            outcome=outcome,
        )  # fmt: skip
    for person, kind in ((cast.officer, "user"), (cast.officer, "administrator"),
                         (cast.head, "administrator")):  # fmt: skip
        Access.objects.create(account=account, person=person, kind=kind)

    [row] = rows_of(exported(EVERYTHING))

    assert {
        heading: row[heading]
        for heading in (
            "番号", "状態", "公式となった日", "認証の状態", "認証の種類", "認証の日付", "有料のバッジ",
            "パスワードの最終変更日", "利用する職員の数", "管理者の数", "リンクの最終確認日",
            "リンクの結果", "二要素認証",
        )
    } == {
        "番号": str(account.pk), "状態": "運用中", "公式となった日": "2020-04-01",
        "認証の状態": "認証済", "認証の種類": "公共機関向けの認証", "認証の日付": "2021-05-01",
        "有料のバッジ": "はい", "パスワードの最終変更日": "2026-01-31", "利用する職員の数": "2",
        "管理者の数": "2", "リンクの最終確認日": "2026-02-02", "リンクの結果": "リンクがある",
        "二要素認証": "",
    }  # fmt: skip


def test_the_whole_table_can_be_taken_in_too(cast):
    factories.account(cast.tourism, "one", note="備考")
    whole = exported(EVERYTHING)
    first = exported()
    Account.objects.all().delete()

    assert take(whole).imported == 1
    assert exported() == first


@pytest.mark.once
@given(hostile)
@example("'=1")
@example("''=1")
@example("'a '=1")
def test_an_escaped_text_is_no_formula_and_is_read_as_it_was(text):
    text = said(text)
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["a", "b"], [escaped(text), "x"]])

    [row] = read_table(out.getvalue().encode("utf-8-sig", "replace")).rows

    assert escaped(text)[:1] not in ("=", "+", "-", "@")
    assert row.cells[0] == text


def test_as_many_queries_for_three_accounts_as_for_one(cast):
    factories.account(cast.tourism)
    with CaptureQueriesContext(connection) as one:
        exported(EVERYTHING)
    factories.account(cast.tourism)
    factories.account(cast.safety)
    with CaptureQueriesContext(connection) as three:
        exported(EVERYTHING)

    assert len(three) == len(one)


@pytest.mark.parametrize("name", ["register.csv", "register.XLSX"])
def test_the_command_writes_a_file_for_its_owner_alone(cast, tmp_path, capsys, name):
    factories.account(cast.tourism, "one")
    path = tmp_path / name

    call_command("export_accounts", str(path), "--facts")

    assert capsys.readouterr().out == "exported 1\n"
    assert path.stat().st_mode & 0o777 == 0o600
    first = exported()
    Account.objects.all().delete()
    assert take(path.read_bytes()).imported == 1
    assert exported() == first


@pytest.mark.parametrize(
    ("name", "why"), [("a.txt", ".csv か .xlsx"), ("no/a.csv", "書き込めません")]
)
def test_where_it_cannot_write_it_says_so_and_leaves_nothing(cast, tmp_path, name, why):
    with pytest.raises(CommandError, match=why):
        call_command("export_accounts", str(tmp_path / name))

    assert list(tmp_path.iterdir()) == []


def test_a_copy_that_comes_to_nothing_is_not_left_behind(cast, tmp_path):
    (tmp_path / "a.csv").mkdir()

    with pytest.raises(CommandError, match="書き込めません"):
        call_command("export_accounts", str(tmp_path / "a.csv"))

    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.parametrize("kind", ["export", "export_xlsx"])
def test_the_admin_writes_out_the_list_as_it_is_filtered(cast, client, kind):
    factories.account(cast.tourism, "one")
    factories.account(cast.tourism, "two", status="official", official_since="2020-01-01")
    client.force_login(cast.auditor)

    answer = client.get(reverse(f"admin:accounts_account_{kind}"), {"status__exact": "official"})

    assert len(read_table(answer.content).rows) == 1
    assert "attachment" in answer["Content-Disposition"]

"""Taking a register in: what is imported, what repeats, what is wrong, named by its line."""

from __future__ import annotations

import datetime

import pytest
from django.core.management import CommandError, call_command

from accounts.import_columns import COLUMNS
from accounts.importing import Options, import_accounts
from accounts.models import Account
from shinshiro_sns.importing import Verdict
from shinshiro_sns.tables import UnreadableTable, read_table
from staff.models import Department
from tests import factories
from tests.accounts.import_helpers import bytes_of, run, take, text_of
from tests.conftest import Cast

ONE = {
    "種類": "X",
    "表示名": "観光",
    "URL": "https://x.com/kanko_example",
    "管理する所属": "観光課",
}


def reasons(data: bytes, **options):
    """Line and words of every row that was not taken."""
    report = take(data, write=False, **options)
    return [
        (outcome.line, outcome.verdict, outcome.reasons)
        for outcome in report.outcomes
        if outcome.verdict is not Verdict.IMPORTED
    ]


def test_a_row_becomes_an_account_being_prepared(cast: Cast):
    row = ONE | {
        "アカウント名": "@kanko_example",
        "URL": "http://www.twitter.com/@Kanko_Example/?ref=x",
        "開設日": "令和6年4月1日",
        "状態": "運用中",
        "目的": "催しを知らせる",
        "備考": "引継ぎ済み",
    }
    report = take(bytes_of(row), by=cast.administrator)
    account = Account.objects.get()
    assert (report.imported, report.skipped, report.failed) == (1, 0, 0)
    assert account.status == Account.Status.PREPARING
    assert (account.service, account.name, account.handle) == ("x", "観光", "Kanko_Example")
    assert account.url == "https://x.com/Kanko_Example"
    assert account.department == cast.tourism
    assert account.opened_on == datetime.date(2024, 4, 1)
    assert account.official_since is None
    assert account.note == "引継ぎ済み\n取込元の目的:催しを知らせる"
    assert account.origin.said == {"状態": "運用中"}


def test_an_imported_account_is_found_by_search_and_has_a_history(cast: Cast):
    take(bytes_of(ONE), by=cast.administrator)
    account = Account.objects.search("ＫＡＮＫＯ").get()
    record = account.history.get()
    assert (record.history_type, record.history_user) == ("+", cast.administrator)
    assert record.history_change_reason == "表からの取込み"


def test_the_department_is_named_by_its_code_or_its_name_in_any_width(cast: Cast):
    rows = [
        ONE | {"URL": f"https://x.com/example_{at}", "管理する所属": text}
        for at, text in enumerate(["kanko", "KANKO", "観光課", " 観光課 "])
    ]
    take(bytes_of(*rows))
    departments = {account.department for account in Account.objects.all()}
    assert (Account.objects.count(), departments) == (4, {cast.tourism})


def test_a_row_without_a_department_takes_the_one_given(cast: Cast):
    row = ONE | {"管理する所属": ""}
    assert reasons(bytes_of(row)) == [(2, Verdict.FAILED, ("管理する所属が書かれていません。",))]
    take(bytes_of(row), department="bosai")
    assert Account.objects.get().department == cast.safety


def test_an_unknown_department_is_named_and_created_only_on_request(cast: Cast):
    row = ONE | {"管理する所属": "体験の森課"}
    said = ("所属「体験の森課」は登録されていません。",)
    assert reasons(bytes_of(row)) == [(2, Verdict.FAILED, said)]
    take(bytes_of(row), create_departments=True)
    made = Department.objects.get(name="体験の森課")
    assert made.code == "import-0001"
    assert Account.objects.get().department == made
    assert made.history.count() == 1
    assert list(Department.objects.filter(search_text__contains="体験の森")) == [made]


def test_a_department_whose_rows_all_failed_is_not_created(cast: Cast):
    row = ONE | {"管理する所属": "体験の森課", "URL": "https://x.com/"}
    take(bytes_of(row, ONE), create_departments=True, skip_errors=True)
    assert not Department.objects.filter(name="体験の森課").exists()


def test_of_several_departments_in_one_cell_the_first_is_taken_and_said(cast: Cast):
    cell = '[{"id"=>1, "name"=>"The \\"First\\" Office"}, {"id"=>2, "name"=>"Second"}]'
    report = take(bytes_of(ONE | {"管理する所属": cell}), create_departments=True)
    account = Account.objects.get()
    assert account.department.name == 'The "First" Office'
    assert account.note == "取込元のほかの所属:Second"
    assert report.outcomes[0].remarks == (
        '所属が2つ書かれています。最初の「The "First" Office」の管理としました。',
    )


def test_an_abolished_department_is_refused(cast: Cast):
    factories.department("旧課", code="old", valid_until=datetime.date(2020, 3, 31))
    said = ("所属「旧課」(old)は、今は存在しない所属です。",)
    assert reasons(bytes_of(ONE | {"管理する所属": "旧課"})) == [(2, Verdict.FAILED, said)]


def test_two_departments_of_one_name_need_the_code(cast: Cast):
    factories.department("観光課", code="kanko2")
    said = ("「観光課」という所属が2つあります。所属コード(kanko、kanko2)で書いてください。",)
    assert reasons(bytes_of(ONE)) == [(2, Verdict.FAILED, said)]


def test_a_repetition_is_named_with_the_line_it_repeats(cast: Cast):
    same = ONE | {"URL": "http://m.twitter.com/KANKO_EXAMPLE?lang=ja"}
    other = same | {"管理する所属": "防災課"}
    differs = "(管理する所属は「観光課」で、この行の「防災課」と違います)"
    assert reasons(bytes_of(ONE, same, other)) == [
        (3, Verdict.SKIPPED, ("2行目と同じアカウントです。",)),
        (4, Verdict.SKIPPED, (f"2行目と同じアカウントです{differs}。",)),
    ]


def test_what_is_registered_already_is_skipped_and_named(cast: Cast):
    known = factories.account(cast.tourism, "kanko_example", name="観光しんしろ")
    said = f"登録済みの{known.pk}番「観光しんしろ」と同じアカウントです。"
    assert reasons(bytes_of(ONE)) == [(2, Verdict.SKIPPED, (said,))]


def test_a_repetition_of_a_row_that_failed_is_judged_by_itself(cast: Cast):
    report = take(bytes_of(ONE | {"管理する所属": "ない課"}, ONE), skip_errors=True)
    assert (report.imported, report.failed) == (1, 1)


def test_one_permanent_id_under_two_handles_is_a_contradiction(cast: Cast):
    channel = "UC" + "a" * 22
    known = factories.account(
        cast.tourism, "kanko", "youtube", name="動画", service_account_id=channel
    )
    row = {"URL": f"https://www.youtube.com/channel/{channel}", "管理する所属": "観光課"}
    assert reasons(bytes_of(row)) == [
        (
            2,
            Verdict.FAILED,
            (
                f"運営者が付けた固有の番号「{channel}」が登録済みの{known.pk}番「動画」と同じですが、"
                "アカウント名が違います。どちらが正しいか確かめてください。",
            ),
        )
    ]


def test_a_handle_that_disagrees_with_the_url_is_named_and_kept(cast: Cast):
    report = take(bytes_of(ONE | {"アカウント名": "@another_one"}))
    assert report.outcomes[0].remarks == (
        "アカウント名「@another_one」とURL(@kanko_example)が一致しません。URLを優先します。",
    )
    account = Account.objects.get()
    assert (account.handle, account.note) == ("kanko_example", "取込元のアカウント名:@another_one")


def test_a_handle_alone_is_enough_where_the_service_is_stated(cast: Cast):
    take(bytes_of({"種類": "インスタ", "アカウント名": "＠ｋａｎｋｏ", "管理する所属": "観光課"}))
    assert Account.objects.get().url == "https://www.instagram.com/kanko/"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"URL": ""}, "URLもアカウント名も書かれていません。"),
        (
            {"URL": "https://www.facebook.com/kanko"},
            "これはFacebookのURLで、選ばれたサービス（X（旧Twitter））のものではありません。",
        ),
        (
            {"種類": "ないサービス"},
            "「ないサービス」という種類のソーシャルメディアは登録されていません"
            "(一覧にないものは「その他」と書いてください)。",
        ),
        (
            {"開設日": "2199-01-01"},
            "開設日:今日より後の日にはできません。",
        ),
        (
            {"開設日": "2024-13-01"},
            "開設日:「2024-13-01」を日付として読み取れません(例:2024-04-01、令和6年4月1日)。",
        ),
        (
            {"表示名": "あ" * 101},
            "表示名:この値は 100 文字以下でなければなりません( 101 文字になっています)。",
        ),
        (
            {"備考": "あ" * 2001},
            "備考が長すぎます(目的などを含めて2001文字。2000文字まで)。",
        ),
        ({"表示名": "観\0光"}, "「表示名」に文字ではないデータ(制御文字)が含まれています。"),
        ({"備考": "あ" * 32_768}, "「備考」に文字が多すぎます(32,768文字。32,767文字まで)。"),
    ],
)
def test_what_is_wrong_with_a_row_is_said(cast: Cast, row, said):
    assert reasons(bytes_of(ONE | row)) == [(2, Verdict.FAILED, (said,))]


def test_a_script_for_a_url_is_refused(cast: Cast):
    [(line, verdict, said)] = reasons(bytes_of(ONE | {"URL": "javascript:alert(1)"}))
    assert (line, verdict) == (2, Verdict.FAILED)
    assert said[0].startswith("「javascript:」で始まるもの")


def test_everything_wrong_with_a_row_is_said_at_once(cast: Cast):
    row = ONE | {"管理する所属": "ない課", "開設日": "いつか", "URL": "https://x.com/"}
    [(_, _, said)] = reasons(bytes_of(row))
    assert len(said) == 3


def test_a_formula_stays_text(cast: Cast):
    take(bytes_of(ONE | {"表示名": "=1+1", "備考": "@SUM(A1)"}))
    account = Account.objects.get()
    assert (account.name, account.note) == ("=1+1", "@SUM(A1)")


def test_a_name_over_several_lines_becomes_one_and_the_lines_are_counted(cast: Cast):
    rows = [ONE | {"表示名": "観光\r\nしんしろ"}, ONE | {"URL": "https://x.com/"}]
    report = take(bytes_of(*rows), skip_errors=True)
    assert Account.objects.get().name == "観光 しんしろ"
    assert [outcome.line for outcome in report.outcomes] == [2, 4]


def test_nothing_is_imported_where_one_row_is_wrong(cast: Cast, tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes(bytes_of(ONE, ONE | {"URL": "https://x.com/"}))
    lines, code = run(path)
    assert (code, lines[-1]) == (1, "imported 0, skipped 0, failed 1")
    assert Account.objects.count() == 0
    lines, code = run(path, "--skip-errors")
    assert (code, lines[-1]) == (1, "imported 1, skipped 0, failed 1")
    assert [line for line in lines if line.startswith("3行目 誤り「")] == []
    assert lines[0].startswith("3行目 誤り 「観光」このURLにはアカウント名がないため")
    assert Account.objects.count() == 1


def test_the_command_says_what_it_did_and_does_not_repeat_it(cast: Cast, tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes(bytes_of(ONE))
    assert run(path, "--dry-run") == (
        [
            "文字コード:UTF-8",
            "取り込むアカウントは、運用ポリシーが受理されるまで、すべて「準備中」です。"
            "表に書かれた状態は取込元の記載として、目的は備考に残します。",
            "確かめただけで、何も取り込んでいません。",
            "imported 1, skipped 0, failed 0",
        ],
        0,
    )
    assert Account.objects.count() == 0
    assert run(path)[0][-1] == "imported 1, skipped 0, failed 0"
    lines, code = run(path)
    pk = Account.objects.get().pk
    assert lines[0] == f"2行目 取り込まない 「観光」登録済みの{pk}番「観光」と同じアカウントです。"
    assert "登録済みのアカウントは、「表でまとめて変更する」で変えられます。" in lines
    assert (lines[-1], code) == ("imported 0, skipped 1, failed 0", 0)


def test_foreign_headings_are_mapped(cast: Cast, tmp_path):
    path = tmp_path / "table.csv"
    row = {"Network": "Twitter", "Link": "x.com/kanko_example", "Unit": "kanko"}
    path.write_bytes(bytes_of(row, headings=list(row)))
    mapped = ("--map", "service=Network", "--map", "url=link", "--map", "department=Unit")
    assert run(path, *mapped)[0][-1] == "imported 1, skipped 0, failed 0"


def test_the_field_names_are_known_as_headings(cast: Cast):
    row = {"service": "x", "handle": "kanko_example", "department": "kanko"}
    assert take(bytes_of(row, headings=list(row))).imported == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--map", "url"), "--map は「項目=見出し」の形で書いてください(例:--map url=リンク):url"),
        (("--map", "url=URL", "--map", "url=備考"), "--map で「url」が2回指定されています。"),
        (
            ("--map", "links=URL"),
            "「links」という項目はありません(使える項目:"
            f"{'、'.join(column.name for column in COLUMNS)})。",
        ),
        (
            ("--map", "url=ない列"),
            "「ない列」という列がありません(ファイルの見出し:"
            "種類、表示名、アカウント名、URL、管理する所属、目的、開設日、状態、備考)。",
        ),
        (("--department", "ない"), "所属コード「ない」の所属は登録されていません。"),
    ],
)
def test_a_wrong_option_is_refused_with_a_sentence(cast: Cast, tmp_path, arguments, said):
    path = tmp_path / "table.csv"
    path.write_bytes(bytes_of(ONE))
    with pytest.raises(CommandError) as refusal:
        call_command("import_accounts", str(path), *arguments)
    assert str(refusal.value) == said


@pytest.mark.parametrize(
    ("headings", "said"),
    [
        (["種類", "表示名", "管理する所属"], "「URL」の列も「アカウント名」の列も見つかりません。"),
        (["種類", "URL"], "「管理する所属」の列が見つかりません。"),
        (["URL", "URL", "管理する所属"], "「URL」という列が2つあります。"),
    ],
)
def test_missing_and_doubled_columns_are_named(cast: Cast, headings, said):
    data = ",".join(headings) + "\n" + ",".join("a" for _ in headings)
    with pytest.raises(UnreadableTable, match=said):
        take(data.encode())


def test_a_file_that_is_not_there_is_said(db, tmp_path):
    for path, said in (
        (tmp_path / "none.csv", f"ファイル「{tmp_path / 'none.csv'}」がありません。"),
        (tmp_path, f"「{tmp_path}」はファイルではなく、フォルダーです。"),
    ):
        with pytest.raises(CommandError) as refusal:
            call_command("import_accounts", str(path))
        assert str(refusal.value) == said


def test_an_account_registered_since_the_preview_stops_the_import(cast: Cast):
    seen = take(bytes_of(ONE), write=False)
    factories.account(cast.safety, "kanko_example")
    report = import_accounts(
        read_table(text_of(ONE).encode()),
        Options(),
        by=None,
        write=True,
        expected=seen.fingerprint(),
    )
    assert (report.changed_meanwhile, report.written) == (True, False)
    assert Account.objects.count() == 1


def test_the_number_of_queries_does_not_grow_with_the_rows(
    cast: Cast, django_assert_max_num_queries
):
    rows = [ONE | {"URL": f"https://x.com/example_{at}"} for at in range(300)]
    with django_assert_max_num_queries(24):
        assert take(bytes_of(*rows)).imported == 300


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("あ" * 101, "所属の名前が長すぎます(101文字。100文字まで)。"),
        ('[{"id"=>1}]', '所属の欄から所属の名前を読み取れません([{"id"=>1}])。'),
        ('[{"name"=>""}]', '所属の欄から所属の名前を読み取れません([{"name"=>""}])。'),
    ],
)
def test_a_department_that_cannot_be_created_is_named(cast: Cast, cell, said):
    data = bytes_of(ONE | {"管理する所属": cell})
    assert reasons(data, create_departments=True) == [(2, Verdict.FAILED, (said,))]


def test_the_codes_of_new_departments_skip_those_in_use(cast: Cast):
    factories.department("ほかの課", code="import-0001")
    take(bytes_of(ONE | {"管理する所属": "新しい課"}), create_departments=True)
    assert Account.objects.get().department.code == "import-0002"


def test_a_path_that_no_file_can_have_is_refused(db):
    with pytest.raises(CommandError, match="を読み取れません"):
        call_command("import_accounts", "a\0b")


def test_a_name_with_signs_nobody_sees_is_named_and_not_taken_in(cast: Cast):
    assert reasons(bytes_of(ONE | {"表示名": "新城市\u202e課光観"})) == [
        (
            2,
            Verdict.FAILED,
            (
                "表示名:目に見えない文字(U+202E)が含まれています。消してから、入力し直してください。",
            ),
        )
    ]
    assert Account.objects.count() == 0

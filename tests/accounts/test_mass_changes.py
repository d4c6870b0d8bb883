"""Many accounts changed from an edited export: named row by row, confirmed by count, all or nothing."""

import csv
import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.exporting import as_csv, cells_for, register, table
from accounts.mass_changes import change_accounts
from accounts.models import Account, Intake
from shinshiro_sns.tables import UnreadableTable, read_table
from tests import factories, html_checker

CHANGES = "/admin/accounts/account/changes/"


def exported(by):
    content = as_csv(table(register(Account.objects.all()), cells_for(by)))
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def file_of(rows, leave_out=()):
    out = io.StringIO(newline="")
    headings = [heading for heading in rows[0] if heading not in leave_out]
    writer = csv.DictWriter(out, headings, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def judged(cast, rows, **options):
    return change_accounts(read_table(file_of(rows)), by=cast.administrator, **options)


def applied(cast, rows):
    plan = judged(cast, rows)
    count = len(plan.changing)
    return judged(cast, rows, write=True, expected=plan.fingerprint(), count=count)


@pytest.fixture
def preparing(cast):
    return factories.account(cast.tourism, "one", name="準備中の名前")


@pytest.fixture
def official(cast):
    return factories.account(
        cast.tourism, "two", name="公式の名前", status="official", official_since="2020-01-01"
    )


def test_only_what_differs_is_changed_and_the_history_names_the_person(cast, preparing, official):
    rows = exported(cast.administrator)
    rows[0] |= {"表示名": "新しい名前", "分野": "防災・安全", "開設日": "令和2年4月1日"}

    plan = applied(cast, rows)

    preparing.refresh_from_db()
    latest = preparing.history.first()
    assert plan.written
    assert [(c.heading, c.before, c.after) for c in plan.changing[0].changes] == [
        ("表示名", "準備中の名前", "新しい名前"), ("分野", "観光・イベント", "防災・安全"),
        ("開設日", "", "2020-04-01"),
    ]  # fmt: skip
    assert (preparing.name, preparing.category, preparing.revision) == ("新しい名前", "safety", 1)
    assert "新しい名前" in preparing.search_text
    assert (latest.history_user, latest.history_change_reason) == (
        cast.administrator, "表による一括変更",
    )  # fmt: skip
    assert official.history.count() == 1


def test_nothing_is_changed_before_the_count_is_confirmed(cast, preparing, official):
    rows = exported(cast.administrator)
    for row in rows:
        row["備考"] = "新しい備考"
    plan = judged(cast, rows)

    again = judged(cast, rows, write=True, expected=plan.fingerprint(), count=1)

    assert (len(plan.changing), again.written, again.changed_meanwhile) == (2, False, False)
    assert set(Account.objects.values_list("note", flat=True)) == {""}


def test_an_empty_cell_empties_and_a_column_left_out_changes_nothing(cast):
    factories.account(cast.tourism, note="備考", opened_on="2020-01-01")
    rows = exported(cast.administrator)
    rows[0]["備考"] = ""
    content = file_of(rows, leave_out=["開設日", "表示名"])

    plan = change_accounts(read_table(content), by=cast.administrator)

    assert [(c.heading, c.after) for c in plan.changing[0].changes] == [("備考", "")]


def test_what_the_head_sets_is_changed_by_a_policy(cast, official):
    drafted = factories.account(cast.tourism, "three")
    factories.draft(drafted, cast.officer)
    rows = exported(cast.administrator)
    for row in rows:
        row |= {"表示名": "新しい名前", "備考": "新しい備考"}

    plan = applied(cast, rows)

    assert [row.faults for row in plan.wrong] == [
        ["「表示名」は、運用ポリシーで定める内容です。次の版を作成して変更してください(3(2))。"]
    ] * 2
    assert not plan.written
    assert "新しい備考" not in Account.objects.values_list("note", flat=True)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ({"状態": "廃止"}, "「状態」は、この表では変更できません"),
        ({"管理する所属": "防災課"}, "「管理する所属」は、この表では変更できません"),
        ({"URL": "https://x.com/other"}, "「URL」は、この表では変更できません"),
        ({"公式となった日": "2026-01-01"}, "は、この表では変更できません"),
        ({"開設日": "来年"}, "日付として読み取れません"),
        ({"開設日": "2199-01-01"}, "開設日:今日より後の日にはできません。"),
        ({"分野": "ない分野"}, "分野「ない分野」はありません"),
        ({"登録に使うメールアドレス": "x"}, "登録に使うメールアドレス:"),
        ({"備考": "あ" * 2001}, "備考が長すぎます"),
        ({"表示名": "見えない\u200b文字"}, "目に見えない文字"),
        ({"番号": "999999"}, "番号「999999」のアカウントはありません"),
        ({"番号": "x"}, "番号「x」のアカウントはありません"),
        ({"照合番号": "0"}, "書き出した後に、このアカウントの内容が変わりました"),
    ],
)
def test_what_is_wrong_is_named_by_line_and_nothing_is_applied(
    cast, preparing, official, edit, said
):
    rows = exported(cast.administrator)
    rows[0] |= edit
    rows[1]["備考"] = "新しい備考"

    plan = applied(cast, rows)

    assert [(row.line, said in row.faults[0]) for row in plan.wrong] == [(2, True)]
    assert not plan.written
    assert Account.objects.get(pk=official.pk).note == ""


def test_an_account_that_changed_since_it_was_written_out_is_a_conflict(cast, preparing):
    rows = exported(cast.administrator)
    rows[0]["備考"] = "私の備考"
    preparing.note = "ほかの人の備考"
    preparing.save()

    plan = applied(cast, rows)

    assert [(row.line, "変わりました" in row.faults[0]) for row in plan.wrong] == [(2, True)]
    assert Account.objects.get().note == "ほかの人の備考"


def test_an_account_that_changed_since_the_preview_stops_the_change(cast, preparing):
    rows = exported(cast.administrator)
    rows[0]["備考"] = "私の備考"
    plan = judged(cast, rows)
    Account.objects.update(note="ほかの人の備考")

    again = judged(cast, rows, write=True, expected=plan.fingerprint(), count=1)

    assert (again.changed_meanwhile, again.written) == (True, False)


def test_one_account_on_two_rows_is_refused(cast, preparing):
    rows = exported(cast.administrator) * 2
    rows[0] = rows[0] | {"備考": "一つ目"}

    assert [row.faults for row in judged(cast, rows).wrong] == [
        [f"番号「{preparing.pk}」の行が2つあります。"]
    ] * 2


def test_one_permanent_number_on_two_rows_is_refused(cast, preparing):
    factories.account(cast.tourism, "three")
    rows = exported(cast.administrator)
    for row in rows:
        row["固有の番号"] = "42"

    assert [row.faults[-1] for row in judged(cast, rows).wrong] == [
        "固有の番号が3行目と同じです。", "固有の番号が2行目と同じです。",
    ]  # fmt: skip


def test_days_as_a_spreadsheet_writes_them_are_no_change(cast, official):
    rows = exported(cast.administrator)
    rows[0]["公式となった日"] = "2020/1/1"

    assert (judged(cast, rows).wrong, judged(cast, rows).changing) == ([], [])


@pytest.mark.parametrize("left_out", ["番号", "照合番号"])
def test_a_table_of_another_make_is_refused(cast, preparing, left_out):
    with pytest.raises(UnreadableTable, match=f"「{left_out}」の列がありません"):
        change_accounts(
            read_table(file_of(exported(cast.administrator), leave_out=[left_out])),
            by=cast.administrator,
        )


def test_a_column_nobody_knows_is_not_silently_lost(cast, preparing):
    with pytest.raises(UnreadableTable, match="「いいねの数」という列は"):
        judged(cast, [exported(cast.administrator)[0] | {"いいねの数": "5"}])


# --- In the admin ------------------------------------------------------------------------------


def upload(client, rows):
    file = SimpleUploadedFile("一覧.csv", file_of(rows))
    return client.post(CHANGES, {"file": file}, follow=True)


def test_from_the_file_to_the_changed_accounts(cast, client, preparing, official):
    client.force_login(cast.pr_officer)
    rows = exported(cast.administrator)
    for row in rows:
        row["備考"] = "新しい備考"
    page = upload(client, rows)
    data = {name: page.context[name] for name in ("upload", "fingerprint")}

    wrong = client.post(CHANGES, {**data, "count": "3"})
    right = client.post(CHANGES, {**data, "count": "2"}, follow=True)
    again = client.post(CHANGES, {**data, "count": "2"}, follow=True)

    assert "2件のアカウントを変更する" in page.text
    assert (wrong.status_code, "入力した件数が" in wrong.text) == (422, True)
    assert "2件のアカウントを変更しました。" in right.text
    assert "すでに変更が終わっています" in again.text
    assert set(Account.objects.values_list("note", flat=True)) == {"新しい備考"}


@pytest.mark.parametrize("who", ["auditor", "officer", "head"])
def test_others_change_nothing(cast, client, preparing, who):
    client.force_login(getattr(cast, who))

    assert client.get(CHANGES).status_code in (302, 403)
    assert (
        "表でまとめて変更する"
        not in client.get(reverse("admin:accounts_account_changelist"), follow=True).text
    )


@pytest.mark.once
def test_the_pages_are_right_by_the_w3cs_checker(cast, client, preparing):
    client.force_login(cast.administrator)
    rows = exported(cast.administrator)
    pages = {"upload": client.get(CHANGES), "same": upload(client, rows)}
    rows[0]["備考"] = "1行目\n2行目"
    pages["changes"] = upload(client, rows)
    rows[0]["状態"] = "廃止"
    pages["wrong"] = upload(client, rows)
    pages["no table"] = client.post(CHANGES, {"file": SimpleUploadedFile("a.csv", b"\x00")})
    pages["list"] = client.get(reverse("admin:accounts_account_changelist"))

    assert html_checker.errors({name: page.text for name, page in pages.items()}) == []


# --- Ledgers -----------------------------------------------------------------------------------


LEDGERS = {
    "パスワードの最終変更日": "2026-05-01", "二要素認証": "認証アプリ", "認証の状態": "可能",
    "最終確認日": "2026-06-01", "最終投稿日": "2026-05-30",
}  # fmt: skip


def changed_by_pr(cast, rows, **options):
    return change_accounts(read_table(file_of(rows), "台帳.csv"), by=cast.pr_officer, **options)


@pytest.fixture
def _in_june(time_machine):
    time_machine.move_to("2026-06-15T09:00:00+09:00", tick=False)


@pytest.mark.usefixtures("_in_june")
def test_an_empty_ledger_of_an_account_without_a_policy_takes_over_what_the_table_says(
    cast, preparing
):
    rows = exported(cast.pr_officer)
    rows[0] |= LEDGERS
    plan = changed_by_pr(cast, rows)

    again = changed_by_pr(cast, rows, write=True, expected=plan.fingerprint(), count=1)

    preparing.refresh_from_db()
    assert {change.heading: change.after for change in plan.changing[0].changes} == LEDGERS
    assert (again.written, preparing.password_changed_on, preparing.attested_on) == (
        True, datetime.date(2026, 5, 1), datetime.date(2026, 6, 1),
    )  # fmt: skip
    [intake] = Intake.objects.all()
    assert (intake.taken_by, intake.file_name) == (cast.pr_officer, "台帳.csv")
    assert preparing.credentials.taken_over == preparing.certification.taken_over == intake
    unchanged = changed_by_pr(cast, exported(cast.pr_officer))
    assert (unchanged.changing, unchanged.wrong) == ([], [])


@pytest.mark.usefixtures("_in_june")
def test_a_ledger_with_an_entry_is_kept_on_its_own_page(cast, preparing):
    factories.password_change(preparing, cast.officer, changed_on=datetime.date(2026, 4, 1))
    rows = exported(cast.pr_officer)
    rows[0] |= {"パスワードの最終変更日": "2026-05-01"}

    [row] = changed_by_pr(cast, rows).wrong

    assert row.faults == [
        "「パスワードの最終変更日」には、すでに記録があります。"
        "アカウントの「パスワードとログイン手段」で記録してください。"
    ]


@pytest.mark.usefixtures("_in_june")
def test_the_ledgers_of_an_official_account_never_come_from_a_table(cast, official):
    rows = exported(cast.pr_officer)
    rows[0] |= {"認証の状態": "認証済"}

    [row] = changed_by_pr(cast, rows).wrong

    assert row.faults == [
        "「認証の状態」は、この表では変更できません( → 認証済)。"
        "アカウントの「運営者による認証」で記録してください。"
    ]


@pytest.mark.usefixtures("_in_june")
@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"パスワードの最終変更日": "2026-06-16"}, "未来の日付は"),
        ({"アカウント管理者": "防災 課長"}, "このアカウントの所属の職員ではありません"),
        ({"最終投稿日": "2026-05-01"}, "「最終投稿日」だけでは記録できません。"),
    ],
)
def test_what_a_ledger_cannot_take_over_is_named_and_nothing_is_applied(
    cast, preparing, cells, said
):
    rows = exported(cast.pr_officer)
    rows[0] |= cells

    [row] = changed_by_pr(cast, rows).wrong

    assert said in " ".join(row.faults)


def test_who_may_not_read_the_ledger_of_passwords_has_no_such_column(cast, preparing):
    with pytest.raises(UnreadableTable, match="「二要素認証」という列は"):
        judged(cast, [exported(cast.administrator)[0] | {"二要素認証": "認証アプリ"}])

"""What a table may tell of an account's ledgers: taken over as its word, and never as the city's."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from accounts import passwords, questions
from accounts.certification import certification_workflow
from accounts.credentials import settle
from accounts.duties.certification import to_prove
from accounts.duties.links import to_mend, to_put
from accounts.links import last_decisive
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
)
from policies.drafting import begun
from shinshiro_sns.importing import Verdict
from staff.models import Membership
from tests import factories
from tests.accounts.import_helpers import bytes_of, take

TODAY = datetime.date(2026, 6, 15)
ONE = {"種類": "X", "URL": "https://x.com/kanko_example", "管理する所属": "観光課"}
TABLE = {
    "状態": "運用中", "公式となった日": "2020-04-01",
    "パスワードの最終変更日": "2026-05-01", "パスワードを変更した人": "officer@city.example",
    "パスワードを変更した理由": "定期の変更", "二要素認証": "認証アプリ",
    "復旧用の連絡先": "sns@city.shinshiro.lg.jp", "復旧用の連絡先を管理する所属コード": "kanko",
    "ログイン手段を確かめた日": "2026-04-01", "ログイン手段を確かめた人": "観光 担当",
    "アカウント利用者": "officer@city.example、head@city.example|2024-04-01",
    "アカウント管理者": "観光 課長",
    "ログインしている端末": "1号|スマートフォン|2025-04-01|officer@city.example",
    "連携しているアプリ": "予約投稿|投稿の予約|2025-05-01",
    "認証の状態": "認証済", "認証の種類": "公共機関向けの認証", "認証の日付": "2021-05-01",
    "有料のバッジ": "はい",
    "リンクの最終確認日": "2026-05-02", "リンクの結果": "リンクがある", "リンクを確かめた人": "観光 担当",
    "最終確認日": "2026-06-01", "確認した人": "観光 課長", "最終投稿日": "2026-05-30",
    "フォロワー数": "12,345",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _on_a_day(time_machine):
    time_machine.move_to(timezone.make_aware(datetime.datetime(2026, 6, 15, 9)), tick=False)


@pytest.fixture
def city(cast):
    for name in ("officer", "head"):
        person = getattr(cast, name)
        person.email = f"{name}@city.example"
        person.save()
    return cast


def table(**cells):
    row = ONE | cells
    return bytes_of(row, headings=list(row))


def taken(by=None, **cells):
    report = take(table(**cells), by=by)
    assert [outcome.reasons for outcome in report.outcomes if outcome.reasons] == []
    return Account.objects.get()


def open_it(account):
    """As the receipt of its policy opens it."""
    Account.objects.filter(pk=account.pk).update(
        status="official", official_since=TODAY, state_since=timezone.now()
    )
    return Account.objects.get(pk=account.pk)


def names(duty):
    return [getattr(row, "account", row) for row in duty(TODAY)]


def test_each_ledger_takes_over_its_last_entry_with_the_mark_of_the_table(city):
    account = taken(city.pr_officer, **TABLE)

    intake = Intake.objects.get()
    assert (intake.taken_by, timezone.localdate(intake.taken_at)) == (city.pr_officer, TODAY)
    for model, count in (
        (CredentialChange, 1), (Credentials, 1), (Access, 3), (Device, 1), (ConnectedApp, 1),
        (Certification, 1), (LinkCheck, 1), (Attestation, 1),
    ):  # fmt: skip
        rows = model.objects.filter(account=account)
        assert [row.taken_over for row in rows] == [intake] * count, model
    change = CredentialChange.objects.get()
    assert (change.changed_on, change.changed_by, change.reason, change.recorded_by) == (
        datetime.date(2026, 5, 1), city.officer, "interval", city.pr_officer,
    )  # fmt: skip
    assert {(a.person, a.kind, a.since, a.until) for a in Access.objects.all()} == {
        (city.officer, "user", TODAY, None),
        (city.head, "user", datetime.date(2024, 4, 1), None),
        (city.head, "administrator", TODAY, None),
    }
    row = Attestation.objects.get()
    assert (row.attested_on, row.attested_by, row.last_post_on, row.followers) == (
        datetime.date(2026, 6, 1), city.head, datetime.date(2026, 5, 30), 12345,
    )  # fmt: skip
    assert (account.password_changed_on, account.attested_on, account.last_post_on) == (
        datetime.date(2026, 5, 1), datetime.date(2026, 6, 1), datetime.date(2026, 5, 30),
    )  # fmt: skip
    assert Certification.history.get().history_user == city.pr_officer
    assert Credentials.history.get().history_change_reason == "表からの取込み"


def test_the_preview_says_what_is_taken_over_and_what_stays_words_and_why(city):
    outcome = take(table(**TABLE), write=False).outcomes[0]

    assert outcome.detail == (
        "X（旧Twitter） @kanko_example(観光課) 記録:パスワードの変更(2026年5月1日)、利用者・管理者2人、"
        "ログイン手段、端末1台、連携アプリ1件、認証(認証済)、リンクの確認、確認(2026年6月1日)"
    )
    assert outcome.remarks == (
        "認証済の記録は、証拠を添えて確かめるまで、公開ページに表示しません。",
        "リンクの確認は記録に残しますが、公開ページのURLが新しくなるため、確認したことにはなりません。",
        "「状態」、「公式となった日」は、受理または所属の長の決定によってだけ変わるため、"
        "取込元の記載として残します。",
    )


# --- A table tells and never settles -----------------------------------------------------------


def test_a_table_makes_nothing_official(city, client):
    account = taken(**TABLE)

    assert (account.status, account.official_since) == ("preparing", None)
    assert account.origin.said == {"状態": "運用中", "公式となった日": "2020-04-01"}
    assert client.get(f"/accounts/{account.pk}/").status_code == 404


def test_a_certification_from_a_table_is_not_said_in_public_until_it_is_proven(city, client):
    account = open_it(taken(**TABLE))
    page = reverse("publication:account", args=[account.pk])
    before = client.get(page).text
    owed, asked = names(to_prove), list(questions.not_certified(TODAY))
    evidence = factories.evidence(account, city.officer)
    row = Certification.objects.get()

    certification_workflow.take(
        row, "prove", by=city.officer, dated_on=TODAY, kind="domain", evidence=evidence
    )

    assert ("認証済" in before, owed, asked) == (False, [account], [account])
    assert "認証済" in client.get(page).text
    assert (names(to_prove), list(questions.not_certified(TODAY))) == ([], [])
    assert Certification.objects.get().taken_over is None


def test_a_look_from_a_table_does_not_count_as_a_look(city):
    account = open_it(taken(**TABLE | {"リンクの結果": "リンクがない"}))

    assert last_decisive(account) is None
    assert (names(to_put), names(to_mend)) == ([account], [])
    assert list(questions.not_linked_back(TODAY)) == [account]


def test_a_confirmation_from_a_table_moves_no_deadline(city):
    told, untold = open_it(taken(**TABLE)), factories.official(city.tourism, official_since=TODAY)

    assert told.attestation_due_on == untold.attestation_due_on


def test_a_change_of_password_from_a_table_counts_for_its_day_and_confirms_nothing(city):
    account = open_it(taken(**TABLE))

    change = CredentialChange.objects.get()
    assert passwords.due(account, TODAY).on == datetime.date(2026, 8, 1)
    assert (change.is_hard_to_guess, change.is_kept_secret) == (False, False)


def test_who_is_named_in_the_table_and_leaves_makes_the_password_due(city):
    account = open_it(taken(**TABLE))
    Membership.objects.filter(user=city.officer).update(valid_until=datetime.date(2026, 6, 10))

    due = passwords.due(account, TODAY)

    assert (due.why, [access.person for access in due.left]) == ("staff", [city.officer])


def test_who_was_named_in_the_table_and_is_not_in_the_policy_makes_the_password_due(city):
    account = taken(**TABLE, 表示名="観光", 分野="観光・イベント")
    factories.walked(account, city.head, "in_force", head=city.head, receiver=city.pr_officer)

    tomorrow = TODAY + datetime.timedelta(days=1)
    due = passwords.due(Account.objects.get(), tomorrow)

    assert Access.objects.get(person=city.officer).until == TODAY
    assert (due.on, due.why, [access.person for access in due.left]) == (
        tomorrow, "staff", [city.officer],
    )  # fmt: skip


def test_the_first_draft_begins_with_the_people_of_the_table(city):
    account = taken(**TABLE)
    Membership.objects.filter(user=city.officer).update(valid_until=datetime.date(2026, 6, 10))

    policy = begun(account, city.head)

    assert (list(policy.users.all()), list(policy.administrators.all())) == (
        [city.head], [city.head],
    )  # fmt: skip


def test_what_was_taken_over_is_confirmed_by_looking_at_it_again(city):
    account = taken(**TABLE)
    row = Credentials.objects.get()

    settle(account, city.officer, seen=row.revision, two_factor="app", recovery_address="",
           recovery_department=None, recovery_person=None)  # fmt: skip

    row.refresh_from_db()
    assert (row.taken_over, row.checked_by, row.checked_on) == (None, city.officer, TODAY)


# --- What is wrong is named by line, and nothing is taken in -----------------------------------


def test_a_table_of_bare_days_is_enough(city):
    account = taken(パスワードの最終変更日="2026-05-01", 最終確認日="令和8年6月1日")

    assert (CredentialChange.objects.get().changed_by, Attestation.objects.get().attested_by) == (
        None, None,
    )  # fmt: skip
    assert not Origin.objects.filter(account=account).exists()


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"パスワードの最終変更日": "2026-06-16"}, "パスワードの最終変更日:未来の日付は"),
        ({"パスワードの最終変更日": "いつか"}, "日付として読み取れません"),
        ({"パスワードを変更した人": "officer@city.example"}, "「パスワードの最終変更日」も"),
        ({"パスワードの最終変更日": "2026-05-01", "パスワードを変更した理由": "気分"},
         "「気分」はありません"),
        ({"アカウント管理者": "pr@city.example"}, "職員「pr@city.example」は登録されていません。"),
        ({"アカウント管理者": "防災 課長"}, "防災 課長さんは、このアカウントの所属の職員ではありません。"),
        ({"アカウント利用者": "観光 担当、観光 担当"}, "同じ職員が2回"),
        ({"アカウント利用者": "観光 担当|2026-06-16"}, "未来の日付は"),
        ({"アカウント利用者": "観光 担当|2026-06-01|2026-05-01"}, "終了日が、開始日より前"),
        ({"アカウント利用者": "|2026-06-01"}, "職員が書かれていないところがあります"),
        ({"アカウント利用者": '"観光'}, "使い方に誤りがある"),
        ({"二要素認証": "たぶん"}, "二要素認証「たぶん」はありません"),
        ({"復旧用の連絡先": "himitsu"}, "メールアドレスか電話番号を"),
        ({"復旧用の連絡先": "a@example.jp"}, "管理する所属か職員を"),
        ({"復旧用の連絡先を管理する所属コード": "ない"}, "所属コード「ない」の所属は"),
        ({"ログイン手段を確かめた人": "観光 担当"}, "「ログイン手段を確かめた日」も"),
        ({"ログインしている端末": "1号"}, "名前と種類を書いてください"),
        ({"ログインしている端末": "1号|携帯"}, "「携帯」はありません"),
        ({"ログインしている端末": "パスワードは1234|パソコン"}, "ここには書かないでください"),
        ({"ログインしている端末": "1号|パソコン|2026-06-16"}, "未来の日付は"),
        ({"ログインしている端末": "1号|パソコン|||たぶん"}, "書き方に誤りがあります"),
        ({"ログインしている端末": f"{'あ' * 101}|パソコン"}, "ログインしている端末の名前:"),
        ({"連携しているアプリ": "予約"}, "名前、使う目的、開始日の順に"),
        ({"認証の状態": "認証済"}, "種類と日付が合いません"),
        ({"認証の状態": "認証済", "認証の種類": "市のドメインによる証明"}, "種類と日付が合いません"),
        ({"認証の状態": "提供なし", "認証の日付": "2021-05-01"}, "種類と日付が合いません"),
        ({"認証の状態": "申請中", "認証の日付": "2019-01-01", "開設日": "2020-01-01"},
         "開設日(2020年1月1日)より前"),
        ({"認証の日付": "2021-05-01"}, "「認証の状態」も書いてください"),
        ({"有料のバッジ": "たぶん"}, "「はい」か空欄"),
        ({"リンクの最終確認日": "2026-05-02"}, "両方を書いてください"),
        ({"リンクの最終確認日": "2026-05-02", "リンクの結果": "ページを読めなかった"}, "両方を"),
        ({"リンクの最終確認日": "2019-01-01", "リンクの結果": "リンクがある", "開設日": "2020-01-01"},
         "開設日(2020年1月1日)より前"),
        ({"最終確認日": "2026-05-01", "最終投稿日": "2026-05-02"}, "最終確認日より後です"),
        ({"取込元の記載": "状態:運用中"}, "見出しと内容を"),
        ({"最終確認日": "2026-05-01", "フォロワー数": "-5"}, "0以上の数字で"),
        ({"最終確認日": "2026-05-01", "フォロワー数": "99999999999"}, "0以上の数字で"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_taken_in(city, cells, said):
    [outcome] = take(table(**cells)).outcomes

    assert (outcome.line, outcome.verdict) == (2, Verdict.FAILED)
    assert said in outcome.sentence
    assert (Account.objects.count(), Intake.objects.count()) == (0, 0)


def test_what_is_wrong_in_several_ledgers_is_said_at_once(city):
    [outcome] = take(table(二要素認証="x", 認証の状態="x", 最終確認日="x")).outcomes

    assert len(outcome.reasons) == 3


def test_two_people_of_one_name_need_their_addresses(city):
    factories.member(city.tourism, name="観光 担当")

    [outcome] = take(table(アカウント利用者="観光 担当")).outcomes

    assert "メールアドレスで書いてください" in outcome.sentence


def test_somebody_of_old_may_have_changed_it_which_is_worth_a_word(city):
    cells = {"パスワードの最終変更日": "2026-05-01", "パスワードを変更した人": "防災 課長"}

    [outcome] = take(table(**cells)).outcomes

    assert outcome.remarks == (
        "パスワードを変更した人の防災 課長さんは、このアカウントの所属にいたことがありません。",
    )


def test_a_last_post_without_its_day_is_kept_as_words(city):
    account = taken(最終投稿日="2026-05-02")

    assert account.origin.said == {"最終投稿日": "2026-05-02"}
    assert not Attestation.objects.exists()


# --- Whose it is -------------------------------------------------------------------------------


def test_who_may_not_read_the_ledger_of_passwords_takes_nothing_into_it(city):
    account = taken(city.administrator, **TABLE)

    ledgers = (CredentialChange, Credentials, Access, Device, ConnectedApp)
    assert [model.objects.filter(account=account).count() for model in ledgers] == [0] * 5
    assert (account.password_changed_on, Certification.objects.count()) == (None, 1)
    assert "この取込みでは読み取りません" in " ".join(
        take(table(**TABLE), by=city.administrator, write=False).remarks
    )


def test_a_column_of_passwords_is_not_read_and_the_person_is_warned(city):
    report = take(table(ログインパスワード="asahi-yama"))

    assert "「ログインパスワード」の列は読み取りません" in " ".join(report.remarks)
    assert "asahi-yama" not in repr(Account.objects.values().get())


def test_its_pages_say_that_it_came_from_a_table(city, client):
    account = taken(city.pr_officer, **TABLE)
    client.force_login(city.officer)

    said = {
        page: " ".join(strip_tags(client.get(reverse(name, args=[account.pk])).text).split())
        for page, name in (
            ("credentials", "accounts:credentials"), ("certification", "accounts:certification"),
            ("links", "accounts:links"), ("attestation", "accounts:attestation"),
            ("account", "policies:account"),
        )
    }  # fmt: skip

    mark = f"表からの取込み(2026年6月15日(月) 09:00 {city.pr_officer.name}さん)"
    assert {page: text.count(mark) for page, text in said.items()} == {
        # A change, three accesses, the means, a device and an app; one mark on the others.
        "credentials": 7, "certification": 1, "links": 1, "attestation": 1, "account": 1,
    }  # fmt: skip
    assert "状態:運用中 公式となった日:2020-04-01" in said["account"]


def test_as_many_queries_for_three_rows_as_for_one(city):
    def queries(first, last):
        rows = [ONE | TABLE | {"URL": f"https://x.com/e_{at}"} for at in range(first, last)]
        with CaptureQueriesContext(connection) as captured:
            take(bytes_of(*rows, headings=list(rows[0])))
        return len(captured)

    assert queries(0, 1) == queries(1, 4)

"""`manage.py check_post`: what it says of a draft, and how it ends."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from tests import factories

LEADING = "市民の皆さんへ\n"


@pytest.fixture
def account(cast):
    return factories.account(cast.tourism, "shinshiro_city")


@pytest.fixture
def run(monkeypatch, capsys):
    """What the command prints for a draft, and its exit status."""

    def run(draft: str | bytes, *arguments: str) -> tuple[str, int]:
        sent = draft.encode() if isinstance(draft, str) else draft
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(sent)))
        out = io.StringIO()
        try:
            call_command("check_post", *arguments, stdout=out)
        except SystemExit as ended:
            return out.getvalue(), int(str(ended.code))
        return out.getvalue(), 0

    return run


def test_each_finding_is_a_line_with_its_place_and_errors_end_with_1(run, account):
    said, status = run(
        f"{LEADING}連絡先は０９０ー１２３４ー５６７８です。\r\n\r\nhttps://bit.ly/abc\n",
        "--account", str(account.pk),
    )  # fmt: skip
    first, second, last = said.splitlines()
    assert first.startswith("2:5 誤り 携帯電話の番号(4(3)) 「０９０ー１２３４ー５６７８」 ")
    assert second.startswith("4:1 注意 短縮されたリンク(4(2)ウ) 「https://bit.ly/abc」 ")
    assert last == "誤り 1件、注意 1件、参考 0件"
    assert status == 1


def test_a_draft_with_nothing_wrong_ends_with_0(run, account):
    assert run("\ufeff紅葉が見頃です。", "--account", str(account.pk)) == (
        "誤り 0件、注意 0件、参考 0件\n", 0,
    )  # fmt: skip


def test_the_service_is_the_accounts_own_unless_others_are_named(run, account):
    long = "の" * 200
    assert run(long, "--account", str(account.pk))[1] == 1
    assert run(long, "--account", str(account.pk), "--service", "LINE")[1] == 0
    assert run(long, "--account", str(account.pk), "--service", "LINE", "--service", "x")[1] == 1


def test_what_is_counted_only_is_counted(run, account):
    said, _ = run("①\n" * 30, "--account", str(account.pk))
    assert said.splitlines()[-2:] == [
        "31:1 参考 機種依存文字(4(2)イ) ほか10件", "誤り 0件、注意 0件、参考 30件",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("draft", "arguments", "sentence"),
    [
        ("お知らせ", ["--account", "999999"], "ID 999999のアカウントはありません。"),
        (
            "お知らせ",
            ["--service", "mixi"],
            "「mixi」というソーシャルメディアは登録されていません。",
        ),
        (" \n", [], "原稿が空です。標準入力から渡してください。"),
        ("お知らせ".encode("cp932"), [], "原稿を読み取れません。文字コードをUTF-8にしてください。"),
    ],
)
def test_bad_usage_ends_with_2_and_says_why(run, account, draft, arguments, sentence):
    given = arguments if "--account" in arguments else ["--account", str(account.pk), *arguments]
    with pytest.raises(CommandError) as refused:
        run(draft, *given)
    assert str(refused.value) == sentence
    assert refused.value.returncode == 2


def test_it_keeps_nothing_and_asks_the_database_four_things(
    run, account, django_assert_num_queries, cast
):
    for number in range(3):
        factories.account(cast.tourism, f"another_{number}")
    # The account, the departments' telephones, the official accounts, the words.
    with django_assert_num_queries(4):
        run(LEADING, "--account", str(account.pk))

"""`manage.py transfer FILE --effective DAY`: what it prints, how it ends, and what it leaves."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from staff.models import Transfer
from tests import factories
from tests.staff.transfer_helpers import DAY, LAST_DAY, bytes_of, places, row

SINCE = factories.SINCE


@pytest.fixture
def saved(tmp_path):
    """A file of these rows on the disk."""

    def save(*rows, name="異動.csv"):
        path = tmp_path / name
        path.write_bytes(bytes_of(*rows))
        return str(path)

    return save


def run(*arguments):
    """Exit code and output."""
    out = io.StringIO()
    try:
        call_command("transfer", *arguments, stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def test_a_transfer_is_applied_and_its_consequences_are_said(cast, saved):
    code, said = run(saved(row(cast.officer, "kanko", "bosai")), "--effective", DAY.isoformat())
    [transfer] = Transfer.objects.all()
    assert (code, said) == (
        0,
        [
            "終わる所属の記録:1件",
            "  2行目:観光 担当さん 「観光課」の担当者を終える",
            "始まる所属の記録:1件",
            "  2行目:観光 担当さん 「防災課」の担当者になる",
            "文字コード:UTF-8",
            f"{transfer.pk}番の人事異動として反映しました。",
            "ended 1, begun 1, moved 0, failed 0",
        ],
    )
    assert (transfer.file_name, transfer.made_by) == ("異動.csv", None)


def test_a_dry_run_says_the_same_and_changes_nothing(cast, saved):
    file = saved(row(cast.officer, "kanko", "bosai"))
    code, said = run(file, "--effective", DAY.isoformat(), "--dry-run")
    assert (code, said[-2:]) == (
        0, ["確かめただけで、何も反映していません。", "ended 1, begun 1, moved 0, failed 0"],
    )  # fmt: skip
    assert places(cast.officer) == [("kanko", "officer", SINCE, None)]
    assert not Transfer.objects.exists()


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_a_wrong_line_is_named_and_the_command_fails(cast, saved, dry):
    file = saved(row("nobody@city.example", "", "bosai"), row(cast.officer, "kanko", "bosai"))
    assert run(file, "--effective", DAY.isoformat(), *dry) == (
        1,
        [
            "2行目 誤り 「nobody@city.example」の職員は登録されていません。",
            "文字コード:UTF-8",
            "誤りのある行があるため、何も反映していません。",
            "ended 0, begun 0, moved 0, failed 1",
        ],
    )
    assert places(cast.officer) == [("kanko", "officer", SINCE, None)]


def test_a_transfer_is_undone_by_its_number(cast, saved):
    run(saved(row(cast.officer, "kanko", "bosai")), "--effective", DAY.isoformat())
    number = Transfer.objects.get().pk
    assert run("--undo", str(number), "--dry-run") == (
        0, [f"{number}番の人事異動は取り消せます。まだ取り消していません。"],
    )  # fmt: skip
    assert places(cast.officer)[0] == ("kanko", "officer", SINCE, LAST_DAY)
    assert run("--undo", str(number)) == (0, [f"{number}番の人事異動を取り消しました。"])
    assert places(cast.officer) == [("kanko", "officer", SINCE, None)]
    for dry in ([], ["--dry-run"]):
        with pytest.raises(CommandError, match="すでに取り消されています"):
            run("--undo", str(number), *dry)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "ファイルと --effective"),
        (["異動.csv"], "ファイルと --effective"),
        (["異動.csv", "--effective", "04/01/2026"], "「04/01/2026」は日付ではありません。"),
        (["異動.csv", "--effective", "2026/04/01"], "2026-04-01のように指定してください。"),
        (["異動.csv", "--effective", DAY.isoformat()], "ファイル「異動.csv」がありません。"),
        (["異動.csv", "--undo", "3"], "--undo は、ファイルや異動日と一緒には指定できません。"),
        (["--undo", "3"], "3番の人事異動はありません。"),
        (["--undo", "3", "--dry-run"], "3番の人事異動はありません。"),
    ],
)
def test_what_it_cannot_work_with_is_said(db, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(*arguments)


def test_the_same_file_again_is_refused(cast, saved):
    file = saved(row(cast.officer, "kanko", "bosai"))
    run(file, "--effective", DAY.isoformat())
    with pytest.raises(CommandError, match="このファイルは、同じ異動日で"):
        run(file, "--effective", DAY.isoformat())

"""`manage.py load_guideline`: what it takes, what it refuses, and that nothing is half-done."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from policies.guideline import GuidelineVersion

TEXT = "例の決まり\n\n1.目的\n例を示す。\n3.運用\n2.定義\n(1)髙﨑①の段落\nア 一つ目\n附則\n施行する。\n"


def load(path: Path, effective: str = "2026-04-01", title: str = "") -> str:
    out = StringIO()
    options = {"title": title} if title else {}
    call_command(
        "load_guideline", str(path), f"--effective={effective}", stdout=out, stderr=out, **options
    )
    return out.getvalue()


def file(folder: Path, stored: bytes) -> Path:
    path = folder / "guideline.txt"
    path.write_bytes(stored)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_text_is_the_same_whatever_the_encoding(
    db: None, tmp_path: Path, encoding: str, line_end: str
) -> None:
    said = load(file(tmp_path, TEXT.replace("\n", line_end).encode(encoding)))

    version = GuidelineVersion.objects.get()
    assert (version.title, version.text) == ("例の決まり", TEXT)
    assert version.effective_from == date(2026, 4, 1)
    assert "「例の決まり」(2026-04-01施行)を登録しました。条項の数:5" in said
    assert version.sha256 in said


def test_a_title_of_its_own(db: None, tmp_path: Path) -> None:
    load(file(tmp_path, TEXT.encode()), title="改正版")

    assert GuidelineVersion.objects.get().title == "改正版"


def test_the_same_again_changes_nothing_and_is_no_error(db: None, tmp_path: Path) -> None:
    path = file(tmp_path, TEXT.encode())
    load(path)
    before = GuidelineVersion.objects.values().get()

    said = load(path)

    assert "すでに同じ内容で登録されています" in said
    assert GuidelineVersion.objects.values().get() == before


def test_what_was_in_force_on_a_day_cannot_be_rewritten(db: None, tmp_path: Path) -> None:
    load(file(tmp_path, TEXT.encode()))
    before = GuidelineVersion.objects.values().get()

    with pytest.raises(CommandError, match="施行日2026-04-01の版は、別の内容ですでに登録"):
        load(file(tmp_path, TEXT.replace("一つ目", "二つ目").encode()))

    assert GuidelineVersion.objects.values().get() == before


def test_another_day_is_another_version(db: None, tmp_path: Path) -> None:
    load(file(tmp_path, TEXT.encode()))
    load(file(tmp_path, TEXT.replace("一つ目", "二つ目").encode()), effective="2027-04-01")

    assert GuidelineVersion.objects.count() == 2


def test_a_text_without_numbers_is_taken_with_a_word_of_warning(db: None, tmp_path: Path) -> None:
    said = load(file(tmp_path, "題名\n本文だけ。\n".encode()))

    assert "条項の数:0" in said
    assert "条項の番号(1、(1)、アなど)が見つかりませんでした" in said


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        (b"", "何も書かれていません"),
        (b" \n\n\t\n", "何も書かれていません"),
        (b"\xef\xbb\xbf", "何も書かれていません"),
        (b"1.\0", "制御文字があります"),
        ("題名".encode("utf-16"), "文章のファイルではありません|文字コードが分かりません"),
        (b"\xfd\xfe", "制御文字があります"),
        (b"\x81\x20", "文字コードが分かりません"),
        (b"\x89PNG\r\n\x1a\n", "制御文字があります"),
        (b"a" * (2 * 1024 * 1024 + 1), "大きすぎます"),
        (b"a" * 201, "題名が長すぎます"),
    ],
)
def test_what_is_no_text_is_refused(db: None, tmp_path: Path, stored: bytes, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        load(file(tmp_path, stored))

    assert GuidelineVersion.objects.count() == 0


def test_a_file_that_cannot_be_read_is_refused(db: None, tmp_path: Path) -> None:
    for path in (tmp_path / "missing.txt", tmp_path):
        with pytest.raises(CommandError, match="を読めません"):
            load(path)


@pytest.mark.parametrize("day", ["2026-02-30", "2026/04/01", "令和8年4月1日", "", "20260401"])
def test_what_is_no_day_is_refused(db: None, tmp_path: Path, day: str) -> None:
    with pytest.raises(CommandError, match="日付ではありません"):
        load(file(tmp_path, TEXT.encode()), effective=day)


def test_the_day_must_be_said(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--effective"):
        call_command("load_guideline", str(file(tmp_path, TEXT.encode())))

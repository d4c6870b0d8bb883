"""`manage.py load_guideline FILE --effective YYYY-MM-DD`: one version of the guideline's text."""

from __future__ import annotations

import argparse
import datetime
import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction

from policies.guideline import GuidelineVersion, clauses
from shinshiro_sns.days import a_day

# The city's own has some 8,000 letters; what is a thousand times longer is another file.
LARGEST = 2 * 1024 * 1024
LONGEST_TITLE = 200
# NUL and its like, and the four signs as which Python's CP932 passes bytes that are no letters.
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\uf8f0-\uf8f3]")


def read_text(path: Path) -> str:
    """The file's text, UTF-8 with or without BOM or CP932. Raises CommandError with a sentence."""
    try:
        if path.stat().st_size > LARGEST:
            raise CommandError(f"ファイル「{path}」は大きすぎます(2MBまで)。")
        stored = path.read_bytes()
    except OSError as error:
        raise CommandError(f"ファイル「{path}」を読めません({error.strerror})。") from error
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = stored.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise CommandError(
            f"ファイル「{path}」の文字コードが分かりません。UTF-8かShift_JIS(CP932)で保存してください。"
        )
    if _NO_TEXT.search(text):
        raise CommandError(
            f"ファイル「{path}」は文章のファイルではありません(制御文字があります)。"
        )
    lines = [line.rstrip() for line in text.splitlines()]
    if not any(lines):
        raise CommandError(f"ファイル「{path}」には何も書かれていません。")
    return "\n".join(lines).strip("\n") + "\n"


class Command(BaseCommand):
    """Loads a version of the guideline; what is in force follows from the dates alone."""

    help = "ソーシャルメディア運用ガイドラインの本文を、施行日とともに登録します。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The file, the day of effect, and the title if the first line is none."""
        parser.add_argument("file", type=Path, help="本文のファイル(UTF-8かCP932)")
        parser.add_argument("--effective", type=a_day, required=True, help="施行日(YYYY-MM-DD)")
        parser.add_argument("--title", default="", help="題名(指定しなければ本文の1行目)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Registers the version, or says that it is registered already."""
        text = read_text(options["file"])
        title = options["title"].strip() or text.lstrip().splitlines()[0].strip()
        if len(title) > LONGEST_TITLE:
            raise CommandError(
                f"題名が長すぎます({LONGEST_TITLE}文字まで)。--titleで指定してください。"
            )
        day: datetime.date = options["effective"]
        try:
            with transaction.atomic():
                version, is_new = GuidelineVersion.objects.get_or_create(
                    effective_from=day, defaults={"title": title, "text": text}
                )
        except IntegrityError as error:  # pragma: no cover  (two commands in the same moment)
            raise CommandError("同時に登録されました。もう一度実行してください。") from error
        if (version.title, version.text) != (title, text):
            # What was in force on a day must stay readable as it was.
            raise CommandError(
                f"施行日{day}の版は、別の内容ですでに登録されています。何も変更していません。"
                "改正した版は、新しい施行日で登録してください。"
            )
        numbered = [clause.number for clause in clauses(text) if clause.number]
        said = "登録しました" if is_new else "すでに同じ内容で登録されています"
        self.stdout.write(f"「{title}」({day}施行)を{said}。条項の数:{len(numbered)}")
        self.stdout.write(f"SHA-256:{version.sha256}")
        if not numbered:
            self.stderr.write(
                "条項の番号(1、(1)、アなど)が見つかりませんでした。本文は一続きの文章として公開されます。"
            )

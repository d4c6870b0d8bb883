"""Takes a register of accounts in from a CSV or a workbook: contract `import_accounts`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.import_columns import COLUMNS
from accounts.importing import Options, import_accounts
from shinshiro_sns.importing import Report, Verdict
from shinshiro_sns.tables import UnreadableTable, read_path, read_table


class Command(BaseCommand):
    """`manage.py import_accounts FILE`."""

    help = (
        "アカウントの一覧をCSV(UTF-8、シフトJIS)かExcelブックから取り込みます。"
        "誤りが1行でもあれば何も取り込みません。取り込んだアカウントは「準備中」になります。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        names = "、".join(f"{column.name}({column.heading})" for column in COLUMNS)
        parser.add_argument("file", metavar="FILE", help="取り込むファイルです。")
        parser.add_argument(
            "--dry-run", action="store_true", help="確かめるだけで、何も書き込みません。"
        )
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="項目=見出し",
            help=f"見出しの違う列を項目に対応させます。繰り返し使えます。項目:{names}",
        )
        parser.add_argument(
            "--department", default="", metavar="コード", help="所属が書かれていない行の所属です。"
        )
        parser.add_argument(
            "--create-departments",
            action="store_true",
            help="登録されていない所属を新しく登録します。",
        )
        parser.add_argument(
            "--skip-errors", action="store_true", help="誤りのある行を除いて取り込みます。"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say what became of every row; exit 1 where one failed."""
        try:
            report = import_accounts(
                read_table(read_path(options["file"]), Path(options["file"]).name),
                Options(
                    _mapping(options["map"]),
                    options["department"],
                    options["create_departments"],
                    options["skip_errors"],
                ),
                by=None,
                write=not options["dry_run"],
            )
        except UnreadableTable as error:
            raise CommandError(str(error)) from error
        self._say(report, dry_run=options["dry_run"])
        if report.failed:
            sys.exit(1)

    def _say(self, report: Report, *, dry_run: bool) -> None:
        for outcome in report.by_weight():
            if not outcome.sentence:
                continue
            verdict = "注意" if outcome.verdict is Verdict.IMPORTED else outcome.verdict.value
            label = f"「{outcome.label}」" if outcome.label else ""
            self.stdout.write(f"{outcome.line}行目 {verdict} {label}{outcome.sentence}")
        for remark in report.remarks:
            self.stdout.write(remark)
        imported = report.imported
        if dry_run:
            self.stdout.write("確かめただけで、何も取り込んでいません。")
        elif not report.written:
            imported = 0
            self.stdout.write(
                "誤りのある行があるため、何も取り込んでいません。"
                "直してからもう一度行うか、--skip-errors を付けてください。"
            )
        self.stdout.write(f"imported {imported}, skipped {report.skipped}, failed {report.failed}")


def _mapping(pairs: list[str]) -> dict[str, str]:
    mapping: dict[str, str] = {}
    for pair in pairs:
        name, separator, heading = pair.partition("=")
        if not separator or not name.strip() or not heading.strip():
            raise CommandError(
                f"--map は「項目=見出し」の形で書いてください(例:--map url=リンク):{pair}"
            )
        if name.strip() in mapping:
            raise CommandError(f"--map で「{name.strip()}」が2回指定されています。")
        mapping[name.strip()] = heading.strip()
    return mapping

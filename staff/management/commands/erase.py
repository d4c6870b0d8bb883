"""What was erased at the end of its term, and erasing it again after a restore."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from staff import erasing

NO_LOG = (
    "注意:消去の記録ファイル(ERASURE_LOG)がありません。バックアップの後に消去した個人情報が、"
    "戻っているおそれがあります。記録ファイルを元の場所に置いて、manage.py erase --again を"
    "もう一度実行してください。一度も消去したことがなければ、このままで構いません。"
)


class Command(BaseCommand):
    """`manage.py erase`."""

    help = (
        "保存期間が過ぎて消去した個人情報の記録を表示し(--list)、"
        "バックアップから戻した後に、もう一度消去します(--again)。新しい消去は管理画面で起案します。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--list", action="store_true", help="消去の記録を表示します。")
        what.add_argument(
            "--again", action="store_true", help="記録にある消去を、もう一度行います。"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """One line for each erasure, with what it erased."""
        try:
            entries = erasing.known()
        except erasing.NotNow as problem:
            raise CommandError(str(problem)) from problem
        total = 0
        for entry in entries:
            erased = erasing.again(entry) if options["again"] else entry.erased
            total += sum(erased.values())
            counts = "、".join(f"{name} {count}" for name, count in erased.items() if count)
            self.stdout.write(f"{entry.until} {entry.key} {counts or '0'}")
        self.stdout.write(f"erasures {len(entries)}, erased {total}")
        if options["again"] and not erasing.log_is_there():
            self.stderr.write(NO_LOG)
            self.stdout.write(NO_LOG)

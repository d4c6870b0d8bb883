"""Everything the portal keeps, as one file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from shinshiro_sns import backups


class Command(BaseCommand):
    """`manage.py backup FILE`."""

    help = (
        "データベースと証拠のファイルを、一つのファイルに書き出します。"
        "どちらの種類のデータベースにも戻せます。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("file", metavar="FILE", help="書き出すファイル(.zip)です。")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it, and name the files that are missing already."""
        try:
            tally = backups.write(Path(options["file"]))
        except OSError as error:
            raise CommandError(f"書き込めません({error.strerror})。") from error
        except DatabaseError as error:
            raise CommandError(
                "データベースを読み取れません。先に migrate で、この版の表を作ってください"
                f"({error})。"
            ) from error
        for name in tally.missing:
            self.stderr.write(f"証拠のファイルがありません:{name}")
        self.stdout.write(
            f"backed up {tally.rows} rows, {tally.files} files, missing {len(tally.missing)}"
        )

"""A backup put back, and what was erased since erased again."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from shinshiro_sns import backups


class Command(BaseCommand):
    """`manage.py restore FILE`."""

    help = (
        "バックアップを戻します。戻すのは、すべてか、何も戻さないかのどちらかです。"
        "その後に消去した個人情報は、もう一度消去します。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("file", metavar="FILE", help="バックアップのファイルです。")
        parser.add_argument(
            "--replace", action="store_true", help="今のデータをすべて置き換えます。"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify every part, put it back, erase again."""
        try:
            tally = backups.restore(Path(options["file"]), replace=options["replace"])
        except backups.NotRestorable as problem:
            raise CommandError(str(problem)) from problem
        except OSError as error:
            raise CommandError(f"読み取れません({error.strerror})。") from error
        cache.clear()
        self.stdout.write(f"restored {tally.rows} rows, {tally.files} files")
        call_command("erase", "--again", stdout=self.stdout, stderr=self.stderr)

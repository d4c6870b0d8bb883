"""Writes the register to a CSV or a workbook that `import_accounts` reads."""

from __future__ import annotations

import os
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.exporting import EVERYTHING, FACTS, WRITERS, register, table
from accounts.models import Account


class Command(BaseCommand):
    """`manage.py export_accounts FILE`."""

    help = "アカウントの一覧をCSVかExcelブック(.xlsx)に書き出します。import_accounts が読み取る見出しを使います。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("file", metavar="FILE", help="書き出すファイル(.csv か .xlsx)です。")
        parser.add_argument(
            "--facts",
            action="store_true",
            help="ほかの一覧に取り込める項目だけにします(番号、状態、各種の記録を除きます)。",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it complete or not at all, for nobody else on the machine to read."""
        path = Path(options["file"])
        write = WRITERS.get(path.suffix.lower())
        if write is None:
            raise CommandError("ファイルの名前は .csv か .xlsx で終わるようにしてください。")
        rows = list(
            table(register(Account.objects.all()), FACTS if options["facts"] else EVERYTHING)
        )
        try:
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(write(rows))
                Path(name).replace(path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise CommandError(f"ファイル「{path}」に書き込めません({error.strerror})。") from error
        self.stdout.write(f"exported {len(rows) - 1}")

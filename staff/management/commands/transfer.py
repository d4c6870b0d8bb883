"""A transfer of staff (人事異動) from a file, or one taken back: contract `transfer`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shinshiro_sns.days import a_day
from shinshiro_sns.tables import UnreadableTable, read_path
from staff.models import Transfer
from staff.transferring.applying import TransferRefused, apply, preview
from staff.transferring.lines import read_file
from staff.transferring.plan import Plan
from staff.transferring.undoing import obstacles, undo


class Command(BaseCommand):
    """`manage.py transfer FILE --effective YYYY-MM-DD`."""

    help = (
        "人事異動の表(CSVかExcelブック)を、異動日を指定して反映します。誤りが1行でもあれば"
        "何も反映しません。反映した人事異動は、--undo で全体を取り消せます。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("file", metavar="FILE", nargs="?", help="人事異動の表です。")
        parser.add_argument(
            "--effective", type=a_day, metavar="YYYY-MM-DD", help="異動日(新しい所属の初日)です。"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="確かめるだけで、何も書き込みません。"
        )
        parser.add_argument(
            "--undo", type=int, metavar="番号", help="反映した人事異動の全体を取り消します。"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Apply or undo, and say what follows or what is wrong; exit 1 where anything is."""
        name, day, number = options["file"], options["effective"], options["undo"]
        if number is not None:
            if name or day:
                raise CommandError("--undo は、ファイルや異動日と一緒には指定できません。")
            self._undo(number, dry_run=options["dry_run"])
            return
        if not name or not day:
            raise CommandError("ファイルと --effective(異動日)を指定してください。")
        try:
            file = read_file(read_path(name), Path(name).name)
            if options["dry_run"]:
                plan, transfer = preview(file, day), None
            else:
                plan, transfer = apply(file, day, by=None)
        except (UnreadableTable, TransferRefused) as error:
            raise CommandError(str(error)) from error
        self._say(plan, transfer)
        if plan.faults:
            sys.exit(1)

    def _say(self, plan: Plan, transfer: Transfer | None) -> None:
        for line, sentences in plan.wrong():
            self.stdout.write(f"{line}行目 誤り {' '.join(sentences)}")
        for group in plan.groups:
            if group.items:
                self.stdout.write(f"{group.title}:{len(group.items)}件")
            for item in group.items:
                self.stdout.write(f"  {item.sentence}")
        for remark in plan.remarks:
            self.stdout.write(remark)
        if plan.faults:
            self.stdout.write("誤りのある行があるため、何も反映していません。")
        elif transfer is None:
            self.stdout.write("確かめただけで、何も反映していません。")
        else:
            self.stdout.write(f"{transfer.pk}番の人事異動として反映しました。")
        self.stdout.write(plan.count())

    def _undo(self, number: int, *, dry_run: bool) -> None:
        try:
            if dry_run:
                transfer = Transfer.objects.filter(pk=number).first()
                if transfer is None:
                    raise TransferRefused(f"{number}番の人事異動はありません。")
                if found := obstacles(transfer):
                    raise TransferRefused("\n".join(found))
                self.stdout.write(f"{number}番の人事異動は取り消せます。まだ取り消していません。")
                return
            undo(number, by=None)
        except TransferRefused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{number}番の人事異動を取り消しました。")

"""`manage.py remind`: one day's reminders and escalations, 3(7)."""

from __future__ import annotations

import argparse
import datetime
import logging
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, transaction
from django.utils import timezone

from shinshiro_sns.days import a_day
from staff.digests import Digest, Part
from staff.models import User
from staff.reminding import Tally, remind

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Reminds everybody of what is his to do, once a day."""

    # It runs every day, and the web pages' checks are not its business.
    requires_system_checks = []
    help = "期限が近いもの、期限を過ぎたものを、職員1人につき1日1通のメールで知らせます。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--today", type=a_day, metavar="YYYY-MM-DD",
            help="この日のものとして知らせます。今日より後の日を指定すると、そこで知らせたものは、"
            "その日が過ぎるまで再び知らせません。毎日の処理は、今日の分だけ行います。",
        )  # fmt: skip
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="だれに何を知らせるかを表示し、何も変更しません。",
        )

    def handle(
        self, *args: Any, today: datetime.date | None, dry_run: bool, **options: Any
    ) -> None:
        """Remind; the exit code is 0 unless something failed."""
        day = today or timezone.localdate()
        if day > timezone.localdate() and not dry_run:
            # A slip of the year would otherwise silence the city without a word.
            self.stderr.write(
                f"注意:{day}は今日より後の日です。ここで知らせたものは、その日が過ぎるまで再び知らせません。"
            )
        try:
            tally = self._try_out(day) if dry_run else remind(day)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The database cannot be reached: %r", error)
            raise CommandError("データベースに接続できません。") from error
        for failure in tally.failures:
            self.stderr.write(f"失敗しました。{failure}")
        failed = len(tally.failures)
        self.stdout.write(f"sent {tally.sent}, already sent {tally.already_sent}, failed {failed}")
        if failed:
            sys.exit(1)

    def _try_out(self, day: datetime.date) -> Tally:
        """Do everything and take it back."""
        with transaction.atomic():
            tally = remind(day, show=self._show)
            transaction.set_rollback(True)
        return tally

    def _show(self, person: User, digest: Digest) -> None:
        self.stdout.write(f"{person.name} <{person.email}>")
        self._show_part("していただくこと", digest.own)
        self._show_part("期限を過ぎているもの(ほかの人のすること)", digest.of_others)

    def _show_part(self, heading: str, part: Part) -> None:
        if part.count:
            self.stdout.write(f"  {heading}:{part.count}件")
        for entry in part.entries:
            self.stdout.write(
                f"    {entry.deadline} {entry.title}({entry.clause}) {entry.label} {entry.path}"
            )
        if part.more:
            self.stdout.write(f"    ほか{part.more}件")

"""`manage.py escalate`: tells those above of incidents' deadlines that have passed, 5."""

from __future__ import annotations

import logging
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError

from incidents.escalation import escalate

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Run every few minutes by a timer; as often as one likes, each is told once."""

    # It runs all day, and the web pages' checks are not its business.
    requires_system_checks = []
    help = "事案の手順の期限が過ぎたことを、所属の長、広報主管課、緊急連絡先の順に、1回ずつ知らせます。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell; the exit code is 0 unless something failed."""
        try:
            tally = escalate()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The database cannot be reached: %r", error)
            raise CommandError("データベースに接続できません。") from error
        for failure in tally.failures:
            self.stderr.write(f"失敗しました。{failure}")
        self.stdout.write(f"told {tally.told}, failed {len(tally.failures)}")
        if tally.failures:
            sys.exit(1)

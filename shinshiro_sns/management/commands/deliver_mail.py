"""Sends the mails that are due, once or for as long as it runs."""

from __future__ import annotations

import logging
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone

from shinshiro_sns.mail import Tally, deliver_due, forget_old_texts, forget_unreached
from shinshiro_sns.stopping import until_told

logger = logging.getLogger(__name__)

BATCH = 100
LONGEST_PAUSE_SECONDS = 300.0


def _tidy_up() -> None:
    forget_old_texts()
    forget_unreached()


def watch(every: float, wait: Callable[[float], bool], should_stop: Callable[[], bool]) -> Tally:
    """Deliver what is due every `every` seconds until `wait(seconds)` or `should_stop()` is true.

    Outages of the database or the mail server only lengthen the pause, to five minutes at most.
    """
    total = Tally()
    failures = 0
    tidied_on = None
    while not should_stop():
        try:
            close_old_connections()
            if tidied_on != timezone.localdate():
                _tidy_up()
                tidied_on = timezone.localdate()
            done = deliver_due(BATCH, should_stop)
            total += done
            failures = failures + 1 if done.unreachable else 0
            if done.handled >= BATCH:
                continue
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The database cannot be reached: %r", error)
            connection.close()
            failures += 1
        if wait(min(every * 2 ** min(failures, 16), LONGEST_PAUSE_SECONDS)):
            break
    return total


class Command(BaseCommand):
    """`manage.py deliver_mail [--watch]`."""

    # It starts often, and the web pages' checks are not its business.
    requires_system_checks = []
    help = "送信待ちのメールを送ります。--watch を付けると、止めるまで送り続けます。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--watch", action="store_true", help="止めるまで送り続けます。")
        parser.add_argument(
            "--every",
            type=float,
            default=5.0,
            metavar="秒",
            help="--watch で送信待ちを確かめる間隔(秒、初めは5)です。",
        )

    def handle(self, *args: Any, watch: bool, every: float, **options: Any) -> None:
        """Deliver; the exit code is 1 if the mail server could not be reached."""
        if every <= 0:
            raise CommandError("--every には0より大きい秒数を指定してください。")
        try:
            total = self._watch(every) if watch else self._deliver_once()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The database cannot be reached: %r", error)
            raise CommandError("データベースに接続できません。") from error
        if total.unreachable:
            self.stderr.write("メールサーバーに接続できません。送信待ちのメールは残っています。")
        self.stdout.write(
            f"送信 {total.sent}件、再試行 {total.retried + total.put_off}件、"
            f"送信不能 {total.undeliverable}件"
        )
        if total.unreachable and not watch:
            sys.exit(1)

    def _deliver_once(self) -> Tally:
        total = Tally()
        _tidy_up()
        while (done := deliver_due(BATCH)).handled >= BATCH and not done.unreachable:
            total += done
        total += done
        return total

    def _watch(self, every: float) -> Tally:
        # Held back and asked for: a mail in the middle of its way is finished first.
        with until_told() as told:
            return watch(every, wait=told.wait, should_stop=told.is_told)

"""`manage.py check_links`: look whether the accounts' own pages name the city's pages, 3(6)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.link_checking import PLAIN, check, to_check
from accounts.models import Account, LinkCheck
from accounts.page_reading import PageReader

Outcome = LinkCheck.Outcome


class Command(BaseCommand):
    """Each account is looked at once a day, however often this runs."""

    help = "公式アカウントのページに、市のページへのリンクがあるかを確かめます(3(6))。"

    def add_arguments(self, parser: CommandParser) -> None:
        """`--account` for one account, whenever it was looked at; `--limit` for so many."""
        parser.add_argument("--account", type=int, metavar="ID")
        parser.add_argument("--limit", type=int, metavar="N")

    def handle(self, *args: Any, **options: Any) -> None:
        """Says for each account what was seen, and at last how many of each."""
        if not settings.LINK_CHECKS:
            self.stdout.write("自動の確認は使わない設定です(LINK_CHECKS)。何も確かめていません。")
            return
        accounts = to_check(timezone.localdate())
        if options["account"] is not None:
            accounts = [self._only(options["account"])]
        elif options["limit"] is not None:
            accounts = accounts[: max(options["limit"], 0)]
        seen: Counter[str] = Counter()
        for row in check(accounts, PageReader()):
            seen[row.outcome] += 1
            self.stdout.write(
                f"{row.account_id} {row.account}:{row.get_outcome_display()} {row.detail}"
            )
        self.stdout.write(
            f"linked {seen[Outcome.LINKED]}, missing {seen[Outcome.MISSING]}, "
            f"unreachable {seen[Outcome.UNREACHABLE]}, not allowed {seen[Outcome.NOT_ALLOWED]}"
        )

    def _only(self, pk: int) -> Account:
        account = Account.objects.filter(pk=pk, status=Account.Status.OFFICIAL).first()
        if account is None:
            raise CommandError(f"ID {pk}の公式アカウントはありません。")
        if account.service not in PLAIN:
            raise CommandError(f"{account.service_info.name}のページは、自動では確かめられません。")
        return account

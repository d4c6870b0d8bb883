"""`manage.py demo`: the demonstration data."""

from __future__ import annotations

import unicodedata
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from policies.demonstration import seeding
from staff.demonstration import logins

ADDRESSES = (
    ("公式アカウント一覧(市民向け)", "/"),
    ("自分の仕事(所属の職員)", "/desk/"),
    ("管理(広報主管課・監査・システム管理者)", "/admin/"),
)


class Command(BaseCommand):
    """Seeds once; where the demonstration is there already, it changes nothing."""

    help = "デモンストレーション用のデータを登録します。すでに登録されていれば、何も変えません。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two ways beside seeding."""
        parser.add_argument(
            "--show", action="store_true", help="画面のアドレスとログインの一覧を表示します。"
        )
        parser.add_argument(
            "--reset", action="store_true", help="すべてのデータを消して、最初の状態に戻します。"
        )

    def handle(self, *args: Any, show: bool, reset: bool, **options: Any) -> None:
        """Says in one sentence what was done, or why nothing was."""
        if not settings.DEMONSTRATION:
            raise CommandError(
                "本番の環境(PORTAL_MODE=production)では、デモンストレーション用のデータは使えません。"
            )
        if show:
            self._show()
        elif reset:
            self._reset()
        elif not seeding.is_there():
            self._refuse_other_data()
            seeding.seed()
            self.stdout.write("デモンストレーション用のデータを登録しました。")

    def _reset(self) -> None:
        if seeding.holds_others():
            raise CommandError(
                "デモンストレーション用ではない職員が登録されているため、データを消せません。"
            )
        if not seeding.is_there():
            self._refuse_other_data()
        seeding.start_over()
        self.stdout.write("デモンストレーション用のデータを、最初の状態に戻しました。")

    def _refuse_other_data(self) -> None:
        if seeding.holds_anything():
            raise CommandError(
                "このデータベースにはデモンストレーション用ではないデータがあるため、登録できません。"
                "DATABASE_URLで空のデータベースを指定してください。"
            )

    def _show(self) -> None:
        if not seeding.is_there():
            raise CommandError(
                "デモンストレーション用のデータがまだありません。"
                "先に manage.py demo を実行してください。"
            )
        self._table(
            ("画面", "アドレス"), [(n, settings.PORTAL_URL + path) for n, path in ADDRESSES]
        )
        self._table(
            ("役割", "メールアドレス", "パスワード"),
            [(login.role, login.email, login.password) for login in logins()],
        )

    def _table(self, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
        widths = [max(map(_columns, column)) for column in zip(head, *rows, strict=True)]
        self.stdout.write("")
        for row in (head, tuple("-" * width for width in widths), *rows):
            cells = zip(row, widths, strict=True)
            line = "  ".join(cell + " " * (width - _columns(cell)) for cell, width in cells)
            self.stdout.write(line.rstrip())


def _columns(text: str) -> int:
    """How wide a terminal shows `text`: Japanese letters take two columns."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)

"""`manage.py publish DIR`: the public site as files, signed, complete or not at all."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from publication import following
from publication.models import Publisher
from publication.publishing import publish
from shinshiro_sns.stopping import until_told

EVERY = 500


class Command(BaseCommand):
    """Publishes once, or keeps on publishing what changes."""

    requires_system_checks = []
    help = "公開ページを、署名付きのファイルとしてDIRに書き出します。変わったところだけを作り直します。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "directory", metavar="DIR", type=Path, nargs="?",
            help="公開先のフォルダー。書かなければ、設定の PUBLICATION_DIR です。",
        )  # fmt: skip
        parser.add_argument(
            "--confirm", type=int, default=0, metavar="N",
            help="N件のアカウントが公開ページからなくなることを確かめたうえで公開します。",
        )  # fmt: skip
        parser.add_argument(
            "--anew", action="store_true", help="公開中のファイルを使わず、すべて作り直します。"
        )
        parser.add_argument(
            "--follow", action="store_true", help="止めるまで、変わったところを公開し続けます。"
        )
        parser.add_argument(
            "--every", type=float, default=5.0, metavar="秒",
            help="--follow で、変わったかどうかを確かめる間隔(秒、初めは5)です。",
        )  # fmt: skip

        parser.add_argument(
            "--forget", action="store_true",
            help="公開はせず、DIRを公開先として見守るのをやめます。公開中のファイルは消しません。",
        )  # fmt: skip

    def handle(
        self, *args: Any, directory: Path | None, confirm: int, anew: bool, follow: bool, every: float,
        forget: bool, **options: Any,
    ) -> None:  # fmt: skip
        """Publish; whatever is raised, what stood there before stands on."""
        directory = directory or Path(settings.PUBLICATION_DIR or ".")
        if directory == Path():
            raise CommandError("公開先のフォルダーを指定してください。")
        if forget:
            gone, _ = Publisher.objects.filter(directory=str(directory.resolve())).delete()
            if not gone:
                raise CommandError(f"「{directory}」は、公開先として記録されていません。")
            self.stdout.write(f"「{directory}」を見守るのをやめました。")
            return
        if every <= 0:
            raise CommandError("--every には0より大きい秒数を指定してください。")
        if follow:
            if confirm or anew:
                raise CommandError("--follow は、--confirm や --anew と一緒には指定できません。")
            with until_told() as told:
                following.follow(directory.resolve(), every, told, self.stdout.write)
            return
        try:
            done = publish(directory, confirmed_loss=confirm, anew=anew, tell=self._tell)
        except (*following.REFUSED, DatabaseError, OSError) as error:
            raise CommandError(f"公開しませんでした。{following.why_not(error)}") from error
        self.stdout.write(
            f"number {done.number}, accounts {done.accounts}, pages {done.pages}, "
            f"rendered {done.rendered}, removed {done.removed}"
        )

    def _tell(self, done: int, of: int) -> None:
        if done % EVERY == 0:
            self.stderr.write(f"{done} / {of}")

"""`manage.py publish DIR`: the public site as files, signed, complete or not at all."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from publication.keys import KeysUnusable
from publication.place import PlaceUnusable
from publication.publishing import TooMuchVanishes, Unsettled, publish
from publication.rendering import PageFailed

REFUSED = (TooMuchVanishes, Unsettled, PageFailed, PlaceUnusable, KeysUnusable)
EVERY = 500


class Command(BaseCommand):
    """Publishes once, or keeps on publishing what changes."""

    requires_system_checks = []
    help = "公開ページを、署名付きのファイルとしてDIRに書き出します。変わったところだけを作り直します。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("directory", metavar="DIR", type=Path, help="公開先のフォルダー")
        parser.add_argument(
            "--confirm", type=int, default=0, metavar="N",
            help="N件のアカウントが公開ページからなくなることを確かめたうえで公開します。",
        )  # fmt: skip
        parser.add_argument(
            "--anew", action="store_true", help="公開中のファイルを使わず、すべて作り直します。"
        )

    def handle(self, *args: Any, directory: Path, confirm: int, anew: bool, **options: Any) -> None:
        """Publish; whatever is raised, what stood there before stands on."""
        try:
            done = publish(directory, confirmed_loss=confirm, anew=anew, tell=self._tell)
        except REFUSED as error:
            raise CommandError(f"公開しませんでした。{error}") from error
        except DatabaseError as error:
            raise CommandError("公開しませんでした。データベースに接続できません。") from error
        except OSError as error:
            raise CommandError(
                f"公開しませんでした。書き込めません({error.strerror}:{error.filename})。"
            ) from error
        self.stdout.write(
            f"number {done.number}, accounts {done.accounts}, pages {done.pages}, "
            f"rendered {done.rendered}, removed {done.removed}"
        )

    def _tell(self, done: int, of: int) -> None:
        if done % EVERY == 0:
            self.stderr.write(f"{done} / {of}")

"""`manage.py verify_publication DIR`: whether every file is what was signed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from publication.keys import Keys, KeysUnusable
from publication.verifier import NotAsSigned, verify


class Command(BaseCommand):
    """Asks `publication/verifier.py`, with the portal's own root unless another is given."""

    requires_system_checks = []
    help = "DIRのすべてのファイルが、署名されたとおりかどうかを確かめます。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("directory", metavar="DIR", type=Path)
        parser.add_argument("--root", type=Path, metavar="FILE", help="信頼するルート情報")
        parser.add_argument(
            "--state", type=Path, metavar="FILE",
            help="確かめたもののうち最も新しい番号の控え。これより古いものは認めません。",
        )  # fmt: skip

    def handle(
        self, *args: Any, directory: Path, root: Path | None, state: Path | None, **options: Any
    ) -> None:
        """The exit code is 0 only if all of it is as it was signed, current, and none older."""
        try:
            trusted = (
                root.read_bytes() if root else Keys(Path(settings.PUBLICATION_KEYS)).roots()[0]
            )
            signed = verify(directory, trusted, state)
        except KeysUnusable as error:
            raise CommandError(str(error)) from error
        except NotAsSigned as error:
            raise CommandError(f"署名されたとおりではありません。\n{error}") from error
        except OSError as error:
            raise CommandError(f"「{error.filename}」を読めません({error.strerror})。") from error
        self.stdout.write(
            f"number {signed.number}, files {len(signed.files)}, published {signed.published}, "
            f"confirmed {signed.confirmed}, expires {signed.expires}"
        )

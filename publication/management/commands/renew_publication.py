"""`manage.py renew_publication DIR`: lets a publication pass as current for longer, without the portal."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from publication.keys import ONLINE, Keys, KeysUnusable, now
from publication.renewing import NotRenewed, renew


class Command(BaseCommand):
    """Needs the online key alone: no database, and no publisher's key."""

    requires_system_checks = []
    help = "公開物の有効期限を、オンライン鍵で延ばします。内容を確認したことにはなりません。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("directory", metavar="DIR", type=Path)

    def handle(self, *args: Any, directory: Path, **options: Any) -> None:
        """Renews by `PUBLICATION_EXPIRES_HOURS`, at most until the publisher's own signature ends."""
        hours = datetime.timedelta(hours=settings.PUBLICATION_EXPIRES_HOURS)
        try:
            signer = Keys(Path(settings.PUBLICATION_KEYS)).signer(ONLINE)
            until = renew(directory, signer, hours, now())
        except (KeysUnusable, NotRenewed) as error:
            raise CommandError(f"延長しませんでした。{error}") from error
        except OSError as error:
            raise CommandError(
                f"延長しませんでした。「{error.filename}」を読み書きできません({error.strerror})。"
            ) from error
        self.stdout.write(f"renewed until {until:%Y-%m-%dT%H:%M:%SZ}")

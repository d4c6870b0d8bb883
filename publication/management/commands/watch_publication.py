"""`manage.py watch_publication URL`: from outside, whether the public site is what the city signed."""

from __future__ import annotations

import argparse
import datetime
import sys
import tempfile
from pathlib import Path
from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection, send_mail
from django.core.mail.backends.filebased import EmailBackend as WritesFiles
from django.core.management.base import BaseCommand, CommandError
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root

from publication.keys import Keys, KeysUnusable
from publication.watching import Watch, go_on
from shinshiro_sns.stopping import until_told


class Command(BaseCommand):
    """Runs on another machine, with the root in a file: no database, no keys of the portal."""

    requires_system_checks = []
    help = "URLで公開されているページが、市が署名したとおりで、新しいかどうかを、外から見守ります。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("url", metavar="URL", help="公開ページの先頭のアドレス")
        parser.add_argument("--root", type=Path, metavar="FILE", help="信頼するルート情報")
        parser.add_argument(
            "--state", type=Path, metavar="FILE",
            help="確かめたもののうち最も新しい番号の控え。これより古いものは認めません。",
        )  # fmt: skip
        parser.add_argument(
            "--sample",
            type=int,
            default=20,
            metavar="N",
            help="大切なページのほかに、N個のファイルを選んで確かめます(初めは20)。",
        )
        parser.add_argument(
            "--all", action="store_true", dest="whole", help="すべてのファイルを確かめます。"
        )
        parser.add_argument(
            "--every", type=float, metavar="秒", help="止めるまで、この間隔(秒)で確かめ続けます。"
        )
        parser.add_argument(
            "--timeout", type=float, default=20.0, metavar="秒",
            help="一つのファイルを待つ時間(秒、初めは20)です。",
        )  # fmt: skip
        parser.add_argument(
            "--stale-after", type=float, default=15.0, metavar="分",
            help="最後の確認からこの時間(分、初めは15)が過ぎたら、古いものとします。",
        )  # fmt: skip
        parser.add_argument(
            "--mail", action="append", default=[], metavar="ADDRESS",
            help="--every で、変化があったときにメールを送る宛先。何度でも書けます。",
        )  # fmt: skip

    def handle(
        self, *args: Any, url: str, root: Path | None, state: Path | None, sample: int, whole: bool,
        every: float | None, timeout: float, stale_after: float, mail: list[str], **options: Any,
    ) -> None:  # fmt: skip
        """The exit code is 0 only if all that was looked at is as it was signed, and current."""
        if not _is_address(url):
            raise CommandError(
                "URLには、https:// から始まる、公開ページの先頭のアドレスを指定してください。"
            )
        if (every is not None and every <= 0) or timeout <= 0 or stale_after <= 0 or sample < 0:
            raise CommandError(
                "時間には0より大きい数を、--sample には0以上の数を指定してください。"
            )
        if mail and every is None:
            raise CommandError("--mail は、--every と一緒に指定してください。")
        if mail and isinstance(get_connection(), WritesFiles):
            raise CommandError("メールを送るには、EMAIL_URL を設定してください。")
        trusted = _root(root)
        with tempfile.TemporaryDirectory() as aside, until_told() as told:
            watch = Watch(
                url, trusted, state or Path(aside, "state"), sample=None if whole else sample,
                timeout=timeout, stale_after=datetime.timedelta(minutes=stale_after),
            )  # fmt: skip
            if every is not None:
                go_on(watch, every, told, self._say, lambda *said: self._mail(mail, *said))
                return
            outcome = watch.look(told)
        if outcome is None:
            raise CommandError("途中で止められました。")
        for line in outcome.words:
            (self.stderr if outcome.findings else self.stdout).write(line)
        self.stdout.write(str(outcome))
        if outcome.findings:
            sys.exit(1)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        # Whoever reads it through a pipe or in a journal reads it now.
        self.stdout.flush()

    def _mail(self, addresses: list[str], subject: str, text: str) -> bool:
        if not addresses:
            return True
        try:
            send_mail(subject, f"{text}\n", None, addresses)
        except (SMTPException, OSError) as error:
            self.stderr.write(
                f"メールを送れませんでした({error})。次に確かめたときに、また送ります。"
            )
            return False
        return True


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or "@" in parts.netloc) and url.isascii()
    return parts.scheme in ("http", "https") and bool(parts.hostname) and plain


def _root(file: Path | None) -> bytes:
    """The root that is trusted: that of the file, or on the portal itself the portal's own."""
    try:
        data = file.read_bytes() if file else Keys(Path(settings.PUBLICATION_KEYS)).roots()[0]
        Metadata[Root].from_bytes(data)
    except KeysUnusable as error:
        raise CommandError(
            f"--root に、信頼するルート情報のファイルを指定してください。{error}"
        ) from error
    except OSError as error:
        raise CommandError(f"「{error.filename}」を読めません({error.strerror})。") from error
    except RepositoryError as error:
        # Otherwise the site would be blamed for it.
        raise CommandError(f"「{file}」は、ルート情報のファイルではありません。") from error
    return data

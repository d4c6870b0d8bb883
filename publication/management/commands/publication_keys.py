"""`manage.py publication_keys`: makes, replaces and shows the keys that sign the publication."""

from __future__ import annotations

import argparse
import getpass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from publication.keys import (
    ONLINE,
    PUBLISHER,
    ROLES,
    ROOT,
    Keys,
    KeysUnusable,
    create,
    read_key,
    replace,
)


class Command(BaseCommand):
    """The root key is never kept with the others: its file is named each time."""

    requires_system_checks = []
    help = "公開物に署名する鍵を、作成し、取り替え、表示します。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the three ways."""
        ways = parser.add_subparsers(dest="way", required=True, metavar="WAY")
        making = ways.add_parser("create", help="鍵とルート情報を作成します。")
        changing = ways.add_parser(
            "replace",
            help="鍵を新しくします。鍵を指定しなければ、ルート情報の期限だけを延ばします。",
        )
        changing.add_argument(
            "keys", nargs="*", choices=[[], PUBLISHER, ONLINE, ROOT], metavar="KEY"
        )
        changing.add_argument(
            "--new-root-key", type=Path, metavar="FILE", help="新しいルート鍵を書き込むファイル"
        )
        for way in (making, changing):
            way.add_argument(
                "--root-key", type=Path, metavar="FILE", required=True,
                help="ルート鍵のファイル。サーバーには残さず、持ち運べる媒体に保管します。",
            )  # fmt: skip
        ways.add_parser("show", help="鍵の番号と期限を表示します。")

    def handle(self, *args: Any, way: str, **options: Any) -> None:
        """Says which root now holds, and the keys it names."""
        folder = Path(settings.PUBLICATION_KEYS)
        try:
            if way == "create":
                create(folder, options["root_key"])
            elif way == "replace":
                signer = read_key(options["root_key"], ask=_passphrase)
                replace(folder, signer, dict.fromkeys(options["keys"]), options["new_root_key"])
            root = Keys(folder).root().signed
        except KeysUnusable as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"root {root.version}, expires {root.expires:%Y-%m-%d}")
        for name, roles in ROLES.items():
            self.stdout.write(f"{name} {' '.join(root.roles[roles[0]].keyids)}")


def _passphrase() -> str:
    return getpass.getpass("ルート鍵のパスフレーズ:")

"""Compares every evidence file with its SHA-256 on record."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from accounts.evidence import verify


class Command(BaseCommand):
    """`manage.py verify_evidence`."""

    help = (
        "証拠のファイルを一つずつ読み、登録されたときのSHA-256と比べます。"
        "違うものやないものがあれば、名前を挙げて状態1で終わります。"
        "記録のないファイルは名前と数を知らせるだけで、ほかに問題がなければ状態0で終わります。"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 only if every file is what was taken in."""
        found = verify()
        for sentence in found.wrong:
            self.stdout.write(sentence)
        for name in found.strange:
            self.stdout.write(f"記録のないファイル:{name}")
        self.stdout.write(
            f"good {found.good}, wrong {len(found.wrong)}, without record {len(found.strange)}"
        )
        if found.wrong:
            sys.exit(1)

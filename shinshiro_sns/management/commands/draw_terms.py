"""`manage.py draw_terms`: the document of the terms of personal data, printed from their table."""

from typing import Any

from django.core.management.base import BaseCommand

from shinshiro_sns.retention import document


class Command(BaseCommand):
    """Prints docs/retention.md."""

    help = "個人情報の保存期間の表を書き出します(docs/retention.md の内容)。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the document."""
        self.stdout.write(document(), ending="")

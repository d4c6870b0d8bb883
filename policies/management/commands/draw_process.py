"""`manage.py draw_process`: the document of the process, printed from the table of steps."""

from typing import Any

from django.core.management.base import BaseCommand

from policies.process import diagram


class Command(BaseCommand):
    """Prints docs/process.md."""

    help = "手続きの図を、手続きの表から書き出します(docs/process.md の内容)。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the document."""
        self.stdout.write(diagram(), ending="")

"""`manage.py draw_check_rules`: the tables of the check for the browser, drawn from the portal's own."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from publication.checking.rules import script


class Command(BaseCommand):
    """Writes `static/js/check-rules.js`; tests compare it with what this would write."""

    help = "Writes static/js/check-rules.js from the tables of the check and of the services."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file."""
        path = Path(settings.BASE_DIR) / "static/js/check-rules.js"
        path.write_text(script(), encoding="utf-8")
        self.stdout.write(f"{path.name}")

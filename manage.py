#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys


def main() -> None:
    """Run one management command of the portal."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shinshiro_sns.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

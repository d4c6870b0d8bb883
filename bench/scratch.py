"""The portal set up in an empty database and a folder of its own, which `bench.settings` names."""

from __future__ import annotations

import os


def set_up() -> None:
    """Sets Django up in this process, with whatever the database holds already."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    import django  # noqa: PLC0415

    django.setup()


def stand_up() -> None:
    """Sets Django up in this process, migrates, and collects the static files."""
    set_up()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)

"""What the tests of incidents have in common."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from incidents.models import IncidentText

LAID_DOWN_BY = ("0003_first_texts", "0006_more_texts")


@pytest.fixture
def first_texts(db: None) -> None:
    """What the migrations lay down; a test that empties the database takes it along."""
    if not IncidentText.objects.exists():
        for name in LAID_DOWN_BY:
            import_module(f"incidents.migrations.{name}").begin(apps, None)

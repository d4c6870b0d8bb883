"""What the tests of incidents have in common."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from accounts.models import Account
from incidents.models import IncidentText
from tests import factories
from tests.conftest import Cast

LAID_DOWN_BY = ("0003_first_texts", "0006_more_texts")


@pytest.fixture
def first_texts(db: None) -> None:
    """What the migrations lay down; a test that empties the database takes it along."""
    if not IncidentText.objects.exists():
        for name in LAID_DOWN_BY:
            import_module(f"incidents.migrations.{name}").begin(apps, None)


@pytest.fixture
def account(cast: Cast) -> Account:
    """The city's own, which others imitate or take over."""
    return factories.official(
        cast.tourism, handle="example_kanko", url="https://x.com/example_kanko", name="新城市観光"
    )

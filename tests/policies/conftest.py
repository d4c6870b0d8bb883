"""A filing on the desk, and the officer who is logged in."""

import pytest

from tests import factories


@pytest.fixture
def officer(cast, client):
    client.force_login(cast.officer)
    return client


@pytest.fixture
def draft(cast):
    return factories.draft(factories.account(cast.tourism), cast.officer)

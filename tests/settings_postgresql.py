"""Settings for the tests on PostgreSQL. Importing them starts a private server, once per run.

A settings module and not a fixture: when the first conftest.py is read, Django has its database
already. The folder stands in the environment, so that pytest's workers and every program a test
starts find the same server.
"""

import os

from tests import postgresql
from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS

# `make check` has the migrations judged by what PostgreSQL would do.
INSTALLED_APPS = [*INSTALLED_APPS, "django_migration_linter"]

if "TEST_POSTGRESQL" not in os.environ:
    os.environ["TEST_POSTGRESQL"] = postgresql.start()

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ["TEST_POSTGRESQL"],
        "NAME": postgresql.DATABASE,
        "USER": postgresql.USER,
        # As the portal's own settings have it.
        "OPTIONS": {"options": "-c jit=off"},
    }
}

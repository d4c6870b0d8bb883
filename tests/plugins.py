"""What holds for every test, whichever part of the portal it is about."""

import gc
import glob
import ipaddress
import os
import sys
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import settings as hypothesis_settings
from xdist.scheduler import LoadScopeScheduling

from tests import migrated

# A shared machine is slow at times; how long one example took says nothing about the portal.
hypothesis_settings.register_profile("portal", deadline=None)
hypothesis_settings.load_profile("portal")

DATABASE_OF = {"tests.settings": "sqlite", "tests.settings_postgresql": "postgresql"}


def pytest_configure(config: pytest.Config) -> None:
    """No other host, and the database that was asked for."""
    # The portal runs on a closed network, so its tests do too.
    sys.addaudithook(refuse_other_hosts)
    # A run that was meant for PostgreSQL and silently took SQLite would prove nothing.
    asked_for = DATABASE_OF[settings.SETTINGS_MODULE]
    if connection.vendor != asked_for:
        raise pytest.UsageError(f"This run should use {asked_for}, not {connection.vendor}.")


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None, django_db_keepdb: bool) -> bool:
    """On SQLite every run begins with a copy of a file that is migrated already."""
    if connection.vendor != "sqlite":
        return django_db_keepdb
    migrated.lay_out(connection.settings_dict["TEST"]["NAME"])
    return True


def refuse_other_hosts(event: str, arguments: tuple[Any, ...]) -> None:
    """Raises when Python is about to connect to anything but this machine."""
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
        if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
            raise ConnectionRefusedError(f"A test tried to reach {host}.")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Removes what SQLite leaves beside a file deleted while another program had it open."""
    if not hasattr(config, "workerinput"):
        for left in glob.glob(os.environ["TEST_SQLITE"] + "*"):
            os.unlink(left)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Spares the collector what lives until the end anyway, which it would count again and again."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_report_header(config: pytest.Config) -> str:
    """Which database is under test, for the one who reads the report."""
    return f"database: {connection.vendor} ({settings.SETTINGS_MODULE})"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what the other database's run tells.

    SQLite knows no row locks, so it can neither win nor lose a race. And what no database can
    change is judged once.
    """
    elsewhere = "once" if connection.vendor == "postgresql" else "races"
    left_out = [item for item in items if item.get_closest_marker(elsewhere)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker(elsewhere)]


# What is dear to build and only read, and so one worker's: the city whose addresses are asked, the
# demonstration, and a Chromium.
BUILT_ONCE = ("tests/test_addresses.py", "tests/policies/test_demonstration.py", "tests/browser/")


class Together(LoadScopeScheduling):
    """Gives one worker what shares something dear, before all the rest one by one."""

    def _split_scope(self, nodeid: str) -> str:
        return next((part for part in BUILT_ONCE if nodeid.startswith(part)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """For whichever worker is free."""
    return Together(config, log)

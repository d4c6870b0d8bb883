"""An account whose hours are open, and what is typed about it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.models import Account
from policies.models import OperatingPolicy
from tests import factories

TOKYO = ZoneInfo("Asia/Tokyo")
# A Tuesday; the factories' policies are open from Monday to Friday, 8:30 to 17:15.
OPEN = datetime.datetime(2026, 11, 24, 10, tzinfo=TOKYO)
SHUT = datetime.datetime(2026, 11, 24, 18, tzinfo=TOKYO)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The clock stands at `OPEN` and can be moved."""
    with time_machine.travel(OPEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def account(clock, cast) -> Account:
    """An official account of 観光課, as its policy made it."""
    policy = factories.policy(
        factories.account(cast.tourism, "example_kanko"), cast.officer, "in_force",
        head=cast.head, receiver=cast.pr_officer,
    )  # fmt: skip
    return Account.objects.get(pk=policy.account_id)


@pytest.fixture
def approving(account) -> Account:
    """The same, where its policy wants a second pair of eyes."""
    OperatingPolicy.objects.filter(account=account).update(post_approval=True)
    return account

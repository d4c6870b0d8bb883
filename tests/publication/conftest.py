"""Accounts as the public finds them: official by their own way, no short cut."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Account
from policies.models import OperatingPolicy
from publication.checking import current
from tests import factories
from tests.conftest import Cast

Publish = Callable[..., Account]


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """The check answers from what this test makes, whatever another one left in memory."""
    current.forget()


@pytest.fixture
def publish(cast: Cast) -> Publish:
    """`publish(handle, service, name=…, status=…)`: an account with its policy in force."""

    def publish(
        handle: str = "", service: str = "x", *, status: str = "official",
        partners: tuple[Any, ...] = (), policy: dict[str, Any] | None = None, **fields: Any,
    ) -> Account:  # fmt: skip
        account = factories.account(cast.tourism, handle, service, **fields)
        factories.policy(
            account, cast.officer, OperatingPolicy.State.IN_FORCE,
            head=cast.head, receiver=cast.pr_officer, partners=partners, **(policy or {}),
        )  # fmt: skip
        if status != "official":
            # The steps of clause 6 come with a later release; the state is what counts here.
            Account.objects.filter(pk=account.pk).update(status=status)
        account.refresh_from_db()
        return account

    return publish

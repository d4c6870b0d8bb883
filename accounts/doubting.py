"""That somebody else may hold an account, 5: the city vouches for it no more until that is settled.

Told by whoever keeps the incident; nothing of the account's standing changes, so that the head's own
decision to suspend it, 6(1), stays his.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from shinshiro_sns.history import acting
from staff.models import User


@transaction.atomic
def doubt(account: Account, by: User) -> None:
    """From now on nobody is told that it is the city's; the first moment of doubt stays."""
    _set(account, by, doubted=True)


@transaction.atomic
def trust(account: Account, by: User, unless: Callable[[], bool] = lambda: False) -> None:
    """The doubt is settled: what the account was, it is again; not where `unless` says that it is
    doubted for another reason, asked while the account is locked: two reasons may end at once."""
    _set(account, by, doubted=False, unless=unless)


def _set(
    account: Account, by: User, *, doubted: bool, unless: Callable[[], bool] = lambda: False
) -> None:
    # Not its key: whoever opens a case of it in this moment names it, and waits for nobody.
    row: Any = Account.objects.select_for_update(of=("self",), no_key=True).get(pk=account.pk)
    if unless():
        return
    if (row.doubted_since is not None) == doubted:
        return
    row.doubted_since = timezone.now() if doubted else None
    row.revision += 1
    row._history_step = "doubt" if doubted else "trust"
    acting(row, by).save()
    row._history_step = ""
    account.doubted_since, account.revision = row.doubted_since, row.revision

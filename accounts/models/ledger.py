"""What every ledger beside an account has in common: whose it is, and who may see it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from accounts.models.account import Account
from staff import authority
from staff.models import User


class LedgerQuerySet(models.QuerySet[Any]):
    """Questions about rows that belong to an account."""

    def visible_to(self, user: User, permission: str) -> LedgerQuerySet:
        """Those of the accounts for which `user` holds `permission`."""
        return self.filter(authority.reach(user, permission).as_condition("account__department"))


class LedgerRow(models.Model):
    """A row of an account: its department is the account's, see `staff.roles`."""

    account: Any = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="%(class)s_rows", verbose_name="アカウント"
    )

    objects: ClassVar[Any] = LedgerQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def scope_department_ids(self) -> set[int]:
        """The account's managing department."""
        return set(self.account.scope_department_ids)

    @property
    def shared_department_ids(self) -> set[int]:
        """The departments that share the account."""
        return set(self.account.shared_department_ids)


def together(*fields: str) -> Q:
    """The condition that the nullable `fields` are all filled or all empty."""
    empty = Q(**{f"{field}__isnull": True for field in fields})
    return empty | Q(**{f"{field}__isnull": False for field in fields})

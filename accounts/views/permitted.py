"""What the pages of an account's ledgers have in common."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import Account
from staff.models import User


def person(request: HttpRequest) -> User:
    """Who is logged in: every page of the desk asks for a log-in."""
    return cast(User, request.user)


def account_for(request: HttpRequest, pk: int, permission: str) -> Account:
    """The account, if the person may see it (else 404) and holds `permission` over it (else 403)."""
    visible = Account.objects.visible_to(person(request)).select_related("department")
    account = get_object_or_404(visible, pk=pk)
    if not person(request).has_perm(permission, account):
        raise PermissionDenied
    return account

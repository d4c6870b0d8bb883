"""Credentials, 3(7): password changes and what guards an account beside them."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts import log_in_means, passwords
from accounts.models import Account
from accounts.presence import EVERY_ACCOUNT
from shinshiro_sns.days import start_of
from shinshiro_sns.duties import WAITING, Duty, late_after
from staff.actors import Officers

_OFFICERS = Officers("accounts.change_credentials")


def passwords_due(day: datetime.date, among: Q = EVERY_ACCOUNT) -> QuerySet[Any]:
    """Passwords that are due, or will be within the days before which people are reminded."""
    rows = passwords.due_by(day, day + passwords.SHOWN_BEFORE, among)
    return rows.select_related("department").order_by("password_due_on", "pk")


def means_to_check(day: datetime.date, among: Q = EVERY_ACCOUNT) -> QuerySet[Any]:
    """Accounts of whose means to log in something is wanting: one row, whatever it is."""
    return _by_found_on(log_in_means.wanting(day, among))


def administrators_to_name(day: datetime.date, among: Q = EVERY_ACCOUNT) -> QuerySet[Any]:
    """Accounts with fewer than two administrators who are still there."""
    return _by_found_on(log_in_means.lacking_administrators(day, among))


def people_to_replace(day: datetime.date, among: Q = EVERY_ACCOUNT) -> QuerySet[Any]:
    """Accounts whose policy in force names people who left."""
    return _by_found_on(log_in_means.naming_who_left(day, among))


def _by_found_on(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("department").order_by("found_on", "pk")


def _named(account: Account) -> str:
    return f"{account}({account.department})"


def _shown_since(account: Any) -> datetime.datetime:
    due_on = account.password_due_on
    if passwords.why(account) is passwords.Why.INTERVAL:
        due_on -= passwords.SHOWN_BEFORE
    return start_of(due_on)


def _who_left(account: Any) -> str:
    people = dict.fromkeys(f"{access.person.name}さん" for access in account.gone_accesses)
    return f"{_named(account)} — {'、'.join(people)}"


def _what_is_wanting(account: Any) -> str:
    found = "、".join(finding.short for finding in log_in_means.findings(account))
    return f"{_named(account)} — {found}"


def _found(account: Any) -> datetime.datetime:
    return start_of(account.found_on)


def _ledger(account: Account) -> str:
    return reverse("accounts:credentials", args=[account.pk])


def _page(account: Account) -> str:
    return reverse("policies:account", args=[account.pk])


_LATE = late_after("found_on", WAITING)

DUTIES: tuple[Duty, ...] = (
    Duty("password", "3(7)", "パスワードの変更", "変更して記録する", passwords_due,
         Officers("accounts.add_credentialchange"),
         lambda account: f"{_named(account)} — {passwords.why(account).label}",
         _shown_since, _ledger, lambda account: account.password_due_on,
         department="department", account="pk", narrows=True,
         overdue=late_after("password_due_on")),
    Duty("policy_people", "3(3)イ", "運用ポリシーの利用者・管理者を改める", "次の版を作成する",
         people_to_replace, _OFFICERS, _who_left, _found, _page,
         department="department", account="pk", narrows=True, overdue=_LATE),
    Duty("administrators", "3(7)", "アカウント管理者が2名に足りないもの", "管理者を定め直す",
         administrators_to_name, _OFFICERS, _named, _found, _page,
         department="department", account="pk", narrows=True, overdue=_LATE),
    Duty("credentials", "3(7)", "ログイン手段の確認", "確かめる", means_to_check, _OFFICERS,
         _what_is_wanting, _found, _ledger, department="department", account="pk", narrows=True,
         overdue=_LATE),
)  # fmt: skip

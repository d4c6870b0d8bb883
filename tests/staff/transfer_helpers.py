"""Files of transfers for tests, and the ways they are taken."""

from __future__ import annotations

import csv
import datetime
import io
from typing import Any

from django.utils import timezone

from staff.models import Membership, Transfer, User
from staff.transferring.applying import apply, preview
from staff.transferring.lines import COLUMNS, TransferFile, read_file
from staff.transferring.plan import Plan

TODAY = timezone.localdate()
DAY = TODAY + datetime.timedelta(days=30)
LAST_DAY = DAY - datetime.timedelta(days=1)
HEADINGS = [column.heading for column in COLUMNS]


def row(
    who: User | str = "", source: str = "", target: str = "", role: str = "", *,
    kind: str = "", name: str = "", account: object = "",
) -> list[str]:  # fmt: skip
    """One line of a file: a person unless `kind` says otherwise, places by their codes."""
    email = who if isinstance(who, str) else who.email
    return [kind, email, name, source, target, role, str(account)]


def bytes_of(*rows: list[str], encoding: str = "utf-8") -> bytes:
    """The file as a spreadsheet would save it."""
    text = io.StringIO()
    csv.writer(text).writerows([HEADINGS, *rows])
    return text.getvalue().encode(encoding)


def file_of(*rows: list[str]) -> TransferFile:
    return read_file(bytes_of(*rows), "異動.csv")


def plan_of(*rows: list[str], day: datetime.date = DAY) -> Plan:
    return preview(file_of(*rows), day)


def faults_of(*rows: list[str], day: datetime.date = DAY) -> dict[int, list[str]]:
    return plan_of(*rows, day=day).faults


def transferred(*rows: list[str], day: datetime.date = DAY, by: User | None = None) -> Transfer:
    """Applied, because nothing is wrong with it."""
    plan, transfer = apply(file_of(*rows), day, by=by)
    assert plan.faults == {}
    assert transfer is not None
    return transfer


def said(plan: Plan, name: str) -> list[str]:
    """What a group of the preview says."""
    [group] = [group for group in plan.groups if group.name == name]
    return [item.sentence for item in group.items]


def places(person: User) -> list[tuple[Any, ...]]:
    """Where a person is, was and will be."""
    rows = Membership.objects.filter(user=person).order_by("valid_from", "department__code", "pk")
    return list(rows.values_list("department__code", "role", "valid_from", "valid_until"))

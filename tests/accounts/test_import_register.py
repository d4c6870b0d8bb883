"""A real register, whole, with its real dirt: every row is imported, skipped or named."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import Account
from staff.models import Department
from tests.accounts.import_helpers import run

REGISTER = Path(settings.BASE_DIR).parent / "shared" / "data" / "us_registry_accounts.csv"
MAPPED = (
    "--map", "service=service_key", "--map", "name=organization", "--map", "handle=account",
    "--map", "url=service_url", "--map", "department=agencies", "--map", "opened_on=created_at",
    "--map", "purpose=short_description", "--create-departments",
)  # fmt: skip

pytestmark = pytest.mark.skipif(
    not REGISTER.exists(), reason=f"The register {REGISTER.name} is not on this machine."
)


def tally(line: str) -> tuple[int, int, int]:
    """The three figures of the last line."""
    found = re.fullmatch(r"imported (\d+), skipped (\d+), failed (\d+)", line)
    assert found
    return tuple(map(int, found.groups()))


def test_every_row_of_a_real_register_is_imported_or_named(db):
    with REGISTER.open(encoding="utf-8-sig", newline="") as file:
        rows = sum(1 for _ in csv.reader(file)) - 1

    lines, code = run(REGISTER, *MAPPED, "--skip-errors")
    imported, skipped, failed = tally(lines[-1])

    assert imported + skipped + failed == rows == 4941
    assert code == (1 if failed else 0)
    assert len([line for line in lines if re.match(r"\d+行目 誤り 「.*」.{10}", line)]) == failed
    repeating = r"\d+行目 取り込まない 「.*」\d+行目と同じアカウントです"
    assert len([line for line in lines if re.match(repeating, line)]) == skipped

    accounts = Account.objects.all()
    assert accounts.count() == accounts.values("identity").distinct().count() == imported
    assert set(accounts.values_list("status", flat=True)) == {"preparing"}
    assert Account.history.count() == imported
    assert not accounts.filter(search_text="").exists()
    assert Department.objects.count() == Department.history.count() > 100

    again, _ = run(REGISTER, *MAPPED, "--skip-errors")
    assert tally(again[-1]) == (0, imported + skipped, failed)


def test_nothing_of_it_is_imported_while_a_row_is_wrong(db):
    lines, code = run(REGISTER, *MAPPED)
    assert (tally(lines[-1])[0], code) == (0, 1)
    assert (Account.objects.count(), Department.objects.count()) == (0, 0)


def test_looking_at_it_first_writes_nothing(db):
    lines, _ = run(REGISTER, *MAPPED, "--dry-run")
    assert sum(tally(lines[-1])) == 4941
    assert (Account.objects.count(), Department.objects.count()) == (0, 0)

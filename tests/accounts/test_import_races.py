"""Two people fill the register at once: one account stays one account. Needs PostgreSQL."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from accounts.models import Account
from shinshiro_sns.importing import Verdict
from tests import factories
from tests.accounts.import_helpers import bytes_of, take

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


def test_an_account_registered_during_the_import_is_a_repetition_in_it():
    department = factories.department("観光課")
    rows = [
        {"URL": f"https://x.com/{name}", "管理する所属": "観光課"} for name in ("first", "second")
    ]
    found = []

    def import_them() -> None:
        try:
            found.append(take(bytes_of(*rows)))
        finally:
            connection.close()

    with transaction.atomic():
        mine = factories.account(department, "second", name="先に登録")
        other = threading.Thread(target=import_them)
        other.start()
        # Long enough for the import to have judged both rows, and to wait for this transaction.
        other.join(1.5)
        assert other.is_alive()
    other.join(20)

    [report] = found
    assert report.written
    assert [(o.verdict, o.reasons) for o in report.outcomes] == [
        (Verdict.IMPORTED, ()),
        (Verdict.SKIPPED, (f"登録済みの{mine.pk}番「先に登録」と同じアカウントです。",)),
    ]
    assert sorted(Account.objects.values_list("handle", flat=True)) == ["first", "second"]

"""A portal that dies while it takes a file in: a row with its whole file, or no row at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.evidence import verify
from accounts.models import Evidence
from tests import factories
from tests.mail.conftest import ROOT, database_url

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]
KILLED = -9


def test_killed_before_any_of_its_statements_it_leaves_nothing_half(evidence_folder: Path) -> None:
    department = factories.department("観光課")
    [officer] = factories.members((department, "officer", "担当"))
    account = factories.official(department)

    def takes_in(before: int) -> int:
        return subprocess.run(
            [
                sys.executable, "-m", "tests.accounts.evidence_process",
                *map(str, (timezone.localdate(), evidence_folder, account.pk, officer.pk, before)),
            ],
            cwd=ROOT, input=factories.PNG, check=False,
            env={
                **os.environ, "DJANGO_SETTINGS_MODULE": "shinshiro_sns.settings",
                "ENV_FILE": os.devnull, "SECRET_KEY": "only-for-tests-" + "x" * 50,
                "DATABASE_URL": database_url(),
            },
        ).returncode  # fmt: skip

    left_over = 0
    for before in range(1, 30):
        ended = takes_in(before)
        found = verify()
        assert found.wrong == []
        if ended == 0:
            break
        assert ended == KILLED
        assert Evidence.objects.count() == 0
        # A file that nobody speaks of harms nobody, and `verify_evidence` names it.
        assert len(found.strange) in (left_over, left_over + 1)
        left_over = len(found.strange)
    else:
        pytest.fail("It never came to an end.")
    # It did die between the file and its row, which is what this is about.
    assert left_over > 0
    assert (Evidence.objects.count(), found.good) == (1, 1)

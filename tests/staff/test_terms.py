"""The table of terms of personal data, and how a term is counted."""

import datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from shinshiro_sns.retention import TERMS, document
from staff import erasing
from staff.models import Erasure
from tests import factories

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.once
def test_the_document_is_the_table():
    assert (ROOT / "docs/retention.md").read_text() == document()


@pytest.mark.once
@pytest.mark.parametrize(
    ("day", "before"),
    [("2026-03-31", "2020-04-01"), ("2026-04-01", "2021-04-01"), ("2028-02-29", "2022-04-01")],
)
def test_a_term_is_counted_from_the_april_that_follows(day, before):
    five = next(term for term in TERMS if term.name == "staff")

    assert five.before(datetime.date.fromisoformat(day)).isoformat() == before


@pytest.mark.parametrize("missing", ["withdrawn_by", "withdrawn_at"])
def test_a_withdrawal_names_who_and_when_or_neither(cast, missing):
    factories.left_long_ago(cast.tourism)
    proposed = erasing.propose(cast.administrator)
    erasing.withdraw(proposed, cast.administrator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Erasure.objects.update(**{missing: None})

"""docs/guideline.md and docs/process.md say what the code does, and nothing else."""

import importlib
import re
from pathlib import Path

import pytest

from policies.process import diagram

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs/guideline.md").read_text().splitlines()
    if line.startswith("| ") and not line.startswith("| clause")
]
CLAUSES = [
    "1", "2", "3(1)", "3(2)", "3(3)", "3(4)", "3(5)", "3(6)", "3(7)", "4(1)", "4(2)", "4(3)",
    "4(4)", "5(1)", "5(2)", "5(3)", "6(1)", "6(2)", "7", "附則",
]  # fmt: skip


def named(cell):
    return re.findall(r"`([^`]+)`", cell)


def test_every_clause_has_its_row_in_order():
    assert [row[0] for row in ROWS] == CLAUSES


@pytest.mark.parametrize("name", sorted({name for row in ROWS for name in named(row[2])}))
def test_the_code_named_exists(name):
    module, _, attribute = name.partition(":")
    found = importlib.import_module(module)
    assert not attribute or hasattr(found, attribute)


@pytest.mark.parametrize("name", sorted({name for row in ROWS for name in named(row[3])}))
def test_the_tests_named_exist(name):
    assert "def test_" in (ROOT / name).read_text()


def test_every_test_of_a_clause_stands_in_the_map():
    files = {f"tests/guideline/{path.name}" for path in (ROOT / "tests/guideline").glob("test_*")}
    assert files - {name for row in ROWS for name in named(row[3])} == set()


def test_a_clause_without_code_says_what_is_missing():
    assert [row[0] for row in ROWS if not (named(row[2]) and named(row[3])) and not row[4]] == []


def test_the_process_is_drawn_from_its_table():
    assert (ROOT / "docs/process.md").read_text() == diagram()

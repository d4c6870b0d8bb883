"""How many lookalikes the check sees, and how many strangers it wrongs: measured, printed, held.

Decision 0026 says how the cases came about and what the first runs gave.
"""

from __future__ import annotations

import pytest

from publication.checking.judging import judge
from tests.lookalikes import generate
from tests.lookalikes.known import cases, known

pytestmark = pytest.mark.once

SEEN = {"similar", "fake", "former"}


def verdict(text: str) -> str:
    return judge(text, known()).verdict


def measured(lookalikes: list[str], strangers: list[str]) -> tuple[float, float]:
    """Recall and precision."""
    hits = sum(verdict(text) in SEEN for text in lookalikes)
    wronged = sum(verdict(text) in SEEN for text in strangers)
    return hits / len(lookalikes), hits / (hits + wronged)


@pytest.mark.parametrize(
    ("name", "rows"),
    [("lookalikes.csv", generate.lookalikes), ("strangers.csv", generate.strangers)],
)
def test_the_cases_are_what_the_rules_make(name, rows):
    assert (generate.HERE / name).read_text(encoding="utf-8") == generate.table(rows())


def test_lookalikes_are_seen_and_strangers_left_alone(capsys):
    lookalikes, strangers = cases("lookalikes"), cases("strangers")
    assert len({row["text"] for row in lookalikes}) >= 300
    assert len({row["text"] for row in strangers}) >= 300

    recall, precision = measured(
        [row["text"] for row in lookalikes], [row["text"] for row in strangers]
    )

    with capsys.disabled():
        print(f"\ncheck, by rules: recall {recall:.3f}, precision {precision:.3f}")
    assert recall >= 0.975
    assert precision >= 0.995


@pytest.mark.parametrize("number", ["1", "2"])
def test_so_are_those_that_nobody_had_a_rule_for(capsys, number):
    rows = [row for row in cases("held_out") if row["round"] == number]

    recall, precision = measured(
        *(
            [row["text"] for row in rows if row["kind"] == kind]
            for kind in ("lookalike", "stranger")
        )
    )

    with capsys.disabled():
        print(f"\ncheck, held out {number}: recall {recall:.3f}, precision {precision:.3f}")
    assert recall >= 0.98
    assert precision >= 0.95


def test_each_rule_is_seen_nearly_always():
    rules: dict[str, list[bool]] = {}
    for row in cases("lookalikes"):
        rules.setdefault(row["rule"], []).append(verdict(row["text"]) in SEEN)
    assert len(rules) >= 25
    assert {rule for rule, seen in rules.items() if sum(seen) / len(seen) < 0.65} == set()


def test_no_account_of_the_citys_is_taken_for_anything_else():
    wrong = [
        text
        for account in known().accounts.values()
        for text in (account.url, account.handle, account.name)
        if text and account.is_official and verdict(text) != "official"
    ]
    assert wrong == []


def test_no_lookalike_and_no_stranger_is_called_official():
    texts = [row["text"] for name in ("lookalikes", "strangers") for row in cases(name)]
    assert [text for text in texts if verdict(text) == "official"] == []

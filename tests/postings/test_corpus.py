"""The check finds what it must in realistic drafts, and leaves the others alone."""

from __future__ import annotations

from collections import Counter

import pytest

from postings.checking.rules import RULES
from tests.postings.corpus import Example, examples

pytestmark = pytest.mark.once

GATE = 0.95


@pytest.fixture(scope="module")
def judged() -> list[tuple[Example, frozenset]]:
    return [(example, example.found()) for example in examples()]


def test_there_are_enough_drafts_and_many_of_them_innocent(judged):
    assert len(judged) >= 200
    assert sum(1 for example, _ in judged if not example.wanted) >= 80
    different = {(example.draft, example.services) for example, _ in judged}
    assert len(different) == len(judged)


def test_every_rule_is_precise_and_misses_little(judged, capsys):
    right, wrong, missed = Counter(), Counter(), Counter()
    for example, found in judged:
        right.update(rule for rule, *_ in found & example.wanted)
        wrong.update(rule for rule, *_ in found - example.wanted)
        missed.update(rule for rule, *_ in example.wanted - found)
    figures = {
        rule.key: (
            right[rule.key] / max(right[rule.key] + wrong[rule.key], 1),
            right[rule.key] / max(right[rule.key] + missed[rule.key], 1),
        )
        for rule in RULES
    }
    with capsys.disabled():
        print(f"\n{len(judged)} drafts, {sum(1 for e, _ in judged if not e.wanted)} innocent")
        for key, (precision, recall) in figures.items():
            print(f"{key:28} {right[key]:3} found  precision {precision:.2f}  recall {recall:.2f}")
    assert {key: figure for key, figure in figures.items() if min(figure) < GATE} == {}


def test_every_rule_occurs_in_the_drafts(judged):
    wanted = {rule for example, _ in judged for rule, *_ in example.wanted}
    assert {rule.key for rule in RULES} - wanted == set()

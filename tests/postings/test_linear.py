"""However hostile a text, the work grows as its length does. Counted, not timed.

Two halves: each regular expression takes a bounded number of steps from where it begins (worked out
from its parse tree), and the Python around them runs twice as many lines for twice the text.
"""

from __future__ import annotations

import sys
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]

import pytest

import postings.checking
from postings.checking import Draft, check
from postings.checking.patterns import PATTERNS
from postings.checking.rules import RULES
from tests.postings.corpus import KNOWN, TODAY

pytestmark = pytest.mark.once

MOST_STEPS = 60_000
HOSTILE = {
    "digits": "0",
    "spaced digits": "0 ",
    "telephones": "090-1234-5678 ",
    "almost telephones": "090-1234-567 ",
    "kanji": "東",
    "towns": "新城市字",
    "honorifics": "様",
    "names": "山田様090-1234-5678",
    "at signs": "a@",
    "mail": "a@a.",
    "dots": "a.",
    "schemes": "https://",
    "links": "https://a.jp/ ",
    "links without blanks": "https://a.jpと",
    "dates": "1月1日(金)",
    "runs of dates": "1月1日(金)・2日(土)・3日(日)",
    "births": "昭和1年1月1日生まれ",
    "emoji": "🎉",
    "families": "👨‍👩‍👧‍👦",
    "joiners": "\u200d",
    "marks": "か\u3099\u0301\u0323",
    "marks alone": "\u0301\u0323",
    "half-width": "ﾊﾟ",
    "right to left": "\u202e\u05d0",
    "hashtags": "#a ",
    "hash signs": "#",
    "brackets": "(",
    "ornaments": "━",
    "lines": "\n",
    "nothing": "\0",
    "html": "<a href='https://a.jp'>",
    "listed": "外人",
    "circled": "①",
}


def cost(parsed) -> tuple[int, int]:
    """Steps a pattern takes at most from one start, and the number of ways it can end."""
    steps, ways = 0, 1
    for op, value in parsed:
        one, more = _cost(op, value)
        steps, ways = steps + ways * one, ways * more
    return steps, ways


def _cost(op, value) -> tuple[int, int]:
    if op is sre.SUBPATTERN:
        return cost(value[3])
    if op is sre.BRANCH:
        each = [cost(part) for part in value[1]]
        return sum(steps for steps, _ in each), sum(ways for _, ways in each)
    if op in (sre.ASSERT, sre.ASSERT_NOT):
        return cost(value[1])[0], 1
    if op is sre.ATOMIC_GROUP:
        return cost(value)[0], 1
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        least, most, inner = value
        assert most is not sre.MAXREPEAT, "a repetition without an end"
        steps, ways = cost(inner)
        if op is sre.POSSESSIVE_REPEAT:
            return most * steps, 1
        powers = [ways**number for number in range(most + 1)]
        return steps * sum(powers), sum(powers[least:])
    return 1, 1


@pytest.mark.parametrize("expression", PATTERNS, ids=lambda one: one.pattern[:40])
def test_no_expression_takes_more_than_so_many_steps_from_where_it_begins(expression):
    assert cost(_parser.parse(expression.pattern))[0] <= MOST_STEPS


def test_the_cost_of_an_expression_that_runs_away_is_seen():
    with pytest.raises(AssertionError):
        cost(_parser.parse("(?:a+)+b"))
    assert cost(_parser.parse("(?:a{1,20}){1,20}b"))[0] > MOST_STEPS


def test_every_rule_uses_expressions_of_the_list_alone():
    folder = Path(postings.checking.__file__).parent
    # Those compiled elsewhere look at a window of a fixed size, or are the city's words, or `\X`.
    others = {
        path.name
        for path in folder.glob("*.py")
        if "re.compile(" in path.read_text() or "regex.compile(" in path.read_text()
    }
    assert others == {
        "patterns.py", "numbers.py", "people.py", "days.py", "known.py", "words.py", "emoji.py",
    }  # fmt: skip


def lines_run(text: str) -> int:
    """How many lines of the check Python runs for `text`."""
    folder = str(Path(postings.checking.__file__).parent)
    count = 0

    def of_frame(frame, event, _):
        nonlocal count
        count += event == "line"
        return of_frame

    def of_call(frame, event, _):
        return of_frame if frame.f_code.co_filename.startswith(folder) else None

    before = sys.gettrace()
    sys.settrace(of_call)
    try:
        check(Draft(text), ["x", "mastodon", "bluesky", "threads", "line"], None, TODAY, KNOWN)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_twice_the_text_takes_no_more_than_twice_the_lines(piece):
    size = 600 // len(piece)
    lines_run(piece * 2)  # What is kept from one check to the next is filled by now.
    few, many = lines_run(piece * size), lines_run(piece * size * 2)
    assert few > len(RULES)
    assert many <= 2.1 * few

"""The regular expressions of the check, all of them kept in one list.

Each looks at no more than a fixed number of signs from where it begins, so that the check stays
linear however hostile the text; a test works the bound of each out from its parse tree. For that,
repetitions have an upper end and give nothing back (`{0,3}+`).
"""

from __future__ import annotations

import re

PATTERNS: list[re.Pattern[str]] = []


def pattern(expression: str) -> re.Pattern[str]:
    """`expression` compiled, and on the list that the test judges."""
    compiled = re.compile(expression)
    PATTERNS.append(compiled)
    return compiled

"""The tables of the check as the browser takes them: `static/js/check-rules.js` is drawn from here.

So no rule stands in two places: the scripts beside that file hold what is done with a table, never
what is in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from accounts import profile_forms, profiles
from accounts.likeness import folding, near, signs
from accounts.profile_forms import Kind, Rules
from accounts.profile_rules import RULES, WORD
from accounts.services import ENGLISH_NAMES, SERVICES, find_service
from publication.checking import findings, hosts, judging, reading, register, sentences

_FOLDS: dict[Callable[[str], str], str] = {
    profile_forms.keep: "keep",
    profile_forms.fold_case: "case",
    profile_forms.fold_case_and_dots: "dots",
}
_HEAD = """// Drawn by `manage.py draw_check_rules` from publication/checking/rules.py: change the tables there.
"use strict";
const CHECK_RULES = {
"""


def script() -> str:
    """The file, one table a line."""
    lines = [
        f"  {name}: {json.dumps(table, ensure_ascii=False, separators=(',', ':'))},"
        for name, table in tables().items()
    ]
    return _HEAD + "\n".join(lines) + "\n};\n"


def tables() -> dict[str, Any]:
    """Every table, by the name the scripts know it by."""
    return {
        "format": register.FORMAT,
        "services": [
            {
                "key": each.key, "name": each.name, "prefix": each.handle_prefix,
                "hosts": each.hosts, "anyUrl": each.takes_any_url, "retired": each.is_retired,
            }
            for each in SERVICES.values()
        ],
        "profiles": {key: _rules(rules) for key, rules in RULES.items()},
        "word": _word(),
        "subdomains": sorted(profiles.ACCOUNTS_AS_SUBDOMAINS),
        "sameSite": profiles.SAME_SITE.pattern,
        "shorteners": sorted(profiles.SHORTENERS),
        "tracking": profiles.TRACKING.pattern,
        "channel": profiles.CHANNEL_ID.pattern,
        "urlLimit": profiles.URL_LIMIT,
        "letters": dict(sorted(signs.letters().items())),
        "pairs": dict(signs.PAIRS),
        "digits": dict(signs.DIGITS),
        "sounds": dict(signs.SOUNDS),
        "affixes": sorted(signs.AFFIXES),
        "glued": folding.GLUED,
        "japanese": dict(signs.JAPANESE),
        "smallKana": dict(signs.SMALL_KANA),
        "strokes": dict(signs.STROKES),
        "nameAffixes": folding.NAME_AFFIXES,
        "unseen": folding.UNSEEN,
        "noText": folding.NO_TEXT,
        "lineEnd": folding.LINE_END,
        "noLetter": folding.NO_LETTER,
        "shortestCore": folding.SHORTEST_CORE,
        "longName": folding.LONG_NAME,
        "near": {
            "shown": near.SHOWN, "oneEditFrom": near.ONE_EDIT_FROM,
            "twoEditsFrom": near.TWO_EDITS_FROM, "twoEditsTo": near.TWO_EDITS_TO,
            "oneSignFrom": near.ONE_SIGN_FROM, "beginningFrom": near.BEGINNING_FROM,
            "nameBeginningFrom": near.NAME_BEGINNING_FROM,
            "longestBeginning": near.LONGEST_BEGINNING,
        },
        "longHost": hosts.LONG_HOST,
        "patterns": dict(reading.PATTERNS),
        "order": reading.ORDER,
        "kindOf": reading.PLAIN,
        "before": reading.BEFORE,
        "aliases": [[alias, _service(alias)] for alias in reading.ALIASES],
        "longestText": reading.LONGEST_TEXT,
        "mostItems": reading.MOST_ITEMS,
        "longestName": reading.LONGEST_NAME,
        "added": register.ADDED,
        "verdicts": findings.VERDICTS,
        "shownText": findings.SHOWN_TEXT,
        "untelling": sorted(findings.UNTELLING),
        "scripts": findings.SCRIPTS,
        "parts": [judging.SHORTEST_PART, judging.MOST_PARTS],
        "sentences": dict(sentences.SENTENCES),
        "labels": dict(sentences.LABELS),
        "links": dict(sentences.LINKS),
        "kinds": dict(sentences.KINDS),
        "english": dict(ENGLISH_NAMES),
        "months": sentences.MONTHS,
    }  # fmt: skip


def _service(alias: str) -> str:
    found = find_service(alias)
    return found.key if found else ""


def _rules(rules: Rules) -> dict[str, Any]:
    return {
        "kinds": [_kind(kind) for kind in rules.kinds],
        "own": sorted(rules.own_pages),
        "tabs": sorted(rules.tabs),
        "deepTabs": sorted(rules.deep_tabs),
    }


def _kind(kind: Kind) -> dict[str, Any]:
    return {
        "reads": kind.reads,
        "url": kind.url,
        "pattern": kind.names.pattern.pattern.replace(WORD, "{word}"),
        "fold": _FOLDS[kind.names.fold],
        "handle": kind.handle,
        "permanent": kind.permanent,
    }


def _word() -> str:
    r"""`WORD` for a class of characters in JavaScript, whose `\w` is ASCII alone."""
    marks = sorted(ord(sign) for sign in WORD.removeprefix(r"\w").partition("\\")[0])
    spans: list[list[int]] = []
    for code in marks:
        if spans and code == spans[-1][1] + 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    ranges = "".join(
        f"\\u{first:04x}-\\u{last:04x}" if first < last else f"\\u{first:04x}"
        for first, last in spans
    )
    return rf"\p{{L}}\p{{N}}_{ranges}\u3099\u309a"

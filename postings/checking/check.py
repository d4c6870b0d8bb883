"""One check: every rule of the table over one draft."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from itertools import islice

from django.utils import timezone

from accounts.models import Account
from accounts.services import SERVICES
from postings.checking.draft import Draft
from postings.checking.findings import Finding, Match, Rule
from postings.checking.known import Known
from postings.checking.material import Material
from postings.checking.rules import RULES

# So many findings of one rule are shown; of the others it is said how many they are.
SHOWN = 20


def check(
    draft: Draft,
    services: Iterable[str] = (),
    account: Account | None = None,
    today: datetime.date | None = None,
    known: Known | None = None,
) -> list[Finding]:
    """What to look at again in `draft` before it goes out on `services` (their keys).

    Without services it is the one of `account`. Findings stand in the order of the text, and those
    about the whole draft first. `known` spares a caller who checks many drafts asking the database
    each time. Raises `KeyError` for a service that is none.
    """
    keys = list(services) or ([account.service] if account else [])
    material = Material(
        draft,
        tuple(SERVICES[key] for key in dict.fromkeys(keys)),
        today or timezone.localdate(),
        known or Known.load(),
    )
    found = [finding for rule in RULES for finding in _apply(rule, material)]
    return sorted(found, key=lambda finding: (finding.more > 0, finding.start, finding.end))


def _apply(rule: Rule, material: Material) -> list[Finding]:
    matches = iter(rule.find(material))
    shown = [_finding(rule, match, material) for match in islice(matches, SHOWN)]
    rest = sum(1 for _ in matches)
    if rest:
        end = len(material.draft.text)
        shown.append(
            Finding(
                rule.level, rule.key, rule.title, rule.clause, end, end, f"ほか{rest}件",
                rule.why, rule.do, more=rest,
            )
        )  # fmt: skip
    return shown


def _finding(rule: Rule, match: Match, material: Material) -> Finding:
    return Finding(
        match.level or rule.level, rule.key, rule.title, rule.clause, match.start, match.end,
        material.draft.text[match.start : match.end], match.why or rule.why, match.do or rule.do,
    )  # fmt: skip

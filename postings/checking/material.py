"""A draft as the rules get it: folded once, with its links and dates read once."""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from accounts.services import Service
from postings.checking.dates import WrittenDate, read_dates
from postings.checking.draft import Draft
from postings.checking.findings import Match
from postings.checking.folding import Folded, fold
from postings.checking.known import Known
from postings.checking.reading_links import Link, read_links

# Stands for each sign of a link where a rule reads what is written around links.
_LINK_SIGN = "\ufffc"
_SENTENCE_ENDS = "\n。!?"
# A sentence is looked at so far to either side.
_REACH = 100


@dataclass(frozen=True)
class Material:
    """What a rule may look at."""

    draft: Draft
    services: tuple[Service, ...]
    today: datetime.date
    known: Known
    found: dict[str, list[tuple[int, int]]] = field(default_factory=dict, repr=False)

    @cached_property
    def folded(self) -> Folded:
        """The text as typed, folded."""
        return fold(self.draft.text)

    @cached_property
    def text(self) -> str:
        """The folded text."""
        return self.folded.text

    @cached_property
    def links(self) -> list[Link]:
        """Every web address in the text; places are those of `text`."""
        return read_links(self.text)

    @cached_property
    def prose(self) -> str:
        """The folded text with its links made unreadable: what stands in them is nobody's number."""
        signs = list(self.text)
        for link in self.links:
            signs[link.start : link.end] = _LINK_SIGN * (link.end - link.start)
        return "".join(signs)

    @cached_property
    def dates(self) -> list[WrittenDate]:
        """Every date in the text, right or wrong; places are those of `text`."""
        return read_dates(self.prose, self.today)

    @cached_property
    def contacts(self) -> list[tuple[int, int]]:
        """Where somebody's telephone, address and the like were found, in order of the text."""
        return sorted(place for places in self.found.values() for place in places)

    def is_beside_contact(self, start: int, end: int, reach: int) -> bool:
        """Whether one of `contacts` is no further than `reach` signs away."""
        at = bisect_left(self.contacts, (start, start))
        beside = self.contacts[max(at - 1, 0) : at + 1]
        return any(place[0] - end <= reach and start - place[1] <= reach for place in beside)

    def remember(self, rule: str, start: int, end: int) -> None:
        """Adds a place of `text` to `contacts`; rules that ask for them stand below in the table."""
        self.found.setdefault(rule, []).append((start, end))

    def match(self, start: int, end: int, **said: str) -> Match:
        """A place of `text` as one of the text as typed."""
        return Match(*self.folded.place(start, end), **said)  # type: ignore[arg-type]

    def sentence(self, start: int, end: int) -> str:
        """The sentence around a place of `text`, as far as one looks."""
        before = self.text[max(start - _REACH, 0) : start]
        after = self.text[end : end + _REACH]
        begins = max(before.rfind(sign) for sign in _SENTENCE_ENDS) + 1
        stops = min(
            (at for sign in _SENTENCE_ENDS if (at := after.find(sign)) >= 0), default=_REACH
        )
        return before[begins:] + self.text[start:end] + after[:stops]

    def lines(self) -> Iterator[tuple[int, str]]:
        """Each line of the folded text with the place it begins at."""
        at = 0
        for line in self.text.split("\n"):
            yield at, line
            at += len(line) + 1

"""What is found of each thing that was pasted, and in which words it is said."""

from __future__ import annotations

from dataclasses import dataclass, field

from accounts.likeness import folding
from accounts.likeness.differences import differences
from publication.checking.register import Fake

OFFICIAL, UNKNOWN, FORMER, SIMILAR, FAKE = "official", "unknown", "former", "similar", "fake"
# The worst stands last: it leads where several things were pasted.
VERDICTS = (OFFICIAL, UNKNOWN, FORMER, SIMILAR, FAKE)
SHOWN_TEXT = 80
# What is unknown because it cannot be told by it, and not because it is in no list: its sentences.
UNTOLD = "untold"
# What is official by its shown name alone, which anybody can take: no reader is told that it is the city's.
NAMED = "named"
UNTELLING = frozenset({"post", "page", "short", "mail", "unreadable", "nothing_read"})


@dataclass(frozen=True)
class Said:
    """A sentence of `sentences`, by its code, and what stands in it."""

    code: str
    words: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Finding:
    """What is said of one thing."""

    text: str
    verdict: str
    said: tuple[Said, ...]
    accounts: tuple[int, ...] = ()
    fakes: tuple[Fake, ...] = ()

    @property
    def label(self) -> str:
        """What a reader is told of it: the verdict, or UNTOLD, or NAMED."""
        code = self.said[0].code
        if self.verdict == UNKNOWN and code in UNTELLING:
            return UNTOLD
        return NAMED if self.verdict == OFFICIAL and code == "official_name" else self.verdict


@dataclass(frozen=True)
class Answer:
    """What is said of all that was pasted, the worst first."""

    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> str:
        """The worst of all."""
        return self.findings[0].verdict

    @property
    def heading(self) -> str:
        """What a reader is told of all: the verdict, or UNTOLD where nothing is missing in the list, or
        NAMED where something is known by its name alone."""
        labels = {each.label for each in self.findings}
        if self.verdict == UNKNOWN and UNKNOWN not in labels:
            return UNTOLD
        return NAMED if self.verdict == OFFICIAL and NAMED in labels else self.verdict

    @property
    def accounts(self) -> list[int]:
        """Every account that is spoken of, once, in the order of the findings."""
        return list(dict.fromkeys(pk for each in self.findings for pk in each.accounts))

    @property
    def fakes(self) -> list[Fake]:
        """Every fake that is spoken of, once."""
        return list(dict.fromkeys(fake for each in self.findings for fake in each.fakes))


def shown(text: str) -> str:
    """What was pasted, short enough to stand on a page."""
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= SHOWN_TEXT else f"{one_line[:SHOWN_TEXT]}…"


def apart(theirs: str, ours: str) -> list[Said]:
    """Which letters tell the two apart, a sentence for each."""
    mine, known = (folding.tidy(each).lower().removeprefix("@") for each in (theirs, ours))
    said = []
    for each in differences(mine, known):
        words = {"theirs": each.theirs, "ours": each.ours}
        if not each.ours:
            said.append(Said("letters_more", words))
        elif not each.theirs:
            said.append(Said("letters_less", words))
        else:
            words |= {"their_kind": kind_of(each.theirs), "our_kind": kind_of(each.ours)}
            said.append(Said("letters_other", words))
    return said


def kind_of(text: str) -> str:
    """What kind of letter a single one is that is easily taken for another; else nothing."""
    if len(text) != 1:
        return ""
    if text in "0123456789":
        return "digit"
    if text.isascii():
        return "letter" if text.isalpha() else ""
    for script, first, last in SCRIPTS:
        if first <= text <= last:
            return script
    return ""


SCRIPTS = (
    ("greek", "\u0370", "\u03ff"),
    ("cyrillic", "\u0400", "\u052f"),
    ("katakana", "\u30a0", "\u30ff"),
    ("hiragana", "\u3040", "\u309f"),
    ("kanji", "\u4e00", "\u9fff"),
)

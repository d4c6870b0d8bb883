"""Reads the drafts in `drafts/`, which its README describes."""

from __future__ import annotations

import datetime
import importlib
import re
from dataclasses import dataclass
from pathlib import Path

from postings.checking import Draft, Image, ImageKind, Known, check
from postings.checking.known import Word

FOLDER = Path(__file__).with_name("drafts")
TODAY = datetime.date(2026, 11, 24)
FIRST_WORDS = importlib.import_module("postings.migrations.0002_first_words").WORDS
KNOWN = Known(
    web_domains=("city.shinshiro.lg.jp", "portal.example"),
    mail_domains=("city.shinshiro.lg.jp",),
    # 0536-23-76 and -77: as a city may name the beginning of its own numbers.
    telephones=("0536231111", "05362376", "05362377"),
    contacts=("0536-23-1111", "441-1392", "東入船115"),
    handles=frozenset({("x", "shinshiro_city"), ("instagram", "shinshiro_kanko")}),
    words=tuple(Word(*row) for row in FIRST_WORDS),
)
_MARK = re.compile(r"⟦([^|⟧]+)\|([^⟧]*)⟧")
# Rule, start, end.
Place = tuple[str, int, int]


@dataclass(frozen=True)
class Example:
    """One draft, the services it is meant for, and what must be found in it, no more and no less."""

    name: str
    draft: Draft
    services: tuple[str, ...]
    wanted: frozenset[Place]

    def found(self) -> frozenset[Place]:
        """What the check finds."""
        findings = check(self.draft, self.services, today=TODAY, known=KNOWN)
        return frozenset((finding.rule, finding.start, finding.end) for finding in findings)


def examples() -> list[Example]:
    """Every draft of every theme."""
    return [
        _example(f"{path.stem} {number}", block)
        for path in sorted(FOLDER.glob("*.txt"))
        for number, block in enumerate(path.read_text("utf-8").split("\n---\n"), 1)
    ]


def _example(name: str, block: str) -> Example:
    head, marked = "", block.strip("\n")
    if marked.startswith("%"):
        head, _, marked = marked.partition("\n")
    said = dict(part.split("=", 1) for part in head.lstrip("% ").split())
    text, wanted, at = "", set(), 0
    for mark in _MARK.finditer(marked):
        text += marked[at : mark.start()]
        wanted |= {(rule, len(text), len(text) + len(mark[2])) for rule in mark[1].split(",")}
        text, at = text + mark[2], mark.end()
    wanted |= {(rule, 0, 0) for rule in said.get("finds", "").split(",") if rule}
    images = tuple(_image(one) for one in said.get("images", "").split(",") if one)
    services = tuple(said.get("services", "x").split(","))
    return Example(name, Draft(text + marked[at:], images), services, frozenset(wanted))


def _image(said: str) -> Image:
    kind, number, *described = said.split(":")
    return Image(ImageKind(kind), int(number), bool(described))

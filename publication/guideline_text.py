"""The guideline as a page: its paragraphs with their places, its versions with their days."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher

from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from policies.guideline import Clause, GuidelineVersion
from publication.cards import tag
from shinshiro_sns.templatetags.portal import wareki

HEADINGS = ("施行日", "題名", "状態", "本文のSHA-256")
# The level of the lines that explain a word of 7.
EXPLANATION = 4
_MENTIONED = re.compile(r"※([0-9]{1,2})")


@dataclass(frozen=True)
class Paragraph:
    """One paragraph: `anchor` is its place on the page, once; `level` 1 is a section's title."""

    anchor: str
    label: str
    text: SafeString
    level: int


@dataclass(frozen=True)
class Version:
    """One version; `until` is the last day it is or was in force, None while none follows."""

    title: str
    effective_from: date
    until: date | None
    status: str
    kind: str
    sha256: str

    @property
    def caution(self) -> str:
        """What a reader of a version that is not in force must know; empty for the one that is."""
        if self.status == "施行予定":
            return (
                f"このガイドラインは、まだ施行されていません({wareki(self.effective_from)}施行予定)"
            )
        return "このガイドラインは、以前の版です" if self.status == "旧版" else ""


def paragraphs(version: GuidelineVersion) -> list[Paragraph]:
    """The text of `version`; ※ in it lead to the word's explanation."""
    found = version.clauses
    # The page's heading says it already.
    if found and found[0].text == version.title:
        found = found[1:]
    anchors = {clause.anchor for clause in found}
    given: set[str] = set()
    result = []
    is_word = False
    for clause in found:
        # A text may number two paragraphs alike; a page must not.
        anchor = "" if clause.anchor in given else clause.anchor
        given.add(anchor)
        is_word = "※" in clause.number if clause.level else is_word
        level = EXPLANATION if is_word and not clause.level else clause.level
        result.append(Paragraph(anchor, clause.label, _linked(clause, anchors), level))
    return result


def _linked(clause: Clause, anchors: Iterable[str]) -> SafeString:
    words = {anchor.rpartition("-w")[2]: anchor for anchor in anchors if "-w" in anchor}

    def link(match: re.Match[str]) -> str:
        anchor = words.get(match[1])
        return format_html('<a href="#{}">{}</a>', anchor, match[0]) if anchor else match[0]

    return mark_safe(_MENTIONED.sub(link, escape(clause.text)))  # noqa: S308  (escaped here)


@dataclass(frozen=True)
class Change:
    """One paragraph that reads otherwise; one of the two sides is empty where it is new or gone."""

    label: str
    before: str
    after: str


def changes(before: GuidelineVersion, after: GuidelineVersion) -> list[Change]:
    """What `after` says otherwise than `before`, paragraph by paragraph, in its order.

    A paragraph that only got another number reads as it did, so a new clause does not mark all that
    follow it.
    """
    old, new = before.clauses, after.clauses
    matcher = SequenceMatcher(None, [c.text for c in old], [c.text for c in new], autojunk=False)
    found = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            found += _paired(old[a:b], new[c:d])
    return found


def _paired(old: list[Clause], new: list[Clause]) -> list[Change]:
    """Paragraphs of one place of the text: those of one number belong together, and so does what has
    none and comes first."""
    left = list(old)
    rows = []
    for clause in new:
        same = next((each for each in left if each.number == clause.number), None)
        if same:
            rows += [_change(each, None) for each in left[: left.index(same)]]
            left = left[left.index(same) + 1 :]
        rows.append(_change(same, clause))
    return rows + [_change(each, None) for each in left]


def _change(before: Clause | None, after: Clause | None) -> Change:
    clause = after or before
    number = clause.number if clause else ""
    return Change(
        number or "(番号のない段落)", before.text if before else "", after.text if after else ""
    )


def versions() -> list[Version]:
    """Every version, the newest first, and how it stands today."""
    today = timezone.localdate()
    rows: list[Version] = []
    following: date | None = None
    is_past = False
    for version in GuidelineVersion.objects.defer("text").order_by("-effective_from"):
        status, kind = ("旧版", "neutral") if is_past else ("施行中", "success")
        if version.effective_from > today:
            status, kind = "施行予定", "info"
        else:
            is_past = True
        until = following - timedelta(days=1) if following else None
        following = version.effective_from
        rows.append(
            Version(version.title, version.effective_from, until, status, kind, version.sha256)
        )
    return rows


def row(version: Version) -> list[str | SafeString]:
    """A row below HEADINGS."""
    address = reverse("publication:guideline_version", args=[version.effective_from])
    day = f"{wareki(version.effective_from)}({version.effective_from})"
    return [
        format_html('<a href="{}">{}</a>', address, day),
        version.title,
        tag(version.kind, version.status),
        format_html('<span class="digest">{}</span>', version.sha256),
    ]

"""The guideline's own text: its versions with dates of effect, and its clauses by number."""

from __future__ import annotations

import datetime
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone

from shinshiro_sns.templatetags.portal import clause_anchor

# Digits, brackets and the full stop in either width.
_DIGITS = r"[0-9\uff10-\uff19]{1,2}"
_HEADING = re.compile(rf"({_DIGITS})(?:[.\uff0e、]\s*|\s+)(\S.*)")
_PARAGRAPH = re.compile(rf"([(\uff08]{_DIGITS}[)\uff09]|[⑴-⒇])\s*(\S.*)")
_LETTER = re.compile(r"([ア-コ])[\s、]+(\S.*)")
# 7 explains words by ※ numbers.
_WORD = re.compile(rf"※\s*({_DIGITS})\s+(\S.*)")
_SUPPLEMENT = re.compile(r"附\s*則(?:\s*[(\uff08].*[)\uff09])?")


@dataclass(frozen=True)
class Clause:
    """One paragraph of the guideline. `number` is the city's, `3(3)ウ`, or empty."""

    number: str
    text: str
    level: int

    @property
    def anchor(self) -> str:
        """The paragraph's place on the page; empty where it has no number."""
        section, _, word = self.number.partition("※")
        return f"c{section}-w{word}" if word else clause_anchor(self.number)

    @property
    def label(self) -> str:
        """The last part of the number, as it stands before the paragraph: 3, (3), ウ, ※1."""
        return re.split(r"(?=[(※ア-コ])", self.number)[-1]


def clauses(text: str) -> Iterator[Clause]:
    """The guideline's paragraphs in order, as they are worded; level 0 has no number."""
    section = 0
    paragraph = ""
    is_supplement = False
    for line in text.splitlines():
        plain = line.strip()
        if not plain:
            continue
        if _SUPPLEMENT.fullmatch(plain):
            # Of several supplements the first is the guideline's own, the others are amendments'.
            yield Clause("" if is_supplement else "附則", plain, 1)
            is_supplement = True
        elif is_supplement:
            yield Clause("", plain, 0)
        # Sections count up: a line that begins with any other number is text.
        elif (match := _HEADING.fullmatch(plain)) and int(match[1]) == section + 1:
            section, paragraph = section + 1, ""
            yield Clause(str(section), match[2], 1)
        elif section and (match := _PARAGRAPH.fullmatch(plain)):
            number = unicodedata.normalize("NFKC", match[1]).strip("()")
            paragraph = f"{section}({int(number)})"
            yield Clause(paragraph, match[2], 2)
        elif paragraph and (match := _LETTER.fullmatch(plain)):
            yield Clause(f"{paragraph}{match[1]}", match[2], 3)
        elif section and (match := _WORD.fullmatch(plain)):
            yield Clause(f"{section}※{int(match[1])}", match[2], 2)
        else:
            yield Clause("", plain, 0)


def wording(paragraphs: Iterable[Clause], number: str) -> str:
    """What clause `number` says, with the lines that belong to it; empty where there is none.

    A section's title is left out where text follows it.
    """
    found: Clause | None = None
    lines: list[str] = []
    for clause in paragraphs:
        if found is None:
            if clause.number == number:
                found = clause
        elif clause.level:
            break
        else:
            lines.append(clause.text)
    if found is None:
        return ""
    if not lines or found.level > 1:
        lines.insert(0, found.text)
    return "\n".join(lines)


class GuidelineVersionQuerySet(models.QuerySet["GuidelineVersion"]):
    """Questions about the guideline's versions."""

    def in_force(self, day: datetime.date | None = None) -> GuidelineVersion | None:
        """The version in force on `day` (today by default)."""
        on = day or timezone.localdate()
        return self.filter(effective_from__lte=on).order_by("-effective_from").first()


class GuidelineVersion(models.Model):
    """One version of the guideline, in force from a day on until the next one is."""

    title = models.CharField("題名", max_length=200)
    text = models.TextField("本文")
    effective_from = models.DateField(
        "施行日", unique=True,
        error_messages={"unique": "この施行日の版はすでにあります。"},
    )  # fmt: skip
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    loaded_at = models.DateTimeField("登録日時", default=timezone.now, editable=False)

    objects = GuidelineVersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "ガイドラインの版"
        ordering = ["-effective_from"]

    def __str__(self) -> str:
        return f"{self.title}({self.effective_from}施行)"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the digest by which a reader can compare the text with the city's."""
        self.sha256 = hashlib.sha256(self.text.encode()).hexdigest()
        super().save(*args, **kwargs)

    @property
    def clauses(self) -> list[Clause]:
        """The text's paragraphs."""
        return list(clauses(self.text))

"""The guideline's own text: its versions with dates of effect, and its clauses by number."""

from __future__ import annotations

import datetime
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone

from shinshiro_sns.templatetags.portal import clause_anchor

# 7 explains words by ※ numbers; letters are the items below a bracketed paragraph.
_HEADING = re.compile(r"([0-9]{1,2})[.．、]\s*(\S.*)")
_PARAGRAPH = re.compile(r"[((]([0-9]{1,2})[))]\s*(\S.*)")
_LETTER = re.compile(r"([アイウエオカキクケコ])[\s ]+(\S.*)")
_WORD = re.compile(r"※([0-9]{1,2})\s+(\S.*)")


@dataclass(frozen=True)
class Clause:
    """One paragraph of the guideline. `number` is the city's, e.g. `3(3)ウ`; empty where it has none."""

    number: str
    text: str
    level: int

    @property
    def anchor(self) -> str:
        """The paragraph's place on the page; empty where it has no number."""
        return clause_anchor(self.number)


def clauses(text: str) -> Iterator[Clause]:
    """The guideline's paragraphs in order; a line that has no number has level 0."""
    section = paragraph = ""
    for line in text.splitlines():
        plain = unicodedata.normalize("NFKC", line).strip()
        if not plain:
            continue
        if match := _HEADING.fullmatch(plain):
            section, paragraph = match[1], ""
            yield Clause(section, match[2], 1)
        elif section and (match := _PARAGRAPH.fullmatch(plain)):
            paragraph = f"{section}({match[1]})"
            yield Clause(paragraph, match[2], 2)
        elif paragraph and (match := _LETTER.fullmatch(plain)):
            yield Clause(f"{paragraph}{match[1]}", match[2], 3)
        elif section and (match := _WORD.fullmatch(plain)):
            yield Clause(f"{section}※{match[1]}", match[2], 2)
        elif plain == "附則":
            section, paragraph = "", ""
            yield Clause("附則", plain, 1)
        else:
            yield Clause("", line.strip(), 0)


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

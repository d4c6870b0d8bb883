"""The guideline's own words in any template: `{% load guideline %}`."""

from __future__ import annotations

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from policies.guideline import Clause, GuidelineVersion, wording

register = template.Library()
_KEPT = "_guideline_clauses"


def _clauses_in_force(context: template.Context) -> list[Clause]:
    # Kept on the request, so that a page of many sections asks the database once.
    holder = context.get("request") or context.render_context
    kept: list[Clause] | None = getattr(holder, _KEPT, None)
    if kept is None:
        version = GuidelineVersion.objects.in_force()
        kept = version.clauses if version else []
        setattr(holder, _KEPT, kept)
    return kept


@register.simple_tag(takes_context=True)
def clause_quote(
    context: template.Context,
    citation: str,
    explanation: str = "",
    example: str = "",
    summary: str = "",
) -> SafeString | str:
    """The wording of the clauses cited (`3(3)ア 3(3)イ`) in the version in force, folded away.

    With `explanation` and `example` as `components/clause_quote.html` shows them; nothing where
    there is nothing to show. One query per request.
    """
    paragraphs = _clauses_in_force(context)
    numbers = citation.split()
    quotes = {number: wording(paragraphs, number) for number in numbers}
    said = [
        f"{number} {quote}" if len(numbers) > 1 else quote
        for number, quote in quotes.items()
        if quote
    ]
    if not (said or explanation or example):
        return ""
    return render_to_string(
        "components/clause_quote.html",
        {
            "clause_number": citation,
            "quote": "\n".join(said),
            "explanation": explanation,
            "example": example,
            "summary": summary or ("ガイドラインの原文" if not example else ""),
        },
    )

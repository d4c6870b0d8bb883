"""Printed papers: a template of `templates/print/` as a tagged PDF (PDF/UA) that carries its fonts.

Nothing is fetched while one is made, neither from another host nor from this machine's files: what a
person typed stands in it as text, and pictures come as `data:` addresses.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

KIND = "application/pdf"


def made(template: str, context: Mapping[str, Any], style: str = "paper") -> bytes:
    """The PDF of `template` with `context`, laid out by the style sheet of that name.

    The title and language of the page become the paper's own. Raises whatever the template raises;
    takes about a third of a second a page.
    """
    from weasyprint import HTML  # noqa: PLC0415  (half a second to load: only who prints waits)

    page = render_to_string(template, {"city_name": settings.CITY_NAME, **context})
    paper = HTML(string=page, url_fetcher=_fetcher()).render(stylesheets=[_style(style)])
    # A title is laid out over lines in its template; readers show it as it stands.
    paper.metadata.title = " ".join((paper.metadata.title or "").split())
    return bytes(paper.write_pdf(pdf_variant="pdf/ua-1"))


def response(content: bytes, name: str) -> HttpResponse:
    """`content` to be saved as `name`.pdf, and kept by nothing in between."""
    answer = HttpResponse(content, content_type=KIND)
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.pdf") or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    return URLFetcher(allowed_protocols={"data"})


@functools.lru_cache(maxsize=4)
def _style(name: str) -> Any:
    from weasyprint import CSS  # noqa: PLC0415

    return CSS(string=(settings.BASE_DIR / f"static/css/{name}.css").read_text(encoding="utf-8"))

"""What the city explains to the public: what 'official' means here, and how accessible the site is."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from publication.pages import Page, public_page, show


@public_page
def official(request: HttpRequest) -> HttpResponse:
    """`/official/`: how an account becomes official, what that says, and what to do in doubt."""
    page = Page(
        "公式アカウントとは",
        f"{settings.CITY_NAME}の公式アカウントの見分け方と、あやしいアカウントを見つけたときにすることです。",
        reverse("publication:official"),
        translations=(
            ("ja", reverse("publication:official")),
            ("en", reverse("publication:official_english")),
        ),
    )
    return show(request, "official.html", page, before_receipt=settings.OFFICIAL_BEFORE_RECEIPT)


@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    """`/accessibility/`: what the portal aims at, and what was and was not tested."""
    page = Page(
        "アクセシビリティ方針",
        "このサイトが目標とするアクセシビリティの水準と、確かめた内容です。",
        reverse("publication:accessibility"),
    )
    day = settings.ACCESSIBILITY_TEST_BY
    tested_by = datetime.date.fromisoformat(day) if day else None
    return show(request, "accessibility.html", page, fax=settings.CITY_FAX, tested_by=tested_by)

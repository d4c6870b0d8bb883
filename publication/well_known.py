"""What programs ask every site for: trust.txt, security.txt (RFC 9116), robots.txt, the sitemap."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account, Notice
from policies.guideline import GuidelineVersion
from publication.addresses import absolute, telephone_uri
from publication.listing import departments_with_accounts
from publication.pages import public_data, public_page

# The most a sitemap may list; what is beyond is found by the list's own links.
MOST_LISTED = 50_000
# Long enough for whoever is to confirm the contact and set a new day.
SOON = datetime.timedelta(days=30)
STAFF_ONLY = ("/desk/", "/admin/")
PAGES = (
    "accounts", "accounts_english", "check", "check_english", "official", "official_english",
    "notices", "guideline", "open_data", "accessibility",
)  # fmt: skip


def _text(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@public_data
def trust(request: HttpRequest) -> HttpResponse:
    """`/.well-known/trust.txt`: the accounts the city vouches for, and whose site this is."""
    listed = Account.objects.public().order_by("pk").only("url", "status", "doubted_since")
    lines = [
        f"# {settings.CITY_NAME}: {absolute(reverse('publication:open_data'))}",
        *(f"belongto={address}" for address in settings.TRUST_BELONG_TO),
    ]
    # A site does not control itself.
    if urlsplit(settings.CITY_URL).hostname != urlsplit(settings.PORTAL_URL).hostname:
        lines.append(f"controlledby={settings.CITY_URL}")
    lines += [
        f"contact={telephone_uri(settings.CITY_TELEPHONE)}",
        f"disclosure={absolute(reverse('publication:guideline'))}",
        *(f"social={account.url}" for account in listed.iterator() if _can_be_named(account)),
    ]
    return _text(lines)


def _can_be_named(account: Account) -> bool:
    # One line is one statement: an address of two lines could add one that is not ours.
    return account.is_vouched_for and len(account.url.split()) == 1


def security_contacts() -> list[str]:
    """Whom to tell of a weakness, as addresses, the preferred first."""
    return settings.SECURITY_CONTACT or [telephone_uri(settings.CITY_TELEPHONE)]


def security_expires() -> datetime.date | None:
    """The last day on which security.txt holds; None where nobody set one."""
    return (
        datetime.date.fromisoformat(settings.SECURITY_EXPIRES)
        if settings.SECURITY_EXPIRES
        else None
    )


@public_page
def security(request: HttpRequest) -> HttpResponse:
    """`/.well-known/security.txt`; 404 rather than one that has expired, or that nobody set up."""
    last_day = security_expires()
    if last_day is None or last_day < timezone.localdate():
        raise Http404
    expires = timezone.make_aware(datetime.datetime.combine(last_day, datetime.time(23, 59, 59)))
    return _text(
        [
            *(f"Contact: {address}" for address in security_contacts()),
            f"Expires: {expires.isoformat()}",
            "Preferred-Languages: ja, en",
            f"Canonical: {absolute(reverse('publication:security'))}",
        ]
    )


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """`/robots.txt`: everything the public sees may be searched."""
    sitemap = absolute(reverse("publication:sitemap"))
    return _text(
        [
            "User-agent: *",
            *(f"Disallow: {path}" for path in STAFF_ONLY),
            "Allow: /",
            "",
            f"Sitemap: {sitemap}",
        ]
    )


@dataclass(frozen=True)
class Place:
    """One address of the sitemap; `changed_on` where it is known when the page last changed."""

    address: str
    changed_on: datetime.date | None = None


def _places() -> Iterator[Place]:
    for name in PAGES:
        yield Place(absolute(reverse(f"publication:{name}")))
    # One taken back is kept from search engines by its own page.
    for notice in Notice.objects.public().filter(correction=None):
        yield Place(absolute(notice.get_absolute_url()), timezone.localdate(notice.changed_at))
    for day in GuidelineVersion.objects.values_list("effective_from", flat=True):
        yield Place(absolute(reverse("publication:guideline_version", args=[day])))
    for department in departments_with_accounts():
        yield Place(absolute(reverse("publication:department", args=[department.pk])))
    for pk in Account.objects.public().order_by("pk").values_list("pk", flat=True):
        yield Place(absolute(reverse("publication:account", args=[pk])))


@public_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """`/sitemap.xml`: where the pages are that a search engine should know."""
    places = [place for place, _ in zip(_places(), range(MOST_LISTED), strict=False)]
    kind = "application/xml; charset=utf-8"
    return render(request, "public/sitemap.xml", {"places": places}, content_type=kind)

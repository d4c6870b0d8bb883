"""The public pages for readers of English: the list, an account, and what 'official' means, 3(6).

The frame and what the city says of an account are in English; what its people wrote (names, policies,
notices) stays in Japanese and is marked as such.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.models import Account
from publication import cards, structured_data
from publication.addresses import absolute
from publication.checking.sentences import day_in_words, service_name
from publication.listing import Filters, Listing
from publication.pages import Page, public_page, show

ENGLISH = "en"
Status = Account.Status
# By state: the word for it, what a reader who doubts it wants to hear, and the kind of banner.
STANDINGS = {
    Status.OFFICIAL: (
        "Official",
        "This is an official account of {city}",
        "Make sure that the address you are looking at is exactly the one below.",
    ),
    Status.SUSPENDED: (
        "Suspended",
        "This account is suspended",
        "It belongs to {city}, but nothing is being published on it now. "
        "New posts on it may not be the city's.",
    ),
    Status.CLOSED: (
        "Closed",
        "This account has been closed",
        "It is no longer an account of {city}. Somebody else may be using the same name.",
    ),
}
IN_DOUBT = (
    "Suspended",
    "This account may have been taken over",
    "It belongs to {city}, but somebody else may be posting on it, and we are looking into it. "
    "Do not trust its posts or messages, and do not open their links.",
)
OVERDUE = "Confirmation overdue"
HEADINGS = ("Name (as shown)", "Service", "Handle", "Department", "State")


def _words(account: Account) -> tuple[str, ...]:
    city = settings.CITY_NAME_ENGLISH
    words = IN_DOUBT if account.is_in_doubt else STANDINGS[Status(account.status)]
    return tuple(text.format(city=city) for text in words)


def _page(name: str, title: str, description: str, *key: int, data: Any = "") -> Page:
    """A page that is there under the same name in Japanese."""
    japanese = reverse(f"publication:{name}", args=key)
    path = reverse(f"publication:{name}_english", args=key)
    return Page(
        title, description, path, data, language=ENGLISH,
        translations=(("ja", japanese), (ENGLISH, path)),
    )  # fmt: skip


@public_page
def account_list(request: HttpRequest) -> HttpResponse:
    """`/en/`: the official accounts, and below them what became of former ones."""
    listing = Listing(Filters(), None)
    title = f"Official accounts of {settings.CITY_NAME_ENGLISH}, Japan, on social media"
    page = _page(
        "accounts",
        "Official accounts on social media",
        f"{title}. An account that is not in this list cannot be confirmed as the city's.",
        data=structured_data.of_list(listing.accounts, reverse("publication:accounts_english")),
    )
    return show(
        request, "english/account_list.html", page, heading=title,
        accounts=[_row(each) for each in listing.accounts],
        former=[_row(each) for each in listing.former],
        more=listing.page.paginator.count - len(listing.accounts),
        more_former=listing.former_count - len(listing.former),
    )  # fmt: skip


def _row(account: Account) -> dict[str, Any]:
    return {
        "account": account,
        "url": reverse("publication:account_english", args=[account.pk]),
        "service": service_name(account.service, ENGLISH),
        "handle": cards.handle(account),
        "status": _words(account)[0],
        "overdue": OVERDUE if cards.is_overdue(account) else "",
    }


@public_page
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """`/en/accounts/ID/`: one account, and what it is today."""
    rows = Account.objects.public().select_related("department", "certification", "successor")
    shown = get_object_or_404(rows, pk=pk)
    service = service_name(shown.service, ENGLISH)
    status, title, text = _words(shown)
    page = _page("account", f"{shown.title} ({service})", f"{title}.", pk)
    certified = cards.certified_on(shown)
    confirmed = max(filter(None, (shown.attested_on, shown.official_since)), default=None)
    days = {
        "Official since": shown.official_since,
        "Certified by the service on": certified,
        "Last confirmed by the department on": confirmed
        if shown.shown_status == Status.OFFICIAL
        else None,
    }
    return show(
        request, "english/account.html", page, account=shown, service=service, status=status,
        title=title, text=text, overdue=cards.is_overdue(shown), out=cards.way_out(shown),
        days=[(label, day_in_words(str(day), ENGLISH)) for label, day in days.items() if day],
        successor=shown.successor if shown.successor and shown.successor.is_public else None,
        notices=list(shown.notices.public()), japanese=shown.get_absolute_url(),
        exact_url=absolute(page.path),
    )  # fmt: skip


@public_page
def official(request: HttpRequest) -> HttpResponse:
    """`/en/official/`: how to tell an official account, what that says, and what to do in doubt."""
    page = _page(
        "official",
        "What 'official' means",
        f"How to tell an official account of {settings.CITY_NAME_ENGLISH}, Japan, and what to do "
        "when an account or a message looks suspicious.",
    )
    return show(request, "english/official.html", page)

"""The lists of accounts: all of them, those of a department, service or category, former ones, 3(6)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse

from accounts.models import Account
from policies.models import OperatingPolicy
from publication import cards, structured_data
from publication.forms import FilterForm
from publication.listing import (
    CUT,
    LONGEST_SEARCH,
    MOST_WORDS,
    PAGE_SIZE,
    Choices,
    Filters,
    Listing,
    department_address,
    list_address,
    read_filters,
)
from publication.pages import TO_LIST, Page, public_page, show

TITLE = "公式アカウント一覧"
FORMER = "廃止・停止したアカウント"
# A list that is a file has no second page: whoever wants fewer narrows it.
ALL = 1_000_000
# Scripts that read a profile's address, in this order: fetched only by who searches for one.
READERS = ("rules", "forms", "profiles")


@public_page
def account_list(request: HttpRequest) -> HttpResponse:
    """`/`: the official accounts, and below them what became of former ones."""
    choices = Choices.offered()
    filters = read_filters(request.GET.dict(), choices.departments)
    page = request.GET.get("page")
    return _page(request, filters, choices, Listing(filters, page), paged=bool(page))


@public_page
def whole(request: HttpRequest, *, former: bool = False, table: bool = False) -> HttpResponse:
    """`/list/table/`, `/list/former/`: the same as a table; those that are official no more."""
    choices, filters = Choices.offered(), Filters(former=former, table=table)
    listing = Listing(filters, None, ALL) if former else Listing(filters, None)
    return _page(request, filters, choices, listing)


@public_page
def narrowed(request: HttpRequest, kind: str, key: str, *, table: bool = False) -> HttpResponse:
    """`/list/department/CODE/`, `/list/service/KEY/`, `/list/category/KEY/`: all of one kind."""
    choices = Choices.offered()
    try:
        name = choices.name_of(kind, key)
    except LookupError:
        raise Http404 from None
    asked: dict[str, Any] = {kind: key, "table": table}
    filters = Filters(**asked)
    return _page(
        request, filters, choices, Listing(filters, None, ALL), title=f"{name}の公式アカウント"
    )


def _page(
    request: HttpRequest, filters: Filters, choices: Choices, listing: Listing, *,
    title: str = "", paged: bool = False,
) -> HttpResponse:  # fmt: skip
    number = listing.page.number
    # The table is another look at the same list: both have one address.
    path = filters.address(table=False)
    department = choices.department(filters)
    if department:
        # Its page says all that this list says, and more: decision 0031.
        path = department_address(department)
    if number > 1 and (path == "/" or "?" in path):
        path = f"{path}{'&' if '?' in path else '?'}page={number}"
    is_part = bool(title)
    title = title or (FORMER if filters.former else TITLE)
    page = Page(
        title,
        f"{settings.CITY_NAME}が運用するソーシャルメディアの公式アカウントの一覧です。"
        "アカウントごとの運用ポリシーも確認できます。",
        path,
        structured_data.of_list(listing.accounts, path),
        is_for_search_engines=not filters.q,
        translations=_languages() if path == "/" else (),
    )
    return show(
        request,
        "account_list.html",
        page,
        filters=filters,
        listing=listing,
        is_part=is_part,
        department=department,
        trail=[TO_LIST] if is_part else [],
        # A file cannot be asked for its second page: there the narrower lists lead on.
        paged=paged or filters.is_filtered,
        narrower=choices.links(),
        form=FilterForm(filters, choices),
        reset_url=list_address(table=filters.table),
        views=[
            {"label": "カード", "url": filters.address(table=False), "current": not filters.table},
            {"label": "表", "url": filters.address(table=True), "current": filters.table},
        ],
        all_former_url=filters.address(former=True),
        official_url=filters.address(former=False),
        # A file that is asked for with conditions answers without them: its script looks itself.
        searches_itself=request.path == "/" and not request.GET,
        readers=[static(f"js/check-{part}.js") for part in READERS],
        blank_cards=[cards.blank()],
        most_found=PAGE_SIZE,
        longest_search=LONGEST_SEARCH,
        most_words=MOST_WORDS,
        cut_sentence=CUT,
        **_shown(listing),
    )


def _languages() -> tuple[tuple[str, str], ...]:
    return (("ja", "/"), ("en", reverse("publication:accounts_english")))


def _shown(listing: Listing) -> dict[str, Any]:
    if listing.filters.table:
        return {
            "headings": cards.HEADINGS,
            "rows": [cards.row(account) for account in listing.accounts],
            "former_rows": [cards.row(account) for account in listing.former],
        }
    return {
        "cards": [
            cards.card(account, listing.purposes.get(account.pk, ""))
            for account in listing.accounts
        ],
        "former_cards": [cards.card(account) for account in listing.former],
    }


@public_page
def index(request: HttpRequest) -> HttpResponse:
    """`/list/index.json`: every account as a card, and the folded text and identity it is found by.

    For the page's own script, which searches a list that is a file; no interface for others.
    """
    accounts = Account.objects.public().select_related("department")
    policies = OperatingPolicy.objects.readable().filter(account__in=Account.objects.public())
    purposes = dict(policies.order_by().values_list("account_id", "purpose"))
    found = [
        {
            "card": cards.card(account, purposes.get(account.pk, "")),
            "former": account.shown_status != Account.Status.OFFICIAL,
            "text": f"{account.search_text} {account.department.search_text}",
            "identity": account.identity,
            "permanent_id": account.service_account_id,
            "department": account.department.code,
            "service": account.service,
            "category": account.category,
        }
        for account in accounts
    ]
    return JsonResponse({"accounts": found}, json_dumps_params={"ensure_ascii": False})

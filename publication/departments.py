"""A department as the public meets it: its official accounts and its telephone, at an address that stays."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from accounts.models import Account
from publication import cards, structured_data
from publication.listing import department_address, list_address, purposes
from publication.pages import TO_LIST, Page, public_page, show
from staff.models import Department


@public_page
def department(request: HttpRequest, pk: int) -> HttpResponse:
    """`/departments/ID/`: what it runs, also when that is nothing: a printed code leads here for years."""
    shown = get_object_or_404(Department, pk=pk)
    accounts = Account.objects.public().filter(department=shown).select_related("department")
    official = [each for each in accounts if each.shown_status == Account.Status.OFFICIAL]
    former = [each for each in accounts if each.shown_status != Account.Status.OFFICIAL]
    texts = purposes(official)
    path = department_address(shown)
    page = Page(
        f"{shown.name}の公式アカウント",
        f"{settings.CITY_NAME}{shown.name}が運用するソーシャルメディアの公式アカウントです。",
        path,
        structured_data.of_list(official, path),
    )
    return show(
        request, "department.html", page, department=shown, trail=[TO_LIST],
        cards=[cards.card(each, texts.get(each.pk, "")) for each in official],
        former_cards=[cards.card(each) for each in former],
        # Only what is listed has a list of its own.
        table_url=list_address("department", shown.code, table=True) if accounts else "",
    )  # fmt: skip

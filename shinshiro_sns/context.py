"""What every page knows beside its own context: the city, the mode and the navigation."""

import re
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from postings.models import Emergency
from staff.demonstration import logins


class Section(NamedTuple):
    """One entry of a navigation: the name of its address, and a pattern of all its pages' paths.

    `permission` names what one must hold somewhere to be shown it at all.
    """

    label: str
    view: str
    pages: str
    permission: str = ""


PUBLIC_SECTIONS = (
    Section("公式アカウント一覧", "publication:accounts", r"/((accounts|list|departments)/.*)?"),
    Section("これは本物?", "publication:check", r"/(check|report)/.*"),
    Section("お知らせ", "publication:notices", r"/notices/.*"),
    Section("ガイドライン", "publication:guideline", r"/guideline/.*"),
)
# Of the pages that are there in English.
ENGLISH_SECTIONS = (
    Section("Official accounts", "publication:accounts_english", r"/en/(accounts/.*)?"),
    Section("Is this official?", "publication:check_english", r"/en/check/.*"),
    Section("What 'official' means", "publication:official_english", r"/en/official/.*"),
)
STAFF_SECTIONS = (
    Section(
        "自分の仕事",
        "desk",
        r"/desk/(?!(accounts|incidents|reports|absences|emergencies|posts|supervision|inquiries)/).*",
    ),
    Section("発信", "postings:posts", r"/desk/((accounts/\d+/)?posts|supervision|inquiries)/.*"),
    Section("アカウント", "policies:accounts", r"/desk/accounts/.*"),
    Section(
        "誤記・被害等",
        "incidents:incidents",
        r"/desk/(incidents|reports)/.*",
        "incidents.view_incident",
    ),
    Section("所属長の不在", "staff:absences", r"/desk/absences/.*"),
    Section(
        "緊急時の宣言", "postings:emergencies", r"/desk/emergencies/.*", "postings.view_emergency"
    ),
)
# For those whom the table of roles lets in; the templates ask `user.is_staff`.
ADMIN_SECTION = Section("管理", "admin:index", r"/admin/.*")


def current_section(path: str) -> Section | None:
    """The section of either navigation that `path` belongs to."""
    sections = (*PUBLIC_SECTIONS, *ENGLISH_SECTIONS, *STAFF_SECTIONS, ADMIN_SECTION)
    return next((section for section in sections if re.fullmatch(section.pages, path)), None)


def _emergencies() -> list[Emergency]:
    """Those that hold now, 4(1): for the banner on every staff page."""
    holding = Emergency.objects.holding(timezone.now())
    return list(holding.select_related("declared_by").prefetch_related("accounts"))


def portal(request: HttpRequest) -> dict[str, Any]:
    """The context processor of the portal.

    `demo_logins` is filled on the log-in page of a demonstration, and empty everywhere else.
    """
    match = request.resolver_match
    login_page = match is not None and match.url_name == "account_login"
    return {
        "city_name": settings.CITY_NAME,
        "city_url": settings.CITY_URL,
        "city_contact": settings.CITY_CONTACT,
        "city_telephone": settings.CITY_TELEPHONE,
        "demonstration": settings.DEMONSTRATION,
        "visitors_reach_portal": settings.VISITORS_REACH_PORTAL,
        "city_name_english": settings.CITY_NAME_ENGLISH,
        "public_sections": PUBLIC_SECTIONS,
        "english_sections": ENGLISH_SECTIONS,
        "staff_sections": STAFF_SECTIONS,
        "admin_section": ADMIN_SECTION,
        "current_section": current_section(request.path_info),
        # Asked only by the frame of staff pages, once a page.
        "emergencies": SimpleLazyObject(_emergencies),
        "demo_logins": logins() if settings.DEMONSTRATION and login_page else [],
    }

"""What the city announces of its accounts and their fakes, 5(2), 6(2): a list, each notice, a feed."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks

from accounts.models import Notice
from publication.addresses import absolute
from publication.pages import Page, public_page, show

PER_PAGE = 20
# Whoever follows the feed asks at least as often as so many are published.
IN_FEED = 50
# Before the first notice a feed has a day all the same, and the same one for everybody.
BEFORE_ALL = datetime.datetime(2013, 4, 17, tzinfo=datetime.UTC)
TITLE = "お知らせ"
TO_NOTICES = {"label": TITLE, "url": "/notices/"}


def _notices() -> Any:
    return Notice.objects.public().select_related("account__department", "department", "corrects")


@public_page
def notice_list(request: HttpRequest) -> HttpResponse:
    """`/notices/`: every notice, the newest first."""
    listed = Paginator(_notices(), PER_PAGE).get_page(request.GET.get("page"))
    path = reverse("publication:notices")
    page = Page(
        TITLE,
        f"{settings.CITY_NAME}のソーシャルメディアの公式アカウントの停止・再開・廃止と、なりすまし・乗っ取りへの注意のお知らせです。",
        f"{path}?page={listed.number}" if listed.number > 1 else path,
    )
    return show(request, "notices.html", page, listed=listed)


@public_page
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """`/notices/ID/`: one notice."""
    shown = get_object_or_404(_notices(), pk=pk)
    page = Page(
        shown.public_title,
        f"{settings.CITY_NAME}のソーシャルメディアの公式アカウントについてのお知らせです。",
        shown.get_absolute_url(),
        # Whoever was called a fake by mistake is not to be found by it.
        is_for_search_engines=not shown.is_taken_back,
    )
    is_own = shown.kind in Notice.STANDING
    return show(
        request, "notice.html", page, notice=shown, account=shown.account, trail=[TO_NOTICES],
        standing=Notice.STANDING, clauses="6(2)" if is_own else "5(2)",
    )  # fmt: skip


class _Feed(Atom1Feed):
    """A feed that says the same to whoever asks, even while it is empty."""

    def latest_post_date(self) -> datetime.datetime:
        """When the newest notice was published."""
        return max((item["updateddate"] for item in self.items), default=BEFORE_ALL)


@public_page
def feed(request: HttpRequest) -> HttpResponse:
    """`/notices/feed.atom`: the newest notices, whose ids are their addresses."""
    written = _Feed(
        title=f"{settings.CITY_NAME} SNS公式アカウントの{TITLE}",
        link=absolute(reverse("publication:notices")),
        description=None,
        subtitle="公式アカウントの停止・再開・廃止と、なりすまし・乗っ取りへの注意を、市のサイトで周知したものです。",
        language="ja",
        author_name=settings.CITY_NAME,
        feed_url=absolute(reverse("publication:notices_feed")),
    )
    for each in _notices()[:IN_FEED]:
        address = absolute(each.get_absolute_url())
        day, changed = (
            timezone.localtime(moment).replace(microsecond=0)
            for moment in (each.published_at, each.changed_at)
        )
        written.add_item(
            each.public_title, address, linebreaks(each.public_body, autoescape=True),
            unique_id=address, pubdate=day, updateddate=changed,
            categories=[each.get_kind_display()],
        )  # fmt: skip
    return HttpResponse(written.writeString("utf-8"), content_type=f"{written.content_type}")

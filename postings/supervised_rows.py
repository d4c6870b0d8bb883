"""A month's posts as the head looks through them, 4(4): as rows of a page, and as a file for his own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.http import StreamingHttpResponse
from django.utils import timezone

from postings import figures
from postings.models import Inquiry
from postings.periods import Period
from shinshiro_sns.csv_files import csv_file

AT_ONCE = 500
HEADINGS = (
    "番号", "アカウント", "発信した日時", "記録した日時", "書いた人", "記録した人",
    "発信できるかの答え", "運用時間の外", "事由", "やむを得ない理由", "残した誤りの指摘",
    "承認した人", "承認した日時", "見るところ", "照会", "URL", "URLがない理由", "本文",
)  # fmt: skip


def listed(posts: Any, scene: figures.Scene) -> Any:
    """`posts`, the latest first, each with its marks and how many questions about it are open."""
    waiting = Inquiry.objects.unanswered().filter(post=OuterRef("pk")).order_by()
    rows = figures.marked(posts, scene).annotate(
        is_asked=Exists(waiting), times_asked=Count("inquiries")
    )
    return rows.select_related(
        "account", "created_by", "edited_by", "posted_by", "approved_by"
    ).order_by("-posted_at", "-pk")


def month_as_csv(period: Period, posts: Any, scene: figures.Scene) -> StreamingHttpResponse:
    """The month's posts as CSV, their texts included."""
    name = f"supervision-{period.department.code}-{period.begins_on:%Y-%m}"
    return csv_file(name, HEADINGS, _rows(listed(posts, scene)))


def _rows(posts: Any) -> Iterator[Sequence[Any]]:
    for post in posts.iterator(chunk_size=AT_ONCE):
        yield (
            post.pk, post.account, _at(post.posted_at), _at(post.recorded_at), post.edited_by.name,
            post.posted_by.name, post.answer, "" if post.allowed else "外",
            post.get_ground_display(), post.ground_reason, post.kept_errors or "",
            post.approved_by.name if post.approved_by else "", _at(post.approved_at),
            "、".join(figure.label for figure in figures.marks_of(post)), post.times_asked or "",
            post.urls, post.no_url_reason, post.text,
        )  # fmt: skip


def _at(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""

"""What is counted of a month's posts, 4(4): each figure declared once, with the posts it stands for.

The page shows them and narrows its list by them; a confirmed month keeps them as they stood.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Count, F, Q, When

from postings.models import Ground, Inquiry


@dataclass(frozen=True)
class Scene:
    """What a figure may depend on: when the month begins, and whose own posts are marked."""

    begins_at: datetime.datetime
    heads: Collection[int]

    @property
    def own(self) -> Q:
        """Posts that one of `heads` wrote, or recorded."""
        names = ("created_by", "edited_by", "posted_by")
        found = Q(pk__in=[])
        for name in names:
            found |= Q(**{f"{name}__in": list(self.heads)})
        return found


@dataclass(frozen=True)
class Figure:
    """One figure: `of` says which posts it counts; `short` and `tone` are its mark beside one of them."""

    name: str
    label: str
    of: Callable[[Scene], Q]
    short: str = ""
    tone: str = "neutral"

    @property
    def is_part(self) -> bool:
        """Whether it is a part of the one above it, whose mark stands beside the post already."""
        return not self.short


def _ground(value: str) -> Callable[[Scene], Q]:
    return lambda scene: Q(allowed=False, ground=value)


FIGURES = (
    Figure("posts", "発信", lambda scene: Q(), "発信"),
    Figure("outside", "運用時間の外の発信", lambda scene: Q(allowed=False), "運用時間の外", "warning"),
    *(Figure(f"ground_{value}", label, _ground(value)) for value, label in Ground.choices),
    Figure("emergency", "緊急時の宣言による発信",
           lambda scene: Q(emergency__isnull=False), "緊急時の宣言", "warning"),
    Figure("kept_errors", "誤りの指摘を、理由を書いて残した発信",
           lambda scene: Q(kept_errors__gt=0), "誤りの指摘を残した", "warning"),
    Figure("approved", "承認を受けてからの発信",
           lambda scene: Q(approved_at__lte=F("posted_at")), "承認済", "success"),
    Figure("approved_later", "発信の後に承認を受けたもの",
           lambda scene: Q(approved_at__gt=F("posted_at")), "承認が発信の後", "warning"),
    Figure("own", "所属の長が自ら書いたか記録した発信", lambda scene: scene.own, "所属の長の発信", "info"),
    Figure("earlier", "前の月までの発信で、まだ確認していなかったもの",
           lambda scene: Q(posted_at__lt=scene.begins_at), "前の月まで", "warning"),
    Figure("asked", "照会した発信",
           lambda scene: Q(pk__in=Inquiry.objects.order_by().values("post")), "照会", "info"),
)  # fmt: skip
BY_NAME = {figure.name: figure for figure in FIGURES}


def counted(posts: Any, scene: Scene) -> dict[str, int]:
    """Every figure of `posts`, in one query."""
    counts = {f.name: Count("pk", filter=f.of(scene)) for f in FIGURES if f.name != "posts"}
    found: dict[str, int] = posts.order_by().aggregate(posts=Count("pk"), **counts)
    return found


def marked(posts: Any, scene: Scene) -> Any:
    """`posts`, each saying by `figure_…` in which figures it is counted: see `marks_of`."""
    return posts.annotate(
        **{
            f"figure_{figure.name}": Case(
                When(figure.of(scene), then=True), default=False, output_field=BooleanField()
            )
            for figure in FIGURES[1:]
        }
    )


def marks_of(post: Any) -> list[Figure]:
    """What is to be said beside one of the `marked` posts."""
    return [f for f in FIGURES[1:] if getattr(post, f"figure_{f.name}") and not f.is_part]

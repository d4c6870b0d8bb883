"""What the pages about posts have in common: a post is fetched together with the right to see it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.views.permitted import person
from postings.models import Post

READ, WRITE = "postings.view_post", "postings.add_post"


def post_for(request: HttpRequest, pk: int, post: int, permission: str = READ) -> Post:
    """The post, if the person may read it (else 404) and holds `permission` over it (else 403)."""
    rows = Post.objects.readable_by(person(request)).filter(account=pk)
    found: Post = get_object_or_404(
        rows.select_related(
            "account__department", "created_by", "edited_by", "checked_by", "asked_by",
            "approved_by", "posted_by", "copied_from",
        ),
        pk=post,
    )  # fmt: skip
    if not person(request).has_perm(permission, found):
        raise PermissionDenied
    return found

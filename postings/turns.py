"""Whose turn it is with a post, and what comes next."""

from __future__ import annotations

from postings import conditions
from postings.models import Post
from shinshiro_sns.steps import Turn
from staff import authority
from staff.models import User

State = Post.State
WRITE = "postings.add_post"


def turn(post: Post) -> Turn | None:
    """Whose turn it is; None where nobody has anything to do with it any more."""
    if post.state == State.AWAITING:
        people = list(conditions.approvers(post))
        return Turn(
            f"{post.account.department}の、書いた人とは別の職員",
            "本文を確かめて、承認するか差し戻します。", "承認すると、発信できます。",
            post.state_since, people, "" if people else conditions.NOBODY,
        )  # fmt: skip
    if post.state in Post.READY_STATES:
        return Turn(
            f"{post.account.department}の担当者",
            "発信して、投稿のURLを記録します。", "記録すると、手続きは終わりです。",
            post.state_since, _writers(post),
        )  # fmt: skip
    if post.is_editable:
        returned = post.state == State.RETURNED
        return Turn(
            f"{post.account.department}の担当者",
            "差戻しの理由を確かめて、直します。" if returned else "本文を書き、見直すところを確かめます。",
            "承認を受けて発信します。" if conditions.needs_approval(post, post.edited_by) else "発信します。",
            post.state_since, _writers(post),
        )  # fmt: skip
    return None


def _writers(post: Post) -> list[User]:
    """Who wrote it while he is there, else all who may go on with it."""
    able = list(authority.holders(WRITE, post.scope_department_ids).order_by("kana", "name", "pk"))
    return [person for person in able if person.pk == post.edited_by_id] or able

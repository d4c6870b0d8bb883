"""What is asked about a post that went out, 4(4): the one place that asks, answers and withdraws.

A head may ask at any time, also of a month he has confirmed. Nothing of it changes the post.
"""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from postings import notices
from postings.models import Inquiry, Post
from postings.periods import CLAUSE
from shinshiro_sns.history import acting
from shinshiro_sns.steps import StepNotMet, StepOvertaken, Unmet
from staff.models import User

ASK, ANSWER = "postings.add_inquiry", "postings.answer_inquiry"
READ = "postings.view_supervision"
_OWN = "ご自身だけで書いて記録した発信には、照会できません。"
_NOT_OUT = "照会できるのは、発信した記録だけです。"


def addressee_of(post: Post, by: User) -> User | None:
    """Whom a question is for: who wrote the post last, else who recorded or began it, but not who asks."""
    people = (post.edited_by, post.posted_by, post.created_by)
    return next((person for person in people if person and person.pk != by.pk), None)


def unmet_to_ask(post: Post, by: User) -> list[Unmet]:
    """What asking waits for."""
    if post.state != Post.State.POSTED:
        return [Unmet(_NOT_OUT, CLAUSE)]
    return [] if addressee_of(post, by) else [Unmet(_OWN, CLAUSE)]


@transaction.atomic
def ask(post: Post, by: User, *, question: str, key: uuid.UUID) -> Inquiry:
    """Ask about a post; sent twice it is one question. Raises PermissionDenied or StepNotMet."""
    # One at a time: two clicks are one question.
    locked = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
    if not by.has_perm(ASK, locked):
        raise PermissionDenied
    known: Inquiry | None = Inquiry.objects.filter(key=key).first()
    if known is not None:
        return known
    if unmet := unmet_to_ask(locked, by):
        raise StepNotMet(unmet, locked)
    row = Inquiry(
        key=key, post=locked, question=question, asked_by=by, addressee=addressee_of(locked, by)
    )
    acting(row, by).save()
    notices.inquiry_asked(row)
    return row


@transaction.atomic
def answer(inquiry: Inquiry, by: User, *, text: str) -> Inquiry:
    """Answer it, as its author or a colleague. Raises StepOvertaken where it is settled already."""
    row = _open(inquiry, by, ANSWER)
    if row.asked_by_id == by.pk:
        raise StepNotMet([Unmet("ご自身の照会には回答できません。", CLAUSE)], row)
    row.answer, row.answered_by, row.answered_at = text, by, timezone.now()
    acting(row, by).save()
    notices.inquiry_answered(row)
    return row


@transaction.atomic
def withdraw(inquiry: Inquiry, by: User, *, reason: str) -> Inquiry:
    """Take the question back, with the reason. Raises StepOvertaken where it is settled already."""
    row = _open(inquiry, by, ASK)
    row.withdrawal_reason, row.withdrawn_by, row.withdrawn_at = reason, by, timezone.now()
    acting(row, by).save()
    notices.inquiry_withdrawn(row)
    return row


def _open(inquiry: Inquiry, by: User, permission: str) -> Inquiry:
    row: Inquiry = Inquiry.objects.select_for_update(of=("self",)).get(pk=inquiry.pk)
    if not by.has_perm(permission, row):
        raise PermissionDenied
    if not row.is_open:
        sentence = (
            "この照会には、すでに回答があります。"
            if row.answered_at
            else "この照会は、すでに取り下げられています。"
        )
        raise StepOvertaken([Unmet(sentence, CLAUSE)], row)
    return row

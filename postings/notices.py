"""Who is told what of a post, an emergency, a supervised month: one function per message, queued with
what it tells of.

No mail carries the text: it may name people, and a mail lies where the portal cannot erase it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from accounts.models import Account
from postings import conditions
from postings.models import Emergency, Inquiry, Post, Supervision, SupervisionPrompt
from shinshiro_sns import mail
from shinshiro_sns.steps import Taking
from staff import authority
from staff.models import Membership, User


def _tell(people: Iterable[User], notice: str, taking: Taking) -> None:
    post: Post = taking.obj
    for person in people:
        if person.pk == taking.by.pk or not person.is_active:
            continue
        mail.queue(
            to=person, notice=f"postings/{notice}",
            context={
                "account": post.account, "post": post, "by": taking.by, "note": taking.note,
                "path": post.get_absolute_url(),
            },
            key=f"post {post.pk} revision {post.revision}",
        )  # fmt: skip


def asked(taking: Taking) -> None:
    """To whoever may approve it."""
    _tell(conditions.approvers(taking.obj), "approval_asked", taking)


def recalled(taking: Taking) -> None:
    """To those who had been asked."""
    _tell(conditions.approvers(taking.obj), "approval_recalled", taking)


def approved(taking: Taking) -> None:
    """To who asked: it may go out now."""
    _tell([taking.obj.asked_by], "approved", taking)


def returned(taking: Taking) -> None:
    """To who asked, with the words of who sent it back."""
    _tell([taking.obj.checked_by], "returned", taking)


def dropped(taking: Taking) -> None:
    """To those who had been asked to look at it, and to its author where another person gave it up."""
    post: Post = taking.obj
    people = {post.edited_by}
    if taking.source == Post.State.AWAITING:
        people |= set(conditions.approvers(post))
    _tell(people, "dropped", taking)


# --- Emergencies --------------------------------------------------------------------------------


def emergency_declared(emergency: Emergency) -> None:
    """To the PR division and to everybody who may post for one of the accounts."""
    _tell_of(emergency, "emergency_declared", emergency.declared_by)


def emergency_ended(emergency: Emergency) -> None:
    """That it ended before its time: to the same."""
    _tell_of(emergency, "emergency_ended", emergency.ended_by)


def _tell_of(emergency: Emergency, notice: str, by: User | None) -> None:
    accounts = list(emergency.accounts.select_related("department"))
    departments = {account.department_id for account in accounts}
    if emergency.is_for_all:
        official = Account.objects.filter(status=Account.Status.OFFICIAL)
        departments = set(official.values_list("department", flat=True))
    posting = authority.holders_in("postings.add_post", departments)
    people = {person for there in posting.values() for person in there}
    people |= set(authority.holders("postings.declare_emergency", []))
    context = {
        "emergency": emergency,
        "accounts": accounts,
        "by": by,
        "path": reverse("postings:emergency", args=[emergency.pk]),
    }
    letters = {person: context for person in people if by is None or person.pk != by.pk}
    mail.queue_many(f"postings/{notice}", letters, f"emergency {emergency.pk}")


# --- Supervision, 4(4) ---------------------------------------------------------------------------


def _heads(department_id: int) -> Iterable[User]:
    return User.objects.members_of([department_id], [Membership.Role.HEAD])


def supervised_for_head(supervision: Supervision) -> None:
    """To the heads: a deputy confirmed a month for them, which they look at afterwards (後閲)."""
    for head in _heads(supervision.department_id):
        mail.queue(
            to=head, notice="postings/supervised_for_head",
            context={"supervision": supervision, "path": supervision.get_absolute_url()},
            key=f"supervision {supervision.pk}",
        )  # fmt: skip


def supervision_prompted(prompt: SupervisionPrompt) -> None:
    """To the heads: the PR division asks for a month whose time is over."""
    day = prompt.begins_on
    path = reverse("postings:supervised", args=[prompt.department_id, day.year, day.month])
    for head in _heads(prompt.department_id):
        mail.queue(
            to=head, notice="postings/supervision_prompted",
            context={"prompt": prompt, "path": path}, key=f"supervision prompt {prompt.pk}",
        )  # fmt: skip


def _of_inquiry(notice: str, inquiry: Inquiry, people: Iterable[User], by: User) -> None:
    for person in people:
        if person.pk != by.pk and person.is_active:
            mail.queue(
                to=person, notice=f"postings/{notice}",
                context={"inquiry": inquiry, "path": inquiry.get_absolute_url()},
                key=f"inquiry {inquiry.pk}",
            )  # fmt: skip


def inquiry_asked(inquiry: Inquiry) -> None:
    """To who is asked."""
    _of_inquiry("inquiry_asked", inquiry, [inquiry.addressee], inquiry.asked_by)


def inquiry_answered(inquiry: Inquiry) -> None:
    """To who asked; and where a colleague answered, to who was asked."""
    people = {inquiry.asked_by, inquiry.addressee}
    _of_inquiry("inquiry_answered", inquiry, people, inquiry.answered_by)  # type: ignore[arg-type]


def inquiry_withdrawn(inquiry: Inquiry) -> None:
    """To who was asked: nothing is to be answered any more."""
    people = {inquiry.asked_by, inquiry.addressee}
    _of_inquiry("inquiry_withdrawn", inquiry, people, inquiry.withdrawn_by)  # type: ignore[arg-type]

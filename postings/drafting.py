"""Writing on a draft: saving it, two people on one text, and what was typed and not saved."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Account
from incidents.models import Incident
from postings import decisions
from postings.checking import Image
from postings.models import Post, WorkingCopy
from shinshiro_sns.days import start_of
from shinshiro_sns.history import acting
from shinshiro_sns.steps import StepOvertaken, Unmet
from staff.models import User

# A working copy is for the same day or the next, not an archive.
KEPT = datetime.timedelta(days=7)
# Beside the one being typed; older ones go.
MOST_COPIES = 3


@dataclass(frozen=True)
class Written:
    """What a person wrote: the text, what goes with it, and what he decided of each finding."""

    text: str = field(repr=False)
    services: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    rights: str = ""
    rights_note: str = ""
    portrait: str = ""
    ground: str = ""
    ground_reason: str = ""
    incident: Incident | None = None
    decisions: Mapping[str, str] = field(default_factory=dict)

    def values(self, account: Account) -> dict[str, Any]:
        """The fields of a post as they are saved."""
        found = decisions.look(account, self.text, self.images, self.services)
        return {
            "text": self.text,
            "services": list(dict.fromkeys([account.service, *self.services])),
            "images": decisions.images_kept(self.images), "rights": self.rights,
            "rights_note": self.rights_note, "portrait": self.portrait, "ground": self.ground,
            "ground_reason": self.ground_reason,
            "incident_id": self.incident.pk if self.incident else None,
            "findings": decisions.kept(decisions.points(found, self.decisions)),
        }  # fmt: skip


class Stale(StepOvertaken):
    """Someone else has saved the draft since this person opened it."""


@transaction.atomic
def begun(
    account: Account, written: Written, by: User, key: uuid.UUID, copied_from: Post | None = None
) -> Post:
    """A new draft under the key of its form: sent twice it is one.

    Raises StepOvertaken where the key is somebody else's.
    """
    now = timezone.now()
    post = Post(
        account=account, key=key, created_by=by, created_at=now, edited_by=by, edited_at=now,
        copied_from=copied_from, **written.values(account),
    )  # fmt: skip
    try:
        with transaction.atomic():
            acting(post, by).save()
    except IntegrityError:
        there = Post.objects.filter(key=key, account=account, created_by=by).first()
        if there is None:
            sentence = "この画面は使えなくなりました。本文を控えて、もう一度「原稿を確かめる」を開いてください。"
            raise StepOvertaken([Unmet(sentence)]) from None
        # Sent again after the way back: what nobody else has touched since is his to change.
        return changed(there, written, by, seen=0)
    _forget(by, key)
    return post


@transaction.atomic
def changed(post: Post, written: Written, by: User, *, seen: int) -> Post:
    """Save `written` over what `by` saw as revision `seen`; the same text again changes nothing.

    Raises Stale where someone else saved in between, StepOvertaken where the post has gone on.
    """
    row: Post = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
    values = written.values(row.account)
    if _says(vars(row)) == _says(values):
        _forget(by, row.key)
        return row
    if not row.is_editable:
        sentence = f"「{row.get_state_display()}」になっているため、本文は直せません。"
        raise StepOvertaken([Unmet(sentence)], row)
    if row.revision != seen:
        sentence = "画面を開いた後に、ほかの人がこの下書きを保存しました。"
        raise Stale([Unmet(sentence)], row)
    for name, value in values.items():
        setattr(row, name, value)
    row.edited_by, row.edited_at = by, timezone.now()
    row.revision += 1
    acting(row, by).save()
    _forget(by, row.key)
    return row


_TYPED = (
    "text", "services", "images", "rights", "rights_note", "portrait", "ground", "ground_reason",
    "incident_id",
)  # fmt: skip


def _says(values: Mapping[str, Any]) -> list[Any]:
    """What a person wrote and decided, of the fields of a post."""
    decided = [(row["key"], row["decision"]) for row in values["findings"]]
    return [*(values[name] for name in _TYPED), decided]


# --- What was typed and not saved --------------------------------------------------------------


def keep(
    account: Account, by: User, key: uuid.UUID, content: Mapping[str, list[str]], post: Post | None
) -> None:
    """Keep what `by` has typed so far; of new posts on the account the latest few."""
    given = {"account": account, "post": post, "content": dict(content), "saved_at": timezone.now()}
    _, is_new = WorkingCopy.objects.update_or_create(person=by, key=key, defaults=given)
    if is_new:
        old = copies(account, by).values_list("pk", flat=True)[MOST_COPIES:]
        WorkingCopy.objects.filter(pk__in=list(old)).delete()


def copies(account: Account, by: User) -> Any:
    """What `by` has typed for new posts on the account and not saved, the latest first."""
    return WorkingCopy.objects.filter(person=by, account=account, post=None)


def forget(by: User, key: uuid.UUID) -> None:
    """Throw away what `by` typed for the post of this key."""
    _forget(by, key)


def forget_old(day: datetime.date) -> None:
    """Throw away what nobody came back to: done each day."""
    begins = start_of(day) - KEPT
    WorkingCopy.objects.filter(saved_at__lt=begins).delete()


def _forget(by: User, key: uuid.UUID) -> None:
    WorkingCopy.objects.filter(person=by, key=key).delete()

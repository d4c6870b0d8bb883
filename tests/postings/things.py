"""The posts of the small city whose addresses are asked."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import timezone

from policies.models import OperatingPolicy
from postings import inquiring, keys
from postings.models import WorkingCopy
from staff.models import User
from tests.postings import making


def posts(policy: Any, things: dict[str, Any], people: dict[str, User]) -> dict[str, Any]:
    """A post in every state, each of the account whose rule brings it there."""
    officer, head = people["officer"], people["head"]
    official = things["official"]
    approving = policy("approving_policy", "in_force", post_approval=True).account
    back = policy("back_policy", "in_force", post_approval=True)
    made: dict[str, Any] = {"approving": approving}
    for state in ("draft", "checked", "posted", "dropped"):
        made[f"p_{state}"] = making.post(official, officer, state)
    made["p_drafted"] = making.post(approving, officer)
    for state in ("awaiting", "returned", "approved"):
        made[f"p_{state}"] = making.post(approving, officer, state, approver=head)
    # Sent back while a second pair of eyes was wanted, as it is no more.
    made["p_returned_then"] = making.post(back.account, officer, "returned", approver=head)
    made["back"] = back.account
    OperatingPolicy.objects.filter(pk=back.pk).update(post_approval=False)
    made["p_shared"] = making.post(things["shared_account"], officer, "checked")
    made["key"] = keys.make(
        official, head, name="予約投稿", expires_on=timezone.localdate()
    )[0]  # fmt: skip
    made["copy"] = WorkingCopy.objects.create(
        person=officer, account=official, key=uuid.uuid4(), content={"text": ["書きかけ"]}
    )
    made["inquiry"] = inquiring.ask(
        made["p_posted"], head, question="経緯を教えてください。", key=uuid.uuid4()
    )
    return made

"""What the desk's pages share: a policy is fetched together with the right to see it."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from policies import items
from policies.models import Consultation, OperatingPolicy
from shinshiro_sns.steps import Offer, Step, Unmet
from staff.models import User


def person(request: HttpRequest) -> User:
    """Who is logged in; the middleware lets nobody else come this far."""
    return cast(User, request.user)


def visible_policy(user: User, pk: int, *, lock: bool = False) -> OperatingPolicy:
    """The policy if `user` may read it, else 404: a foreign id tells nothing."""
    rows = OperatingPolicy.objects.visible_to(user)
    if lock:
        rows = rows.select_for_update(of=("self",))
    policy: OperatingPolicy = get_object_or_404(rows, pk=pk)
    return policy


def place_url(policy: OperatingPolicy, place: str) -> str:
    """Where something unmet is mended: a section, the absences, or the page's own part."""
    if place == "absence":
        return reverse("staff:absences")
    if place in ("", "note", "reasons"):
        return ""
    if place == "consultations":
        return f"{policy.get_absolute_url()}#consultations"
    return reverse("policies:section", args=[policy.pk, place])


def may_edit(user: User, policy: OperatingPolicy) -> bool:
    """Whether the pages of the sections are open to `user` now."""
    return policy.is_editable and user.has_perm("policies.draft_operatingpolicy", policy)


def linked(policy: OperatingPolicy, unmet: list[Unmet], user: User) -> list[dict[str, str]]:
    """What is unmet, each with the link to where `user` can mend it; none where he cannot now."""
    closed = set() if may_edit(user, policy) else set(items.BY_KEY)
    return [
        {
            "sentence": u.sentence,
            "clause": u.clause,
            "url": "" if u.place in closed else place_url(policy, u.place),
        }
        for u in unmet
    ]


def way_to_mend(policy: OperatingPolicy, unmet: list[Unmet], user: User) -> str:
    """What to do where an item of the filing is unmet on a page from which it cannot be mended."""
    if may_edit(user, policy) or not any(u.place in items.BY_KEY for u in unmet):
        return ""
    return _WAYS.get(OperatingPolicy.State(policy.state), "")


_WAYS = {
    OperatingPolicy.State.WITH_HEAD: "この画面からは直せません。直すには、担当者に差し戻してください。",
    OperatingPolicy.State.REPORTED: "この画面からは直せません。直すには、所属に差し戻してください。",
}


def step_url(obj: Any, step: Step) -> str:
    """The page of a step, for the reader of this very revision."""
    consulted = isinstance(obj, Consultation)
    name = "policies:consultation_step" if consulted else "policies:step"
    return f"{reverse(name, args=[obj.pk, step.name])}?seen={obj.revision}"


def buttons(policy: OperatingPolicy, offers: list[Offer]) -> list[dict[str, Any]]:
    """The steps a person may take, as buttons; each leads to the page that says what it does."""
    return [
        {
            "label": offer.step.label,
            "tone": offer.step.tone,
            "url": step_url(policy, offer.step),
        }
        for offer in offers
        if not offer.unmet
    ]


def blocked(policy: OperatingPolicy, offers: list[Offer], user: User) -> list[dict[str, Any]]:
    """The steps that would be a person's to take, each with what it still waits for."""
    return [
        {
            "id": f"unmet-{offer.step.name}",
            "title": f"「{offer.step.label}」はまだできません",
            "unmet": linked(policy, offer.unmet, user),
            "way": way_to_mend(policy, offer.unmet, user),
        }
        for offer in offers
        if offer.unmet
    ]

"""Who can log in to an account: kept in step with the policy in force, 3(3)イ, 3(7)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from accounts.models import Access, Account
from staff.models import User


def name_people(
    account: Account,
    users: Iterable[User],
    administrators: Iterable[User],
    day: datetime.date,
) -> None:
    """From `day` on exactly these people have access; who had it and is named no more loses it."""
    named = {(Access.Kind.USER, person.pk) for person in users}
    named |= {(Access.Kind.ADMINISTRATOR, person.pk) for person in administrators}
    kept = set()
    for access in Access.objects.current().filter(account=account):
        key = (Access.Kind(access.kind), access.person_id)
        if key in named:
            kept.add(key)
        else:
            access.until = max(day, access.since)
            access.save(update_fields=["until"])
    Access.objects.bulk_create(
        Access(account=account, person_id=person, kind=kind, since=day)
        for kind, person in sorted(named - kept)
    )

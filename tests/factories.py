"""Rows for tests: complete by default, every field open to the test that is about it."""

from __future__ import annotations

import datetime
from itertools import count
from typing import Any

from django.utils import timezone

from accounts.models import Account
from accounts.profiles import read_profile
from policies.consulting import consultation_workflow
from policies.models import Consultation, OperatingPolicy
from policies.workflow import policy_workflow
from staff.models import Absence, Department, Membership, User

PASSWORD = "asahi-yama-no-kaze"
State = OperatingPolicy.State
_number = count(1)


def department(name: str = "", **fields: Any) -> Department:
    """A department that exists today."""
    number = next(_number)
    return Department.objects.create(
        **{"code": f"d{number}", "name": name or f"第{number}課", "order": number, **fields}
    )


def user(name: str = "", **fields: Any) -> User:
    """A user without a membership, who can log in with PASSWORD."""
    number = next(_number)
    return User.objects.create_user(
        **{
            "email": f"user{number}@city.example",
            "password": PASSWORD,
            "name": name or f"職員{number}",
            **fields,
        }
    )


def member(of: Department, role: str = "officer", name: str = "", **fields: Any) -> User:
    """A user with a membership that has held since January 2020."""
    person = user(name or f"{of.name}の{Membership.Role(role).label}", **fields)
    since = datetime.date(2020, 1, 1)
    Membership.objects.create(user=person, department=of, role=role, valid_from=since)
    return person


def absence(of: Department, person: User, days: int = 0, **fields: Any) -> Absence:
    """An absence of the head that begins today."""
    today = timezone.localdate()
    return Absence.objects.create(
        **{
            "department": of,
            "person": person,
            "starts_on": today,
            "ends_on": today + datetime.timedelta(days=days),
            "reason": "出張",
            "recorded_by": person,
            **fields,
        }
    )


def account(of: Department, handle: str = "", service: str = "x", **fields: Any) -> Account:
    """An account being prepared, with a canonical address."""
    profile = read_profile(handle or f"example_{next(_number)}", service)
    return Account.objects.create(
        **{
            "department": of,
            "service": profile.service,
            "name": f"{of.name}の公式アカウント",
            "handle": profile.handle,
            "url": profile.url,
            "identity": profile.identity,
            "category": "tourism",
            **fields,
        }
    )


def draft(
    on: Account, by: User, partners: tuple[Department, ...] = (), **fields: Any
) -> OperatingPolicy:
    """A complete draft of the next version, made by `by`, who is user and administrator too."""
    last = on.policies.order_by("-version").first()
    policy = OperatingPolicy(account=on, version=last.version + 1 if last else 1, created_by=by)
    policy.take_facts_of(on)
    values = {
        "registration_email": "kanko@city.shinshiro.lg.jp",
        "is_shared": bool(partners),
        "shared_theme": "催しの案内" if partners else "",
        "shared_reason": "発信元を一つにすると探しやすいため" if partners else "",
        "purpose": "市内の催しを広く知らせるため",
        "content": "催しの案内、開花の状況",
        "hours": [{"days": [0, 1, 2, 3, 4], "from": "08:30", "to": "17:15"}],
        "reply": "none",
        "reply_handling": "お問い合わせは電話で受け付けます。",
        "personal_information": "個人情報は投稿しません。",
        **fields,
    }
    for name, value in values.items():
        setattr(policy, name, value)
    policy.save()
    policy.partners.set(partners)
    policy.users.set([by])
    policy.administrators.set([by])
    return policy


def policy(
    on: Account, by: User, state: str = State.DRAFT, *,
    head: User | None = None, receiver: User | None = None, **fields: Any,
) -> OperatingPolicy:  # fmt: skip
    """A complete policy brought to `state` by its own steps, taken by the people named."""
    made = draft(on, by, **fields)
    way = {
        State.DRAFT: (),
        State.WITH_HEAD: ("submit",),
        State.REPORTED: ("submit", "set"),
        State.RETURNED: ("submit", "set", "return"),
        State.IN_FORCE: ("submit", "set", "receive"),
        State.WITHDRAWN: ("withdraw",),
    }[State(state)]
    people = {"submit": by, "withdraw": by, "set": head, "return": receiver, "receive": receiver}
    for step in way:
        note = "理由" if step in ("return", "withdraw") else ""
        made = policy_workflow.take(made, step, by=people[step], note=note)
        for consultation in Consultation.objects.unanswered().filter(policy=made):
            heads = User.objects.members_of([consultation.department], ["head"])
            consultation_workflow.take(consultation, "agree", by=heads.get())
    return made

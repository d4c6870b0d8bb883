"""Rows for tests: complete by default, every field open to the test that is about it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from itertools import count
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from accounts.evidence import keep
from accounts.models import (
    Account,
    Certification,
    CredentialChange,
    Evidence,
    Handover,
    Intake,
    LinkCheck,
)
from accounts.profiles import read_profile
from accounts.workflow import account_workflow
from policies.consulting import consultation_workflow
from policies.models import Consultation, OperatingPolicy
from policies.workflow import policy_workflow
from staff.models import Absence, Department, Membership, Transfer, User

PASSWORD = "asahi-yama-no-kaze"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6364f8cf500f00038601805a347d6b0000000049454e44ae426082"
)
LONG_AGO = datetime.datetime(2015, 5, 1, tzinfo=datetime.UTC)
SINCE = datetime.date(2020, 1, 1)
State = OperatingPolicy.State
WAYS = {
    State.DRAFT: (),
    State.WITH_HEAD: ("submit",),
    State.REPORTED: ("submit", "set"),
    State.RETURNED: ("submit", "set", "return"),
    State.IN_FORCE: ("submit", "set", "receive"),
    State.WITHDRAWN: ("withdraw",),
}
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
    """A user with a membership that has held since SINCE."""
    person = user(name or f"{of.name}の{Membership.Role(role).label}", **fields)
    Membership.objects.create(user=person, department=of, role=role, valid_from=SINCE)
    return person


def left_long_ago(of: Department, name: str = "去った 人", **fields: Any) -> User:
    """Someone whose term is over: gone since 2015, and nothing was changed about him since."""
    day = datetime.date(2015, 4, 30)
    person = member(of, name=name, **{"is_active": False, **fields})
    Membership.objects.filter(user=person).update(valid_from=day, valid_until=day)
    User.objects.filter(pk=person.pk).update(date_joined=LONG_AGO)
    User.history.filter(id=person.pk).update(history_date=LONG_AGO)
    return User.objects.get(pk=person.pk)


def members(
    *described: tuple[Department, str, str], others: Iterable[dict[str, Any]] = ()
) -> list[User]:
    """A `member` for each department, role and name, and then a `user` for each of the others.

    All of them are made at once.
    """
    password = make_password(PASSWORD)
    unsaved = [
        User(email=f"user{next(_number)}@city.example", password=password, **fields)
        for fields in (*({"name": name} for _, _, name in described), *others)
    ]
    made: list[User] = bulk_create_with_history(unsaved, User)
    places = [
        Membership(user=person, department=of, role=role, valid_from=SINCE)
        for person, (of, role, _) in zip(made, described, strict=False)
    ]
    bulk_create_with_history(places, Membership)
    return made


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


def password_change(on: Account, by: User, **fields: Any) -> CredentialChange:
    """A recorded change of the account's password, today and by `by`, with its copy."""
    change = CredentialChange.objects.create(
        **{
            "account": on,
            "changed_on": timezone.localdate(),
            "changed_by": by,
            "reason": "interval",
            "is_hard_to_guess": True,
            "is_kept_secret": True,
            "recorded_by": by,
            **fields,
        }
    )
    Account.objects.filter(pk=on.pk).update(password_changed_on=change.changed_on)
    return change


def evidence(
    on: Account, by: User, content: bytes = PNG, name: str = "画面.png", shows: str = ""
) -> Evidence:
    """A file of evidence, taken in as the desk takes it in."""
    said = shows or f"画面{next(_number)}"
    return keep(on, SimpleUploadedFile(name, content), shows=said, by=by)[0]


def certification(on: Account, state: str, **fields: Any) -> Certification:
    """A certification that has come to `state`, whatever way it took."""
    kind = Certification.Kind.DOMAIN if state == Certification.State.CERTIFIED else ""
    given = {"state": state, "kind": kind, **fields}
    row, _ = Certification.objects.update_or_create(account=on, defaults=given)
    return row


def link_check(on: Account, outcome: str = "linked", **fields: Any) -> LinkCheck:
    """A look at the account's page by the portal itself."""
    made: LinkCheck = LinkCheck.objects.create(
        **{"account": on, "outcome": outcome, "way": LinkCheck.Way.AUTOMATIC, **fields}
    )
    return made


def draft(
    on: Account, by: User, partners: tuple[Department, ...] = (), **fields: Any
) -> OperatingPolicy:
    """A complete draft of the next version, made by `by`, who is user and administrator too."""
    made = _filled(on, by, partners, **fields)
    _lay_down(made, [{}], partners=partners, users=[by], administrators=[by])
    return made


def _filled(
    on: Account, by: User, partners: tuple[Department, ...] = (), **fields: Any
) -> OperatingPolicy:
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
    return policy


def _lay_down(
    policy: OperatingPolicy, stages: list[dict[str, Any]], **linked: Iterable[Any]
) -> None:
    """A new policy as the last of `stages` leaves it, with a row of history for each of them.

    Saved one by one they would come to the same, with ten times the queries: building what a test
    only wants to be there took most of the suite's time.
    """
    history: Any = OperatingPolicy.history.model
    records = []
    for stage in stages:
        about = {"history_type": "~" if records else "+", "history_date": timezone.now()}
        for name, value in stage.items():
            if name == "step" or name.startswith("history_"):
                about[name] = value
            else:
                setattr(policy, name, value)
        facts = {field.attname: getattr(policy, field.attname) for field in history.tracked_fields}
        records.append(history(**facts | about))
    OperatingPolicy.objects.bulk_create([policy])
    for record in records:
        record.id = policy.pk
    history.objects.bulk_create(records)
    for name, others in linked.items():
        field: Any = OperatingPolicy._meta.get_field(name)
        link, end = field.remote_field.through, field.m2m_reverse_field_name()
        rows = link.objects.bulk_create(
            [link(operatingpolicy=policy, **{end: other}) for other in others]
        )
        kept = getattr(history, name).model
        kept.objects.bulk_create(
            kept(history=record, id=row.pk, operatingpolicy=policy, **{end: getattr(row, end)})
            for record in records
            for row in rows
        )


def intake(**fields: Any) -> Intake:
    """A table that was taken in on the server."""
    return Intake.objects.create(**{"file_name": "台帳.csv", **fields})


def transfer(**fields: Any) -> Transfer:
    """A transfer of today that changed nothing."""
    number = next(_number)
    today = timezone.localdate()
    return Transfer.objects.create(
        **{
            "file_name": "異動.csv", "sha256": f"{number:064}", "effective_on": today, "lines": 1,
            **fields,
        }
    )  # fmt: skip


def handover(on: Account, to: User, **fields: Any) -> Handover:
    """An account to be taken over from today on."""
    begins = {"begins_on": timezone.localdate(), **fields}
    return Handover.objects.create(account=on, person=to, transfer=transfer(), **begins)


def policy(
    on: Account, by: User, state: str = State.DRAFT, *,
    head: User | None = None, receiver: User | None = None, **fields: Any,
) -> OperatingPolicy:  # fmt: skip
    """A complete policy brought to `state`, as its own steps bring it, by the people named.

    The plain way of a first version is laid down at once, and nobody is written to: test_history.py
    holds it to what the steps leave. Every other way is `walked`.
    """
    people = {"submit": by, "set": head, "receive": receiver}
    if (
        state not in (State.WITH_HEAD, State.REPORTED, State.IN_FORCE)
        or fields.get("partners")
        or settings.OFFICIAL_BEFORE_RECEIPT
        or on.status != Account.Status.PREPARING
        or on.policies.exists()
    ):
        return walked(on, by, state, head=head, receiver=receiver, **fields)
    made = _filled(on, by, **fields)
    stages: list[dict[str, Any]] = [{}]
    for step in WAYS[State(state)]:
        now, did = timezone.now(), {"submit": "submitted", "receive": "received"}.get(step, step)
        stages.append(
            {
                "state": policy_workflow.steps[step].target, "state_since": now,
                "revision": len(stages), "round": 1,
                f"{did}_by": people[step], f"{did}_at": now,
                "step": step, "history_user": people[step], "history_change_reason": "",
            }
        )  # fmt: skip
    _lay_down(made, stages, users=[by], administrators=[by])
    if made.received_by:
        _open(made)
    return OperatingPolicy.objects.get(pk=made.pk)


def _open(received: OperatingPolicy) -> None:
    account = Account.objects.get(pk=received.account_id)
    account.take_facts_of(received)
    opened = {
        "status": Account.Status.OFFICIAL, "state_since": received.received_at, "revision": 1,
        "official_since": timezone.localdate(received.received_at),
        "_history_user": received.received_by, "_history_step": "open", "_change_reason": "",
    }  # fmt: skip
    for name, value in opened.items():
        setattr(account, name, value)
    account.save()


def walked(
    on: Account, by: User, state: str, *,
    head: User | None = None, receiver: User | None = None, **fields: Any,
) -> OperatingPolicy:  # fmt: skip
    """A complete policy brought to `state` by its own steps, with all that they bring about."""
    made = draft(on, by, **fields)
    people = {"submit": by, "withdraw": by, "set": head, "return": receiver, "receive": receiver}
    for step in WAYS[State(state)]:
        note = "理由" if step in ("return", "withdraw") else ""
        made = policy_workflow.take(made, step, by=people[step], note=note)
        for consultation in Consultation.objects.unanswered().filter(policy=made):
            heads = User.objects.members_of([consultation.department], ["head"])
            consultation_workflow.take(consultation, "agree", by=heads.get())
    return made


def answers(step: str, **fields: Any) -> dict[str, Any]:
    """What suspending, resuming or closing asks, as `account_workflow.take` wants it."""
    given = {"effective_on": timezone.localdate(), "note": "業務が終わったため",
             "title": "アカウントのお知らせ", "body": "理由は、業務が終わったためです。"}  # fmt: skip
    if step == "close":
        given |= {"handle_fate": "guarded", "handle_reason": "取られないようにするため",
                  "credentials_settled": True}  # fmt: skip
    return given | fields


def stood(on: Account, step: str, by: User, **fields: Any) -> Account:
    """An account suspended, resumed or closed by its own step."""
    taken: Account = account_workflow.take(
        on, step, by=by, **answers(step.removesuffix("_for_head"), **fields)
    )
    return taken


def official(of: Department, handle: str = "", service: str = "x", **fields: Any) -> Account:
    """An official account without the way of its policy: for what no policy matters to."""
    day = fields.pop("official_since", SINCE)
    since = timezone.make_aware(datetime.datetime.combine(day, datetime.time(9)))
    given = {"status": Account.Status.OFFICIAL, "official_since": day, "state_since": since}
    return account(of, handle, service, **given | fields)

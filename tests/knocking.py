"""Knocking at the portal's addresses as each role: the lines of the table, the city they speak of,
and what a request brings back and changes.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from accounts.models import Account, ConnectedApp, Device
from policies.consulting import consultation_workflow
from policies.guideline import GuidelineVersion
from policies.models import Consultation, OperatingPolicy
from policies.workflow import policy_workflow
from postings.models import Emergency, ListedWord
from publication.models import Publisher
from shinshiro_sns.models import Closure, OutgoingMail
from staff import erasing
from staff.models import Department, Membership, User
from tests import factories
from tests.addresses import ROLES
from tests.bodies import BODIES
from tests.incidents.things import city_of
from tests.postings.things import posts

State = OperatingPolicy.State


@dataclass(frozen=True)
class Line:
    """One line of the table: a request on a thing, and what each role gets."""

    address: str
    method: str
    thing: str
    outcomes: dict[str, str]

    @property
    def parts(self) -> list[str]:
        """What fills the places in the address, in order."""
        return [] if self.thing == "-" else self.thing.split("/")

    @property
    def subject(self) -> str:
        """What the request is about: the first thing in the address, or the one before a step."""
        is_step = self.address.endswith(("<slug:name>/", "<slug:step>/"))
        return next(iter(self.parts[-2:] if is_step else self.parts), "")

    def url(self, city: City) -> str:
        """The address with its places filled."""
        filled = self.address
        for part in self.parts:
            # A step may be called like a thing: a word is no key.
            is_word = next(iter(re.findall(r"<(\w+)", filled)), "") == "slug"
            value = part if is_word or part not in city.things else city.things[part].pk
            filled = re.sub(r"<[^>]+>", lambda _, value=value: str(value), filled, count=1)
        assert "<" not in filled, f"{self.address} needs more than {self.thing}"
        return filled


def read_table(text: str) -> dict[str, list[Line]]:
    """The lines by address, in the table's order."""
    lines: dict[str, list[Line]] = {}
    address = ""
    for written in text.splitlines():
        if written.startswith("/"):
            address = written.strip()
            assert address not in lines, f"{address} stands twice in the table"
            lines[address] = []
        elif written.strip() and not written.strip().startswith("#"):
            method, thing, *outcomes = written.split()
            assert len(outcomes) == len(ROLES), written
            told = dict(zip(ROLES, outcomes, strict=True))
            lines[address].append(Line(address, method, thing, told))
    return lines


# --- The city ----------------------------------------------------------------------------------


@dataclass
class City:
    """Who knocks, with their sessions, and the rows the addresses speak of."""

    people: dict[str, User]
    sessions: dict[str, str]
    things: dict[str, Any]
    client: Client
    before: dict[str, Any]
    answers: dict[Any, Answer] = field(default_factory=dict)


def people_and_things() -> tuple[dict[str, User], dict[str, Any]]:
    tourism = factories.department("観光課", code="kanko")
    safety = factories.department("防災課", code="bosai")
    tax = factories.department("税務課", code="zeimu")
    pr = factories.department("秘書人事課", code="hisho", is_pr_division=True)
    people = {
        "inactive": factories.member(tourism),
        "stranger": factories.user(),
        "officer": factories.member(tourism),
        "head": factories.member(tourism, "head"),
        "deputy": factories.member(tourism, "deputy"),
        "p.officer": factories.member(safety),
        "p.head": factories.member(safety, "head"),
        "p.deputy": factories.member(safety, "deputy"),
        "foreign": factories.member(tax),
        "pr": factories.member(pr),
        "auditor": factories.user(is_auditor=True),
        "admin": factories.user(is_administrator=True),
    }
    officer, head, deputy, receiver = (people[r] for r in ("officer", "head", "deputy", "pr"))
    things: dict[str, Any] = {
        "tourism": tourism,
        "tax": tax,
        "user": officer,
        "membership": Membership.objects.get(user=officer),
        "absence": factories.absence(tourism, head),
        "foreign_absence": factories.absence(safety, people["p.head"]),
        "shutdown": Closure.objects.create(
            name="点検", starts_on=factories.SINCE, ends_on=factories.SINCE
        ),
        "word": ListedWord.objects.create(word="語句の例", reason="例です。"),
    }

    def policy(name: str, state: str, on: Any = None, **more: Any) -> OperatingPolicy:
        account = on or factories.account(tourism)
        made = factories.policy(account, officer, state, head=head, receiver=receiver, **more)
        things[name] = made
        return made

    for state in (s for s in State if s is not State.SUPERSEDED):
        policy(state.value, state)
    again = policy("again", State.RETURNED)
    things["again"] = policy_workflow.take(again, "submit", by=officer)
    policy("assigned", State.REPORTED)
    policy_workflow.take(things["assigned"], "assign", by=receiver)
    things["superseded"] = _followed(policy("former", State.IN_FORCE), policy)
    for name, state in (("reported", State.REPORTED), ("in_force", State.IN_FORCE)):
        things[f"{name}_for_head"] = _set_for_head(policy(f"{name}_for_head", State.DRAFT), deputy)
        if state == State.IN_FORCE:
            policy_workflow.take(things[f"{name}_for_head"], "receive", by=receiver)
    first = _set_for_head(policy("superseded_for_head", State.DRAFT), deputy)
    policy_workflow.take(first, "receive", by=receiver)
    _followed(first, policy)
    shared = policy("shared", State.DRAFT, partners=(safety,))
    things["shared"] = policy_workflow.take(shared, "submit", by=officer)
    things["asked"] = Consultation.objects.get(policy=shared)
    for step, name in (("agree", "agreed"), ("object", "objected")):
        shared = policy(f"{name}_shared", State.DRAFT, partners=(safety,))
        policy_workflow.take(shared, "submit", by=officer)
        things[f"{name}_for_head"] = consultation_workflow.take(
            Consultation.objects.get(policy=shared), f"{step}_for_head",
            by=people["p.deputy"], note="出張のため",
        )  # fmt: skip
    policy("shared_official", State.IN_FORCE, partners=(safety,))
    things |= {
        "preparing": things["draft"].account,
        "official": things["in_force"].account,
        "replaced": things["superseded"].account,
        "shared_account": things["shared_official"].account,
        "closed": _closed(factories.account(tourism, official_since=datetime.date(2020, 4, 1))),
        "guideline": GuidelineVersion.objects.create(
            title="指針", text="1 目的\n本文", effective_from=datetime.date(2020, 4, 1)
        ),
        **_means(things["in_force"].account, officer),
        "publisher": Publisher.objects.create(
            directory="/srv/site", department=Department.objects.get(is_pr_division=True)
        ),
        "mail": OutgoingMail.objects.create(
            key="k", address="a@city.example", subject="件名", message_id="<1@city.example>",
            state=OutgoingMail.State.UNDELIVERABLE, last_error="拒否",
        ),
    }  # fmt: skip
    things["evidence"] = factories.evidence(things["official"], officer)
    factories.left_long_ago(tourism)
    things["erasure"] = erasing.propose(factories.user(is_administrator=True))
    things["shared_file"] = factories.evidence(things["shared_account"], officer)
    policy("suspended_policy", State.IN_FORCE)
    things["suspended"] = factories.stood(things["suspended_policy"].account, "suspend", head)
    policy("deleted_policy", State.IN_FORCE)
    things["deleted"] = factories.stood(
        things["deleted_policy"].account, "close_for_head", deputy, handle_fate="deleted"
    )
    things["guarded"] = factories.stood(factories.official(tourism), "close", head)
    for state in ("applied", "certified", "not_offered", "possible"):
        things["badge" if state == "possible" else state] = on = factories.account(tourism)
        factories.certification(
            on, state, dated_on=timezone.localdate(), has_paid_badge=state == "possible"
        )
    things["closure"] = things["deleted"].standingchange_rows.get()
    things["told"] = things["closure"].notice
    things |= _emergencies(tourism, people, things["absence"])
    things |= posts(policy, things, people)
    things["handover"] = factories.handover(things["official"], officer)
    things["transfer"] = factories.transfer()
    for name, thing in things.items():
        things[name] = type(thing)._default_manager.get(pk=thing.pk)
    things |= city_of(people, tourism, things["official"])
    return people, things


def _means(account: Account, officer: User) -> dict[str, Any]:
    return {
        "password_change": factories.password_change(account, officer),
        "device": Device.objects.create(
            account=account, name="一号", kind="phone", added_by=officer
        ),
        "app": ConnectedApp.objects.create(
            account=account, name="予約投稿", purpose="投稿の予約", added_by=officer
        ),
    }


def _emergencies(tourism: Any, people: dict[str, User], absence: Any) -> dict[str, Any]:
    """Declared by the head, by the deputy for him, and by the PR division."""
    now = timezone.now()
    given = {"reason": "台風のため", "begins_at": now, "ends_at": now + datetime.timedelta(days=1),
             "declared_at": now}  # fmt: skip
    own = given | {"department": tourism}
    return {
        "emergency": Emergency.objects.create(declared_by=people["head"], **own),
        "emergency_for_head": Emergency.objects.create(
            declared_by=people["deputy"], absence=absence, **own
        ),
        "the_citys": Emergency.objects.create(declared_by=people["pr"], is_for_all=True, **given),
    }


def _closed(account: Account) -> Account:
    Account.objects.filter(pk=account.pk).update(status=Account.Status.CLOSED)
    return account


def _followed(former: OperatingPolicy, policy: Any) -> OperatingPolicy:
    policy(f"after_{former.pk}", State.IN_FORCE, on=former.account)
    return former


def _set_for_head(draft: OperatingPolicy, deputy: User) -> OperatingPolicy:
    policy_workflow.take(draft, "submit", by=draft.created_by)
    return policy_workflow.take(draft, "set_for_head", by=deputy, note="出張のため")


WATCHED = [
    model
    for label in (
        "staff",
        "accounts",
        "policies",
        "incidents",
        "postings",
        "shinshiro_sns",
        "account",
    )
    for model in apps.get_app_config(label).get_models(include_auto_created=True)
    if not model.__name__.startswith("Historical")
]


def snapshot() -> dict[str, Any]:
    """Every row the portal keeps, by table."""
    return {model._meta.db_table: _rows(model) for model in WATCHED}


def _rows(model: type[Model]) -> list[Any]:
    """A table's rows; when someone last logged in is no act of his."""
    columns = [f.attname for f in model._meta.concrete_fields if f.name != "last_login"]
    return sorted(model._default_manager.values_list(*columns), key=repr)


# --- One request -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What came back: in the table's words, as it was sent, and the state the thing is in now."""

    said: str
    status: int
    headers: dict[str, str]
    cookies: list[str]
    content: bytes
    state: str


# What a statement writes to. One that begins to write and is not read here ends its test.
WRITING: Any = re.compile(r'(?:INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM) "(\w+)"')


def ask(city: City, role: str, line: Line, method: str = "", forged: bool = False) -> Answer:
    """Send it as `role`, look at every row of what was written to, and undo it; asked once.

    `forged` leaves out the token that every form of the portal carries.
    """
    key = (role, line.address, line.thing, method or line.method, forged)
    if key not in city.answers:
        city.answers[key] = _ask(city, role, line, (method or line.method).lower(), forged)
    return city.answers[key]


def _ask(city: City, role: str, line: Line, method: str, forged: bool) -> Answer:
    client = city.client
    client.handler.enforce_csrf_checks = forged
    client.cookies.clear()
    if role in city.sessions:
        client.cookies["sessionid"] = city.sessions[role]
    cache.clear()
    data = BODIES[line.address](city, line) if method == "post" and line.address in BODIES else {}
    written: set[str] = set()

    def watch(execute: Any, sql: str, *args: Any) -> Any:
        if re.match(r"\W*(INSERT|UPDATE|DELETE|REPLACE|WITH)\b", sql):
            written.add(WRITING.match(sql)[1])
        return execute(sql, *args)

    with transaction.atomic(), connection.execute_wrapper(watch):
        response = getattr(client, method)(line.url(city), data)
        # No trigger and no foreign key of the database's own writes anywhere else.
        changed = any(
            _rows(model) != city.before[model._meta.db_table]
            for model in WATCHED
            if model._meta.db_table in written
        )
        thing = city.things.get(line.subject)
        if changed and thing is not None:
            thing = type(thing)._default_manager.filter(pk=thing.pk).first()
        transaction.set_rollback(True)
    return Answer(
        _in_words(response) + "*" * changed, response.status_code, dict(response.headers),
        list(response.cookies), b"".join(response), state_of(thing),
    )  # fmt: skip


def state_of(thing: Any) -> str:
    """The state of what moves by steps; an account calls it by another name."""
    return getattr(thing, "state", "") or getattr(thing, "status", "")


def _in_words(response: Any) -> str:
    if response.status_code not in (301, 302):
        return str(response.status_code)
    doors = {"/login/?next=": "login", "/admin/login/?next=": "door"}
    to = response["Location"]
    return next((word for door, word in doors.items() if to.startswith(door)), "go")

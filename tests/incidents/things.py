"""Incidents for tests: opened as the desk opens them, and worked on by their own steps."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Account
from accounts.profiles import read_profile
from incidents import evidence, fakes, flaming, log
from incidents.flaming import reply_workflow
from incidents.models import (
    Contact,
    DutyRoster,
    Fake,
    FakeReport,
    Incident,
    IncidentEvidence,
    IncidentStep,
    IncidentText,
    Reply,
    ReportedAccount,
)
from incidents.opening import open_incident
from incidents.triage import reported_workflow
from incidents.workflow import incident_workflow, line_for, step_workflow
from staff.models import Department, User
from tests import factories

AGO = datetime.timedelta(minutes=20)
# What the steps with forms of their own are given beside the usual.
MORE: dict[str, dict[str, Any]] = {
    "correct": {"wrong": "10日", "right": "11日", "apology": "made", "why_none": ""},
    "facts": {"count": 3, "cases": []},
    "password": {"is_hard_to_guess": True, "is_kept_secret": True},
    "takedown": {"way": "form", "right": "name", "receipt": ""},
    "warn": {
        "title": "乗っ取りにご注意ください",
        "body": "開かないでください。",
        "urgent_for": None,
    },
    "site": {
        "title": "偽のアカウントにご注意ください",
        "body": "市のものではありません。",
        "urgent_for": None,
    },
}


def incident(
    by: User, kind: str = "other", *, account: Account | None = None,
    department: Department | None = None, known: str = "分かっていること", **facts: Any,
) -> Incident:  # fmt: skip
    """One that runs, discovered twenty minutes ago."""
    where = account.department if account else department
    assert where is not None
    given = {"discovered_at": timezone.now() - AGO, **facts}
    return open_incident(kind, where, by, account=account, known=known, **given)[0]


def identified(of: Incident, by: User, url: str = "", **more: Any) -> Fake:
    """Say which account it is, unless somebody has; by default one that no other incident is about."""
    found = Fake.objects.filter(incident=of).first()
    if found is not None and not url:
        return found
    profile = read_profile(url or f"https://x.com/fake_of_{of.pk}")
    return fakes.identify(of, by, profile, **{"seen": found.revision if found else None, **more})


def to_be_public(of: Incident, officer: User, head: User, pr: User, second: User) -> None:
    """All that it takes before its fake may be called one in public."""
    identified(of, officer)
    if not of.evidence.exists():
        file(of, officer)
    for key, by in (("report", head), ("check", pr), ("second", second)):
        if step(of, key).is_open:
            does(of, key, by)


def accused(of: Incident, officer: User, head: User, pr: User, second: User, **given: Any) -> Fake:
    """The fake that it is about, called so in public after all that this takes."""
    to_be_public(of, officer, head, pr, second)
    does(of, "site", pr, **given)
    return Fake.objects.select_related("notice", "incident").get(incident=of)


def reported(url: str, *whys: str) -> ReportedAccount:
    """An account that citizens took for a fake, with these words."""
    profile = read_profile(url)
    made = ReportedAccount.objects.create(
        service=profile.service, handle=profile.handle, url=profile.url,
        identity=profile.identity, department=Department.objects.filter(is_pr_division=True).first(),
    )  # fmt: skip
    for number, why in enumerate(whys or ("市の名前で届いた",)):
        FakeReport.objects.create(reported=made, why=why, form=f"{made.pk}-{number}")
    return made


def step(of: Incident, key: str) -> IncidentStep:
    """The step of that key, as it is now."""
    return IncidentStep.objects.select_related("incident__department").get(incident=of, key=key)


def does(of: Incident, key: str, by: User, act: str = "do", **given: Any) -> IncidentStep:
    """`by` takes the act on the step of that key, by the line that is his."""
    row = step(of, key)
    line = line_for(act, row, by)
    usual: dict[str, Any] = {"happened_at": timezone.now(), "words": "したこと", "url": ""}
    if act != "do":
        usual = {"note": "理由"}
    elif key in MORE:
        usual |= MORE[key]
    if of.kind == "impersonation" and key in ("check", "second", "site") and act == "do":
        identified(of, by)
    moved: IncidentStep = step_workflow.take(row, line.name, by=by, **(usual | given))
    return moved


def moved(of: Incident, name: str, by: User, **given: Any) -> Incident:
    """`by` takes the step called `name` on the incident itself."""
    usual = {"learnt": "学んだこと"} if name.startswith("end") else {"note": "理由"}
    taken: Incident = incident_workflow.take(of, name, by=by, **(usual | given))
    return taken


def ready(by: User, head: User, kind: str = "other", **more: Any) -> Incident:
    """One with nothing left open."""
    made = incident(by, kind, **more)
    if kind == "impersonation":
        file(made, by)
    for row in made.steps.all():
        does(made, row.key, head if row.who == "head" else by)
    return made


def ended(by: User, head: User, **more: Any) -> Incident:
    """One that is over."""
    return moved(ready(by, head, **more), "end", head)


def file(of: Incident, by: User, content: bytes = factories.PNG, **more: Any) -> IncidentEvidence:
    """A file of evidence, taken in as the desk takes it in."""
    given = SimpleUploadedFile("画面.png", content)
    return evidence.keep(of, given, **{"shows": "画面", "by": by, **more})[0]


def duty(of: Department, person: User, **fields: Any) -> DutyRoster:
    """A duty that holds now."""
    now = timezone.now()
    return DutyRoster.objects.create(
        **{
            "department": of, "person": person, "telephone": "090-0000-0000",
            "begins_at": now - datetime.timedelta(hours=1),
            "ends_at": now + datetime.timedelta(hours=8), **fields,
        }
    )  # fmt: skip


def contact(**fields: Any) -> Contact:
    """Somebody to call when a department does not answer."""
    return Contact.objects.create(
        **{"name": "宿直室", "telephone": "0536-23-1111", "email": "duty@city.example", **fields}
    )


def reply(of: Incident, by: User, *steps: tuple[str, User], text: str = "説明します。") -> Reply:
    """What is to be said in the department's name, brought on its way by these steps."""
    made = flaming.draft(of, by, answers="駐車場への批判", text=text)
    for name, who in steps:
        made = reply_workflow.take(made, name, by=who, note="理由")
    return made


def _replies(of: Incident, by: User, head: User) -> dict[str, Reply]:
    ways = {
        "draft": (),
        "with_head": (("submit", by),),
        "approved": (("submit", by), ("approve", head)),
    }
    return {f"r_{state}": reply(of, by, *way, text=state) for state, way in ways.items()}


def city_of(people: dict[str, User], department: Department, account: Account) -> dict[str, Any]:
    """What the table of addresses speaks of."""
    officer, head, pr = people["officer"], people["head"], people["pr"]
    running = incident(officer, "impersonation", account=account)
    colleague = factories.member(Department.objects.get(is_pr_division=True))
    confirmed = incident(officer, "impersonation", account=account, known="確かめたもの")
    for key, by in (("evidence", officer), ("report", head), ("check", colleague)):
        does(confirmed, key, by)
    waived = incident(officer, "flaming", account=account)
    does(waived, "holding", head, "waive")
    over = ended(officer, head, department=department)
    identified(running, officer)
    public = incident(officer, "impersonation", account=account, known="公表したもの")
    accused(public, officer, head, pr, colleague)
    does(public, "takedown", officer)
    things: dict[str, Any] = {
        "incident": running,
        **{f"s_{key}": step(running, key) for key in ("evidence", "report", "check")},
        "confirmed": confirmed,
        "accused": public,
        "unknown_fake": incident(officer, "impersonation", account=account, known="分からない"),
        "rep_waiting": reported("x.com/reported_1"),
        "rep_closed": reported_workflow.take(
            reported("x.com/reported_2"), "close", by=pr, note="理由"
        ),
        "s_done": step(confirmed, "evidence"),
        "s_reported": step(confirmed, "report"),
        "s_checked": step(confirmed, "check"),
        "s_second": step(confirmed, "second"),
        "waived": waived,
        "s_waived": step(waived, "holding"),
        "ready": ready(officer, head, department=department, known="終わるもの"),
        "ended": over,
        "s_of_ended": step(over, "confirm"),
        "cancelled": moved(incident(officer, department=department, known="誤り"), "cancel", head),
        "led": moved(
            incident(officer, department=department, known="任せたもの"), "take_on", officer
        ),
        "note": log.add(running, log.Kind.NOTE, "メモ", officer),
        "picture": file(running, officer),
        "duty": duty(department, officer),
        "contact": contact(),
        "text": IncidentText.objects.create(
            key="error.correction", title="文例", body="{所属}です。"
        ),
        **_replies(waived, factories.member(department, name="書いた 人"), head),
    }
    return things

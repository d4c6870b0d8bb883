"""Who is told what of an incident: one function per message, queued in the transaction it tells of."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from incidents.models import (
    DutyRoster,
    Fake,
    FakeReport,
    Incident,
    IncidentStep,
    ReportedAccount,
    Severity,
)
from incidents.turns import EVERYWHERE, people_for, whose_turn
from shinshiro_sns import mail
from shinshiro_sns.steps import Taking
from staff import authority
from staff.models import Membership, User


def pr_division() -> QuerySet[User]:
    """The people of the PR division."""
    return authority.holders(EVERYWHERE, [])


def heads(incident: Incident) -> QuerySet[User]:
    """The head of the department, and its deputies: he may be away, and nobody has said so yet."""
    kinds = [Membership.Role.HEAD, Membership.Role.DEPUTY]
    return User.objects.members_of([incident.department_id], kinds).filter(is_auditor=False)


def on_duty(incident: Incident) -> QuerySet[User]:
    """Who is on duty now for the department or for the PR division."""
    now = DutyRoster.objects.at(timezone.now())
    theirs = now.filter(department=incident.department_id) | now.filter(
        department__is_pr_division=True
    )
    return User.objects.filter(is_active=True, pk__in=theirs.values("person"))


def _tell(notice: str, people: Iterable[User], incident: Incident, key: str, **more: Any) -> None:
    context = {
        "incident": incident,
        "is_grave": incident.severity == Severity.GRAVE,
        "path": incident.get_absolute_url(),
        **more,
    }
    mail.queue_many(notice, dict.fromkeys(people, context), key)


def opened(incident: Incident, by: User) -> None:
    """At once to the PR division, the head and deputies, and whoever is on duty; not to who opened it."""
    people = {*pr_division(), *heads(incident), *on_duty(incident)} - {by}
    _tell("incidents/opened", people, incident, f"incident {incident.pk}", by=by)


def state_changed(taking: Taking) -> None:
    """That it ended, goes on or was cancelled: to the same, and to who opened it."""
    incident: Incident = taking.obj
    people = {*pr_division(), *heads(incident), incident.opened_by} - {taking.by}
    _tell(
        "incidents/state_changed", people, incident,
        f"incident {incident.pk} revision {incident.revision}",
        by=taking.by, note=taking.note, step=taking.step,
    )  # fmt: skip


def kind_changed(incident: Incident, by: User, before: str, note: str) -> None:
    """That it is of another kind, with another plan: to those who hear of an opening."""
    people = {*pr_division(), *heads(incident), *on_duty(incident), incident.opened_by} - {by}
    _tell(
        "incidents/kind_changed", people, incident,
        f"incident {incident.pk} revision {incident.revision}", by=by, before=before, note=note,
    )  # fmt: skip


def turn_passed(taking: Taking) -> None:
    """Where what comes next is another party's: to those who may do it."""
    settled: IncidentStep = taking.obj
    incident = settled.incident
    following = whose_turn(incident.steps.all(), taking.at)
    if following is None or following.who == settled.who:
        return
    following.incident = incident
    _tell(
        "incidents/turn", {*people_for(following)} - {taking.by}, incident,
        f"step {following.pk} after {settled.pk} revision {settled.revision}",
        by=taking.by, settled=settled, following=following,
    )  # fmt: skip


def escalated(
    incident: Incident, steps: Sequence[IncidentStep], people: Iterable[User | str], level: int
) -> None:
    """That deadlines have passed: to those on one level, once for these deadlines."""
    context = {
        "incident": incident, "steps": steps, "path": incident.get_absolute_url(),
        "telephone": incident.department.telephone,
    }  # fmt: skip
    # The first of them tells the occasion: it is told of on this level once.
    first = steps[0]
    for person in people:
        key = f"step {first.pk} due {first.due_at} level {level}"
        mail.queue(person, "incidents/escalated", context, key)


def reply_submitted(taking: Taking) -> None:
    """A reply waits for the head: to the head and the deputies."""
    _about_reply("incidents/reply_submitted", set(heads(taking.obj.incident)), taking)


def reply_answered(taking: Taking) -> None:
    """What became of a reply: to who wrote it, and to the department's officers who may post it."""
    reply = taking.obj
    department = reply.incident.department_id
    people = {reply.written_by}
    if reply.state == reply.State.APPROVED:
        people |= set(User.objects.members_of([department], [Membership.Role.OFFICER]))
    _about_reply("incidents/reply_answered", people, taking)


def _about_reply(notice: str, people: set[User], taking: Taking) -> None:
    reply = taking.obj
    _tell(
        notice, people - {taking.by}, reply.incident,
        f"reply {reply.pk} revision {reply.revision}",
        by=taking.by, note=taking.note, reply=reply, path=reply.get_absolute_url(),
    )  # fmt: skip


def fake_again(fake: Fake, by: User) -> None:
    """That a fake which was gone has come again: to the PR division and the heads."""
    people = {*pr_division(), *heads(fake.incident)} - {by}
    _about_fake("incidents/fake_again", people, fake, by)


def fake_withdrawn(fake: Fake, by: User, note: str) -> None:
    """That an accusation was taken back: to the PR division, the heads, and who opened the case."""
    people = {*pr_division(), *heads(fake.incident), fake.incident.opened_by} - {by}
    _about_fake("incidents/fake_withdrawn", people, fake, by, note)


def _about_fake(notice: str, people: set[User], fake: Fake, by: User, note: str = "") -> None:
    _tell(
        notice, people, fake.incident, f"fake {fake.pk} revision {fake.revision}",
        by=by, note=note, fake=fake, path=fake.get_absolute_url(),
    )  # fmt: skip


def account_reported(reported: ReportedAccount, now: datetime.datetime) -> None:
    """That citizens report accounts: to the PR division, at most once an hour however many."""
    hour = timezone.localtime(now).strftime("%Y-%m-%d %H")
    context = {"reported": reported, "path": reverse("incidents:reported_list")}
    mail.queue_many("incidents/account_reported", dict.fromkeys(triagers(), context), hour)


def triagers() -> QuerySet[User]:
    """Who looks at what citizens report."""
    return authority.holders("incidents.triage_reportedaccount", [])


# So many accounts a mail names.
MOST_NAMED = 5
ANSWERS = {f"incidents/report_{outcome}" for outcome in ("published", "settled", "closed")}


def reports_answered(reports: Iterable[FakeReport], outcome: str, page: str) -> None:
    """What came of what they reported: to each address that citizens gave, once."""
    by_person: dict[str, list[FakeReport]] = {}
    for report in reports:
        by_person.setdefault(report.mail.lower(), []).append(report)
    letters = {
        theirs[0].mail: {
            "reported": _named([report.reported for report in theirs]), "page": page,
            "city_name": settings.CITY_NAME,
        }
        for theirs in by_person.values()
    }  # fmt: skip
    # A report is answered once: the first of them tells this occasion from all others.
    first = min(report.pk for theirs in by_person.values() for report in theirs)
    mail.queue_many(f"incidents/report_{outcome}", letters, f"report {first}")


def _named(accounts: Iterable[ReportedAccount]) -> str:
    """The accounts in a line, however many: a mail names a few."""
    names = list(dict.fromkeys(str(account) for account in accounts))
    more = f"、ほか{len(names) - MOST_NAMED}件" if len(names) > MOST_NAMED else ""
    return "、".join(names[:MOST_NAMED]) + more

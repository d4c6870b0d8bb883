"""What incidents leave to be done, 5: each open step that is required, by its people and its deadline.

Incidents move in hours: `escalation` tells when a deadline has passed. Here they stand among all that
a person has to do.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from incidents.accusing import PUBLISH
from incidents.flaming import APPROVE, WRITE
from incidents.kinds import Who
from incidents.models import Fake, IncidentStep, Reply, ReportedAccount
from incidents.models.fakes import REVIEWED_EVERY
from incidents.models.reports import TRIAGED_WITHIN
from incidents.turns import EVERYWHERE, OWN
from shinshiro_sns.days import start_of
from shinshiro_sns.duties import WAITING, Duty, late_since
from staff.actors import Holders, Officers


def _of(who: Collection[Who]) -> Callable[[datetime.date], QuerySet[Any]]:
    def rows(day: datetime.date) -> QuerySet[Any]:
        """Those whose clock runs, and the one that is next: what waits for others is nobody's yet."""
        before = IncidentStep.objects.that_hold_open().filter(
            incident=OuterRef("incident"), order__lt=OuterRef("order")
        )
        return (
            IncidentStep.objects.that_hold_open()
            .filter(Q(due_at__isnull=False) | ~Exists(before), who__in=who)
            .select_related("incident__department", "incident__account")
            .order_by(F("due_at").asc(nulls_last=True), "incident__opened_at", "pk")
        )

    return rows


def _label(step: IncidentStep) -> str:
    return f"{step.incident.get_kind_display()}「{step.incident.title}」 — {step.label}"


def _due(step: IncidentStep) -> datetime.date | None:
    return timezone.localdate(step.due_at) if step.due_at else None


def _overdue(rows: QuerySet[Any], day: datetime.date) -> QuerySet[Any]:
    unhurried = Q(due_at__isnull=True, incident__opened_at__lt=start_of(day - WAITING))
    return rows.filter(Q(due_at__lt=start_of(day)) | unhurried)


def _duty(name: str, title: str, who: Collection[Who], whose: Any) -> Duty:
    return Duty(
        name, "5", title, "手順を進める", _of(who), whose, _label,
        lambda step: step.incident.opened_at, lambda step: step.get_absolute_url(), _due,
        department="incident__department", account="incident__account", grave=True,
        overdue=_overdue,
    )  # fmt: skip


TRIAGE = "incidents.triage_reportedaccount"
# So many days before an accusation is to be looked at again, somebody hears of it.
REVIEW_AHEAD = datetime.timedelta(days=7)


def _fakes_to_review(day: datetime.date) -> QuerySet[Any]:
    since = start_of(day + REVIEW_AHEAD - REVIEWED_EVERY + datetime.timedelta(days=1))
    rows = Fake.objects.reviewed_before(since)
    return rows.select_related("incident__department", "incident__account")


def _reported(day: datetime.date) -> QuerySet[Any]:
    return ReportedAccount.objects.waiting().filter(department__isnull=False)


def _replies(*states: Reply.State) -> Callable[[datetime.date], QuerySet[Any]]:
    return lambda day: (
        Reply.objects.open()
        .filter(state__in=states)
        .select_related("incident__department", "incident__account")
    )


def _reply_duty(
    name: str, title: str, action: str, states: Collection[Reply.State], whose: Any
) -> Duty:
    return Duty(
        name, "5(3)", title, action, _replies(*states), whose,
        lambda reply: f"{reply.incident.title} — {reply.answers}",
        lambda reply: reply.state_since, Reply.get_absolute_url,
        lambda reply: timezone.localdate(reply.state_since),
        department="incident__department", account="incident__account", grave=True,
        overdue=late_since("state_since", datetime.timedelta()),
    )  # fmt: skip


DUTIES = (
    Duty(
        "review_fake", "5(2)", "「なりすまし」と公表しているアカウントの見直し",
        "今も偽のアカウントかを確かめる", _fakes_to_review, Holders(PUBLISH),
        lambda fake: f"{fake} — {fake.incident.title}", lambda fake: fake.reviewed_at,
        Fake.get_absolute_url, lambda fake: fake.review_due_on,
        department="incident__department", account="incident__account",
        overdue=late_since("reviewed_at", REVIEWED_EVERY),
    ),
    Duty(
        "triage_reported", "5(2)", "市民から通報されたアカウント", "偽のアカウントかを確かめる",
        _reported, Holders(TRIAGE), str, lambda reported: reported.state_since, ReportedAccount.get_absolute_url,
        lambda reported: timezone.localdate(reported.state_since + TRIAGED_WITHIN),
        department="department", account="", grave=True,
        overdue=late_since("state_since", TRIAGED_WITHIN),
    ),
    _reply_duty("approve_reply", "承認を待っている所属としての投稿", "内容を確かめる",
                [Reply.State.WITH_HEAD], Holders(APPROVE, not_by="written_by")),
    _reply_duty("post_reply", "投稿していない所属としての投稿", "投稿して記録する",
                [Reply.State.APPROVED], Officers(WRITE)),
    _reply_duty("mend_reply", "差し戻された所属としての投稿", "直して承認を求める",
                [Reply.State.RETURNED], Officers(WRITE)),
    _duty("incident_officer", "誤記・被害等への対応(担当者)", [Who.OFFICER],
          Officers(OWN[Who.OFFICER])),
    _duty("incident_head", "誤記・被害等への対応(所属の長)", [Who.HEAD], Holders(OWN[Who.HEAD])),
    _duty("incident_pr", "誤記・被害等への対応(広報主管課)", [Who.PR, Who.SECOND],
          Holders(EVERYWHERE)),
)  # fmt: skip

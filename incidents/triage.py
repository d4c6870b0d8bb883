"""What the PR division makes of reported accounts, 5(2): an incident, part of one, or nothing, for a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from incidents import fakes, log, notices, publishing
from incidents.models import Fake, FakeReport, Incident, ReportedAccount
from shinshiro_sns.steps import Step, StepNotMet, Taking, Unmet
from shinshiro_sns.taking_each import BATCH
from shinshiro_sns.workflow import Workflow

CLAUSE, TRIAGE, READ = "5(2)", "incidents.triage_reportedaccount", "incidents.view_reportedaccount"
State = ReportedAccount.State


def _joined(taking: Taking) -> None:
    """It is dealt with in that incident, which says so in its log; whoever waits for what came of it
    is told where it is public already."""
    reported: ReportedAccount = taking.obj
    # Locked: its end tells all who are part of it.
    incidents = Incident.objects.select_for_update(of=("self",))
    incident = incidents.get(pk=taking.extra["incident"].pk)
    if incident.kind != fakes.KIND:
        raise StepNotMet([Unmet("「なりすまし」の事案を選んでください。", CLAUSE)], reported)
    page = _announced(incident)
    if not incident.is_running and not page:
        raise StepNotMet(
            [Unmet("その事案は、もう終わっています。画面を開き直してください。", CLAUSE)], reported
        )
    reported.incident = incident
    reported.settled_by, reported.settled_at = taking.by, taking.at
    count = reported.reports.count()
    log.add(
        incident, log.Kind.CONTACT, f"市民からの通報({count}件)をまとめた:{reported}", taking.by,
        at=taking.at,
    )  # fmt: skip
    if page:
        _answer([reported], "published", page)


def _closed(taking: Taking) -> None:
    reported: ReportedAccount = taking.obj
    reported.reason = taking.note
    reported.settled_by, reported.settled_at = taking.by, taking.at


def _tell_of_closing(takings: Sequence[Taking]) -> None:
    """Whoever waits hears, unless it was to be nobody: an address may be a stranger's, put there to have
    the city write to him. It is forgotten then too."""
    closed = [taking.obj for taking in takings]
    if takings[0].extra.get("tell", True):
        _answer(closed, "closed")
    else:
        for some in _batches(closed):
            FakeReport.objects.filter(reported__in=some).exclude(mail="").update(mail="")


def _waits_again(taking: Taking) -> None:
    reported: Any = taking.obj
    reported.settled_by = reported.settled_at = reported.incident = None
    reported.reason = ""


STEPS = (
    Step("join", "事案で対応する", (State.WAITING,), State.INCIDENT, TRIAGE, CLAUSE, effect=_joined,
         tone="primary", explanation="この通報を、事案にまとめます。"),
    Step("close", "対応しないことにする", (State.WAITING,), State.CLOSED, TRIAGE, CLAUSE,
         effect=_closed, tells=_tell_of_closing, note_label="対応しない理由", note_required=True,
         explanation="市のなりすましではないと確かめたときに行います。結果を知りたいと書いた人に"
         "知らせるときは、なりすましとは判断しなかったことをメールで送ります。理由は、送りません。"),
    Step("wait", "もう一度確かめる", (State.CLOSED, State.INCIDENT), State.WAITING, TRIAGE, CLAUSE,
         effect=_waits_again, note_label="もう一度確かめる理由", note_required=True,
         explanation="未確認に戻します。"),
    Step("report_anew", "また通報された", (State.CLOSED, State.INCIDENT), State.WAITING, "", CLAUSE,
         effect=_waits_again),
)  # fmt: skip
reported_workflow = Workflow(ReportedAccount, STEPS)


def dealt_with(reported: ReportedAccount) -> Incident | None:
    """The incident that is about the same account already, if there is one."""
    fake = fakes.dealt_with(reported.profile)
    return fake.incident if fake else None


def _announced(incident: Incident) -> str:
    """Where the public reads that what this incident is about is a fake; empty where it does not."""
    accusing = Fake.objects.accusing().filter(incident=incident).select_related("notice").first()
    return publishing.address_of(accusing.notice) if accusing and accusing.notice else ""


def answer_all(incident: Incident, page: str = "") -> None:
    """Tell everybody who reported what this incident is about, and wants to hear, what came of it: the
    `page` where it is public, if it is."""
    page = page or _announced(incident)
    outcome = "published" if page else "settled"
    # Locked: what a citizen adds in this moment is read here, or finds the case over.
    reported = incident.reported.select_for_update(of=("self",)).order_by("pk")
    _answer(list(reported), outcome, page)


def people_waiting(reported: Iterable[ReportedAccount]) -> set[str]:
    """The addresses of those who want to hear what came of these accounts."""
    return {report.mail.lower() for report in _waiting(reported)}


def _waiting(reported: Iterable[ReportedAccount]) -> list[FakeReport]:
    waiting = FakeReport.objects.filter(answered_at=None).exclude(mail="")
    return [
        report
        for some in _batches(list(reported))
        for report in waiting.filter(reported__in=some).select_related("reported")
    ]


def _answer(reported: Sequence[ReportedAccount], outcome: str, page: str = "") -> None:
    """One mail to each person, however much he reported."""
    waiting = _waiting(reported)
    if not waiting:
        return
    notices.reports_answered(waiting, outcome, page)
    # They served their purpose: the addresses are not kept beside what was reported.
    for some in _batches(waiting):
        FakeReport.objects.filter(pk__in=[report.pk for report in some]).update(
            mail="", answered_at=timezone.now()
        )


def _batches(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (rows[first : first + BATCH] for first in range(0, len(rows), BATCH))

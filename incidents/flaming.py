"""炎上, 5(3): replies on their way to being the department's, and the record of how far it spreads.

Nobody answers on his own: whoever writes does not approve, and what is not approved is not posted.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from incidents import conditions, log, notices
from incidents.models import Incident, Reply, Spread
from incidents.parts import Panel, Part
from shinshiro_sns.history import acting
from shinshiro_sns.steps import CHANGED, Step, StepNotMet, StepOvertaken, Taking, Unmet
from shinshiro_sns.workflow import Workflow
from staff.models import User

KIND, CLAUSE = "flaming", "5(3)"
WRITE, APPROVE = "incidents.write_reply", "incidents.approve_reply"
APPROVE_FOR_HEAD = "incidents.approve_reply_for_head"
State = Reply.State
OTHERS_WORDS = (
    "自分が書いた文は、自分では承認できません。ほかの職員に書いてもらうか、直してもらってください。"
)


# --- What a step waits for ---------------------------------------------------------------------------


def _is_running(reply: Reply, by: User) -> list[Unmet]:
    if reply.incident.is_running:
        return []
    state = reply.incident.get_state_display()
    return [Unmet(f"「{state}」の事案では、投稿の手続きを進められません。", CLAUSE)]


def _another_wrote_it(reply: Reply, by: User) -> list[Unmet]:
    unmet = _is_running(reply, by)
    return [*unmet, Unmet(OTHERS_WORDS, CLAUSE)] if reply.written_by_id == by.pk else unmet


def _for_head(reply: Reply, by: User) -> list[Unmet]:
    return [*conditions.head_absent(reply.incident, by), *_another_wrote_it(reply, by)]


def _head_is_away(reply: Reply, by: User) -> list[Unmet]:
    return [*conditions.head_absent(reply.incident, by), *_is_running(reply, by)]


# --- What a step brings about ------------------------------------------------------------------------


def _approved(taking: Taking) -> None:
    reply: Reply = taking.obj
    reply.approved_by, reply.approved_at = taking.by, taking.at
    if taking.step.name.endswith("_for_head"):
        reply.absence = conditions.absence_today(reply.incident.department_id)
    _logged(taking, log.Kind.DECISION, f"所属としての投稿を承認した:{reply.text}")


def _not_approved(taking: Taking) -> None:
    reply: Reply = taking.obj
    reply.approved_by = reply.approved_at = reply.absence = None


def _posted(taking: Taking) -> None:
    reply: Reply = taking.obj
    at: datetime.datetime = taking.extra["posted_at"]
    if refused := log.refused_time(reply.incident, at, taking.at):
        raise StepNotMet([Unmet(refused, CLAUSE, "posted_at")], reply)
    if reply.approved_at and at < reply.approved_at:
        # A form has no seconds: the minute of the approval counts as after it.
        if at < reply.approved_at.replace(second=0, microsecond=0):
            sentence = "承認される前の日時は入力できません。承認の前に投稿したときは、経過に書いてください。"
            raise StepNotMet([Unmet(sentence, CLAUSE, "posted_at")], reply)
        at = reply.approved_at
    reply.posted_at, reply.url = at, taking.extra["url"]
    reply.recorded_by, reply.recorded_at = taking.by, taking.at
    log.add(
        reply.incident, log.Kind.POST, f"所属として投稿した:{reply.text}", taking.by,
        at=at, url=reply.url,
    )  # fmt: skip


def _dropped(taking: Taking) -> None:
    _logged(taking, log.Kind.DECISION, f"投稿を取りやめた({taking.note}):{taking.obj.text}")


def _logged(taking: Taking, kind: log.Kind, text: str) -> None:
    log.add(taking.obj.incident, kind, text[:5000], taking.by)


def _step(name: str, label: str, sources: Any, target: State, permission: str, **more: Any) -> Step:
    return Step(name, label, sources, target, permission, CLAUSE, **{"unmet": _is_running} | more)


STEPS = (
    _step("submit", "所属の長の承認を求める", Reply.EDITABLE_STATES, State.WITH_HEAD, WRITE,
          notices=(notices.reply_submitted,), tone="primary",
          explanation="所属の長が文を確かめます。承認されるまで、投稿しません。"),
    _step("recall", "引き戻す", (State.WITH_HEAD,), State.DRAFT, WRITE,
          explanation="所属の長が承認する前なら、下書きに戻して直せます。"),
    _step("approve", "所属の投稿として承認する", (State.WITH_HEAD,), State.APPROVED, APPROVE,
          unmet=_another_wrote_it, effect=_approved, notices=(notices.reply_answered,),
          tone="primary", explanation="この文が、所属としての投稿になります。"),
    _step("approve_for_head", "代決して承認する", (State.WITH_HEAD,), State.APPROVED,
          APPROVE_FOR_HEAD, unmet=_for_head, effect=_approved,
          notices=(notices.reply_answered,), tone="primary",
          explanation="所属の長の不在のため、代わりに承認します。"),
    _step("return", "差し戻す", (State.WITH_HEAD, State.APPROVED), State.RETURNED, APPROVE,
          effect=_not_approved, notices=(notices.reply_answered,), note_label="直すところ",
          note_required=True, explanation="直すところを書いて、書いた人に戻します。"),
    _step("return_for_head", "代決して差し戻す", (State.WITH_HEAD, State.APPROVED), State.RETURNED,
          APPROVE_FOR_HEAD, unmet=_head_is_away, effect=_not_approved,
          notices=(notices.reply_answered,), note_label="直すところ", note_required=True,
          explanation="所属の長の不在のため、代わりに差し戻します。"),
    _step("post", "投稿したことを記録する", (State.APPROVED,), State.POSTED, WRITE, effect=_posted,
          tone="primary", explanation="承認された文を、そのまま公式アカウントで投稿してから記録します。"),
    _step("drop", "取りやめる", Reply.OPEN_STATES, State.DROPPED, WRITE, effect=_dropped,
          note_label="取りやめる理由", note_required=True, tone="danger",
          explanation="投稿しないことにします。記録は残ります。"),
)  # fmt: skip


def _lock_incident(reply: Reply) -> None:
    Incident.objects.select_for_update(of=("self",)).filter(pk=reply.incident_id).first()


reply_workflow = Workflow(Reply, STEPS, lock_first=_lock_incident)


# --- Writing -----------------------------------------------------------------------------------------


@transaction.atomic
def draft(incident: Incident, by: User, *, answers: str, text: str, answers_url: str = "") -> Reply:
    """A new draft; the same one sent twice by one person is one.

    Raises PermissionDenied, and StepOvertaken where the incident is over.
    """
    locked = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    if not by.has_perm(WRITE, locked):
        raise PermissionDenied
    if not locked.is_running:
        raise StepOvertaken([Unmet("終わった事案では、投稿を書けません。", CLAUSE)], locked)
    said = {"answers": answers, "text": text, "answers_url": answers_url, "written_by": by}
    again: Reply | None = locked.replies.open().filter(**said).first()
    if again is not None:
        return again
    made = Reply(incident=locked, **said)
    acting(made, by).save()
    return made


@transaction.atomic
def rewrite(
    reply: Reply, by: User, *, seen: int, answers: str, text: str, answers_url: str = ""
) -> Reply:
    """The draft with another text. Raises PermissionDenied, and StepOvertaken where it has moved on
    or somebody else has changed it since revision `seen`."""
    _lock_incident(reply)
    row = Reply.objects.select_for_update(of=("self",)).get(pk=reply.pk)
    if not by.has_perm(WRITE, row):
        raise PermissionDenied
    if not row.is_editable:
        state = row.get_state_display()
        raise StepOvertaken(
            [Unmet(f"すでに「{state}」になっているため、直せません。", CLAUSE)], row
        )
    if row.revision != seen:
        raise StepOvertaken([CHANGED], row)
    row.answers, row.text, row.answers_url = answers, text, answers_url
    row.written_by, row.written_at = by, timezone.now()
    row.revision += 1
    acting(row, by).save()
    return row


@transaction.atomic
def saw(
    incident: Incident, by: User, *, seen_at: datetime.datetime, what: str, url: str = "",
    count: int | None = None,
) -> Spread:  # fmt: skip
    """Record what is being said; the same sent twice by one person is one."""
    locked = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    row, _ = Spread.objects.get_or_create(
        incident=locked, seen_at=seen_at, what=what, url=url, count=count, recorded_by=by
    )
    return row


# --- What the incident's page shows ------------------------------------------------------------------


def _shown(incident: Incident, user: User) -> dict[str, Any]:
    return {
        "replies": list(incident.replies.select_related("written_by", "approved_by")),
        "spread": list(incident.spread.select_related("recorded_by")[:20]),
        "may_reply": incident.is_running and user.has_perm(WRITE, incident),
        "may_record": user.has_perm("incidents.add_incidententry", incident),
    }


def _settled(incident: Incident, by: User) -> list[Unmet]:
    return [
        Unmet(
            f"所属としての投稿「{reply.answers}」が「{reply.get_state_display()}」のままです。"
            "投稿したことを記録するか、取りやめてください。",
            CLAUSE, f"reply:{reply.pk}",
        )
        for reply in incident.replies.open()
    ]  # fmt: skip


PARTS = (
    Part(
        KIND,
        panels=(
            Panel("desk/incidents/_flaming.html", _shown, "desk/incidents/report/flaming.html"),
        ),
        unmet_to_end=_settled,
    ),
)

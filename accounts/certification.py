"""Certification by the operator, 3(4): where it stands moves by these steps and by nothing else.

A bought badge is put on record beside the state and never moves it: it certifies nothing.
"""

from __future__ import annotations

import datetime
from typing import Any

from accounts.dates import impossible, written
from accounts.models import Account, Certification, Evidence
from accounts.services import SERVICES
from shinshiro_sns.history import acting
from shinshiro_sns.steps import Step, StepNotMet, Taking, Unmet
from shinshiro_sns.workflow import Workflow
from staff.models import User

State = Certification.State
CHANGE = "accounts.change_certification"
CLAUSE = "3(4)"


def first_state(account: Account) -> State:
    """What can be said of it before anybody did anything: it follows from the service."""
    possible = SERVICES[account.service].verification.is_possible
    return State.POSSIBLE if possible else State.NOT_OFFERED


def _new(account: Account) -> Certification:
    return Certification(
        account=account, state=first_state(account), state_since=account.created_at
    )


def standing(account: Account) -> Certification:
    """The account's certification; where nothing was recorded yet, unsaved, as it would begin."""
    return Certification.objects.filter(account=account).select_related(
        "evidence", "taken_over__taken_by"
    ).first() or _new(account)


def ensure(account: Account, by: User) -> Certification:
    """The account's certification, with a row of its own from now on."""
    new = acting(_new(account), by)
    fields = {"state": new.state, "state_since": new.state_since}
    row, _ = Certification.objects.get_or_create(account=account, defaults=fields)
    return row


def unsound(certification: Certification, day: datetime.date) -> str:
    """What is wrong with `day` for the next entry, in a sentence; empty where nothing is."""
    last = certification.dated_on
    if wrong := impossible(day, certification.account.opened_on):
        return wrong
    if last and day < last:
        return f"前の記録の日付({written(last)})より前の日は記録できません。"
    return ""


UNPROVEN = "表から取り込んだ記録で、証拠がありません"


def is_unproven(certification: Certification) -> bool:
    """Whether all that speaks for the certification is a table: nothing is said of it in public."""
    return certification.state == State.CERTIFIED and not certification.is_proven


# --- What the steps write ----------------------------------------------------------------------


def _dated(taking: Taking) -> None:
    """The day on which the operator answered or was asked, and what shows it."""
    row: Certification = taking.obj
    day: datetime.date | None = taking.extra.get("dated_on")
    evidence: Evidence | None = taking.extra.get("evidence")
    if day is None:
        raise StepNotMet([Unmet("日付を入力してください。", CLAUSE)], row)
    if wrong := unsound(row, day):
        raise StepNotMet([Unmet(wrong, CLAUSE)], row)
    if evidence is not None and evidence.account_id != row.account_id:
        raise StepNotMet([Unmet("このアカウントの証拠を選んでください。", CLAUSE)], row)
    row.dated_on, row.evidence, row.taken_over = day, evidence, None


def _certified(taking: Taking) -> None:
    kind, row = taking.extra.get("kind", ""), taking.obj
    if kind not in Certification.Kind.values:
        raise StepNotMet([Unmet("認証の種類を選んでください。", CLAUSE)], row)
    if taking.extra.get("evidence") is None:
        raise StepNotMet([Unmet("認証を示す証拠を選んでください。", CLAUSE)], row)
    _dated(taking)
    row.kind = kind


def _uncertified(taking: Taking) -> None:
    _dated(taking)
    taking.obj.kind = ""


def _undated(taking: Taking) -> None:
    row: Certification = taking.obj
    row.dated_on, row.evidence, row.kind, row.taken_over = None, None, "", None


def _with_badge(taking: Taking) -> None:
    taking.obj.has_paid_badge = True


def _without_badge(taking: Taking) -> None:
    taking.obj.has_paid_badge = False


STEPS = (
    Step("apply", "申請を記録する", (State.POSSIBLE, State.REFUSED, State.LAPSED), State.APPLIED,
         CHANGE, CLAUSE, effect=_uncertified, note_label="受付番号など", tone="primary",
         explanation="運営者に認証を申請した日を記録します。"),
    Step("certify", "認証されたことを記録する", (State.APPLIED, State.POSSIBLE, State.LAPSED),
         State.CERTIFIED, CHANGE, CLAUSE, effect=_certified, note_label="メモ",
         explanation="運営者が認証した日と、認証の種類を、証拠を添えて記録します。"
         "有料のバッジは認証ではありません。"),
    Step("prove", "認証の証拠を記録する", (State.CERTIFIED,), None, CHANGE, CLAUSE,
         effect=_certified, offered=lambda row, by: is_unproven(row), note_label="メモ",
         tone="primary",
         explanation="表から取り込んだ認証を、運営者の画面で確かめ、証拠を添えて記録します。"
         "記録すると、公開ページに「認証済」と表示されます。"),
    Step("refuse", "却下されたことを記録する", (State.APPLIED,), State.REFUSED, CHANGE, CLAUSE,
         effect=_uncertified, note_label="運営者が示した理由", note_required=True,
         explanation="1年後に、もう一度申請するかどうかをお知らせします。"),
    Step("lapse", "失効したことを記録する", (State.CERTIFIED,), State.LAPSED, CHANGE, CLAUSE,
         effect=_uncertified, note_label="失効した理由", note_required=True, tone="danger",
         explanation="公開ページの「認証済」の表示は、すぐに消えます。"),
    Step("rule_out", "提供されていないことを記録する",
         (State.POSSIBLE, State.REFUSED, State.LAPSED), State.NOT_OFFERED, CHANGE, CLAUSE,
         effect=_undated, note_label="認証を受けられない理由", note_required=True,
         explanation="運営者が認証を提供していない、または市が条件を満たさない場合に記録します。"),
    Step("rule_in", "認証を受けられることを記録する", (State.NOT_OFFERED,), State.POSSIBLE,
         CHANGE, CLAUSE, effect=_undated, note_label="分かったこと", note_required=True,
         explanation="運営者が認証を始めた、または市が条件を満たした場合に記録します。"),
    Step("take_back", "誤った記録を取り消す",
         (State.APPLIED, State.CERTIFIED, State.REFUSED, State.LAPSED), State.POSSIBLE, CHANGE,
         CLAUSE, effect=_undated, note_label="取り消す理由", note_required=True,
         explanation="状態は「可能」に戻ります。取り消した記録も、経過には残ります。"),
    Step("note_badge", "有料のバッジがあることを記録する", tuple(State), None, CHANGE, CLAUSE,
         effect=_with_badge, offered=lambda row, by: not row.has_paid_badge, note_label="メモ",
         explanation="有料のバッジは、だれでも買えるため、認証ではありません。状態は変わりません。"),
    Step("drop_badge", "有料のバッジがなくなったことを記録する", tuple(State), None, CHANGE, CLAUSE,
         effect=_without_badge, offered=lambda row, by: row.has_paid_badge, note_label="メモ",
         explanation="状態は変わりません。"),
)  # fmt: skip

certification_workflow = Workflow(Certification, STEPS)

CERTIFYING = frozenset({"certify", "prove"})
"""The steps that ask for the kind, and for evidence without fail."""
DATED = CERTIFYING | {"apply", "refuse", "lapse"}
"""The steps that ask for a day, and evidence of it."""

WORDS = {
    "apply": "運営者に認証を申請しました",
    "certify": "運営者が認証しました",
    "prove": "表から取り込んだ認証を、証拠で確かめました",
    "refuse": "運営者が申請を却下しました",
    "lapse": "認証が失効しました",
    "rule_out": "認証は提供されていないと記録しました",
    "rule_in": "認証を受けられると記録しました",
    "take_back": "誤った記録を取り消しました",
    "note_badge": "有料のバッジがあると記録しました(認証ではありません)",
    "drop_badge": "有料のバッジがなくなったと記録しました",
}

TONES = {
    State.POSSIBLE: "warning",
    State.APPLIED: "info",
    State.CERTIFIED: "success",
    State.NOT_OFFERED: "neutral",
    State.REFUSED: "neutral",
    State.LAPSED: "danger",
}

TO_DO = {
    State.POSSIBLE: "運営者の認証を受けられます。運営者に申請し、申請した日を記録してください。"
    "すでに認証されているときは、証拠を添えて記録してください。",
    State.APPLIED: "運営者の回答を待っています。回答が届いたら、結果を記録してください。",
    State.CERTIFIED: "することはありません。認証の表示が消えたら、失効したことを記録してください。",
    State.NOT_OFFERED: "することはありません。運営者が認証を始めたら、記録してください。",
    State.REFUSED: "運営者が示した理由を確かめ、条件が整ったら、もう一度申請してください。",
    State.LAPSED: "認証が失効した理由を運営者に確かめ、もう一度申請してください。",
}


def to_do(certification: Certification) -> str:
    """What the department is to do next, in words."""
    if is_unproven(certification):
        return (
            f"{UNPROVEN}。運営者の画面で認証の表示を確かめ、証拠を添えて記録してください。"
            "それまで、公開ページには表示しません。"
        )
    return TO_DO[State(certification.state)]


def timeline(certification: Certification) -> list[dict[str, Any]]:
    """What was recorded, the newest first, for `components/timeline.html`."""
    if certification.pk is None:
        return []
    rows = (
        Certification.history.filter(id=certification.pk)
        .exclude(step="")
        .select_related("history_user")
        .order_by("-history_id")
    )
    return [
        {
            "when": row.history_date,
            "what": _said(row),
            "who": row.history_user.name if row.history_user else "",
            "note": row.history_change_reason or "",
        }
        for row in rows
    ]


def _said(row: Any) -> str:
    words = WORDS[row.step]
    if row.step not in DATED:
        return words
    kind = f"({row.get_kind_display()})" if row.kind else ""
    return f"{words}{kind}:{written(row.dated_on)}"

"""Suspension, resumption and closure, 6(1): what the steps wait for and what they bring about.

Each publishes its notice in its own transaction, 6(2). What was decided is kept in StandingChange.
"""

from __future__ import annotations

import datetime
import unicodedata
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.access import name_people
from accounts.attesting import attested_by_step
from accounts.models import Account, ConnectedApp, Device, HandleFate, Notice, StandingChange
from shinshiro_sns.steps import StepNotMet, StepOvertaken, Taking, Unmet
from staff.models import Absence, User
from staff.standing_in import absences_that_count

FOR_HEAD = "_for_head"
KINDS = {
    "suspend": Notice.Kind.SUSPENDED,
    "resume": Notice.Kind.RESUMED,
    "close": Notice.Kind.CLOSED,
}


def kind_of(step: str) -> Notice.Kind:
    """What the step called `step` does, whoever takes it."""
    return KINDS[step.removesuffix(FOR_HEAD)]


# --- What a step waits for ---------------------------------------------------------------------


def absence_today(account: Account) -> Absence | None:
    """The absence of the head in which a deputy may act today."""
    counting = absences_that_count(timezone.localdate())
    return counting.filter(department__in=account.scope_department_ids).first()


def head_absent(account: Account, by: User) -> list[Unmet]:
    """代決 needs an absence of the head that is on record today."""
    if absence_today(account):
        return []
    sentence = "今日は所属の長の不在が記録されていないため、代決できません。"
    return [Unmet(sentence, "6(1)", "absence")]


def has_policy(account: Account, by: User) -> list[Unmet]:
    """No account is official without a policy, 3(2): one can be taken back while it is suspended."""
    # By the relation: accounts import nothing of the policies that stand above them.
    if account.policies.readable().exists():
        return []
    sentence = "運用ポリシーがないため、再開できません。先に運用ポリシーを定めてください。"
    return [Unmet(sentence, "3(2)", "policy")]


def lacking(account: Account, kind: Notice.Kind, answers: dict[str, Any]) -> list[Unmet]:
    """What the answers to a step's questions lack, each with the field's name as its place."""
    unmet = _day_lacking(account, answers.get("effective_on"))
    if kind == Notice.Kind.CLOSED:
        unmet += _closure_lacking(account, answers)
    return unmet


def _day_lacking(account: Account, day: datetime.date | None) -> list[Unmet]:
    if day is None or day > timezone.localdate():
        sentence = (
            "実施日には、今日までの日を入力してください。手続きは、実施した日以後に行います。"
        )
        return [Unmet(sentence, "6(1)", "effective_on")]
    last = account.standingchange_rows.order_by("-effective_on").first()
    since = last.effective_on if last else account.official_since
    if since and day < since:
        what = f"{last.get_step_display()}した日" if last else "公式となった日"
        sentence = (
            f"実施日が、{what}({since.year}年{since.month}月{since.day}日)より前になっています。"
        )
        return [Unmet(sentence, "6(1)", "effective_on")]
    return []


def _closure_lacking(account: Account, answers: dict[str, Any]) -> list[Unmet]:
    unmet = []
    if answers.get("handle_fate") not in HandleFate.values:
        unmet.append(Unmet("廃止後のアカウントをどうするか選んでください。", "6(1)", "handle_fate"))
    elif answers["handle_fate"] == HandleFate.DELETED:
        unmet += nothing_logged_in(account)
    if not str(answers.get("handle_reason", "")).strip():
        unmet.append(Unmet("そうする理由を入力してください。", "6(1)", "handle_reason"))
    if not answers.get("credentials_settled"):
        sentence = "端末、連携アプリ、復旧用の連絡先を整理してから廃止します。"
        unmet.append(Unmet(sentence, "6(1)", "credentials_settled"))
    successor: Account | None = answers.get("successor")
    if successor and (successor.pk == account.pk or successor.status != Account.Status.OFFICIAL):
        sentence = "後継には、このアカウントとは別の公式アカウントを選んでください。"
        unmet.append(Unmet(sentence, "6(1)", "successor"))
    return unmet


def nothing_logged_in(account: Account) -> list[Unmet]:
    """A deletion waits for the devices and apps: once it is done nobody could end them any more."""
    still = "、".join(f"「{name}」" for name in still_used(account))
    if not still:
        return []
    sentence = (
        f"先に{still}の利用を終えてください。「パスワードとログイン手段」のページで記録します。"
    )
    return [Unmet(sentence, "6(1)", "handle_fate")]


def still_used(account: Account) -> list[str]:
    """The devices and apps that are still logged in, by name."""
    names: list[str] = []
    for model in (Device, ConnectedApp):
        rows = model.objects.filter(account=account, removed_on=None).order_by("pk")
        names += rows.values_list("name", flat=True)
    return names


def _readable(text: str) -> str:
    """`text` without what no page and no feed can carry."""
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return "".join(kept).strip()


# --- What a step brings about ------------------------------------------------------------------


def changed(taking: Taking) -> None:
    """The record with its reason, the notice published, 6(2), and what closes with an account."""
    account: Account = taking.obj
    kind, answers = kind_of(taking.step.name), taking.extra
    unmet = lacking(account, kind, answers)
    title, body = (_readable(answers.get(part, "")) for part in ("title", "body"))
    if not (title and body):
        unmet.append(Unmet("周知の題名と本文を入力してください。", "6(2)", "body"))
    if unmet:
        raise StepNotMet(unmet, account)
    notice = Notice.objects.create(
        account=account, kind=kind, title=title, body=body,
        published_at=taking.at, published_by=taking.by,
    )  # fmt: skip
    change = StandingChange(
        account=account, step=kind, effective_on=answers["effective_on"], reason=taking.note,
        decided_by=taking.by, decided_at=taking.at, notice=notice,
    )  # fmt: skip
    if taking.step.name.endswith(FOR_HEAD):
        change.absence = absence_today(account)
    if kind == Notice.Kind.CLOSED:
        change.handle_fate = account.handle_fate = answers["handle_fate"]
        change.handle_reason = str(answers["handle_reason"]).strip()
        change.credentials_settled = True
        account.successor = answers.get("successor")
    if kind == Notice.Kind.RESUMED:
        attested_by_step(account, taking.by)
    change.save()
    taking.extra["change"] = change


# --- Afterwards --------------------------------------------------------------------------------


@transaction.atomic
def confirm_deletion(change: StandingChange, by: User, day: datetime.date) -> None:
    """The operator has deleted the handle, as somebody saw on `day`: nobody can log in any more."""
    row = StandingChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if row.handle_done_on is not None:
        raise StepOvertaken([Unmet("アカウントの削除は、すでに確かめられています。")], row.account)
    row.handle_done_on, row.handle_done_by = day, by
    row.save(update_fields=["handle_done_on", "handle_done_by"])
    name_people(row.account, (), (), day)


@transaction.atomic
def review(change: StandingChange, by: User) -> None:
    """後閲: the head has looked at what the deputy decided for him; not by that deputy himself."""
    row = StandingChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if row.absence_id is None or row.reviewed_at is not None or row.decided_by_id == by.pk:
        raise StepOvertaken([Unmet("今は後閲を行う必要がありません。")], row.account)
    row.reviewed_by, row.reviewed_at = by, timezone.now()
    row.save(update_fields=["reviewed_by", "reviewed_at"])

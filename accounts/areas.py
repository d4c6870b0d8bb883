"""One account, ledger by ledger: where each stands in words, and the page on which it is kept."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from accounts import certification, passwords
from accounts.conformity import of_deadlines
from accounts.duties import attesting as attesting_duties
from accounts.duties import certification as certification_duties
from accounts.duties import credentials as credentials_duties
from accounts.duties import handover as handover_duties
from accounts.duties import links as links_duties
from accounts.duties import standing as standing_duties
from accounts.models import Account, LinkCheck
from shinshiro_sns.duties import Duty, OpenTask
from shinshiro_sns.templatetags.portal import days_left
from staff import authority
from staff.models import User

READ = "accounts.view_account"


@dataclass(frozen=True)
class Fact:
    """Something an area says: words, a day in them, and what follows the day."""

    text: str
    day: datetime.date | None = None
    after: str = ""


@dataclass(frozen=True)
class Area:
    """One ledger of an account: `says` tells where it stands, `duties` are what it leaves to do.

    `view` names its page, which takes the account's key; empty where it has none.
    """

    clause: str
    title: str
    view: str
    permission: str
    duties: tuple[Duty, ...]
    says: Callable[[Account, datetime.date], list[Fact]]


@dataclass(frozen=True)
class Line:
    """An area as the account's page shows it."""

    area: Area
    url: str
    says: list[Fact]
    word: str
    kind: str


def _password(account: Account, day: datetime.date) -> list[Fact]:
    changed, due = account.password_changed_on, passwords.due(account, day)
    return [
        Fact("最終変更日:", changed) if changed else Fact("変更の記録はまだありません"),
        *([Fact("次の変更期限:", due.on, f"({days_left(due.on)})")] if due else []),
    ]


def _certification(account: Account, day: datetime.date) -> list[Fact]:
    row = certification.standing(account)
    badge = [Fact("有料のバッジがあります(認証ではありません)")] if row.has_paid_badge else []
    unproven = [Fact(certification.UNPROVEN)] if certification.is_unproven(row) else []
    return [Fact(f"{row.get_state_display()} ", row.dated_on), *unproven, *badge]


def _link_back(account: Account, day: datetime.date) -> list[Fact]:
    last = LinkCheck.objects.filter(account=account).decisive().first()
    if last is None:
        return [Fact("まだ確かめていません")]
    return [Fact(f"{last.get_outcome_display()}(", last.checked_on, "に確認)")]


def _attestation(account: Account, day: datetime.date) -> list[Fact]:
    attested, due, post = account.attested_on, account.attestation_due_on, account.last_post_on
    return [
        Fact("最終確認日:", attested) if attested else Fact("確認の記録はまだありません"),
        *([Fact("次の確認の期限:", due, f"({days_left(due)})")] if due else []),
        *([Fact("最終投稿日:", post)] if post else []),
    ]


def _standing(account: Account, day: datetime.date) -> list[Fact]:
    fate = [Fact(account.get_handle_fate_display())] if account.handle_fate else []
    since = timezone.localdate(account.state_since)
    return [Fact(f"{account.get_status_display()}(", since, "から)"), *fate]


def _evidence(account: Account, day: datetime.date) -> list[Fact]:
    count = account.evidence_rows.count()
    return [Fact(f"{count}件" if count else "まだありません")]


AREAS = [
    Area("3(7)", "パスワードとログイン手段", "accounts:credentials", "accounts.view_credentials",
         (*credentials_duties.DUTIES, *handover_duties.DUTIES), _password),
    Area("3(4)", "運営者による認証", "accounts:certification", READ,
         certification_duties.DUTIES, _certification),
    Area("3(6)", "プロフィールのリンク", "accounts:links", READ, links_duties.DUTIES, _link_back),
    Area("3(6)", "四半期ごとの確認", "accounts:attestation", READ,
         attesting_duties.DUTIES, _attestation),
    Area("6(1) 6(2)", "停止・再開・廃止", "accounts:standing", READ,
         standing_duties.DUTIES, _standing),
    Area("", "証拠のファイル", "accounts:evidence", "accounts.view_evidence", (), _evidence),
]  # fmt: skip


def declare(areas: Iterable[Area]) -> None:
    """Put an app's areas before those of the register, once, when the app is ready."""
    known = {area.title for area in AREAS}
    AREAS[:0] = [area for area in areas if area.title not in known]


def kept_from(user: User, account: Account) -> set[str]:
    """The names of the duties that `user` may not see of this account."""
    return _duties_but(lambda area: user.has_perm(area.permission, account))


def kept_from_overview(user: User) -> set[str]:
    """The names of the duties that `user` may not see over the whole city."""
    return _duties_but(lambda area: authority.reach(user, area.permission).everywhere)


def _duties_but(is_read: Callable[[Area], bool]) -> set[str]:
    return {duty.name for area in AREAS if not is_read(area) for duty in area.duties}


def lines(
    account: Account, user: User, open_tasks: Iterable[OpenTask], day: datetime.date
) -> list[Line]:
    """The areas of `account` that `user` may see, with what `open_tasks` say of each."""
    deadlines: dict[str, datetime.date] = {}
    for row in open_tasks:
        deadlines.setdefault(row.task.duty.name, row.task.deadline)
    shown = []
    for area in AREAS:
        if not user.has_perm(area.permission, account):
            continue
        due = [deadlines[duty.name] for duty in area.duties if duty.name in deadlines]
        url = reverse(area.view, args=[account.pk]) if area.view else ""
        shown.append(Line(area, url, area.says(account, day), *of_deadlines(due, day)))
    return shown

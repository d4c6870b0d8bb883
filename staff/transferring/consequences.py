"""What follows from a transfer: each thing declared once, by the app that knows it.

This app cannot ask for accounts or policies by import; they add to `CONSEQUENCES` when they are
ready. The preview, the wizard, the command, the application and the undo all go through the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from staff.models import Membership, Transfer, User
from staff.transferring.plan import Foreseen, Plan


def _nothing(*asked: object) -> None:
    return None


def _no_words(transfer: Transfer) -> str:
    return ""


def _no_obstacle(transfer: Transfer) -> list[str]:
    return []


@dataclass(frozen=True)
class Consequence:
    """One thing that follows.

    `judge` names further faults of a plan, or completes it; `foreseen` says what will be, for a plan
    without faults; `apply` does it, once memberships and departments are written; `obstacles` are
    sentences why it cannot be undone (any more), asked once `hold` has locked what they depend on;
    `undo` takes it back; `outcome` says in a few words
    what has become of it. Each in the caller's transaction, in as many queries for a thousand lines
    as for one, apart from what is locked and moved one by one.
    """

    name: str
    title: str
    foreseen: Callable[[Plan], list[Foreseen]]
    judge: Callable[[Plan], None] = _nothing
    apply: Callable[[Transfer, Plan], None] = _nothing
    hold: Callable[[Transfer], None] = _nothing
    obstacles: Callable[[Transfer], list[str]] = _no_obstacle
    undo: Callable[[Transfer, User | None], None] = _nothing
    outcome: Callable[[Transfer], str] = _no_words


CONSEQUENCES: list[Consequence] = []


def declare(consequences: Iterable[Consequence]) -> None:
    """Add an app's consequences, once, when the app is ready."""
    known = {consequence.name for consequence in CONSEQUENCES}
    CONSEQUENCES.extend(c for c in consequences if c.name not in known)


def losing_their_head(plan: Plan) -> dict[int, int]:
    """Department → the line by which its last head leaves and nobody follows."""
    heads = plan.members_after(Membership.Role.HEAD)
    closed = {closing.department.pk for closing in plan.closed}
    return {
        ending.membership.department_id: ending.line
        for ending in plan.ended
        if ending.membership.role == Membership.Role.HEAD
        and ending.membership.department_id not in closed
        and not any(not p.is_auditor for p in heads[ending.membership.department_id].values())
    }


def _ended(plan: Plan) -> list[Foreseen]:
    return [
        Foreseen(
            f"{e.line}行目:{e.membership.user.name}さん 「{e.membership.department}」の"
            f"{e.membership.get_role_display()}を終える"
        )
        for e in plan.ended
    ]


def _begun(plan: Plan) -> list[Foreseen]:
    return [
        Foreseen(f"{b.line}行目:{b.user.name}さん 「{b.department}」の{b.role.label}になる")
        for b in plan.begun
    ]


def _closed(plan: Plan) -> list[Foreseen]:
    return [
        Foreseen(f"{c.line}行目:「{c.department}」を廃止し、「{c.successor}」が引き継ぐ")
        for c in plan.closed
    ]


def _headless(plan: Plan) -> list[Foreseen]:
    names = {row.pk: row.name for row in plan.city.departments.values()}
    return [
        Foreseen(f"{line}行目:「{names[pk]}」に所属の長がいなくなる")
        for pk, line in losing_their_head(plan).items()
    ]


def _without_deputy(plan: Plan) -> list[Foreseen]:
    deputies = plan.members_after(Membership.Role.DEPUTY)
    closed = {closing.department.pk for closing in plan.closed}
    left = {
        ending.membership.department: ending.line
        for ending in plan.ended
        if ending.membership.role == Membership.Role.DEPUTY
        and ending.membership.department_id not in closed
        and not deputies[ending.membership.department_id]
    }
    return [
        Foreseen(f"{line}行目:「{department}」に代決者がいなくなる")
        for department, line in left.items()
    ]


def _nowhere(plan: Plan) -> list[Foreseen]:
    somewhere = {pk for people in plan.members_after().values() for pk in people}
    gone = {
        e.membership.user: e.line
        for e in plan.ended
        if e.membership.user_id not in somewhere and e.membership.user.is_active
    }
    return [
        Foreseen(
            f"{line}行目:{person.name}さんは、どの所属にも属さなくなる"
            "(退職する人は、退職した後に、職員の画面で「在職中」を外してください)"
        )
        for person, line in gone.items()
    ]


def _how_many(*, begun: bool) -> Callable[[Transfer], str]:
    return lambda transfer: f"{transfer.memberships.filter(begun=begun).count()}件"


declare(
    (
        Consequence("ended", "終わる所属の記録", _ended, outcome=_how_many(begun=False)),
        Consequence("begun", "始まる所属の記録", _begun, outcome=_how_many(begun=True)),
        Consequence(
            "closed", "廃止する所属", _closed, outcome=lambda t: f"{t.departments.count()}件"
        ),
        Consequence("headless", "所属の長がいなくなる所属", _headless),
        Consequence("without_deputy", "代決者がいなくなる所属", _without_deputy),
        Consequence("nowhere", "所属がなくなる職員", _nowhere),
    )
)

"""What a transfer of staff brings about for accounts: 3(1), 3(7). See `staff.transferring`."""

from __future__ import annotations

from collections import Counter, defaultdict

from django.urls import reverse

from accounts import handing_over, log_in_means, moving
from accounts.models import Access, Account
from accounts.touched import NAMED, Touched, expected_moves, managed_after, touched
from staff.models import Department, Membership
from staff.transferring.consequences import Consequence, losing_their_head
from staff.transferring.plan import AccountLine, Foreseen, Moving, Plan


def _page(account: Account) -> str:
    return reverse("policies:account", args=[account.pk])


def find_moves(plan: Plan) -> None:
    """Completes the plan by the accounts that move, those of a department that ends included."""
    named = Account.objects.select_related("department").in_bulk(
        [line.number for line in plan.accounts]
    )
    announced = expected_moves()
    sharing: dict[int, set[int]] = defaultdict(set)
    rows = Account.partners.through.objects.filter(account__in=list(named))
    for account_id, department_id in rows.values_list("account", "department"):
        sharing[account_id].add(department_id)
    departments = {row.pk: row for row in plan.city.departments.values()}
    for line in plan.accounts:
        account = named.get(line.number)
        said = _why_not(line, account, sharing[line.number])
        if account is not None and account.pk in announced:
            said = _announced(account)
        if said:
            plan.fault(line.line, said)
        elif account is not None:
            source = departments[account.department_id]
            plan.moving.append(Moving(line.line, account.pk, str(account), source, line.target))
    closing = {row.department.pk: row for row in plan.closed}
    for account in Account.objects.filter(department__in=list(closing)).order_by("pk").only(*NAMED):
        if account.pk in named:
            continue
        row = closing[account.department_id]
        if account.pk in announced:
            plan.fault(row.line, _announced(account))
            continue
        plan.moving.append(
            Moving(row.line, account.pk, str(account), row.department, row.successor)
        )
    for move in announced.values():
        if move.target_id in closing:
            said = "には、ほかの人事異動でアカウントが移管されることになっています。"
            plan.fault(closing[move.target_id].line, f"「{move.target}」{said}")


def _why_not(line: AccountLine, account: Account | None, partners: set[int]) -> str:
    if account is None:
        return f"{line.number}番のアカウントは登録されていません。"
    if line.source is not None and account.department_id != line.source.pk:
        return f"{line.number}番の「{account}」を管理しているのは、「{account.department}」です。"
    if account.department_id == line.target.pk:
        return f"{line.number}番の「{account}」は、すでに「{line.target}」が管理しています。"
    if line.target.pk in partners:
        return (
            f"{line.number}番の「{account}」は、「{line.target}」が共同で利用しています。"
            "先に運用ポリシーを改め、共同で利用する所属から外してください。"
        )
    return ""


def _announced(account: Account) -> str:
    return f"{account.pk}番の「{account}」は、ほかの人事異動で移管されることになっています。"


def keep_a_head(plan: Plan) -> None:
    """A department that answers for accounts does not lose its last head without a successor, 3(2)."""
    lost = losing_their_head(plan)
    names = {row.pk: row.name for row in plan.city.departments.values()}
    for department, count in Counter(managed_after(plan, lost)).items():
        plan.fault(
            lost[department],
            f"「{names[department]}」から所属の長がいなくなります。アカウントを{count}件"
            "管理しているため、後任の所属の長を同じファイルに書いてください。",
        )


def _moves(plan: Plan) -> list[Foreseen]:
    return [
        Foreseen(
            f"{m.line}行目:{m.number}番「{m.label}」が「{m.source}」から「{m.target}」へ移る",
            reverse("policies:account", args=[m.number]),
        )
        for m in plan.moving
    ]


def _targets_without_head(plan: Plan) -> list[Foreseen]:
    heads = plan.members_after(Membership.Role.HEAD)
    without = {moving.target for moving in plan.moving if not heads[moving.target.pk]}
    return [
        Foreseen(f"「{department}」には所属の長がいない。受け取るアカウントの決定ができない")
        for department in sorted(without, key=lambda row: (row.order, row.code))
    ]


def _leaving(plan: Plan) -> tuple[Touched, dict[int, dict[int, str]]]:
    """Account → who can log in to it and leaves, by key and name."""
    scene = touched(plan)
    names = {person.pk: person.name for person in plan.city.people.values()}
    by_key = {account.pk: account for account in scene.accounts}
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for access in scene.access:
        if scene.loses(by_key[access.account_id], access.person_id):
            found[access.account_id][access.person_id] = names[access.person_id]
    return scene, found


def _passwords_due(plan: Plan) -> list[Foreseen]:
    scene, leaving = _leaving(plan)
    return [
        Foreseen(
            f"「{account}」:{'、'.join(leaving[account.pk].values())}さんが離れるため、"
            "パスワードの変更が必要になる",
            _page(account),
        )
        for account in scene.accounts
        if account.pk in leaving
    ]


def _few_administrators(plan: Plan) -> list[Foreseen]:
    scene, leaving = _leaving(plan)
    by_key = {account.pk: account for account in scene.accounts}
    staying: dict[int, int] = defaultdict(int)
    fewer = set()
    for access in scene.access:
        if access.kind != Access.Kind.ADMINISTRATOR:
            continue
        if access.person_id in leaving.get(access.account_id, ()):
            fewer.add(access.account_id)
        elif access.person_id in scene.after[scene.manager_after(by_key[access.account_id])]:
            staying[access.account_id] += 1
    return [
        Foreseen(f"「{by_key[pk]}」:残る管理者が{staying[pk]}人になる", _page(by_key[pk]))
        for pk in sorted(fewer)
        if staying[pk] < log_in_means.ADMINISTRATORS and by_key[pk].status in scene.LIVING
    ]


def _partners_closed(plan: Plan) -> list[Foreseen]:
    closing = {row.department.pk: row.department for row in plan.closed}
    shared = Account.partners.through.objects.filter(
        department__in=list(closing), account__status__in=Touched.LIVING
    ).select_related("account")
    return [
        Foreseen(
            f"「{row.account}」:共同で利用する「{closing[row.department_id]}」が廃止されるため、"
            "運用ポリシーを改める必要がある",
            _page(row.account),
        )
        for row in shared.order_by("account")
    ]


def _no_longer_shared(plan: Plan) -> list[Foreseen]:
    targets: dict[int, tuple[Moving, Department]] = {
        moving.number: (moving, moving.target) for moving in plan.moving
    }
    shared = Account.partners.through.objects.filter(account__in=list(targets))
    return [
        Foreseen(
            f"「{targets[account_id][0].label}」:管理する「{targets[account_id][1]}」は、"
            "共同で利用する所属ではなくなる",
            reverse("policies:account", args=[account_id]),
        )
        for account_id, department_id in shared.order_by("account").values_list(
            "account", "department"
        )
        if targets[account_id][1].pk == department_id
    ]


CONSEQUENCES = (
    Consequence(
        "moves", "所管が移るアカウント", _moves, judge=find_moves, apply=moving.record_moves,
        hold=moving.hold, obstacles=moving.why_not_back, undo=moving.move_back,
        outcome=moving.outcome,
    ),
    Consequence(
        "targets_without_head", "所属の長がいない移管先", _targets_without_head, judge=keep_a_head
    ),
    Consequence("passwords", "パスワードの変更が必要になるアカウント", _passwords_due),
    Consequence("administrators", "管理者が2人に満たなくなるアカウント", _few_administrators),
    Consequence("partners", "共同で利用する所属が廃止されるアカウント", _partners_closed),
    Consequence("no_longer_shared", "共同で利用する所属が変わるアカウント", _no_longer_shared),
    Consequence(
        "handovers", "引継ぎを受ける職員", handing_over.foreseen, apply=handing_over.hand_over,
        hold=handing_over.hold, obstacles=handing_over.why_not_back, undo=handing_over.take_back,
        outcome=handing_over.outcome,
    ),
)  # fmt: skip

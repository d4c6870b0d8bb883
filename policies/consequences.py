"""What a transfer of staff brings about for operating policies: 3(3)イ. See `staff.transferring`."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from accounts.touched import touched
from policies.models import OperatingPolicy
from staff.transferring.consequences import Consequence
from staff.transferring.plan import Foreseen, Plan


def _named_no_more(plan: Plan) -> list[Foreseen]:
    """Policies in force that name who leaves."""
    scene = touched(plan)
    accounts = {account.pk: account for account in scene.accounts}
    names = {person.pk: person.name for person in plan.city.people.values()}
    gone: dict[int, list[str]] = defaultdict(list)
    policies: dict[int, tuple[int, int]] = {}
    for field, called in (("users", "利用者"), ("administrators", "管理者")):
        through: Any = getattr(OperatingPolicy, field).through
        rows = through.objects.filter(
            operatingpolicy__state=OperatingPolicy.State.IN_FORCE,
            operatingpolicy__account__in=list(accounts),
        ).order_by("operatingpolicy__account", "pk")
        for policy, account, version, person in rows.values_list(
            "operatingpolicy", "operatingpolicy__account", "operatingpolicy__version", "user"
        ):
            if scene.loses(accounts[account], person):
                policies[policy] = (account, version)
                gone[policy].append(f"{called}の{names[person]}さん")
    return [
        Foreseen(
            f"「{accounts[account]}」の運用ポリシー(第{version}版):"
            f"{'、'.join(gone[policy])}が離れるため、改める必要がある",
            OperatingPolicy(pk=policy).get_absolute_url(),
        )
        for policy, (account, version) in sorted(policies.items(), key=lambda item: item[1])
    ]


def _on_their_way(plan: Plan) -> list[Foreseen]:
    """Filings of accounts that move: they go on with the receiving department's people."""
    moving = {row.number: row for row in plan.moving}
    filings = OperatingPolicy.objects.open().filter(account__in=list(moving)).order_by("account")
    return [
        Foreseen(
            f"「{moving[filing.account_id].label}」の運用ポリシー(第{filing.version}版、"
            f"{filing.get_state_display()}):手続きを「{moving[filing.account_id].target}」が続ける",
            filing.get_absolute_url(),
        )
        for filing in filings
    ]


CONSEQUENCES = (
    Consequence("named", "利用者や管理者を改める運用ポリシー", _named_no_more),
    Consequence("filings", "手続き中のまま移る運用ポリシー", _on_their_way),
)

"""引継ぎ: who answers for an account from a transfer on, and did not before, takes it over."""

from __future__ import annotations

from collections import Counter, defaultdict

from django.db import transaction
from django.utils import timezone

from accounts import notices
from accounts.models import Account, Handover
from accounts.touched import Touched, touched
from staff.models import Transfer, User
from staff.transferring.plan import Foreseen, Plan

BATCH = 500


def foreseen(plan: Plan) -> list[Foreseen]:
    """Who takes over how many accounts."""
    counts: Counter[User] = Counter()
    for person, _ in receivers(plan):
        counts[person] += 1
    return [
        Foreseen(f"{person.name}さん:{count}件のアカウントを引き継ぐ")
        for person, count in counts.items()
    ]


def receivers(plan: Plan) -> list[tuple[User, Account]]:
    """Each person with each living account that becomes his department's affair, or he its."""
    scene: Touched = touched(plan)
    found = []
    for account in scene.accounts:
        if account.status not in scene.LIVING:
            continue
        before = scene.before[scene.manager_before(account)]
        for key, person in scene.after[scene.manager_after(account)].items():
            if not person.is_auditor and key not in before:
                found.append((person, account))
    return found


def hand_over(transfer: Transfer, plan: Plan) -> None:
    """A handover for each of them, and one mail to each person."""
    taking = receivers(plan)
    Handover.objects.bulk_create(
        (
            Handover(transfer=transfer, account=account, person=person, begins_on=plan.effective_on)
            for person, account in taking
        ),
        batch_size=BATCH,
    )
    by_person: dict[User, list[Account]] = defaultdict(list)
    for person, account in taking:
        by_person[person].append(account)
    notices.handovers_begun(transfer, by_person)


def hold(transfer: Transfer) -> None:
    """Until the transaction ends nobody confirms one of its handovers."""
    list(transfer.handovers.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def why_not_back(transfer: Transfer) -> list[str]:
    """Handovers that were confirmed: what a person has taken over is not taken from him unseen."""
    confirmed = transfer.handovers.filter(confirmed_at__isnull=False)
    return [
        f"「{row.account}」の引継ぎを、{row.person.name}さんがすでに確認しています。"
        for row in confirmed.select_related("account", "person")
    ]


def take_back(transfer: Transfer, by: User | None) -> None:
    """Nobody takes over anything by this transfer, and who was told so is told again."""
    people = User.objects.filter(pk__in=transfer.handovers.order_by().values("person"))
    told = list(people)
    transfer.handovers.all().delete()
    notices.handovers_cancelled(transfer, told)


def outcome(transfer: Transfer) -> str:
    """How many handovers there are, and how many were confirmed."""
    rows = transfer.handovers.all()
    return f"{rows.count()}件(うち確認済み{rows.filter(confirmed_at__isnull=False).count()}件)"


@transaction.atomic
def confirm(handover: Handover, *, by: User) -> bool:
    """The person has gone through it; False where it was confirmed before."""
    row = Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
    if row.confirmed_at is not None:
        return False
    row.confirmed_at, row.confirmed_by = timezone.now(), by
    row.save(update_fields=["confirmed_at", "confirmed_by"])
    return True

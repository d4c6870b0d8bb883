"""What the account's policy asks of each post, 3(3)エ: a record of it, and a second pair of eyes."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Account
from policies.models import OperatingPolicy
from postings.permission import Answer


@dataclass(frozen=True)
class Practice:
    """The rule of one account."""

    records_always: bool = False
    needs_approval: bool = False

    @property
    def says(self) -> str:
        """The rule in words."""
        record = (
            "発信したときは、いつも記録を残します"
            if self.records_always
            else ("運用時間の外に発信したときに、記録を残します")
        )
        approval = (
            "発信する前に、ほかの職員の承認を受けます"
            if self.needs_approval
            else ("発信する前の承認は受けません")
        )
        return f"{record}。{approval}。"

    def asks_for_record(self, answer: Answer) -> bool:
        """Whether a post to which may_post gives `answer` is to be recorded, 4(1)."""
        beside_its_hours = not answer.allowed or answer.emergency is not None
        return self.records_always or self.needs_approval or beside_its_hours


def practice_of(account: Account) -> Practice:
    """The rule that holds today, by the policy whose hours hold too."""
    policy = OperatingPolicy.objects.readable().filter(account=account).first()
    if policy is None:
        return Practice()
    always = policy.post_record == OperatingPolicy.PostRecord.ALWAYS
    return Practice(always, policy.post_approval)

"""Who is told what of an account: one function per message, queued in the transaction it tells of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from django.urls import reverse

from accounts.models import Account, Notice
from shinshiro_sns import mail
from shinshiro_sns.steps import Taking
from staff import authority
from staff.models import Membership, Transfer, User


def standing_changed(taking: Taking) -> None:
    """A suspension, resumption or closure: to the department, who announces it on the account too,
    the heads of the departments that share it, and the PR division; not to who took the step."""
    account: Account = taking.obj
    change = taking.extra["change"]
    own = account.scope_department_ids
    department = set(authority.holders("accounts.add_announcement", own))
    heads = set(authority.holders("accounts.close_account", own))
    partners = User.objects.members_of(account.partners.all(), [Membership.Role.HEAD])
    pr_division = authority.holders("accounts.suspend_account", [])
    for person in {*department, *heads, *partners, *pr_division} - {taking.by}:
        mail.queue(
            to=person,
            notice="accounts/standing_changed",
            context={
                "account": account,
                "step": taking.step,
                "kind": change.get_step_display(),
                "change": change,
                "announces": person in department,
                "announced_by": change.notice.announcement_due_on,
                "reviews": change.absence is not None and person in heads,
                "path": reverse("accounts:standing", args=[account.pk]),
            },
            key=f"account {account.pk} revision {account.revision}",
        )


def notice_corrected(notice: Notice, by: User, reason: str) -> None:
    """A notice that was put right: to the department, who puts the account's own post right too, and
    to the PR division; not to who did it."""
    account = cast(Account, notice.account)
    own = account.scope_department_ids
    department = authority.holders("accounts.add_announcement", own)
    for person in {*department, *authority.holders("accounts.correct_notice", own)} - {by}:
        mail.queue(
            to=person,
            notice="accounts/notice_corrected",
            context={
                "account": account, "notice": notice, "by": by, "reason": reason,
                "path": reverse("accounts:standing", args=[account.pk]),
            },
            key=f"notice {notice.pk} wording {notice.wordings.count()}",
        )  # fmt: skip


# A person may take over more accounts than anybody reads in a mail; the page has them all.
NAMED_IN_A_MAIL = 20


def handovers_begun(transfer: Transfer, taking: Mapping[User, Sequence[Account]]) -> None:
    """To each person who takes over accounts, once for all of them, however many people there are."""
    about = {"day": transfer.effective_on, "path": reverse("accounts:handovers")}
    letters = {
        person: {
            **about,
            "accounts": accounts[:NAMED_IN_A_MAIL],
            "count": len(accounts),
            "more": len(accounts) - len(accounts[:NAMED_IN_A_MAIL]),
        }
        for person, accounts in taking.items()
    }
    mail.queue_many("accounts/handovers_begun", letters, f"transfer {transfer.pk}")


def handovers_cancelled(transfer: Transfer, people: Iterable[User]) -> None:
    """To each person who had been told to take over: nothing comes of it."""
    about = {"day": transfer.effective_on, "path": reverse("accounts:handovers")}
    letters = dict.fromkeys(people, about)
    mail.queue_many("accounts/handovers_cancelled", letters, f"transfer {transfer.pk}")

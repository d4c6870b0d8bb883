"""What becomes of a closed account afterwards, 6(1): who guards it, and that it is deleted after all."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from accounts.access import name_people
from accounts.models import Account, HandleFate, StandingChange
from accounts.standing import nothing_logged_in
from shinshiro_sns.steps import StepNotMet, Taking, Unmet
from staff.models import User

# The steps of a closed account, which publish nothing: the public was told of its closure.
STEPS = ("name_guards", "delete_handle")


def able_to_guard(account: Account) -> QuerySet[User]:
    """Who may be named: the people of the department that answers for the account."""
    people = User.objects.members_of(account.scope_department_ids)
    return people.filter(is_auditor=False).order_by("kana", "name", "pk")


def is_in_care(account: Account, by: User) -> bool:
    """Whether somebody can still log in to it."""
    return Account.objects.to_guard().filter(pk=account.pk).exists()


def is_guarded(account: Account, by: User) -> bool:
    """Whether it was decided not to delete it."""
    return account.handle_fate == HandleFate.GUARDED


def named(taking: Taking) -> None:
    """From today on exactly the `administrators` have access; who had it and is not named loses it."""
    account: Account = taking.obj
    administrators: Iterable[User] = taking.extra.get("administrators", ())
    chosen = {person.pk for person in administrators}
    if not chosen:
        raise StepNotMet(
            [Unmet("管理する職員を1人以上選んでください。", "6(1)", "administrators")], account
        )
    people = list(able_to_guard(account).filter(pk__in=chosen))
    if len(people) != len(chosen):
        sentence = "管理する職員は、アカウントを管理する所属の職員から選んでください。"
        raise StepNotMet([Unmet(sentence, "6(1)", "administrators")], account)
    name_people(account, (), people, timezone.localdate(taking.at))


def to_be_deleted(taking: Taking) -> None:
    """The closure's record says so from now on, which opens the duty to see it deleted."""
    account: Account = taking.obj
    if unmet := nothing_logged_in(account):
        raise StepNotMet(unmet, account)
    closure = StandingChange.objects.filter(account=account, handle_fate=HandleFate.GUARDED).first()
    if closure is None:
        raise StepNotMet([Unmet("廃止の記録がないため、削除に改められません。", "6(1)")], account)
    closure.handle_fate = account.handle_fate = HandleFate.DELETED
    closure.deletion_reason = taking.note
    closure.deletion_decided_by = taking.by
    closure.deletion_decided_on = timezone.localdate(taking.at)
    closure.save(
        update_fields=[
            "handle_fate", "deletion_reason", "deletion_decided_by", "deletion_decided_on",
        ]
    )  # fmt: skip

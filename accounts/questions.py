"""What an audit asks about accounts: clauses 3(1), 3(4), 3(6), 3(7), 6(1)."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts import attesting, passwords
from accounts.models import Access, Account, Certification, LinkCheck
from accounts.services import SERVICES
from shinshiro_sns.questions import Question
from staff.models import Membership

_CERTIFYING = [key for key, service in SERVICES.items() if service.verification.is_possible]


def without_people(day: datetime.date) -> QuerySet[Account]:
    """Accounts in whose managing department there is nobody."""
    there = Membership.objects.current(day).filter(
        department=OuterRef("department"), user__is_active=True
    )
    return Account.objects.answered_for().filter(~Exists(there))


def nobody_can_log_in(day: datetime.date) -> QuerySet[Account]:
    """Accounts of whose users and administrators none is there any more."""
    sharing = Account.partners.through.objects.filter(
        account=OuterRef(OuterRef("account")), department=OuterRef("department")
    )
    places = Membership.objects.current(day).filter(
        Q(department=OuterRef("account__department")) | Exists(sharing), user=OuterRef("person")
    )
    there = Access.objects.current().filter(
        Exists(places), account=OuterRef("pk"), person__is_active=True
    )
    return Account.objects.to_guard().filter(~Exists(there))


def password_overdue(day: datetime.date) -> QuerySet[Account]:
    """Accounts whose password should have been changed before `day`."""
    return passwords.due_by(day, day - datetime.timedelta(days=1))


def not_certified(day: datetime.date) -> QuerySet[Account]:
    """Official accounts that could be certified and are not, though nobody refused it."""
    settled = Certification.objects.filter(
        account=OuterRef("pk"),
        state__in=[
            Certification.State.CERTIFIED,
            Certification.State.NOT_OFFERED,
            Certification.State.REFUSED,
        ],
    ).exclude(state=Certification.State.CERTIFIED, taken_over__isnull=False)
    possible = Q(service__in=_CERTIFYING) | Exists(
        Certification.objects.filter(account=OuterRef("pk"))
    )
    return Account.objects.filter(possible, ~Exists(settled), status=Account.Status.OFFICIAL)


def not_linked_back(day: datetime.date) -> QuerySet[Account]:
    """Official accounts whose own page, as it was last seen, does not name the city's page."""
    seen: Any = (
        LinkCheck.objects.decisive()
        .filter(account=OuterRef("pk"), checked_on__lte=day)
        .order_by("-checked_on", "-pk")
    )
    last = Subquery(seen.values("outcome")[:1])
    return (
        Account.objects.filter(status=Account.Status.OFFICIAL)
        .alias(last_seen=last)
        .filter(Q(last_seen=None) | ~Q(last_seen=LinkCheck.Outcome.LINKED))
    )


def not_attested(day: datetime.date) -> QuerySet[Account]:
    """Official accounts whose last attestation holds no more."""
    return Account.objects.attestation_overdue(day)


QUESTIONS = (
    Question("without_people", "3(1)", "管理する所属に職員がいないアカウント",
             "だれのものか分からなくなるおそれがあります。所属の登録か、アカウントの移管を確かめます。",
             without_people),
    Question("nobody_can_log_in", "3(7)", "ログインできる職員がいないアカウント",
             "運用ポリシーで定めた利用者と管理者が、全員いなくなっています。", nobody_can_log_in,
             permission="accounts.view_credentials"),
    Question("password_overdue", "3(7)", "パスワードの変更期限を過ぎたアカウント",
             "変更の記録がないものと、異動の後に変更していないものを含みます。", password_overdue,
             permission="accounts.view_credentials"),
    Question("not_certified", "3(4)", "認証を受けられるのに受けていないアカウント",
             "申請中のものを含みます。", not_certified),
    Question("not_linked_back", "3(6)", "市のページへのリンクを確かめていないアカウント",
             "リンクがないものと、まだ確かめていないものを含みます。", not_linked_back),
    Question("not_attested", "3(6)", "四半期ごとの確認の期限を過ぎたアカウント",
             "公開ページに「確認期限切れ」と表示されています。", not_attested),
    Question("idle", "6(1)", "長い間、投稿のないアカウント",
             "投稿を続けるか、停止または廃止するかを決めます。", attesting.idle),
)  # fmt: skip

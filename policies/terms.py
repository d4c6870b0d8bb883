"""How long the PR division's own notes are kept."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Account
from policies.models import InternalNote, OperatingPolicy
from shinshiro_sns.days import start_of
from shinshiro_sns.retention import ERASED, Term, in_batches, texts


def _old_notes(before: datetime.date) -> QuerySet[Any]:
    return InternalNote.objects.filter(
        policy__account__status=Account.Status.CLOSED,
        policy__account__state_since__lt=start_of(before),
    ).exclude(text=ERASED)


def _erase_notes(rows: QuerySet[Any]) -> int:
    return sum(
        InternalNote.objects.filter(pk__in=keys).update(text=ERASED) for keys in in_batches(rows)
    )


def _closed(before: datetime.date) -> Q:
    return Q(account__status=Account.Status.CLOSED, account__state_since__lt=start_of(before))


def _of_a_closed_account(before: datetime.date) -> Q:
    return _closed(before) & ~Q(account__in=Account.objects.to_guard())


def _filed_by_mail(before: datetime.date) -> QuerySet[Any]:
    past = OperatingPolicy.history.filter(~Q(registration_email=""), id=OuterRef("pk"))
    rows = OperatingPolicy.objects.filter(_of_a_closed_account(before))
    return rows.filter(~Q(registration_email="") | Exists(past))


def _erase_filed_mail(rows: QuerySet[Any]) -> int:
    erased = 0
    for keys in in_batches(rows):
        erased += OperatingPolicy.objects.filter(pk__in=keys).update(registration_email="")
        OperatingPolicy.history.filter(id__in=keys).update(registration_email="")
    return erased


TERMS = (
    Term(
        name="filed_emails",
        record="廃止して管理も終えたアカウントの、運用ポリシーの各版の届出",
        personal="登録に使ったメールアドレス(履歴を含む)",
        years=1,
        counted_from="アカウントを廃止した日",
        basis="個人情報の保護に関する法律第61条第2項、ガイドライン3(5)",
        at_the_end="メールアドレスを消します。",
        rows=_filed_by_mail,
        erase=_erase_filed_mail,
    ),
    Term(
        name="filed_texts",
        record="廃止したアカウントの、運用ポリシーの各版の届出と手続き",
        personal="市のドメインを使わない理由、差戻しなどの手続きの言葉(氏名を含むことがある。履歴)",
        years=10,
        counted_from="アカウントを廃止した日",
        basis="個人情報の保護に関する法律第61条第2項、新城市の文書管理の定め、ガイドライン3(2)、3(5)",
        at_the_end="文を消し、公開した五つの項目と、だれがいつ何をしたかを残します。",
        **texts(OperatingPolicy, _closed, ("registration_email_reason",)),
    ),
    Term(
        name="internal_notes",
        record="廃止したアカウントについての広報主管課の内部メモ",
        personal="メモの文(氏名を含むことがある)",
        years=5,
        counted_from="アカウントを廃止した日",
        basis="個人情報の保護に関する法律第61条第2項、新城市の文書管理の定め",
        at_the_end="文を消し、だれがいつ書いたかを残します。",
        rows=_old_notes,
        erase=_erase_notes,
    ),
)

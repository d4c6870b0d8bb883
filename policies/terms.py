"""How long the PR division's own notes are kept."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import Account
from policies.models import InternalNote
from shinshiro_sns.retention import ERASED, Term, in_batches, start_of


def _old_notes(before: datetime.date) -> QuerySet[Any]:
    return InternalNote.objects.filter(
        policy__account__status=Account.Status.CLOSED,
        policy__account__state_since__lt=start_of(before),
    ).exclude(text=ERASED)


def _erase_notes(rows: QuerySet[Any]) -> int:
    return sum(
        InternalNote.objects.filter(pk__in=keys).update(text=ERASED) for keys in in_batches(rows)
    )


TERMS = (
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

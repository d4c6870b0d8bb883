"""How long the ledgers keep personal data of accounts that are closed."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.evidence import forget_files
from accounts.models import Account, Credentials, Device, Evidence
from shinshiro_sns.retention import ERASED, Term, in_batches, start_of

_PRIVACY = "個人情報の保護に関する法律第61条第2項"
_DOCUMENTS = "新城市の文書管理の定め"


def _closed(before: datetime.date) -> Q:
    return Q(account__status=Account.Status.CLOSED, account__state_since__lt=start_of(before))


def _settled(before: datetime.date) -> Q:
    """Of accounts that are closed and no longer guarded: nobody logs in to them any more, 6(1)."""
    return _closed(before) & ~Q(account__in=Account.objects.to_guard())


def _old_evidence(before: datetime.date) -> QuerySet[Any]:
    return Evidence.objects.filter(_closed(before), erased_at__isnull=True)


def _erase_evidence(rows: QuerySet[Any]) -> int:
    return sum(
        Evidence.objects.filter(pk__in=keys).update(erased_at=timezone.now(), name=ERASED)
        for keys in in_batches(rows)
    )


def _old_addresses(before: datetime.date) -> QuerySet[Any]:
    past = Credentials.history.filter(id=OuterRef("pk")).exclude(recovery_address="")
    return Credentials.objects.filter(
        _settled(before), ~Q(recovery_address="") | Q(recovery_person__isnull=False) | Exists(past)
    )


def _erase_addresses(rows: QuerySet[Any]) -> int:
    erased = 0
    gone = {"recovery_address": "", "recovery_person": None}
    for keys in in_batches(rows):
        erased += Credentials.objects.filter(pk__in=keys).update(**gone, revision=F("revision") + 1)
        Credentials.history.filter(id__in=keys).update(**gone)
    return erased


def _old_devices(before: datetime.date) -> QuerySet[Any]:
    gone = Device.objects.filter(Q(removed_on__lt=before) | _settled(before))
    return gone.exclude(name=ERASED, keeper__isnull=True)


def _erase_devices(rows: QuerySet[Any]) -> int:
    return sum(
        Device.objects.filter(pk__in=keys).update(name=ERASED, keeper=None)
        for keys in in_batches(rows)
    )


TERMS = (
    Term(
        name="evidence",
        record="廃止したアカウントの証拠のファイル",
        personal="ファイルに写っている人や文",
        years=5,
        counted_from="アカウントを廃止した日",
        basis=f"{_PRIVACY}、{_DOCUMENTS}、ガイドライン3(4)、3(6)",
        at_the_end="ファイルとその名前を消し、何を示したか、だれがいつ登録したか、SHA-256を残します。",
        rows=_old_evidence,
        erase=_erase_evidence,
        sweep=forget_files,
    ),
    Term(
        name="recovery_addresses",
        record="廃止して管理も終えたアカウントの管理体制",
        personal="復旧用の連絡先と、それを管理する職員(履歴を含む)",
        years=1,
        counted_from="アカウントを廃止した日",
        basis=f"{_PRIVACY}、ガイドライン3(7)",
        at_the_end="連絡先と職員を消します。",
        rows=_old_addresses,
        erase=_erase_addresses,
    ),
    Term(
        name="devices",
        record="使わなくなった端末(廃止して管理も終えたアカウントのものを含む)",
        personal="端末の名前、管理する職員",
        years=1,
        counted_from="使わなくなった日、またはアカウントを廃止した日",
        basis=f"{_PRIVACY}、ガイドライン3(7)",
        at_the_end="名前と職員を消し、種類と期間を残します。",
        rows=_old_devices,
        erase=_erase_devices,
    ),
)

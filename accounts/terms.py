"""How long the ledgers keep personal data of accounts that are closed."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.evidence import forget_files
from accounts.models import (
    Account,
    Announcement,
    Credentials,
    Device,
    Evidence,
    StandingChange,
)
from shinshiro_sns.days import start_of
from shinshiro_sns.retention import ERASED, Term, in_batches, texts

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


def _earlier_addresses(before: datetime.date) -> QuerySet[Any]:
    """Of accounts in use: what the history still says, and something else says since before that day."""
    history: Any = Credentials.history.model._base_manager
    later = history.filter(
        id=OuterRef("id"), history_id__gt=OuterRef("history_id"),
        history_date__lt=start_of(before),
    )  # fmt: skip
    named = ~Q(recovery_address="") | Q(recovery_person__isnull=False)
    rows: QuerySet[Any] = history.filter(named, Exists(later))
    return rows


def _erase_earlier_addresses(rows: QuerySet[Any]) -> int:
    return sum(
        rows.model._base_manager.filter(pk__in=keys).update(
            recovery_address="", recovery_person=None
        )
        for keys in in_batches(rows)
    )


def _registered_by_mail(before: datetime.date) -> QuerySet[Any]:
    past = Account.history.filter(~Q(registration_email=""), id=OuterRef("pk"))
    closed = Account.objects.filter(
        status=Account.Status.CLOSED, state_since__lt=start_of(before)
    ).exclude(pk__in=Account.objects.to_guard())
    return closed.filter(~Q(registration_email="") | Exists(past))


def _erase_registered_mail(rows: QuerySet[Any]) -> int:
    erased = 0
    for keys in in_batches(rows):
        erased += Account.objects.filter(pk__in=keys).update(
            registration_email="", revision=F("revision") + 1
        )
        Account.history.filter(id__in=keys).update(registration_email="")
    return erased


def _closed_itself(before: datetime.date) -> Q:
    return Q(status=Account.Status.CLOSED, state_since__lt=start_of(before))


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
    Term(
        name="earlier_recovery_addresses",
        record="使われているアカウントの、以前の管理体制",
        personal="以前の復旧用の連絡先と、それを管理していた職員(履歴)",
        years=3,
        counted_from="別の連絡先や職員に改めた日",
        basis=f"{_PRIVACY}、ガイドライン3(7)",
        at_the_end="以前の連絡先と職員を消し、いつ改めたかを残します。今の連絡先は消しません。",
        rows=_earlier_addresses,
        erase=_erase_earlier_addresses,
    ),
    Term(
        name="registration_emails",
        record="廃止して管理も終えたアカウントの登録",
        personal="登録に使ったメールアドレス(履歴を含む)",
        years=1,
        counted_from="アカウントを廃止した日",
        basis=f"{_PRIVACY}、ガイドライン3(5)",
        at_the_end="メールアドレスを消します。",
        rows=_registered_by_mail,
        erase=_erase_registered_mail,
    ),
    Term(
        name="account_texts",
        record="廃止したアカウントについて職員が書いた文",
        personal="備考、市のドメインを使わない理由、停止や廃止の理由、廃止後の扱いの理由、アカウントで周知できない理由(氏名を含むことがある。履歴を含む)",
        years=10,
        counted_from="アカウントを廃止した日",
        basis=f"{_PRIVACY}、{_DOCUMENTS}、ガイドライン3(5)、6(1)、6(2)",
        at_the_end="文を消し、だれがいつ何をしたか、公開した周知の文を残します。",
        **texts(
            Account,
            _closed_itself,
            ("note", "registration_email_reason"),
            {
                StandingChange: ("account", ("reason", "handle_reason", "deletion_reason")),
                Announcement: ("notice__account", ("why_not",)),
            },
            revision=F("revision") + 1,
        ),
    ),
)

"""How long mails keep what they say and to whom they went."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet

from shinshiro_sns.days import start_of
from shinshiro_sns.mail import ADDRESS_KEPT, ERASED_KEY, TEXT_KEPT
from shinshiro_sns.models import NO_ADDRESS, OutgoingMail
from shinshiro_sns.retention import ERASED, Term, in_batches


def _old_mails(before: datetime.date) -> QuerySet[Any]:
    settled = OutgoingMail.objects.exclude(state=OutgoingMail.State.WAITING)
    return settled.filter(queued_at__lt=start_of(before)).exclude(address=NO_ADDRESS)


def _forget_addresses(rows: QuerySet[Any]) -> int:
    return sum(
        OutgoingMail.objects.filter(pk__in=keys).update(
            address=NO_ADDRESS, subject=ERASED, body="", last_error=ERASED,
            key=ERASED_KEY,
        )
        for keys in in_batches(rows)
    )  # fmt: skip


TERMS = (
    Term(
        name="mail_texts",
        record="送信したメールの件名と本文",
        personal="氏名、手続きの内容",
        years=0,
        kept=f"{TEXT_KEPT.days}日",
        counted_from="送信した日、または送信をやめた日",
        basis="個人情報の保護に関する法律第61条第2項(年に一度の監査で確かめられるまで)",
        at_the_end="件名と本文を消し、送信した事実を残します。毎日のメール送信のときに、自動で行います。",
        to_confirm=False,
    ),
    Term(
        name="mails",
        record="送信したメール",
        personal="宛先のメールアドレス",
        years=3,
        counted_from="送信を受け付けた日",
        basis="個人情報の保護に関する法律第61条第2項、新城市の文書管理の定め",
        at_the_end="宛先、件名、本文を消し、送信した事実と日時を残します。市民への結果のお知らせの宛先は、送信したときに消します。"
        f"送信できなかったときは、送信をやめてから{ADDRESS_KEPT.days}日で、自動で消します。",
        rows=_old_mails,
        erase=_forget_addresses,
    ),
)

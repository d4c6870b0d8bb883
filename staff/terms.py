"""How long the portal keeps who people were: staff who left, absences, reminders, the admin's log."""

from __future__ import annotations

import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from shinshiro_sns.days import start_of
from shinshiro_sns.models import OutgoingMail
from shinshiro_sns.retention import ERASED, Term, in_batches
from staff.models import Absence, Membership, Reminder, User
from staff.reminding import KEPT

NOWHERE = "@invalid"
_PRIVACY = "個人情報の保護に関する法律第61条第2項"
_DOCUMENTS = "新城市の文書管理の定め"


def _named(prefix: str, key: str, suffix: str = "") -> Concat:
    return Concat(Value(prefix), Cast(F(key), CharField()), Value(suffix), output_field=CharField())


def _left(before: datetime.date) -> QuerySet[Any]:
    """People who cannot log in, belong nowhere, and about whom nothing was changed since."""
    there = Membership.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=before),
        Q(department__valid_until__isnull=True) | Q(department__valid_until__gte=before),
        user=OuterRef("pk"),
    )
    since = start_of(before)
    changed = User.history.filter(id=OuterRef("pk"), history_date__gte=since)
    return User.objects.filter(
        ~Exists(there), ~Exists(changed), is_active=False, date_joined__lt=since
    ).exclude(email__endswith=NOWHERE)


def _forget_people(rows: QuerySet[Any]) -> int:
    erased = 0
    for keys in in_batches(rows):
        EmailAddress.objects.filter(user__in=keys).delete()
        erased += User.objects.filter(pk__in=keys).update(
            name=_named("消去済みの職員 #", "pk"),
            kana="",
            email=_named("erased-", "pk", NOWHERE),
            password=make_password(None),
            last_login=None,
        )
        User.history.filter(id__in=keys).update(
            name=_named("消去済みの職員 #", "id"),
            kana="",
            email=_named("erased-", "id", NOWHERE),
        )
        Reminder.objects.filter(person__in=keys).update(text="")
        OutgoingMail.objects.filter(recipient__in=keys).exclude(
            state=OutgoingMail.State.WAITING
        ).update(
            address=_named("erased-", "recipient_id", NOWHERE), subject=ERASED, body="",
        )  # fmt: skip
    return erased


def _past_absences(before: datetime.date) -> QuerySet[Any]:
    return Absence.objects.filter(ends_on__lt=before).exclude(reason=ERASED)


def _forget_reasons(rows: QuerySet[Any]) -> int:
    erased = 0
    for keys in in_batches(rows):
        erased += Absence.objects.filter(pk__in=keys).update(reason=ERASED)
        Absence.history.filter(id__in=keys).update(reason=ERASED)
    return erased


def _old_log(before: datetime.date) -> QuerySet[Any]:
    return LogEntry.objects.filter(action_time__lt=start_of(before)).exclude(object_repr=ERASED)


def _forget_log(rows: QuerySet[Any]) -> int:
    return sum(
        LogEntry.objects.filter(pk__in=keys).update(object_repr=ERASED, change_message="")
        for keys in in_batches(rows)
    )


TERMS = (
    Term(
        name="staff",
        record="退職などで所属がなくなった職員",
        personal="氏名、よみ、メールアドレス、パスワードの照合用の値(履歴とメールの記録を含む)",
        years=5,
        counted_from="最後の所属が終わり、「在職中」が外された日",
        basis=f"{_PRIVACY}、{_DOCUMENTS}、ガイドライン3(3)イ(利用者と管理者の氏名)",
        at_the_end="「消去済みの職員 #番号」に置き換えます。だれが行ったかは、番号で同じ人だと分かります。",
        rows=_left,
        erase=_forget_people,
    ),
    Term(
        name="absences",
        record="所属の長の不在",
        personal="不在の理由",
        years=5,
        counted_from="不在の最終日",
        basis=f"{_PRIVACY}、{_DOCUMENTS}(代決の根拠として残す間)",
        at_the_end="理由を消し、だれがいつ不在だったかを残します。",
        rows=_past_absences,
        erase=_forget_reasons,
    ),
    Term(
        name="reminders",
        record="催促の記録",
        personal="催促した文(氏名を含むことがある)",
        years=0,
        kept=f"{KEPT.days}日",
        counted_from="催促する日",
        basis=_PRIVACY,
        at_the_end="記録ごと消します。毎日の催促のときに、自動で行います。",
        to_confirm=False,
    ),
    Term(
        name="log",
        record="管理画面での操作の記録",
        personal="操作した相手の氏名",
        years=3,
        counted_from="操作した日",
        basis=f"{_PRIVACY}、{_DOCUMENTS}",
        at_the_end="相手の名前と詳しい内容を消し、だれがいつ何を操作したかを残します。",
        rows=_old_log,
        erase=_forget_log,
    ),
)

"""How long incidents keep personal data: files of evidence, and whom to call."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from incidents.evidence import forget_files
from incidents.models import (
    Contact,
    Correction,
    DutyRoster,
    Fake,
    FakeReport,
    Incident,
    IncidentEntry,
    IncidentEvidence,
    IncidentStep,
    Reply,
    ReportedAccount,
    Spread,
    TakedownRequest,
)
from shinshiro_sns.days import start_of
from shinshiro_sns.retention import ERASED, Term, in_batches, texts

_PRIVACY = "個人情報の保護に関する法律第61条第2項"
_DOCUMENTS = "新城市の文書管理の定め"


def _over(before: datetime.date) -> Q:
    return Q(
        incident__state__in=[Incident.State.ENDED, Incident.State.CANCELLED],
        incident__state_since__lt=start_of(before),
    )


def _old_evidence(before: datetime.date) -> QuerySet[Any]:
    rows: QuerySet[Any] = IncidentEvidence.objects.filter(_over(before), erased_at__isnull=True)
    return rows


def _erase_evidence(rows: QuerySet[Any]) -> int:
    return sum(
        IncidentEvidence.objects.filter(pk__in=keys).update(erased_at=timezone.now(), name=ERASED)
        for keys in in_batches(rows)
    )


def _old_duties(before: datetime.date) -> QuerySet[Any]:
    return DutyRoster.objects.filter(ends_at__lt=start_of(before)).exclude(telephone="")


def _erase_duties(rows: QuerySet[Any]) -> int:
    erased = 0
    for keys in in_batches(rows):
        erased += DutyRoster.objects.filter(pk__in=keys).update(telephone="")
        DutyRoster.history.filter(id__in=keys).update(telephone="")
    return erased


def _old_contacts(before: datetime.date) -> QuerySet[Any]:
    changed = Contact.history.filter(id=OuterRef("pk"), history_date__gte=start_of(before))
    unused = Contact.objects.filter(~Exists(changed), is_active=False)
    return unused.exclude(name=ERASED)


def _erase_contacts(rows: QuerySet[Any]) -> int:
    erased = 0
    gone = {"name": ERASED, "telephone": "", "email": "", "note": ""}
    for keys in in_batches(rows):
        erased += Contact.objects.filter(pk__in=keys).update(**gone)
        Contact.history.filter(id__in=keys).update(**gone)
    return erased


def _over_itself(before: datetime.date) -> Q:
    return Q(
        state__in=[Incident.State.ENDED, Incident.State.CANCELLED],
        state_since__lt=start_of(before),
    )


def _settled(before: datetime.date) -> Q:
    settled = [ReportedAccount.State.INCIDENT, ReportedAccount.State.CLOSED]
    return Q(state__in=settled, settled_at__lt=start_of(before))


_REPORTS = texts(
    ReportedAccount, _settled, ("reason",), {FakeReport: ("reported", ("why", "mail"))}
)


def _erase_reports(rows: QuerySet[Any]) -> int:
    erased: int = _REPORTS["erase"](rows)
    # Nobody is written to at an address that is none.
    FakeReport.objects.filter(mail=ERASED).update(mail="")
    return erased


TERMS = (
    Term(
        name="incident_texts",
        record="終結した(取り消した)事案の記録",
        personal="分かっていること、手順でしたこと、経過、訂正した内容、所属としての投稿、広がり、偽のアカウントの表示名、削除依頼とその回答、教訓の文(氏名を含むことがある。履歴を含む)",
        years=10,
        counted_from="事案を終結した、または取り消した日",
        basis=f"{_PRIVACY}、{_DOCUMENTS}、ガイドライン5",
        at_the_end="文を消し、件名、手順、期限、だれがいつ行ったか、投稿のURLを残します。",
        **texts(
            Incident,
            _over_itself,
            ("known", "discovered_how", "learnt", "changes_that_follow"),
            {
                IncidentStep: ("incident", ("words",)),
                IncidentEntry: ("incident", ("text",)),
                Correction: ("incident", ("wrong", "right", "why_none")),
                Reply: ("incident", ("answers", "text")),
                Spread: ("incident", ("what",)),
                Fake: ("incident", ("name",)),
                TakedownRequest: ("incident", ("demanded", "answer_words")),
            },
            search_text="",
        ),
    ),
    Term(
        name="incident_evidence",
        record="終結した(取り消した)事案の証拠のファイル",
        personal="ファイルに写っている人や文、撮影した場所など",
        years=5,
        counted_from="事案を終結した、または取り消した日",
        basis=f"{_PRIVACY}、{_DOCUMENTS}、ガイドライン5",
        at_the_end="ファイル(写しを含む)とその名前を消し、何を示したか、だれがいつ登録したか、SHA-256を残します。",
        rows=_old_evidence,
        erase=_erase_evidence,
        sweep=forget_files,
    ),
    Term(
        name="fake_reports",
        record="確認が終わった、市民からの通報",
        personal="通報した理由の文、結果を知らせるメールアドレス(知らせた後は、すぐに消す)、対応しない理由",
        years=1,
        counted_from="事案で対応する、または対応しないと決めた日",
        basis=f"{_PRIVACY}、ガイドライン5(2)",
        at_the_end="文とメールアドレスを消し、通報されたアカウント、件数、日時を残します。",
        rows=_REPORTS["rows"],
        erase=_erase_reports,
    ),
    Term(
        name="duty_roster",
        record="終わった当番",
        personal="当番の電話番号",
        years=1,
        counted_from="当番が終わった日",
        basis=_PRIVACY,
        at_the_end="電話番号を消し、だれがいつ当番だったかを残します。",
        rows=_old_duties,
        erase=_erase_duties,
    ),
    Term(
        name="contacts",
        record="使わなくなった緊急連絡先",
        personal="名前、電話番号、メールアドレス",
        years=1,
        counted_from="「使っている」を外した日",
        basis=_PRIVACY,
        at_the_end="名前、電話番号、メールアドレスを消します。",
        rows=_old_contacts,
        erase=_erase_contacts,
    ),
)

"""How long the texts of posts are kept, and what was typed and not saved."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from postings.drafting import KEPT
from postings.models import (
    Emergency,
    Inquiry,
    Post,
    Supervision,
    SupervisionPrompt,
    SupervisionRemark,
)
from shinshiro_sns.days import start_of
from shinshiro_sns.retention import ERASED, Term, in_batches, texts

_BASIS = "個人情報の保護に関する法律第61条第2項、新城市の文書管理の定め、ガイドライン4"


def _old_texts(before: datetime.date) -> QuerySet[Any]:
    """Whatever happened to them last: gone out, given up, or left as a draft."""
    past = Post.history.filter(id=OuterRef("pk")).exclude(text=ERASED)
    old = Post.objects.filter(state_since__lt=start_of(before), edited_at__lt=start_of(before))
    return old.filter(~Q(text=ERASED) | Exists(past))


def _erase_texts(rows: QuerySet[Any]) -> int:
    gone: dict[str, Any] = {
        "text": ERASED, "findings": [], "rights_note": "",
        "ground_reason": Case(When(ground="", then=Value("")), default=Value(ERASED)),
    }  # fmt: skip
    erased = 0
    for keys in in_batches(rows):
        erased += Post.objects.filter(pk__in=keys).update(**gone, revision=F("revision") + 1)
        Post.history.filter(id__in=keys).update(**gone, history_change_reason="")
    return erased


def _confirmed(before: datetime.date) -> Q:
    return Q(confirmed_at__lt=start_of(before))


def _asked(before: datetime.date) -> Q:
    return Q(asked_at__lt=start_of(before))


def _ended(before: datetime.date) -> Q:
    return Q(ends_at__lt=start_of(before))


TERMS = (
    Term(
        name="supervisions",
        record="監督の確認",
        personal="所見と追記の文(氏名を含むことがある。履歴を含む)",
        years=5,
        counted_from="確認した日",
        basis=f"{_BASIS}(4)",
        at_the_end="文を消し、だれがいつ確認したかと、件数を残します。",
        **texts(
            Supervision, _confirmed, ("note",), {SupervisionRemark: ("supervision", ("text",))}
        ),
    ),
    Term(
        name="supervision_prompts",
        record="監督の確認の依頼",
        personal="依頼の言葉(氏名を含むことがある)",
        years=5,
        counted_from="依頼した日",
        basis=f"{_BASIS}(4)",
        at_the_end="文を消し、だれがいつ依頼したかを残します。",
        **texts(SupervisionPrompt, _asked, ("text",)),
    ),
    Term(
        name="inquiries",
        record="発信についての照会と回答",
        personal="照会、回答、取下げの理由の文(氏名を含むことがある。履歴を含む)",
        years=5,
        counted_from="照会した日",
        basis=f"{_BASIS}(4)",
        at_the_end="文を消し、だれがいつ照会し、回答したかを残します。",
        **texts(Inquiry, _asked, ("question", "answer", "withdrawal_reason")),
    ),
    Term(
        name="emergencies",
        record="緊急時の宣言",
        personal="宣言の理由と、早く終えた理由(氏名を含むことがある。履歴を含む)",
        years=10,
        counted_from="宣言が終わった日",
        basis=f"{_BASIS}(1)",
        at_the_end="文を消し、だれがいつ、どのアカウントについて宣言したかを残します。",
        **texts(Emergency, _ended, ("reason", "end_reason")),
    ),
    Term(
        name="posts",
        record="発信の記録",
        personal="本文と確認の結果、許しを得た相手、やむを得ない理由、差戻しなどの言葉(氏名を含むことがある)",
        years=5,
        counted_from="発信した日、取りやめた日(下書きのままのものは、最後に書いた日)",
        basis=_BASIS,
        at_the_end="文を消し、だれがいつ確かめて発信したか、4(1)の答え、投稿のURLを残します。",
        rows=_old_texts,
        erase=_erase_texts,
    ),
    Term(
        name="working_copies",
        record="保存していない書きかけの原稿",
        personal="本文",
        years=0,
        kept=f"{KEPT.days}日",
        counted_from="最後に入力した日",
        basis="個人情報の保護に関する法律第22条、ガイドライン4(3)",
        at_the_end="毎日の処理で、すべて消します。",
        to_confirm=False,
    ),
)

"""How a post goes out, 4(1) to (3): checked, seen by somebody else where the account's policy wants it,
posted, and recorded with its address.

What a step waits for stands in `conditions`, what it brings about in `effects`, who is told in `notices`.
"""

from __future__ import annotations

from postings import conditions, effects, notices
from postings.models import Post
from shinshiro_sns.steps import Step
from shinshiro_sns.workflow import Workflow
from staff.models import User

State = Post.State
WRITE, APPROVE = "postings.add_post", conditions.APPROVE


def _asked_himself(post: Post, by: User) -> bool:
    return post.asked_by_id == by.pk


STEPS = (
    Step(
        "ready", "確認を終えて発信へ進む", (State.DRAFT, State.RETURNED), State.CHECKED,
        WRITE, "4(1) 4(2) 4(3)",
        unmet=conditions.fit, offered=conditions.needs_none, effect=effects.checked,
        tone="primary", explanation="見直すところをすべて確かめたことを記録します。",
    ),
    Step(
        "ask", "発信の承認を依頼する", (State.DRAFT, State.RETURNED), State.AWAITING,
        WRITE, "4(1) 4(2) 4(3)",
        unmet=conditions.fit_and_somebody_there, offered=conditions.needs_approval,
        effect=effects.asked, notices=(notices.asked,),
        tone="primary", explanation="書いた人とは別の職員に、発信してよいか確かめてもらいます。",
    ),
    Step(
        "recall", "引き戻す", (State.AWAITING,), State.DRAFT, WRITE, "4(2)",
        offered=_asked_himself, effect=effects.unasked, notices=(notices.recalled,),
        explanation="承認の依頼を取り消して、直せるようにします。承認か差戻しの前だけできます。",
    ),
    Step(
        "approve", "承認する", (State.AWAITING,), State.APPROVED, APPROVE, "4(2) 4(3)",
        unmet=conditions.another_person, effect=effects.approved, notices=(notices.approved,),
        tone="primary", explanation="この本文のまま発信してよいことを記録します。",
    ),
    Step(
        "return", "差し戻す", (State.AWAITING,), State.RETURNED, APPROVE, "4(2) 4(3)",
        unmet=conditions.another_person, effect=effects.unasked, notices=(notices.returned,),
        note_label="直してほしいところ", note_required=True,
        explanation="直してほしいところを書いて、書いた人に戻します。",
    ),
    Step(
        "rewrite", "書き直す", (State.CHECKED, State.APPROVED), State.DRAFT, WRITE, "4(2)",
        effect=effects.unasked,
        explanation="下書きに戻して、直せるようにします。承認されていたときは、承認はなくなります。",
    ),
    Step(
        "post", "発信したことを記録する", (State.CHECKED, State.APPROVED), State.POSTED,
        WRITE, "4(1)", effect=effects.posted,
        tone="primary", explanation="発信した時刻と、投稿のURLを記録します。",
    ),
    Step(
        "amend", "投稿のURLを直す", (State.POSTED,), None, WRITE, "4(1)", effect=effects.amended,
        explanation="記録した投稿のURLを直します。前のURLは、経過に残ります。",
    ),
    Step(
        "drop", "取りやめる", Post.OPEN_STATES, State.DROPPED, WRITE, "4(1)",
        notices=(notices.dropped,), note_label="取りやめる理由", tone="danger",
        explanation="この原稿は発信しません。記録は残ります。",
    ),
)  # fmt: skip

post_workflow = Workflow(Post, STEPS)
